"""Counts a guess before it is checked: the one protocol for a PIN, a code, an IBAN and a search for an identifier.

A flow reads the counters and its source, then calls ``count_beside``: the guess is claimed by conditional writes, at
its counters and at its source, while KMS makes what the secret is compared with. So parallel guesses get no more tries
than sequential ones, and only a counted guess is ever checked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, Literal, NamedTuple, TypeAlias, TypeVar

from member_access.errors import Refusal
from member_access.platform.aws import concurrently
from member_access.throttling.counters import AttemptStore, CounterT, consequence, decide
from member_access.throttling.policy import Disabled, Wait
from member_access.throttling.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.throttling.counters import Counter
    from member_access.throttling.sources import Scarce, SeenSource, SourcePolicy
    from member_access.values.types import Instant

Result = TypeVar("Result")
Limit: TypeAlias = Literal["source", "attempts"]


class TooManyAttempts(Refusal):
    """The caller must wait ``retry_after`` seconds."""

    code = "too-many-attempts"
    status = 429


class Guess(NamedTuple, Generic[CounterT]):
    """A guess before it is checked.

    Attributes:
        counter: what must allow it.
        credential_version: the version of the secret that is guessed at.
        source: the caller's; None for a known browser, because a stranger behind the same address must not lock a
            member out of the browser they use.
        now: the moment of the guess.
        scarce: what the guess may use up of the source's share of the day.
        announce: announces, once, that no guess is allowed any more; returns the write that belongs to the count of the
            guess that leads to it. A right guess deletes what it has written.
    """

    counter: CounterT
    credential_version: int
    source: SeenSource | None
    now: Instant
    scarce: tuple[Scarce, ...] = ()
    announce: Callable[[], Write] | None = None


class GuessGuard:
    """Limits the guesses at one kind of secret, by counter and by source.

    Args:
        runtime: what the function is given.
        table: holds the counters.
        source_policy: limits the guesses of one source.
        disabled: the refusal once a counter allows no guess any more.
    """

    def __init__(self, runtime: Runtime, table: str, source_policy: SourcePolicy, disabled: type[Refusal]) -> None:
        self.counters = AttemptStore(runtime.clients.dynamodb, table)
        self.sources = Sources(runtime.clients.dynamodb, table, source_policy)
        self._runtime = runtime
        self._disabled = disabled

    def count_beside(
        self, guess: Guess[CounterT], work: Callable[[], Result], refused: Callable[[Limit, Refusal], None]
    ) -> tuple[CounterT, Result]:
        """Count a guess, by counter and by source, while the work is done that its check needs.

        Where the read already forbids the guess, neither a write nor the work is spent on it; only the claims can
        allow it.

        Args:
            guess: the guess.
            work: the call of KMS; it must not tell whether the guess is right.
            refused: called with the limit that was met and the refusal, before the refusal is raised.

        Returns:
            The counter with this guess in it, and the result of the work.

        Raises:
            Refusal: the source or a counter allows no guess now.
            Unavailable: AWS did not answer; the guess must not be checked.
        """
        if guess.source and (wait := self.sources.wait(guess.source)):
            raise _recorded(refused, "source", TooManyAttempts(retry_after=wait))
        allowed = decide(guess.counter, guess.credential_version, guess.now)
        if not isinstance(allowed, tuple):
            raise _recorded(refused, "attempts", self._refusal(allowed))
        verdict, result, wait = concurrently(
            self._runtime.executor,
            lambda: self.counters.claim(
                guess.counter,
                allowed,
                guess.credential_version,
                guess.now,
                lambda counted: _announced(guess, counted),
            ),
            work,
            lambda: self.sources.claim(guess.source, *guess.scarce) if guess.source else 0,
        )
        if isinstance(verdict, Wait | Disabled):
            raise _recorded(refused, "attempts", self._refusal(verdict))
        if wait:
            # A source over its limit must not use up the guesses of members.
            self.counters.release(verdict, guess.now, withdrawn(guess, verdict))
            raise _recorded(refused, "source", TooManyAttempts(retry_after=wait))
        return verdict, result

    def source_taken_back(self, guess: Guess[CounterT]) -> list[Write]:
        """Take the source's claim back."""
        return [self.sources.take_back(guess.source)] if guess.source else []

    def failed(self, counted: Counter, now: Instant) -> Refusal | None:
        """Return the refusal that this wrong guess leads to, if any."""
        verdict = consequence(counted, now)
        return self._refusal(verdict, tries_left(counted, now)) if verdict else None

    def _refusal(self, verdict: Wait | Disabled, tries_left: int | None = None) -> Refusal:
        if isinstance(verdict, Wait):
            return TooManyAttempts(retry_after=verdict.seconds, tries_left=tries_left)
        return self._disabled()


def tries_left(counted: Counter, now: Instant) -> int | None:
    """Return how many wrong guesses are left, after those counted, before the next limit.

    It follows from counters that unknown identifiers have too, and from what the caller could count.
    """
    left = [policy.tries_left(one, now) for policy, one in zip(counted.policies, counted.states, strict=True)]
    return min((tries for tries in left if tries is not None), default=None)


def withdrawn(guess: Guess[CounterT], counted: CounterT) -> list[Write]:
    """Delete what the count of this guess has announced; nothing where guesses were left."""
    return [
        {"Delete": {"TableName": put["TableName"], "Key": {"pk": put["Item"]["pk"]}}}
        for put in (announced["Put"] for announced in _announced(guess, counted))
    ]


def _announced(guess: Guess[CounterT], counted: CounterT) -> list[Write]:
    if guess.announce and isinstance(consequence(counted, guess.now), Disabled):
        return [guess.announce()]
    return []


def _recorded(refused: Callable[[Limit, Refusal], None], limit: Limit, refusal: Refusal) -> Refusal:
    refused(limit, refusal)
    return refusal
