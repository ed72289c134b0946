"""Attempt counters in the Access table: a guess is counted before its check, and a success clears the count."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from member_access.errors import Unavailable
from member_access.platform.aws import CONDITION_FAILED, Item, TransactionCancelled, transact, write
from member_access.throttling.policy import (
    DAYS_PER_YEAR,
    SECONDS_PER_DAY,
    Attempts,
    Claimed,
    Disabled,
    Policy,
    Wait,
    strictest,
)
from member_access.values.types import Instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.aws import Write

# A counter is of no use once the last failure is a year old; one day more for safety.
KEPT_SECONDS = (DAYS_PER_YEAR + 1) * SECONDS_PER_DAY
# Each conflict means that another claim went through, and the policy allows few: a caller that loses this often is
# refused, never let in.
_MAX_CONFLICTS = 20

Counted: TypeAlias = tuple[Attempts, ...]
"""The counters with a claimed guess in them."""


def counter_key(secret: Literal["pin", "code", "iban", "identity"], whose: Pseudonym) -> str:
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


@dataclass(frozen=True)
class Counter:
    """A counter as read, and the policy that limits its guesses."""

    key: str
    seen: Attempts
    policy: Policy


def decide(counters: tuple[Counter, ...], credential_version: int, now: Instant) -> Counted | Wait | Disabled:
    """Decide on one more guess: every counter must allow it."""
    verdicts = [counter.policy.decide(counter.seen, credential_version, now) for counter in counters]
    refusal = strictest(verdict for verdict in verdicts if not isinstance(verdict, Claimed))
    return refusal or tuple(verdict.attempts for verdict in verdicts if isinstance(verdict, Claimed))


def consequence(counters: tuple[Counter, ...], counted: Counted, now: Instant) -> Wait | Disabled | None:
    """Return what forbids a further guess after these, if anything does."""
    verdicts = [counter.policy.consequence(one, now) for counter, one in zip(counters, counted, strict=True)]
    return strictest(verdict for verdict in verdicts if verdict)


class AttemptStore:
    """Claims and clears attempts."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self.table = table

    def claim(
        self, counters: tuple[Counter, ...], allowed: Counted, credential_version: int, now: Instant
    ) -> Counted | Wait | Disabled:
        """Count one guess at every counter before it is checked, or return what forbids it and count nothing.

        The write is conditional on the states that the decision was made on. Where another claim came first, its state
        comes back with the refusal and is decided on again, so parallel guesses are counted one after another.

        Args:
            counters: as read; none means that only the source limits the guess.
            allowed: the decision on them.
            credential_version: the version that is guessed at.
            now: the moment of the guess.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first: the guess must not be checked.
        """
        verdict: Counted | Wait | Disabled = allowed
        for _ in range(_MAX_CONFLICTS):
            if not verdict or not isinstance(verdict, tuple):
                return verdict
            writes = [self._replace(counter, one, now) for counter, one in zip(counters, verdict, strict=True)]
            try:
                write(self._dynamodb, writes)
            except TransactionCancelled as cancelled:
                counters = _as_stored(counters, cancelled)
                verdict = decide(counters, credential_version, now)
            else:
                return verdict
        raise Unavailable("claim: too many conflicts")

    def _replace(self, counter: Counter, attempts: Attempts, now: Instant) -> Write:
        """Write a counter, if it is still at the revision that was seen."""
        return replace_item(
            self.table,
            counter.key,
            counter.seen.revision,
            attempts_to_attributes(attempts) | {"expires_at": {"N": str(now + KEPT_SECONDS)}},
        )

    def uncount(self, key: str, claimed: Attempts) -> Write:
        """Uncount a successful guess; the other failures stay."""
        return self._without(key, claimed, "failures - :one", {})

    def release(self, counters: tuple[Counter, ...], claimed: Counted) -> None:
        """Uncount a guess that is not looked at, unless a success or a new credential has ended its row since.

        Raises:
            Unavailable: DynamoDB did not answer; the guess stays counted.
        """
        for counter, one in zip(counters, claimed, strict=True):
            uncounted = self._without(counter.key, one, "failures - :one", {})["Update"]
            condition = "failures >= :one AND credential_version = :version"
            values = {**uncounted["ExpressionAttributeValues"], ":version": {"N": str(one.credential_version)}}
            release: Write = {
                "Update": {**uncounted, "ConditionExpression": condition, "ExpressionAttributeValues": values}
            }
            with suppress(TransactionCancelled):
                transact(self._dynamodb, [release])

    def clear(self, key: str, claimed: Attempts) -> Write:
        """Uncount a successful guess and reset the streak of failures, even if others have claimed since."""
        return self._without(key, claimed, ":none", {":none": {"N": "0"}})

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

    def _without(self, key: str, claimed: Attempts, failures: str, values: Item) -> Write:
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": key}},
                "UpdateExpression": (
                    f"SET failures = {failures}, revision = revision + :one, "
                    "failures_by_day.#day = failures_by_day.#day - :one"
                ),
                "ExpressionAttributeNames": {"#day": str(claimed.last_attempt_at // SECONDS_PER_DAY)},
                "ExpressionAttributeValues": {**values, ":one": {"N": "1"}},
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


def _as_stored(counters: tuple[Counter, ...], cancelled: TransactionCancelled) -> tuple[Counter, ...]:
    return tuple(
        replace(counter, seen=attempts_from_item(item)) if reason == CONDITION_FAILED else counter
        for counter, (reason, item) in zip(counters, cancelled.reasons, strict=True)
    )
