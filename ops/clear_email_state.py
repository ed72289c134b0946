"""``python -m ops clear-email-state IDENTIFIER``: lets a member get e-mail again after a bounce or a complaint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from member_access.members.store import member_key
from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.values.email_address import EmailState
from ops.command import command
from ops.desk import CommandFailed, Desk, ExitStatus, Result

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.values.types import Identifier


class NothingToClear(CommandFailed):
    """The address already gets e-mail, or there is no such member."""


@command(
    "clear-email-state",
    "Let a member get e-mail again.",
    "Let the member IDENTIFIER get e-mail again at the address that the insurer has, after a bounce or a complaint.",
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
        outcome["was"] = cleared.value
    lines = [f"{member}: the address gets e-mail again; it was marked as {cleared.value}."]
    if cleared is EmailState.BOUNCED:
        lines += [
            "Amazon SES keeps bounced addresses in a list of its own. Remove the address there too:",
            "aws sesv2 delete-suppressed-destination --email-address ADDRESS",
        ]
    return Result(lines, {"identifier": member, "was": cleared.value})


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
