"""``python -m ops end-sessions IDENTIFIER``: signs a member out everywhere."""

from __future__ import annotations

import click

from ops.command import command
from ops.desk import Desk, ExitStatus, Result, counted
from ops.member_sign_ins import end_sign_ins


@command(
    "end-sessions",
    "Sign a member out everywhere.",
    "End every session of the member IDENTIFIER. Access tokens that services have already got work until they expire: "
    "a quarter of an hour, unless AccessTokenSeconds says otherwise. The PIN stays as it is: someone who has it can "
    "sign in again.",
    {
        ExitStatus.DONE: "if no session is left",
        ExitStatus.NO_SUCH_MEMBER: "if there is no such member",
        ExitStatus.CHANGED_MEANWHILE: "if the member kept signing in at the same time",
    },
)
@click.argument("identifier")
def end_sessions_command(desk: Desk, identifier: str) -> Result:
    """End the sessions of a member.

    Raises:
        ChangedMeanwhile: the member kept signing in at the same time.
        InvalidValue: the stack has no identifiers of this form.
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    member = desk.identifier(identifier)
    with desk.action("end-sessions", member) as outcome:
        ended = outcome["ended"] = end_sign_ins(desk, member, "sessions")
    return Result([f"{member}: {counted(ended, 'session')} ended."], {"identifier": member, "ended": ended})
