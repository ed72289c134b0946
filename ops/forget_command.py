"""``python -m ops forget IDENTIFIER``: erases what is held of a member (GDPR, article 17)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from member_access.platform.aws import batch_get
from member_access.values.types import Instant
from ops.command import command
from ops.desk import Desk, ExitStatus, Result, counted
from ops.load_reports import erase_from_reports
from ops.local_inbox import delete_local_messages
from ops.member_keys import find_keys
from ops.removal import Removal
from ops.show_command import iso

if TYPE_CHECKING:
    from ops.member_keys import MemberKeys
    from ops.removal import Swept

KEPT_OUT_DAYS = 30
"""So long the insurer's own system has, by default, to leave the person out of its file."""

_SETTLING_SECONDS = 15
"""Longer than a call of a member lasts: what it writes at the time of the removal, the search then finds."""

GOES = (
    "the member with names, postal and e-mail address, PIN hash and keyed hashes",
    "the pointer from the social-security number to the member",
    "passkeys, known browsers, sessions, counters, codes, tokens, and the e-mails and letters that wait",
    "the member's rows in the reports of loads by AWS",
)
REMAINS = (
    (
        "a keyed hash of the identifier, in a tombstone: without it the next import would bring the person back, and "
        "old sessions would count as new ones"
    ),
    (
        "the identifier in logs, until LogRetentionDays have passed, and in those of operators for a year: security "
        "requires it (CNIL, deliberation 2021-122); they hold no name, no address and no number"
    ),
    (
        "everything in the backups of the tables, for 35 days (point-in-time recovery) and for BackupRetentionDays in "
        "a vault: repeat this command after a restore"
    ),
    (
        "in a load by AWS that is under way or has failed, the member's row, which no one can read; in notes of any "
        "load's work, the identifier; both for a day"
    ),
    "the counter of searches by social-security number, for a year: a keyed hash that names no member",
    "copies of letters at the print provider, and of e-mails in the member's mailbox: their own rules apply",
)


@command(
    "forget",
    "Erase a member.",
    "Erase what is held of the member IDENTIFIER (GDPR, article 17). Says first what goes, what remains and why, and "
    "erases after you have typed the identifier again, or with --yes. An import does not add the person again for "
    f"{KEPT_OUT_DAYS} days, or as --days says; take them out of the insurer's file by then. Searches the whole Access "
    "table. After a crash, repeat the command: it does what is left.",
    {
        ExitStatus.DONE: "if everything is erased",
        ExitStatus.ATTENTION: "if nothing was erased, because you did not confirm",
        ExitStatus.NO_SUCH_MEMBER: "if there is and was no such member",
        ExitStatus.CHANGED_MEANWHILE: "if others kept changing the member at the same time",
    },
)
@click.argument("identifier")
@click.option("--yes", is_flag=True, help="Erase without a question.")
@click.option("--dry-run", is_flag=True, help="Only say what would go and what would remain.")
@click.option(
    "--days",
    type=click.IntRange(0, 3650),
    default=KEPT_OUT_DAYS,
    show_default=True,
    help="So long an import does not add the person again.",
)
def forget_command(desk: Desk, identifier: str, *, yes: bool, dry_run: bool, days: int) -> Result:
    """Erase a member.

    Raises:
        ChangedMeanwhile: others kept changing the member at the same time.
        InvalidValue: the stack has no identifiers of this form.
        NoSuchMember: there is and was no such member.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond; repeat the command.
    """
    member = desk.identifier(identifier)
    keys = find_keys(desk.stack, member)
    for line in ("Goes:", *(f"- {one}" for one in GOES), "Remains:", *(f"- {one}" for one in REMAINS)):
        desk.say(line)
    if dry_run or not (yes or desk.ask(f"Type {member} to erase").upper() == member):
        data = {"identifier": member, "erased": False, "goes": GOES, "remains": REMAINS}
        return Result([f"{member}: nothing was erased."], data, ExitStatus.DONE if dry_run else ExitStatus.ATTENTION)
    until = Instant(desk.clock() + days * 86_400)
    with desk.action("forget", member, kept_out_until=iso(until)) as outcome:
        items, swept = forget(desk, keys, until)
        outcome["items"] = items + swept.items
        reported = outcome["report_rows"] = erase_from_reports(
            desk.stack.s3(), desk.stack.output("ImportBucket"), member
        )
    rows = f" and {counted(reported, 'row')} of reports" if reported else ""
    found = items + swept.items + reported
    erased = f"erased, {counted(items + swept.items, 'item')}{rows}" if found else "was erased before, nothing was left"
    lines = [
        f"{member}: {erased}. An import does not add the person before {iso(until)[:10]}.",
        *(f"Ask {letter.provider} to delete its letter {letter.reference}." for letter in swept.letters),
    ]
    data = {
        "identifier": member,
        "erased": True,
        "items": items + swept.items,
        "report_rows": reported,
        "kept_out_until": iso(until),
        "letters_at_providers": [asdict(letter) for letter in swept.letters],
        "remains": REMAINS,
    }
    return Result(lines, data)


def forget(desk: Desk, keys: MemberKeys, kept_out_until: Instant) -> tuple[int, Swept]:
    """Erase a member.

    Args:
        desk: of the stack.
        keys: the member's.
        kept_out_until: until then an import does not add the person again.

    Returns:
        The number of items that their keys found, and what a search has found.

    Raises:
        ChangedMeanwhile: others kept changing the member at the same time; nothing has been deleted.
        NotAllowed: the operator lacks a right.
        Unavailable: AWS did not respond; a repetition does what is left.
    """
    removal, address = Removal.of(desk.stack), _local_address(desk, keys)
    # Before the address is gone too, so that a repetition has nothing of that left.
    delete_local_messages(desk.stack, address, [])
    items = removal.remove(keys, desk.clock(), kept_out_until)
    # On a laptop no one loses anything by a call that comes in between.
    desk.pause(0 if desk.local else _SETTLING_SECONDS)
    swept = removal.sweep([keys], desk.clock())
    delete_local_messages(desk.stack, address, [letter.reference for letter in swept.letters])
    return items, swept


def _local_address(desk: Desk, keys: MemberKeys) -> list[str]:
    if desk.stack.messages_url is None:
        return []
    found = batch_get(desk.stack.dynamodb(), {desk.table: [keys.member]}, {desk.table: ("pk", "email")})
    return [item["email"]["S"] for item in found.values() if "email" in item]
