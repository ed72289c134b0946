"""``python -m ops clear-email-state IDENTIFIER``: lets a member get e-mail again after a bounce or a complaint."""

from __future__ import annotations

import re
import sys
from enum import IntEnum
from typing import TYPE_CHECKING

from member_access.errors import InvalidValue
from member_access.members.store import member_key
from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.values.email_address import EmailState
from member_access.values.types import Identifier
from ops.stack import add_stack_options, chosen_stack

if TYPE_CHECKING:
    import argparse

    from mypy_boto3_dynamodb import DynamoDBClient

    from ops.stack import Stack


class ExitStatus(IntEnum):
    """The exit status of the process."""

    CLEARED = 0
    NOTHING_TO_CLEAR = 1


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``clear-email-state`` one of the subcommands."""
    parser = subcommands.add_parser(
        "clear-email-state",
        help="let a member get e-mail again",
        description="Let a member get e-mail again at the address that the insurer has, after a bounce or a complaint.",
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
    print(f"{identifier}: the address gets e-mail again; it was marked as {cleared.value}.")
    if cleared is EmailState.BOUNCED:
        print("Amazon SES keeps bounced addresses in a list of its own. Remove the address there too:")
        print("aws sesv2 delete-suppressed-destination --email-address ADDRESS")
    return ExitStatus.CLEARED


def clear_email_state(dynamodb: DynamoDBClient, table: str, identifier: Identifier) -> EmailState | None:
    """Clear the state of a member's address; return it, or None if there was none.

    Raises:
        Unavailable: DynamoDB did not respond.
    """
    try:
        with translate_errors():
            answer = dynamodb.update_item(
                TableName=table,
                Key={"pk": {"S": member_key(identifier)}},
                UpdateExpression="REMOVE email_state, email_state_at",
                ConditionExpression="attribute_exists(email_state)",
                ReturnValues="UPDATED_OLD",
            )
    except ConditionFailed:
        return None
    return EmailState(answer["Attributes"]["email_state"]["S"])


def _identifier(text: str, stack: Stack) -> Identifier:
    pattern = stack.parameters.get("IdentifierPattern", Identifier.DEFAULT_PATTERN.pattern)
    return Identifier.parse(text, re.compile(pattern, re.ASCII))
