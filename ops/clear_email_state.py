"""``python -m ops email-ok IDENTIFIER``: lets a member get e-mail again after a bounce or a complaint."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from member_access.members.store import member_key
from member_access.platform.aws import ConditionFailed, batch_get, translate_errors
from member_access.values.email_address import EmailAddress, EmailState
from ops.command import command
from ops.desk import CommandFailed, Desk, ExitStatus, NoSuchMember, Result
from ops.suppression_list import Removal, remove_suppressed

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.values.types import Identifier


class NothingToClear(CommandFailed):
    """The address already gets e-mail, or there is no address."""


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
    "email-ok",
    "Let a member get e-mail again.",
    "Let the member IDENTIFIER get e-mail again at the address that the insurer has, after a bounce or a complaint. "
    "Amazon SES keeps bounced addresses in a list of its own: the command removes the address there too if you have "
    "the right (ses:DeleteSuppressedDestination). Ask the member first whether the address is right.",
    {
        ExitStatus.DONE: "if the state was cleared",
        ExitStatus.ATTENTION: "if there was none",
        ExitStatus.NO_SUCH_MEMBER: "if there is no such member",
    },
)
@click.argument("identifier")
def email_ok_command(desk: Desk, identifier: str) -> Result:
    """Clear the state of a member's address.

    Raises:
        InvalidValue: the stack has no identifiers of this form.
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        NothingToClear: there was no state.
        StackNotFound: the stack was deployed from another template.
        Unavailable: DynamoDB did not respond.
    """
    member = desk.identifier(identifier)
    with desk.action("email-ok", member) as outcome:
        if (cleared := clear_email_state(desk.stack.dynamodb(), desk.table, member)) is None:
            raise NothingToClear(
                f"{member}: no address is marked. `show` says whether there is one, and what was sent."
            )
        outcome["was"] = cleared.was.value
    lines = [f"{member}: the address gets e-mail again; it was marked as {cleared.was.value}."]
    # SES keeps no complaints (``EmailConfiguration`` in the template).
    if cleared.was is EmailState.BOUNCED:
        lines += _SENTENCES[remove_suppressed(desk.stack.ses(), cleared.address)]
    return Result(lines, {"identifier": member, "was": cleared.was.value})


def clear_email_state(dynamodb: DynamoDBClient, table: str, identifier: Identifier) -> Cleared | None:
    """Clear the state of a member's address; return both, or None if there was none.

    The write compares the state and not the address: IAM does not tell comparing an attribute from writing it, and the
    desk must not write an address. Another address has no state yet, or one of another moment.

    Raises:
        NoSuchMember: no member has the identifier.
        Unavailable: DynamoDB did not respond.
    """
    key = member_key(identifier)
    found = batch_get(dynamodb, {table: [key]}, {table: ("pk", "email", "email_state", "email_state_at")})
    if not found:
        raise NoSuchMember(identifier)
    member = found[table, key]
    if "email" not in member or "email_state" not in member:
        return None
    since = member.get("email_state_at")
    same_moment = "email_state_at = :since" if since else "attribute_not_exists(email_state_at)"
    try:
        with translate_errors():
            dynamodb.update_item(
                TableName=table,
                Key={"pk": {"S": key}},
                UpdateExpression="REMOVE email_state, email_state_at",
                ConditionExpression=f"email_state = :state AND {same_moment}",
                ExpressionAttributeValues={":state": member["email_state"], **({":since": since} if since else {})},
            )
    except ConditionFailed:
        return None
    return Cleared(EmailAddress(member["email"]["S"]), EmailState(member["email_state"]["S"]))
