"""The interface to the store of letter jobs.

Every write has a condition, and may be repeated: a client that missed the response to a successful write makes it
again and finds it done.
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
    """Another delivery has the job: this one stops and records nothing more."""


@dataclass(frozen=True, slots=True)
class Leased:
    """The caller holds the lease."""

    job: LetterJob


@dataclass(frozen=True, slots=True)
class Held:
    """Another delivery holds the lease, at the latest until then."""

    until: Instant


@dataclass(frozen=True, slots=True)
class Settled:
    """The letter was submitted, or will never be."""

    state: JobState


@dataclass(frozen=True, slots=True)
class NoJob:
    """There is no such job, or it has expired: no letter goes without one."""


Claim = Leased | Held | Settled | NoJob


class LetterJobs(Protocol):
    """Letter jobs as named conditional writes. All raise ``Unavailable`` if the store does not answer."""

    def get(self, letter_id: LetterId) -> LetterJob | None:
        """Read a job, strongly consistent."""

    def claim(self, letter_id: LetterId, holder: LeaseHolder, *, until: Instant, now: Instant) -> Claim:
        """Take the lease and count the attempt, if the job is requested or drafted and no one else has the lease."""

    def release(self, letter_id: LetterId, holder: LeaseHolder, next_attempt_at: Instant | None) -> None:
        """Return the lease, if the caller still holds it, and note when the job's message comes back."""

    def record_wait(self, letter_id: LetterId, holder: LeaseHolder, *, has_email: bool) -> None:
        """Note as what a letter waits for the quota: the sweep takes members without an e-mail address first.

        The caller must hold the lease of a requested job.

        Raises:
            LeaseLost: it does not.
        """

    def record_upload(self, letter_id: LetterId, holder: LeaseHolder, provider: ProviderName, upload: Upload) -> None:
        """Keep a file's address. The caller must hold the lease of a requested job.

        Raises:
            LeaseLost: it does not.
        """

    def record_draft(  # noqa: PLR0913 - what a draft is
        self,
        letter_id: LetterId,
        holder: LeaseHolder,
        provider: ProviderName,
        reference: ProviderReference,
        now: Instant,
        *,
        address_mark: str,
    ) -> None:
        """Requested → drafted: only this draft will be submitted, to the address that the mark stands for.

        The caller must hold the lease.

        Raises:
            LeaseLost: it does not, or the job has moved on.
        """

    def record_rejection(self, letter_id: LetterId, holder: LeaseHolder, code: ProviderCode, now: Instant) -> None:
        """Requested or drafted → rejected. The caller must hold the lease.

        Raises:
            LeaseLost: it does not, or the job has moved on.
        """

    def advance(self, letter_id: LetterId, state: JobState, code: ProviderCode, now: Instant) -> bool:
        """Move to the state that the provider reports, if it ranks higher; return whether the job moved.

        Needs no lease.
        """

    def keep_unknown_status(self, letter_id: LetterId, code: ProviderCode) -> None:
        """Keep a provider's code that we do not know, for an operator who looks at the job."""

    def stale_jobs(self, state: JobState, since: Instant) -> Iterable[LetterJob]:
        """Jobs that have been in a state since that instant or longer; may miss changes of the last second."""

    def event_was_taken(self, provider: ProviderName, event_id: str) -> bool:
        """Whether the event is remembered."""

    def remember_event(self, provider: ProviderName, event_id: str, now: Instant) -> None:
        """Remember an event for as long as its provider may send it again."""
