"""Attempt counters in the Access table: a guess is counted before its check, and a success clears the count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, Protocol, Self, TypeVar

from member_access.errors import Unavailable
from member_access.platform.aws import Item, refused
from member_access.throttling.policy import (
    DAYS_PER_YEAR,
    SECONDS_PER_DAY,
    Attempts,
    Claimed,
    Disabled,
    Policy,
    Wait,
    strictest,
    uncounted,
)
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.aws import Write

# A counter is of no use once the last failure is a year old; one day more for safety.
KEPT_SECONDS = (DAYS_PER_YEAR + 1) * SECONDS_PER_DAY
# Each conflict means that another claim went through, and the policy allows few: a caller that loses this often is
# refused, never let in.
_MAX_CONFLICTS = 20


def counter_key(secret: Literal["iban", "identity"], whose: Pseudonym) -> str:
    """Return the partition key of the counter of guesses at a secret."""
    return f"ATTEMPTS#{secret}#{whose}"


def attempts_from_item(item: Item | None) -> Attempts:
    """Read a counter's item; no item means that nothing was tried."""
    if not item or "revision" not in item:
        return Attempts()
    return Attempts(
        failures=int(item["failures"]["N"]),
        last_attempt_at=Instant(int(item["last_attempt_at"]["N"])),
        failures_by_day={int(day): int(count["N"]) for day, count in item["failures_by_day"]["M"].items()},
        credential_version=int(item["credential_version"]["N"]),
        revision=int(item["revision"]["N"]),
    )


def attempts_to_attributes(attempts: Attempts) -> Item:
    """Return the attributes of a counter's item."""
    return {
        "failures": {"N": str(attempts.failures)},
        "last_attempt_at": {"N": str(attempts.last_attempt_at)},
        "failures_by_day": {"M": {str(day): {"N": str(n)} for day, n in attempts.failures_by_day.items()}},
        "credential_version": {"N": str(attempts.credential_version)},
        "revision": {"N": str(attempts.revision)},
    }


class Counter(Protocol):
    """The counters in one item that must allow a guess, as they were read or written."""

    @property
    def key(self) -> str:
        """The partition key of the item."""

    @property
    def states(self) -> tuple[Attempts, ...]:
        """The counters that apply."""

    @property
    def policies(self) -> tuple[Policy, ...]:
        """What limits each of them."""

    def write(self, table: str, states: tuple[Attempts, ...], now: Instant) -> Write:
        """Write other states, if the item is still as it was read; the stored item comes back with a refusal."""

    def written(self, states: tuple[Attempts, ...]) -> Self:
        """Return the counter after that write."""

    def stored(self, item: Item) -> Self:
        """Return the counter in the stored item."""


CounterT = TypeVar("CounterT", bound=Counter)


class SingleCounter(NamedTuple):
    """A counter in an item of its own, as read, and the policy that limits its guesses."""

    key: str
    seen: Attempts
    policy: Policy

    @property
    def states(self) -> tuple[Attempts, ...]:
        """The counter."""
        return (self.seen,)

    @property
    def policies(self) -> tuple[Policy, ...]:
        """What limits it."""
        return (self.policy,)

    def write(self, table: str, states: tuple[Attempts, ...], now: Instant) -> Write:
        """Write another state, if the item is still at the revision that was read."""
        (attempts,) = states
        attributes = attempts_to_attributes(attempts._replace(revision=self.seen.revision + 1))
        attributes["expires_at"] = {"N": str(now + KEPT_SECONDS)}
        return replace_item(table, self.key, self.seen.revision, attributes)

    def written(self, states: tuple[Attempts, ...]) -> SingleCounter:
        """Return the counter after that write."""
        return self._replace(seen=states[0]._replace(revision=self.seen.revision + 1))

    def stored(self, item: Item) -> SingleCounter:
        """Return the counter in the stored item."""
        return self._replace(seen=attempts_from_item(item))


def decide(counter: Counter, credential_version: int, now: Instant) -> tuple[Attempts, ...] | Wait | Disabled:
    """Decide on one more guess: every counter must allow it. Return the counters with the guess in them."""
    verdicts = [
        policy.decide(seen, credential_version, now)
        for policy, seen in zip(counter.policies, counter.states, strict=True)
    ]
    refusal = strictest(verdict for verdict in verdicts if not isinstance(verdict, Claimed))
    return refusal or tuple(verdict.attempts for verdict in verdicts if isinstance(verdict, Claimed))


def consequence(counted: Counter, now: Instant) -> Wait | Disabled | None:
    """Return what forbids a further guess after those counted, if anything does."""
    verdicts = [policy.consequence(one, now) for policy, one in zip(counted.policies, counted.states, strict=True)]
    return strictest(verdict for verdict in verdicts if verdict)


class AttemptStore:
    """Claims and clears attempts."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self.table = table

    def claim(
        self,
        counter: CounterT,
        allowed: tuple[Attempts, ...],
        credential_version: int,
        now: Instant,
        also: Callable[[CounterT], Sequence[Write]] = lambda _: (),
    ) -> CounterT | Wait | Disabled:
        """Count one guess before it is checked, or return what forbids it and count nothing.

        The write is conditional on the item that the decision was made on. Where another write came first, its item
        comes back with the refusal and is decided on again, so parallel guesses are counted one after another.

        Args:
            counter: as read.
            allowed: the decision on it.
            credential_version: the version that is guessed at.
            now: the moment of the guess.
            also: returns what is written with the count, from the counter with the guess in it.

        Returns:
            The counter with the guess in it, or what forbids the guess.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first: the guess must not be checked.
        """
        verdict: tuple[Attempts, ...] | Wait | Disabled = allowed
        for _ in range(_MAX_CONFLICTS):
            if not isinstance(verdict, tuple):
                return verdict
            counted = counter.written(verdict)
            stored = refused(self._dynamodb, [counter.write(self.table, verdict, now), *also(counted)])
            if stored is None:
                return counted
            counter = counter.stored(stored)
            verdict = decide(counter, credential_version, now)
        raise Unavailable("claim: too many conflicts")

    def release(self, claimed: CounterT, now: Instant, others: Sequence[Write] = ()) -> None:
        """Uncount a guess that is not looked at, unless a success or a new credential has ended its row since.

        Args:
            claimed: the counter with the guess in it.
            now: when the guess was counted.
            others: written in the same transaction.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first; the guess stays counted.
        """
        counter, versions = claimed, [one.credential_version for one in claimed.states]
        for _ in range(_MAX_CONFLICTS):
            if [one.credential_version for one in counter.states if one.failures] != versions:
                return
            without = tuple(uncounted(one, now) for one in counter.states)
            stored = refused(self._dynamodb, [counter.write(self.table, without, now), *others])
            if stored is None:
                return
            counter = counter.stored(stored)
        raise Unavailable("release: too many conflicts")

    def uncount(self, claimed: SingleCounter) -> Write:
        """Uncount a successful guess; the other failures stay, and so do guesses that were claimed since."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": claimed.key}},
                "UpdateExpression": (
                    "SET failures = failures - :one, revision = revision + :one, "
                    "failures_by_day.#day = failures_by_day.#day - :one"
                ),
                "ExpressionAttributeNames": {"#day": str(claimed.seen.last_attempt_at // SECONDS_PER_DAY)},
                "ExpressionAttributeValues": {":one": {"N": "1"}},
            }
        }

    def reset_streak(self, key: str) -> Write:
        """Reset the streak of failures at another counter than the one claimed."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": key}},
                "UpdateExpression": "SET failures = :none, revision = revision + :one",
                "ConditionExpression": "attribute_exists(pk)",
                "ExpressionAttributeValues": {":none": {"N": "0"}, ":one": {"N": "1"}},
            }
        }


def replace_item(table: str, key: str, seen_revision: int, attributes: Item) -> Write:
    """Write the attributes of an item that holds a counter, if it is still at the revision that was seen.

    Args:
        table: the Access table.
        key: the partition key.
        seen_revision: 0 if there was no item.
        attributes: of the item, with a higher ``revision``.
    """
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET " + ", ".join(f"{name} = :{name}" for name in attributes),
            "ConditionExpression": "revision = :seen_revision" if seen_revision else "attribute_not_exists(revision)",
            "ExpressionAttributeValues": {
                **{f":{name}": value for name, value in attributes.items()},
                **({":seen_revision": {"N": str(seen_revision)}} if seen_revision else {}),
            },
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }
