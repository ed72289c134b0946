"""``python -m ops letters``: lists letters by state, sends one again, cancels one."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import click

from letters.model.job import JobState
from mailings.contract import RetryAnswer, RetryOutcome, RetryRequest
from ops.command import command
from ops.desk import ChangedMeanwhile, CommandFailed, Desk, ExitStatus, Result

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_PARIS = ZoneInfo("Europe/Paris")
SWEEP, MAILINGS = "LetterSweepFunction", "MailingsFunction"

_NOT_SENT_AGAIN = {
    RetryOutcome.ADDRESS_RETURNED: "An earlier letter came back: correct the address and import it first.",
    RetryOutcome.SENT: "The print provider has this letter. The member can ask for another one.",
    RetryOutcome.TOO_SOON: "The member has had as many letters as a month allows.",
    RetryOutcome.UNDER_WAY: "Another letter to the member is under way.",
    RetryOutcome.UNKNOWN: "There is no such letter, or its member is gone.",
}
_NOT_CANCELLED = {
    "unknown": "There is no such letter.",
    "unanswered": "The print provider does not say whether it has the letter. Run the same command later.",
    JobState.REJECTED: "The letter was given up already.",
}


class NotSentAgain(CommandFailed):
    """The letter is not sent again; the message says why."""


class NotCancelled(CommandFailed):
    """The letter is not cancelled; the message says why."""


@command(
    "letters",
    "List letters, send one again, cancel one.",
    "list: count the letters by state, and show those of --state. retry LETTER: send one that waits or was given up; "
    "in the second case a new one with a new code. cancel LETTER: delete one that the print provider has as a draft. "
    "Submitted letters cannot be cancelled. LETTER is the id that the list shows.",
    {
        ExitStatus.DONE: "if it was done",
        ExitStatus.ATTENTION: "if it was not, as the output says",
        ExitStatus.CHANGED_MEANWHILE: "if the letter is being sent at this moment",
    },
)
@click.argument("action", type=click.Choice(["list", "retry", "cancel"]), default="list")
@click.argument("letter", required=False)
@click.option("--state", type=click.Choice([state.value for state in JobState]), help="Show the letters in this state.")
@click.option(
    "--days",
    type=click.IntRange(1, 150),
    default=7,
    show_default=True,
    help="Settled letters of the last days; open ones are counted however old they are.",
)
def letters_command(desk: Desk, action: str, letter: str | None, state: str | None, days: int) -> Result:
    """Look after letters.

    Raises:
        CommandFailed: see the functions below.
        Unavailable: the function or the print provider did not respond.
    """
    if action == "list":
        return list_letters(desk, state, days)
    if not letter:
        raise click.UsageError(f"Name the letter to {action}.")
    return retry_letter(desk, letter) if action == "retry" else cancel_letter(desk, letter)


def list_letters(desk: Desk, state: str | None, days: int) -> Result:
    """Count letters by state, and show those of one state, the newest first.

    Raises:
        NotAllowed: the operator may not list letters.
        Unavailable: the function did not respond.
    """
    counts = desk.stack.call(SWEEP, {"action": "count", "days": days})["counts"]
    lines = [f"{name:<12} {number:>7,}" for name, number in counts.items()]
    lines.append(f"rejected, posted, undelivered: those of the last {days} days")
    listed: Sequence[Mapping[str, Any]] = []
    if state:
        listed = desk.stack.call(SWEEP, {"action": "list", "state": state, "days": days})["letters"]
        lines += ["", *map(_line, listed)]
        if len(listed) < counts[state]:
            lines.append(f"… and {counts[state] - len(listed):,} older ones")
    return Result(lines, {"counts": counts, "letters": listed})


def retry_letter(desk: Desk, letter: str) -> Result:
    """Send a letter again.

    Raises:
        NotSentAgain: it is not to be sent again.
        NotAllowed: the operator may not.
        Unavailable: the function did not respond; a repetition sends no second letter.
    """
    with desk.action("retry-letter", letter=letter) as facts:
        request = RetryRequest(letter_id=letter).model_dump(mode="json")
        answer = RetryAnswer.model_validate(desk.stack.call(MAILINGS, request))
        facts["result"] = answer.outcome.value
        if reason := _NOT_SENT_AGAIN.get(answer.outcome):
            raise NotSentAgain(reason)
    if answer.outcome is RetryOutcome.QUEUED:
        line = f"{letter} is in the queue again."
    else:
        line = f"A new letter with a new code takes its place: {answer.letter_id}."
    return Result([line], {"outcome": answer.outcome.value, "letter_id": answer.letter_id})


def cancel_letter(desk: Desk, letter: str) -> Result:
    """Cancel a letter that is not submitted yet.

    Raises:
        NotCancelled: the print provider has it, or there is no such letter.
        ChangedMeanwhile: it is being sent at this moment.
        NotAllowed: the operator may not.
        Unavailable: the function did not respond.
    """
    with desk.action("cancel-letter", letter=letter) as facts:
        outcome = facts["result"] = desk.stack.call(SWEEP, {"action": "cancel", "letter_id": letter})["outcome"]
        if outcome == "busy":
            raise ChangedMeanwhile("The letter is being sent at this moment. Run the same command in two minutes.")
        if outcome != "cancelled":
            sent = f"The letter is {outcome}: neither print provider lets a submitted letter be cancelled here."
            raise NotCancelled(_NOT_CANCELLED.get(outcome, sent))
    lines = [f"{letter} is cancelled, and its code is void. The member can ask for another letter at once."]
    return Result(lines, {"letter_id": letter, "outcome": outcome})


def _line(letter: Mapping[str, Any]) -> str:
    kind = "invitation" if letter["is_invitation"] else "requested"
    provider = f"{letter['provider']} {letter['provider_reference']}" if letter["provider_reference"] else "-"
    return (
        f"{letter['letter_id']}  {letter['identifier']:<12}  {kind} {day(letter['requested_at'])}  "
        f"{letter['state']} {day(letter['changed_at'])}  {letter['code'] or '-'}  {provider}"
    )


def day(instant: int) -> str:
    """Return the day of an instant in Paris."""
    return datetime.fromtimestamp(instant, _PARIS).date().isoformat()
