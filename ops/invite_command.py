"""``python -m ops invite``: sends members without a PIN a code with which they create their first one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

from mailings.contract import InvitationOutcome
from member_access.recovery.codes import Channel
from ops.command import command
from ops.confirmation import confirm
from ops.desk import CommandFailed, Desk, ExitStatus, Result
from ops.invitations import DEFAULT_CODE_SECONDS, Candidate, Candidates, Sender, Wave, count_candidates

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from member_access.values.types import Identifier

LETTER_EUROS = 1.5
"""An estimate of print and postage (Lettre verte); the contract with the provider says more."""
_DOLLARS_FOR_A_THOUSAND_EMAILS = 0.10
"""https://aws.amazon.com/ses/pricing/"""

_REASONS = {
    InvitationOutcome.INVITED: "invited by someone else in the meantime",
    InvitationOutcome.CHANGED: "set a PIN in the meantime",
    InvitationOutcome.NO_ADDRESS: "without an address that works",
    InvitationOutcome.OVER_BUDGET: "over today's share",
    InvitationOutcome.TOO_SOON: "with as many letters as a month allows",
    InvitationOutcome.UNDER_WAY: "with a letter under way that they asked for",
    InvitationOutcome.UNKNOWN: "gone in the meantime",
}


class NothingToInvite(CommandFailed):
    """No member is left to invite."""


class ListUnusable(CommandFailed):
    """The file of identifiers cannot be used."""

    status = ExitStatus.UNUSABLE


@dataclass(frozen=True)
class Choice:
    """What the operator has chosen.

    Attributes:
        wave: whom and how.
        file: a list of identifiers, or None for all members.
        letter_euros: the price of a letter.
        send: whether to send, rather than only say what would be sent.
        agreed: whether not to ask.
    """

    wave: Wave
    file: Path | None = None
    letter_euros: float = LETTER_EUROS
    send: bool = False
    agreed: bool = False


@command(
    "invite",
    "Invite members who have no PIN.",
    "Send members without a PIN a code of ten digits, by e-mail where an address works, else by letter. Without --send "
    "it only says how many there are and what they cost. No one is invited twice: run it again to continue. It reads "
    "all members, unless --file names some. Invitations use at most half of each day's budget.",
    {
        ExitStatus.DONE: "if all were invited, or without --send",
        ExitStatus.ATTENTION: "if there was no one to invite, or some are left",
        ExitStatus.UNUSABLE: "if the file cannot be used",
    },
)
@click.option("--file", type=click.Path(path_type=Path), help="Invite only these: one identifier a line.")
@click.option("--by", "channel", type=click.Choice([channel.value for channel in Channel]), help="Only in this way.")
@click.option("--at-most", type=click.IntRange(1), help="How many; a wave.")
@click.option("--again", is_flag=True, help="Also those whose invitation has expired.")
@click.option("--a-second", type=click.IntRange(1, 1000), default=10, show_default=True, help="How many a second.")
@click.option(
    "--letter-price", type=click.FloatRange(0), default=LETTER_EUROS, show_default=True, help="In euros, an estimate."
)
@click.option("--send", is_flag=True, help="Send them.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def invite_command(  # noqa: PLR0913 - one for each option
    desk: Desk,
    file: Path | None,
    channel: str | None,
    at_most: int | None,
    *,
    a_second: int,
    letter_price: float,
    again: bool,
    send: bool,
    yes: bool,
) -> Result:
    """Invite members.

    Raises:
        CommandFailed: see ``invite``.
        Unavailable: AWS did not respond.
    """
    wave = Wave(Channel(channel) if channel else None, again, at_most, a_second)
    sender = Sender(desk.stack, wave)
    return invite(desk, Choice(wave, file, letter_price, send, yes), sender)


def invite(desk: Desk, choice: Choice, sender: Sender) -> Result:
    """Say whom a wave would invite and what it costs; then invite them, if the operator wants it.

    Raises:
        ListUnusable: the file cannot be read, or holds something else than identifiers.
        NothingToInvite: no one is left to invite.
        NotConfirmed: the operator has not agreed.
        NotAllowed: the operator lacks a right.
        Unavailable: AWS did not respond; those who were invited stay so.
    """
    find = _finder(desk, choice)
    counted = count_candidates(find(), choice.wave)
    if not counted.total():
        raise NothingToInvite("There is no one to invite: every member has a PIN, an invitation, or no address.")
    left = sender.left_today()
    for line in _announced(counted, left, choice):
        desk.say(line)
    data: dict[str, object] = {"to_invite": _by_channel(counted), "left_today": _by_channel(left), "sent": {}}
    if not choice.send:
        return Result(["Nothing was sent. To send, add --send."], data)
    today = sum(min(counted[channel], left[channel]) for channel in Channel)
    if not today:
        raise NothingToInvite("Today's share of invitations is used up. Run the same command tomorrow.")
    confirm(f"Invite {today:,} members?", agreed=choice.agreed)
    with desk.action("invite", by=choice.wave.channel, at_most=choice.wave.at_most, listed=bool(choice.file)) as facts:
        try:
            _send(sender, find(), today)
        finally:
            facts.update({outcome.value: number for outcome, number in sender.outcomes.items()})
            if sender.outcomes:
                desk.say(_sentence(sender.outcomes))
    rest = counted.total() - sender.outcomes.total() + sender.outcomes[InvitationOutcome.OVER_BUDGET]
    data["sent"] = {outcome.value: number for outcome, number in sender.outcomes.items()}
    if rest > 0:
        # Another operator may have invited some of them.
        rest = count_candidates(find(), choice.wave).total()
    if rest > 0:
        return Result([f"Left for another day: {rest:,}. Run the same command tomorrow."], data, ExitStatus.ATTENTION)
    return Result([], data)


def _finder(desk: Desk, choice: Choice) -> Callable[[], Iterable[Candidate]]:
    code_seconds = int(desk.stack.parameters.get("LetterCodeSeconds", DEFAULT_CODE_SECONDS))
    candidates = Candidates(desk.stack.dynamodb(), desk.table, choice.wave, code_seconds, desk.clock())
    if choice.file is None:
        return candidates.all
    identifiers = read_identifiers(desk, choice.file)
    return lambda: candidates.listed(identifiers)


def read_identifiers(desk: Desk, file: Path) -> Sequence[Identifier]:
    """Read a list of identifiers: one a line, blank lines left out.

    Raises:
        ListUnusable: the file cannot be read, or a line is no identifier.
    """
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        raise ListUnusable(f"{file} cannot be read.") from None
    found = []
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                found.append(desk.identifier(line))
            except ValueError as error:
                raise ListUnusable(f"{file}, line {number}: {error}.") from None
    return found


def _announced(counted: Counter[Channel], left: Mapping[Channel, int], choice: Choice) -> list[str]:
    emails, letters = counted[Channel.EMAIL], counted[Channel.LETTER]
    euros, dollars = letters * choice.letter_euros, emails * _DOLLARS_FOR_A_THOUSAND_EMAILS / 1000
    return [
        f"To invite: {counted.total():,} members without a PIN, {emails:,} by e-mail and {letters:,} by letter.",
        f"Price: letters about {euros:,.2f} € ({choice.letter_euros:.2f} € each), e-mails about {dollars:,.2f} $.",
        f"Left of today's share of invitations: {left[Channel.EMAIL]:,} e-mails, {left[Channel.LETTER]:,} letters.",
    ]


def _send(sender: Sender, candidates: Iterable[Candidate], total: int) -> None:
    console = Console(stderr=True)
    with Progress(
        TextColumn("invited"),
        BarColumn(),
        TaskProgressColumn(),
        TimeRemainingColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as bar:
        task = bar.add_task("invited", total=total)
        sender.send(candidates, lambda number: bar.advance(task, number))


def _sentence(outcomes: Counter[InvitationOutcome]) -> str:
    emails, letters = outcomes[InvitationOutcome.EMAIL], outcomes[InvitationOutcome.LETTER]
    skipped = [f"{outcomes[outcome]:,} {reason}" for outcome, reason in _REASONS.items() if outcomes[outcome]]
    rest = f" Not invited: {', '.join(skipped)}." if skipped else ""
    return f"Invited: {emails:,} by e-mail, {letters:,} by letter.{rest}"


def _by_channel(numbers: Mapping[Channel, int]) -> dict[str, int]:
    return {channel.value: numbers.get(channel, 0) for channel in Channel}
