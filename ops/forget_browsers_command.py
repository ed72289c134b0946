"""``python -m ops forget-browsers IDENTIFIER``: makes every browser of a member an unknown one."""

from __future__ import annotations

import click

from ops.command import command
from ops.desk import Desk, ExitStatus, Result, counted
from ops.member_sign_ins import end_sign_ins


@command(
    "forget-browsers",
    "Forget the browsers that a member has used.",
    "Forget every known browser of the member IDENTIFIER, after the loss of a telephone or computer. Each then counts "
    "as a stranger's until the member signs in there again. Sessions go on: end-sessions ends them.",
    {
        ExitStatus.DONE: "if no browser is known",
        ExitStatus.NO_SUCH_MEMBER: "if there is no such member",
        ExitStatus.CHANGED_MEANWHILE: "if the member kept signing in at the same time",
    },
)
@click.argument("identifier")
def forget_browsers_command(desk: Desk, identifier: str) -> Result:
    """Forget the browsers of a member.

    Raises:
        ChangedMeanwhile: the member kept signing in at the same time.
        InvalidValue: the stack has no identifiers of this form.
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    member = desk.identifier(identifier)
    with desk.action("forget-browsers", member) as outcome:
        forgotten = outcome["forgotten"] = end_sign_ins(desk, member, "browsers")
    return Result(
        [f"{member}: {counted(forgotten, 'browser')} forgotten."], {"identifier": member, "forgotten": forgotten}
    )
