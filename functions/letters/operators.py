"""What an operator's command asks of letters: to list them, to cancel one, to note one that came back.

The function of the daily sweep answers, for it has all that this needs: the jobs, their index and the providers.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from letters.giving_up import Finished, GivingUp
from letters.model.job import CANCELLED, JobState, LeaseHolder, LetterId, ProviderCode
from letters.model.job_store import Held, Leased, LeaseLost, NoJob, Settled
from member_access.errors import InvalidValue
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from letters.model.job import LetterJob, ProviderName
    from letters.model.job_store import LetterJobs
    from letters.model.observer import LetterObserver
    from letters.model.print_provider import PrintProvider
    from letters.storage.job_lists import LetterJobLists

MOST_LISTED = 500
RETURNED = ProviderCode("returned")
"""The code of a letter that an operator has in hand; a provider has its own."""
_HOLDER_BYTES = 8
_DAY = 86_400
# Longer than a call to the provider takes.
_LEASE_SECONDS = 120
_SENT = (JobState.SUBMITTED, JobState.POSTED)


@dataclass(frozen=True)
class LetterOperators:
    """Answers the commands of operators."""

    jobs: LetterJobs
    lists: LetterJobLists
    adapters: Mapping[ProviderName, PrintProvider]
    chosen: PrintProvider
    observer: LetterObserver
    random_bytes: Callable[[int], bytes]
    now: Callable[[], Instant]

    def answer(self, event: Mapping[str, Any]) -> dict[str, Any]:
        """Answer a command.

        Raises:
            InvalidValue: the command is unknown.
            Unavailable: DynamoDB did not answer.
        """
        match event:
            case {"action": "count", "days": int(days)}:
                return {"counts": {state.value: self._count(state, days) for state in JobState}}
            case {"action": "list", "state": str(state), "days": int(days)}:
                found = islice(self._of(JobState(state), days), MOST_LISTED)
                return {"letters": [_shown(job) for job in found]}
            case {"action": "cancel", "letter_id": str(letter_id)}:
                return {"outcome": self._cancel(LetterId.parse(letter_id))}
            case {"action": "returned", "letter_id": str(letter_id)}:
                return self._returned(LetterId.parse(letter_id))
            case _:
                raise InvalidValue("an operator's command is count, list, cancel or returned")

    def _since(self, state: JobState, days: int) -> Instant:
        """Letters that the provider has not settled are of interest however old they are."""
        return Instant(0) if state.rank <= JobState.SUBMITTED.rank else Instant(self.now() - days * _DAY)

    def _count(self, state: JobState, days: int) -> int:
        return self.lists.count_changed(state, self._since(state, days))

    def _of(self, state: JobState, days: int) -> Iterable[LetterJob]:
        return self.lists.changed_jobs(state, self._since(state, days))

    def _cancel(self, letter_id: LetterId) -> str:
        """Cancel a letter that is not submitted; return its state, or why nothing was done."""
        holder, now = LeaseHolder(self.random_bytes(_HOLDER_BYTES).hex()), self.now()
        match self.jobs.claim(letter_id, holder, until=Instant(now + _LEASE_SECONDS), now=now):
            case NoJob():
                return "unknown"
            case Settled(state):
                return state.value
            case Held():
                return "busy"
            case Leased(job):
                pass
        provider = self.adapters[job.provider] if job.provider else self.chosen
        try:
            done = GivingUp(self.jobs, provider, self.observer).give_up(job, CANCELLED, holder, now)
        except LeaseLost:
            return "busy"
        finally:
            self.jobs.release(letter_id, holder, None)
        return "cancelled" if done == Finished(JobState.REJECTED) else _state_of(done)

    def _returned(self, letter_id: LetterId) -> dict[str, Any]:
        """Note a letter that came back, as if its provider had reported it."""
        job = self.jobs.get(letter_id)
        if job is None:
            return {"outcome": "unknown"}
        if job.state is JobState.UNDELIVERED:
            return {"outcome": "marked-before", "identifier": job.identifier}
        if job.state not in _SENT:
            return {"outcome": "not-sent", "identifier": job.identifier}
        self.observer.will_change(job, JobState.UNDELIVERED, RETURNED)
        self.jobs.advance(letter_id, JobState.UNDELIVERED, RETURNED, self.now())
        return {"outcome": "marked", "identifier": job.identifier}


def _state_of(done: object) -> str:
    return done.state.value if isinstance(done, Finished) and done.state else "unanswered"


def _shown(job: LetterJob) -> dict[str, Any]:
    return {
        "letter_id": job.letter_id,
        "identifier": job.identifier,
        "state": job.state.value,
        "code": job.code or job.unknown_status,
        "requested_at": job.requested_at,
        "changed_at": job.changed_at,
        "is_invitation": job.is_invitation,
        "provider": job.provider,
        "provider_reference": job.reference,
    }
