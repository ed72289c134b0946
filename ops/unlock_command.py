"""``python -m ops unlock IDENTIFIER``: ends what keeps a member waiting."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from ops.command import command
from ops.desk import Desk, ExitStatus, Result, counted
from ops.member_limits import MemberLimits
from ops.member_unlock import unlock

if TYPE_CHECKING:
    from member_access.values.types import Identifier
    from ops.member_unlock import Unlocked

OTHER_WAITS = (
    "Must they still wait? Then too many tries came from their network, or with their social-security number. Both "
    "limits protect others and stay: they end within the hour, or at midnight UTC for codes that one network asked for."
)


@command(
    "unlock",
    "End the waits of a member.",
    "End every wait of the member IDENTIFIER: after wrong PINs, in known browsers and in all others; after wrong ends "
    "of the IBAN; after requests for codes, except for a letter that is under way. The member can then sign in at "
    "once. Too many wrong PINs disable a PIN, which the member replaces by a code; --enable-pin makes it work again "
    "instead. The limits of a network address and of searches by social-security number stay: they are not the "
    "member's.",
    {
        ExitStatus.DONE: "if nothing keeps the member waiting any more",
        ExitStatus.ATTENTION: "if the PIN is still disabled",
        ExitStatus.NO_SUCH_MEMBER: "if there is no such member",
        ExitStatus.CHANGED_MEANWHILE: "if others kept writing at the same time",
    },
)
@click.argument("identifier")
@click.option("--enable-pin", is_flag=True, help="Enable a PIN that too many wrong ones have disabled.")
def unlock_command(desk: Desk, identifier: str, *, enable_pin: bool) -> Result:
    """Unlock a member.

    Raises:
        ChangedMeanwhile: others kept writing at the same time.
        InvalidValue: the stack has no identifiers of this form.
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    member, limits = desk.identifier(identifier), MemberLimits.of(desk.stack)
    with desk.action("unlock", member, enable_pin=enable_pin) as outcome:
        unlocked = unlock(desk, member, limits, enable_pin=enable_pin)
        outcome.update(asdict(unlocked))
    status = ExitStatus.ATTENTION if unlocked.is_disabled else ExitStatus.DONE
    return Result(_lines(member, unlocked), {"identifier": member, **asdict(unlocked)}, status)


def _lines(member: Identifier, unlocked: Unlocked) -> list[str]:
    cleared = (
        f"{member}: cleared {counted(unlocked.pin_failures, 'wrong PIN')} in a row, "
        f"{counted(unlocked.iban_failures, 'wrong IBAN end')} and {counted(unlocked.code_requests, 'code request')}."
    )
    if unlocked.is_disabled:
        verdict = (
            "The PIN is disabled, because it was tried too often. The member replaces it by « Mot de passe oublié »; "
            "--enable-pin makes it work again."
        )
    elif unlocked.was_disabled:
        verdict = "The PIN works again."
    else:
        verdict = "No wait of the member is left."
    letter = ["A letter is under way: its code works, and the limit of letters stays."] if unlocked.keeps_letter else []
    no_pin = [] if unlocked.has_pin else ["The member has no PIN yet, and makes one by « Mot de passe oublié »."]
    return [cleared, verdict, *letter, *no_pin, OTHER_WAITS]
