"""Attempt counters in the Access table: claimed before a secret is looked at, cleared by success."""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.errors import Unavailable
from member_access.platform.aws import ConditionFailed, Item, translate_errors
from member_access.throttling.policy import DAYS_PER_YEAR, SECONDS_PER_DAY, Attempts, Claimed
from member_access.values.types import Instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from member_access.throttling.policy import Disabled, Policy, Wait

# A counter is of no use once the last failure is a year old; one day more for the sweep to be on the safe side.
KEPT_SECONDS = (DAYS_PER_YEAR + 1) * SECONDS_PER_DAY
# Each conflict means that somebody else's claim went through, and the policy lets few through: a caller that
# loses this often is refused, never let in.
_MAX_CONFLICTS = 20


def attempts_from_item(item: Item | None) -> Attempts:
    """What a counter's item says; no item means that nothing was tried."""
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
    """The attributes that a counter's item keeps."""
    return {
        "failures": {"N": str(attempts.failures)},
        "last_attempt_at": {"N": str(attempts.last_attempt_at)},
        "failures_by_day": {"M": {str(day): {"N": str(n)} for day, n in attempts.failures_by_day.items()}},
        "credential_version": {"N": str(attempts.credential_version)},
        "revision": {"N": str(attempts.revision)},
    }


class AttemptStore:
    """Claims and clears attempts under one policy."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, policy: Policy) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.policy = policy

    def claim(self, key: str, seen: Attempts, credential_version: int, now: Instant) -> Claimed | Wait | Disabled:
        """Count one guess before it is made, or say why it may not be made.

        The write is conditional on the very state that was decided on. Where another claim came first, its state
        comes back with the refusal and is decided on anew, so parallel guesses are counted one after another.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first: no guess is made.
        """
        for _ in range(_MAX_CONFLICTS):
            verdict = self.policy.decide(seen, credential_version, now)
            if not isinstance(verdict, Claimed):
                return verdict
            try:
                self._replace(key, seen.revision, verdict.attempts, now)
            except ConditionFailed as refused:
                seen = attempts_from_item(refused.item)
            else:
                return verdict
        raise Unavailable("claim: too many conflicts")

    def _replace(self, key: str, seen_revision: int, attempts: Attempts, now: Instant) -> None:
        """Write a counter, provided that it still stands at the revision that was seen."""
        attributes = attempts_to_attributes(attempts) | {"expires_at": {"N": str(now + KEPT_SECONDS)}}
        with translate_errors():
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"pk": {"S": key}},
                UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in attributes),
                ConditionExpression=(
                    "revision = :seen_revision" if seen_revision else "attribute_not_exists(revision)"
                ),
                ExpressionAttributeValues={
                    **{f":{name}": value for name, value in attributes.items()},
                    **({":seen_revision": {"N": str(seen_revision)}} if seen_revision else {}),
                },
                ReturnValuesOnConditionCheckFailure="ALL_OLD",
            )

    def uncount(self, key: str, claimed: Attempts) -> TransactWriteItemTypeDef:
        """The part of a transaction that takes a successful guess back and leaves the other failures."""
        return self._without(key, claimed, "failures - :one", {})

    def clear(self, key: str, claimed: Attempts) -> TransactWriteItemTypeDef:
        """The part of a transaction that takes a successful guess back and ends the failures in a row.

        It is not conditional: a success ends the row whatever others have claimed meanwhile.
        """
        return self._without(key, claimed, ":none", {":none": {"N": "0"}})

    def reset_streak(self, key: str) -> TransactWriteItemTypeDef:
        """The part of a transaction that ends the failures in a row of another counter than the one claimed."""
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": key}},
                "UpdateExpression": "SET failures = :none, revision = revision + :one",
                "ConditionExpression": "attribute_exists(pk)",
                "ExpressionAttributeValues": {":none": {"N": "0"}, ":one": {"N": "1"}},
            }
        }

    def _without(self, key: str, claimed: Attempts, failures: str, values: Item) -> TransactWriteItemTypeDef:
        return {
            "Update": {
                "TableName": self._table,
                "Key": {"pk": {"S": key}},
                "UpdateExpression": (
                    f"SET failures = {failures}, revision = revision + :one, "
                    "failures_by_day.#day = failures_by_day.#day - :one"
                ),
                "ExpressionAttributeNames": {"#day": str(claimed.last_attempt_at // SECONDS_PER_DAY)},
                "ExpressionAttributeValues": {**values, ":one": {"N": "1"}},
            }
        }
