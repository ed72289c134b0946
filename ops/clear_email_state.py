"""``python -m ops clear-email-state IDENTIFIER``: lets a member get e-mail again after a bounce or a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from member_access.members.store import member_key
from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.values.email_address import EmailAddress, EmailState
from ops.command import command
from ops.desk import CommandFailed, Desk, ExitStatus, Result
from ops.suppression_list import Removal, remove_suppressed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.values.types import Identifier


class NothingToClear(CommandFailed):
    """The address already gets e-mail, or there is no such member."""


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


@command(
    "clear-email-state",
    "Let a member get e-mail again.",
    "Let the member IDENTIFIER get e-mail again at the address that the insurer has, after a bounce or a complaint. "
    "Amazon SES keeps bounced addresses in a list of its own: the command removes the address there too if you have "
    "the right (ses:DeleteSuppressedDestination). Ask the member first whether the address is right.",
    {ExitStatus.DONE: "if the state was cleared", ExitStatus.ATTENTION: "if there was none"},
)
@click.argument("identifier")
def clear_command(desk: Desk, identifier: str) -> Result:
    """Clear the state of a member's address.

    Raises:
        InvalidValue: the stack has no identifiers of this form.
        NothingToClear: there was no state.
        StackNotFound: the stack was deployed from another template.
        Unavailable: DynamoDB did not respond.
    """
    member = desk.identifier(identifier)
    with desk.action("clear-email-state", member) as outcome:
        if (cleared := clear_email_state(desk.stack.dynamodb(), desk.table, member)) is None:
            raise NothingToClear(f"{member}: no such member, or the address already gets e-mail.")
        outcome["was"] = cleared.was.value
    lines = [f"{member}: the address gets e-mail again; it was marked as {cleared.was.value}."]
    # SES keeps no complaints (``EmailConfiguration`` in the template).
    if cleared.was is EmailState.BOUNCED:
        lines += _SENTENCES[remove_suppressed(desk.stack.ses(), cleared.address)]
    return Result(lines, {"identifier": member, "was": cleared.was.value})


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
