"""Attempt counters in the Access table: a guess is counted before its check, and a success clears the count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from member_access.errors import Unavailable
from member_access.platform.aws import ConditionFailed, Item, translate_errors
from member_access.throttling.policy import DAYS_PER_YEAR, SECONDS_PER_DAY, Attempts, Claimed
from member_access.values.types import Instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.aws import Write
    from member_access.throttling.policy import Disabled, Policy, Wait

# A counter is of no use once the last failure is a year old; one day more for safety.
KEPT_SECONDS = (DAYS_PER_YEAR + 1) * SECONDS_PER_DAY
# Each conflict means that another claim went through, and the policy allows few: a caller that loses this often is
# refused, never let in.
_MAX_CONFLICTS = 20


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


class AttemptStore:
    """Claims and clears attempts under one policy."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, policy: Policy) -> None:
        self._dynamodb = dynamodb
        self.table = table
        self.policy = policy

    def claim(
        self, key: str, seen: Attempts, credential_version: int, now: Instant, allowed: Claimed | None = None
    ) -> Claimed | Wait | Disabled:
        """Count one guess before it is checked, or return what forbids it.

        The write is conditional on the state that the decision was made on. Where another claim came first, its state
        comes back with the refusal and is decided on again, so parallel guesses are counted one after another.
        ``allowed`` is the decision on the state that was seen, if it is made already.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first: the guess must not be checked.
        """
        verdict: Claimed | Wait | Disabled | None = allowed
        for _ in range(_MAX_CONFLICTS):
            verdict = verdict or self.policy.decide(seen, credential_version, now)
            if not isinstance(verdict, Claimed):
                return verdict
            try:
                self._replace(key, seen.revision, verdict.attempts, now)
            except ConditionFailed as refused:
                seen, verdict = attempts_from_item(refused.item), None
            else:
                return verdict
        raise Unavailable("claim: too many conflicts")

    def _replace(self, key: str, seen_revision: int, attempts: Attempts, now: Instant) -> None:
        """Write a counter, if it is still at the revision that was seen."""
        attributes = attempts_to_attributes(attempts) | {"expires_at": {"N": str(now + KEPT_SECONDS)}}
        with translate_errors():
            self._dynamodb.update_item(
                TableName=self.table,
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

    def uncount(self, key: str, claimed: Attempts) -> Write:
        """Uncount a successful guess; the other failures stay."""
        return self._without(key, claimed, "failures - :one", {})

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
