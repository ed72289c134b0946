"""What the walk, the provider's events and the sweep need of the place where letter jobs are kept.

Every write names its condition, and each of them may be repeated: a client that lost the reply to a write that was
made makes it again and finds it done.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from member_access.errors import MemberAccessError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from letters.model.job import (
        JobState,
        LeaseHolder,
        LetterId,
        LetterJob,
        ProviderCode,
        ProviderName,
        ProviderReference,
        Upload,
    )
    from member_access.values.types import Instant


class LeaseLost(MemberAccessError):
    """Another delivery walks the job: this one stops where it is, and nothing of it is recorded."""


@dataclass(frozen=True, slots=True)
class Leased:
    """The caller holds the lease."""

    job: LetterJob


@dataclass(frozen=True, slots=True)
class Held:
    """Somebody else holds the lease, until then at the latest."""

    until: Instant


@dataclass(frozen=True, slots=True)
class Settled:
    """The letter was submitted, or will never be: there is nothing to walk."""

    state: JobState


@dataclass(frozen=True, slots=True)
class NoJob:
    """There is no such job, or none any more: no letter goes without one."""


Claim = Leased | Held | Settled | NoJob


class LetterJobs(Protocol):
    """Letter jobs as named conditional writes. All raise ``Unavailable`` where the store does not answer."""

    def get(self, letter_id: LetterId) -> LetterJob | None:
        """Read a job, strongly consistent."""

    def claim(self, letter_id: LetterId, holder: LeaseHolder, *, until: Instant, now: Instant) -> Claim:
        """Take the lease and count the attempt, if the job is requested or drafted and nobody holds a lease."""

    def release(self, letter_id: LetterId, holder: LeaseHolder, next_attempt_at: Instant | None) -> None:
        """Give the lease back, if the caller still holds it, and note when the job's message comes back."""

    def record_upload(self, letter_id: LetterId, holder: LeaseHolder, provider: ProviderName, upload: Upload) -> None:
        """Keep a file's address, if the caller holds the lease and the job is requested.

        Raises:
            LeaseLost: otherwise.
        """

    def record_draft(
        self,
        letter_id: LetterId,
        holder: LeaseHolder,
        provider: ProviderName,
        reference: ProviderReference,
        now: Instant,
    ) -> None:
        """Requested → drafted: this draft and no other is submitted. If the caller holds the lease.

        Raises:
            LeaseLost: it does not, or the job has moved on.
        """

    def record_rejection(self, letter_id: LetterId, holder: LeaseHolder, code: ProviderCode, now: Instant) -> None:
        """Requested or drafted → rejected, if the caller holds the lease.

        Raises:
            LeaseLost: it does not, or the job has moved on.
        """

    def advance(self, letter_id: LetterId, state: JobState, code: ProviderCode, now: Instant) -> bool:
        """Move to what the provider reports, if that ranks above where the job stands; needs no lease.

        Returns:
            Whether the job moved.
        """

    def keep_unknown_status(self, letter_id: LetterId, word: ProviderCode) -> None:
        """Keep a provider's word that we do not know, for whoever looks at the job."""

    def stale_jobs(self, state: JobState, since: Instant) -> Iterable[LetterJob]:
        """Jobs that have stood in a state since that instant or longer; may miss changes of the last second."""

    def event_was_taken(self, provider: ProviderName, event_id: str) -> bool:
        """Whether an event was remembered."""

    def remember_event(self, provider: ProviderName, event_id: str, now: Instant) -> None:
        """Remember an event that was taken, for as long as its provider could send it again."""
