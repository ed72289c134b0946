"""Counts a guess before it is checked: the one protocol for a PIN, a code, an IBAN and a search for an identifier.

A flow reads the counter and its source, then calls ``count_beside``: the guess is claimed by a conditional write
while KMS makes what the secret is compared with. So parallel guesses get no more tries than sequential ones, and only
a counted guess is ever checked.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias, TypeVar

from member_access.errors import Refusal
from member_access.platform.aws import concurrently
from member_access.throttling.counters import AttemptStore
from member_access.throttling.policy import Claimed, Wait
from member_access.throttling.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.runtime import Runtime
    from member_access.throttling.policy import Attempts, Disabled, Policy
    from member_access.throttling.sources import SourcePolicy
    from member_access.values.types import Instant

Result = TypeVar("Result")
Limit: TypeAlias = Literal["source", "attempts"]


class TooManyAttempts(Refusal):
    """The caller must wait ``retry_after`` seconds."""

    code = "too-many-attempts"
    status = 429


@dataclass(frozen=True)
class Guess:
    """A guess before it is checked.

    Attributes:
        key: the partition key of its counter.
        attempts: what the counter says.
        credential_version: the version of the secret that is guessed at.
        source: stands for the caller's address.
        source_wait: seconds that this source must wait, 0 for none.
        now: the moment of the guess.
    """

    key: str
    attempts: Attempts
    credential_version: int
    source: Pseudonym
    source_wait: int
    now: Instant


class GuessGuard:
    """Limits the guesses at one kind of secret, by counter and by source.

    Args:
        runtime: what the function is given.
        table: holds the counters.
        policy: limits the guesses at one counter.
        source_policy: limits those of one source.
        disabled: the refusal once the policy allows no guess any more.
    """

    def __init__(
        self, runtime: Runtime, table: str, policy: Policy, source_policy: SourcePolicy, disabled: type[Refusal]
    ) -> None:
        self.counters = AttemptStore(runtime.clients.dynamodb, table, policy)
        self.sources = Sources(runtime.clients.dynamodb, table, source_policy)
        self._executor = runtime.executor
        self._disabled = disabled

    def count_beside(
        self, guess: Guess, work: Callable[[], Result], refused: Callable[[Limit, Refusal], None]
    ) -> tuple[Attempts, Result]:
        """Count a guess while the work is done that its check needs.

        Where the read already forbids the guess, neither a write nor the work is spent on it; only the claim can
        allow it.

        Args:
            guess: the guess.
            work: the call of KMS; it must not tell whether the guess is right.
            refused: called with the limit that was met and the refusal, before the refusal is raised.

        Returns:
            The counter with this guess in it, and the result of the work.

        Raises:
            Refusal: the source or the counter allows no guess now.
            Unavailable: AWS did not answer; the guess must not be checked.
        """
        if guess.source_wait:
            raise _recorded(refused, "source", TooManyAttempts(retry_after=guess.source_wait))
        allowed = self.counters.policy.decide(guess.attempts, guess.credential_version, guess.now)
        if not isinstance(allowed, Claimed):
            raise _recorded(refused, "attempts", self._refusal(allowed))
        verdict, result = concurrently(
            self._executor,
            lambda: self.counters.claim(guess.key, guess.attempts, guess.credential_version, guess.now, allowed),
            work,
        )
        if not isinstance(verdict, Claimed):
            raise _recorded(refused, "attempts", self._refusal(verdict))
        return verdict.attempts, result

    def failed(self, guess: Guess, counted: Attempts) -> Refusal | None:
        """Count a failure of the source, and return the refusal that this wrong guess leads to, if any.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        self.sources.record_failure(guess.source, guess.now)
        verdict = self.counters.policy.consequence(counted, guess.now)
        return self._refusal(verdict) if verdict else None

    def _refusal(self, verdict: Wait | Disabled) -> Refusal:
        return TooManyAttempts(retry_after=verdict.seconds) if isinstance(verdict, Wait) else self._disabled()


def _recorded(refused: Callable[[Limit, Refusal], None], limit: Limit, refusal: Refusal) -> Refusal:
    refused(limit, refusal)
    return refusal
