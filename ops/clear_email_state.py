"""``python -m ops clear-email-state IDENTIFIER``: lets a member get e-mail again after a bounce or a complaint."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from member_access.errors import InvalidValue
from member_access.members.store import member_key
from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.values.email_address import EmailAddress, EmailState
from member_access.values.types import Identifier
from ops.stack import add_stack_options, chosen_stack
from ops.suppression_list import Removal, remove_suppressed

if TYPE_CHECKING:
    import argparse

    from mypy_boto3_dynamodb import DynamoDBClient

    from ops.stack import Stack


class ExitStatus(IntEnum):
    """The exit status of the process."""

    CLEARED = 0
    NOTHING_TO_CLEAR = 1


@dataclass(frozen=True)
class Cleared:
    """An address that gets e-mail again, and why it got none."""

    address: EmailAddress
    was: EmailState


_SENTENCES = {
    Removal.REMOVED: ("Amazon SES had the address in the list of its own too, and has removed it.",),
    Removal.NOT_LISTED: ("Amazon SES does not have the address in the list of its own.",),
    Removal.FAILED: (
        "Amazon SES keeps bounced addresses in a list of its own, and you may not change it. Remove the address there:",
        "aws sesv2 delete-suppressed-destination --email-address ADDRESS",
    ),
}


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``clear-email-state`` one of the subcommands."""
    parser = subcommands.add_parser(
        "clear-email-state",
        help="let a member get e-mail again",
        description=(
            "Let a member get e-mail again at the address that the insurer has, after a bounce or a complaint. Amazon "
            "SES keeps bounced addresses in a list of its own: the command removes the address there too if you have "
            "the right (ses:DeleteSuppressedDestination). Ask the member first whether the address is right."
        ),
        epilog="Exit status: 0 if the state was cleared, 1 if there was none, 3 if the stack does not respond.",
    )
    parser.add_argument("identifier", metavar="IDENTIFIER", help="the member's")
    add_stack_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Clear the state of a member's address as the command line says, and print the outcome.

    Returns:
        The exit status of the process.

    Raises:
        StackNotFound: there is no such stack.
        Unavailable: it did not respond.
    """
    try:
        stack = chosen_stack(arguments)
        identifier = _identifier(arguments.identifier, stack)
        cleared = clear_email_state(stack.dynamodb(), stack.output("MembersTable"), identifier)
    except InvalidValue as error:
        print(f"{error}.", file=sys.stderr)
        return ExitStatus.NOTHING_TO_CLEAR
    if cleared is None:
        print(f"{identifier}: no such member, or the address already gets e-mail.", file=sys.stderr)
        return ExitStatus.NOTHING_TO_CLEAR
    print(f"{identifier}: the address gets e-mail again; it was marked as {cleared.was.value}.")
    # SES keeps no complaints (``EmailConfiguration`` in the template).
    if cleared.was is EmailState.BOUNCED:
        print(*_SENTENCES[remove_suppressed(stack.ses(), cleared.address)], sep="\n")
    return ExitStatus.CLEARED


def clear_email_state(dynamodb: DynamoDBClient, table: str, identifier: Identifier) -> Cleared | None:
    """Clear the state of a member's address; return both, or None if there was none.

    Raises:
        Unavailable: DynamoDB did not respond.
    """
    key = {"pk": {"S": member_key(identifier)}}
    with translate_errors():
        found = dynamodb.get_item(TableName=table, Key=key, ProjectionExpression="email", ConsistentRead=True)
    address = found.get("Item", {}).get("email", {}).get("S")
    if address is None:
        return None
    try:
        with translate_errors():
            answer = dynamodb.update_item(
                TableName=table,
                Key=key,
                UpdateExpression="REMOVE email_state, email_state_at",
                ConditionExpression="attribute_exists(email_state) AND email = :address",
                ExpressionAttributeValues={":address": {"S": address}},
                ReturnValues="UPDATED_OLD",
            )
    except ConditionFailed:
        return None
    return Cleared(EmailAddress(address), EmailState(answer["Attributes"]["email_state"]["S"]))


def _identifier(text: str, stack: Stack) -> Identifier:
    pattern = stack.parameters.get("IdentifierPattern", Identifier.DEFAULT_PATTERN.pattern)
    return Identifier.parse(text, re.compile(pattern, re.ASCII))
