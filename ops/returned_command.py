"""``python -m ops returned``: notes letters that came back, lists their members, clears a mark."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from mailings.contract import ReturnRequest
from ops.command import command
from ops.desk import CommandFailed, Desk, ExitStatus, Result
from ops.invite_command import ListUnusable
from ops.letters_command import MAILINGS, SWEEP, day
from ops.returned_mail import clear_address, returned_addresses

if TYPE_CHECKING:
    from collections.abc import Sequence

_LETTER_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SENTENCES = {
    "marked": "noted; its code is void, and no letter goes to this address any more",
    "marked-before": "was noted before",
    "not-sent": "this letter was never posted",
    "unknown": "no such member or letter",
}


class NothingToClear(CommandFailed):
    """The address has no mark, or there is no such member."""


@command(
    "returned",
    "Note letters that came back.",
    "Note that letters to members came back. Each RETURNED is an identifier, or the id of a letter as the print "
    "provider and `letters` show it; --file has one a line. Its code is void, and no letter goes to the address until "
    "an import changes it. --list shows these members (it reads all members); --clear lets letters go to the address "
    "of one again.",
    {
        ExitStatus.DONE: "if all were noted",
        ExitStatus.ATTENTION: "if some were not, as the output says",
        ExitStatus.UNUSABLE: "if the file or an entry cannot be read",
    },
)
@click.argument("returned", nargs=-1)
@click.option("--file", type=click.Path(path_type=Path), help="A list of them.")
@click.option("--list", "listed", is_flag=True, help="Show the members whose letters came back.")
@click.option("--clear", metavar="IDENTIFIER", help="The address is right after all.")
def returned_command(
    desk: Desk, returned: Sequence[str], file: Path | None, *, listed: bool, clear: str | None
) -> Result:
    """Look after returned letters.

    Raises:
        CommandFailed: see the functions below.
        Unavailable: AWS did not respond.
    """
    entries = [*returned, *(_entries(file) if file else ())]
    if sum((bool(entries), listed, bool(clear))) != 1:
        raise click.UsageError("Name letters that came back, or choose --list or --clear.")
    if listed:
        return list_returned(desk)
    return clear_returned(desk, clear) if clear else note_returned(desk, entries)


def note_returned(desk: Desk, entries: Sequence[str]) -> Result:
    """Note letters that came back, one after the other; a repetition changes nothing.

    Raises:
        InvalidValue: an entry is neither an identifier nor the id of a letter; nothing was noted.
        NotAllowed: the operator may not.
        Unavailable: AWS did not respond; the same command continues.
    """
    parsed = [entry if _LETTER_ID.fullmatch(entry) else desk.identifier(entry) for entry in entries]
    outcomes = {entry: _note(desk, entry) for entry in dict.fromkeys(parsed)}
    counted = Counter(outcomes.values())
    lines = [f"{entry}: {_SENTENCES[outcome]}" for entry, outcome in outcomes.items()]
    lines.append(f"Noted: {counted['marked']} of {len(outcomes)}.")
    is_done = set(counted) <= {"marked", "marked-before"}
    return Result(lines, {"outcomes": outcomes}, ExitStatus.DONE if is_done else ExitStatus.ATTENTION)


def list_returned(desk: Desk) -> Result:
    """Show the members whose letters came back.

    Raises:
        NotAllowed: the operator may not.
        Unavailable: DynamoDB did not respond.
    """
    found = sorted(returned_addresses(desk.stack.dynamodb(), desk.table), key=lambda one: one.since)
    lines = [
        f"{one.identifier:<12}  since {day(one.since)}"
        + (f"  asked for a letter in vain on {day(one.asked_at)}" if one.asked_at else "")
        for one in found
    ]
    who = "1 member gets" if len(found) == 1 else f"{len(found):,} members get"
    lines.append(
        f"{who} no letter until the insurer's system has another address." if found else "No letter came back."
    )
    data = [{"identifier": one.identifier, "since": one.since, "asked_at": one.asked_at} for one in found]
    return Result(lines, {"returned": data})


def clear_returned(desk: Desk, text: str) -> Result:
    """Let letters go to the address of a member again.

    Raises:
        InvalidValue: the stack has no identifiers of this form.
        NothingToClear: the address has no mark.
        NotAllowed: the operator may not.
        Unavailable: DynamoDB did not respond.
    """
    member = desk.identifier(text)
    with desk.action("clear-returned", member):
        if not clear_address(desk.stack.dynamodb(), desk.table, member):
            raise NothingToClear(f"{member}: no such member, or letters go to the address already.")
    return Result([f"{member}: letters go to the address again."], {"identifier": member})


def _note(desk: Desk, entry: str) -> str:
    outcome: str
    if _LETTER_ID.fullmatch(entry):
        with desk.action("returned", letter=entry) as facts:
            answer = desk.stack.call(SWEEP, {"action": "returned", "letter_id": entry})
            facts.update(answer)
            outcome = answer["outcome"]
        return outcome
    member = desk.identifier(entry)
    with desk.action("returned", member) as facts:
        request = ReturnRequest(identifiers=(member,)).model_dump(mode="json")
        outcome = facts["result"] = desk.stack.call(MAILINGS, request)["outcomes"][member]
    return outcome


def _entries(file: Path) -> list[str]:
    try:
        return [line.strip() for line in file.read_text(encoding="utf-8-sig").splitlines() if line.strip()]
    except (OSError, UnicodeDecodeError):
        raise ListUnusable(f"{file} cannot be read.") from None
