"""Receives news of letters: for the audit trail, the member's record, the alarms and the log."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from letters.model.job import JobState, LetterId, LetterJob, ProviderCode


class Attention(Enum):
    """Why an operator must look at a letter; alarms and runbook use these words."""

    NO_CREDIT = "no-credit"
    OVER_QUOTA = "over-budget"
    OVER_SHARE = "over-share"
    STUCK = "stuck"
    UNKNOWN_STATUS = "unknown-status"


class LetterObserver(Protocol):
    """Follows letters for all three functions."""

    def will_change(self, job: LetterJob, state: JobState, code: ProviderCode) -> None:
        """Announce that a job is about to move to this state.

        Called before the write. It may be called twice, or for a change that another delivery then overtakes, but it
        is never skipped.
        """

    def needs_attention(self, job: LetterJob, attention: Attention) -> None:
        """Warn that an operator must look at this letter; repeated each time the letter is found so."""

    def log(self, what: str, *, letter_id: LetterId | None, code: ProviderCode | None = None) -> None:
        """Log a sentence that holds no value; ``code`` is the provider's, or our reason."""
