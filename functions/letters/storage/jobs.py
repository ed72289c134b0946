"""Stores letter jobs in the Access table, by single conditional writes; the outbox writes a job's first state.

An item ``LETTER#<id>`` has ``letter_state`` and ``changed_at`` (keys of the index ``letters-by-state``) and
``state_rank``, which conditions compare; ``LETTER_EVENT#<provider>#<id>`` remembers an event.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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
from letters.model.job_store import Claim, Held, Leased, LeaseLost, NoJob, Settled
from member_access.outbox.letter_job_item import LetterRequest, letter_key
from member_access.outbox.outbox import decoy_key
from member_access.platform.aws import ConditionFailed, Item, translate_errors
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import AttributeValueTypeDef

    from member_access.platform.aws import Write

INDEX = "letters-by-state"
_DAY = 24 * 3600
EVENT_KEPT_DAYS = 30
"""Maileva lists and replays its notifications for this long; Pingen repeats for a few hours."""

_HAS_LEASE = "lease_holder = :holder"


class DynamoDbLetterJobs:
    """Implements ``LetterJobs``."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self._table = table

    def get(self, letter_id: LetterId) -> LetterJob | None:
        """Read a job, strongly consistent."""
        with translate_errors():
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"pk": {"S": letter_key(letter_id.request_id)}}, ConsistentRead=True
            )
        item = answer.get("Item")
        return job_from_item(item) if item else None

    def claim(self, letter_id: LetterId, holder: LeaseHolder, *, until: Instant, now: Instant) -> Claim:
        """Take the lease and count the attempt; claiming again after a lost response succeeds."""
        try:
            with translate_errors():
                answer = self._dynamodb.update_item(
                    TableName=self._table,
                    Key={"pk": {"S": letter_key(letter_id.request_id)}},
                    UpdateExpression="SET lease_holder = :holder, lease_until = :until ADD attempts :one",
                    ConditionExpression=(
                        "state_rank < :submitted AND "
                        f"(attribute_not_exists(lease_until) OR lease_until <= :now OR {_HAS_LEASE})"
                    ),
                    ExpressionAttributeValues={
                        ":holder": {"S": holder},
                        ":until": _number(until),
                        ":one": _number(1),
                        ":submitted": _number(JobState.SUBMITTED.rank),
                        ":now": _number(now),
                    },
                    ReturnValues="ALL_NEW",
                    ReturnValuesOnConditionCheckFailure="ALL_OLD",
                )
        except ConditionFailed as refused:
            if not refused.item:
                return NoJob()
            job = job_from_item(refused.item)
            return Held(_instant(refused.item, "lease_until")) if job.state.is_open else Settled(job.state)
        return Leased(job_from_item(answer["Attributes"]))

    def release(self, letter_id: LetterId, holder: LeaseHolder, next_attempt_at: Instant | None) -> None:
        """Return the lease, if the caller still holds it, and note when the job's message comes back."""
        update, values = "REMOVE lease_holder, lease_until, next_attempt_at", {}
        if next_attempt_at is not None:
            update, values = (
                "SET next_attempt_at = :next REMOVE lease_holder, lease_until",
                {":next": _number(next_attempt_at)},
            )
        try:
            self._update(letter_id, update, _HAS_LEASE, {":holder": {"S": holder}, **values})
        except ConditionFailed:
            return

    def is_decoy(self, letter_id: LetterId) -> bool:
        """Whether a decoy stands in the place of a job: the identifier is unknown, so that no job comes any more."""
        with translate_errors():
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"pk": {"S": decoy_key(letter_id)}}, ConsistentRead=True
            )
        return "Item" in answer

    def record_wait(self, letter_id: LetterId, holder: LeaseHolder, *, has_email: bool) -> None:
        """Note as what a letter waits for the quota.

        Raises:
            LeaseLost: the caller does not hold the lease.
        """
        self._with_lease(
            letter_id,
            "SET has_email = :has_email",
            "letter_state = :requested",
            {
                ":holder": {"S": holder},
                ":has_email": {"BOOL": has_email},
                ":requested": {"S": JobState.REQUESTED},
            },
        )

    def record_upload(self, letter_id: LetterId, holder: LeaseHolder, provider: ProviderName, upload: Upload) -> None:
        """Keep a file's address.

        Raises:
            LeaseLost: the caller does not hold the lease, or the job is no longer requested.
        """
        self._with_lease(
            letter_id,
            "SET provider = :provider, upload_url = :url, upload_signature = :signature, "
            "upload_expires_at = :expires_at",
            "letter_state = :requested",
            {
                ":holder": {"S": holder},
                ":provider": {"S": provider},
                ":url": {"S": upload.url},
                ":signature": {"S": upload.signature},
                ":expires_at": _number(upload.expires_at),
                ":requested": {"S": JobState.REQUESTED},
            },
        )

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
        """Requested → drafted.

        Raises:
            LeaseLost: the caller does not hold the lease, or another draft is recorded.
        """
        self._with_lease(
            letter_id,
            f"{_SET_STATE}, provider = :provider, provider_reference = :reference, address_mark = :mark "
            "REMOVE upload_url, upload_signature, upload_expires_at",
            "(letter_state = :requested OR provider_reference = :reference AND letter_state = :state)",
            {
                ":holder": {"S": holder},
                **_state_values(JobState.DRAFTED, now),
                ":provider": {"S": provider},
                ":reference": {"S": reference},
                ":mark": {"S": address_mark},
                ":requested": {"S": JobState.REQUESTED},
            },
        )

    def record_rejection(self, letter_id: LetterId, holder: LeaseHolder, code: ProviderCode, now: Instant) -> None:
        """Requested or drafted → rejected.

        Raises:
            LeaseLost: the caller does not hold the lease, or the letter was submitted.
        """
        self._with_lease(
            letter_id,
            f"{_SET_STATE}, code = :code",
            "(state_rank < :submitted OR letter_state = :state)",
            {
                ":holder": {"S": holder},
                **_state_values(JobState.REJECTED, now),
                ":code": {"S": code},
                ":submitted": _number(JobState.SUBMITTED.rank),
            },
        )

    def advance(self, letter_id: LetterId, state: JobState, code: ProviderCode, now: Instant) -> bool:
        """Move to a state that ranks higher; return whether the job moved."""
        try:
            self._update(
                letter_id,
                f"{_SET_STATE}, code = :code",
                "state_rank < :rank",
                {**_state_values(state, now), ":code": {"S": code}},
            )
        except ConditionFailed:
            return False
        return True

    def keep_unknown_status(self, letter_id: LetterId, code: ProviderCode) -> None:
        """Keep a provider's code that we do not know; never recreate an expired job."""
        try:
            self._update(letter_id, "SET unknown_status = :code", "attribute_exists(pk)", {":code": {"S": code}})
        except ConditionFailed:
            return

    def stale_jobs(self, state: JobState, since: Instant) -> Iterator[LetterJob]:
        """Jobs in a state since that instant or longer, oldest first, page by page."""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._table,
            IndexName=INDEX,
            KeyConditionExpression="letter_state = :state AND changed_at <= :since",
            ExpressionAttributeValues={":state": {"S": state}, ":since": _number(since)},
        )
        with translate_errors():
            for page in pages:
                yield from (job_from_item(item) for item in page["Items"])

    def event_was_taken(self, provider: ProviderName, event_id: str) -> bool:
        """Whether the event is remembered."""
        with translate_errors():
            answer = self._dynamodb.get_item(
                TableName=self._table, Key={"pk": {"S": _event_key(provider, event_id)}}, ConsistentRead=True
            )
        return "Item" in answer

    def remember_event(self, provider: ProviderName, event_id: str, now: Instant) -> None:
        """Remember an event for 30 days."""
        with translate_errors():
            self._dynamodb.put_item(
                TableName=self._table,
                Item={
                    "pk": {"S": _event_key(provider, event_id)},
                    "expires_at": _number(now + EVENT_KEPT_DAYS * _DAY),
                },
            )

    def _with_lease(self, letter_id: LetterId, update: str, condition: str, values: Item) -> None:
        try:
            self._update(letter_id, update, f"{_HAS_LEASE} AND {condition}", values)
        except ConditionFailed:
            raise LeaseLost(f"another delivery has letter {letter_id}") from None

    def _update(self, letter_id: LetterId, update: str, condition: str, values: Item) -> None:
        with translate_errors():
            self._dynamodb.update_item(
                TableName=self._table,
                Key={"pk": {"S": letter_key(letter_id.request_id)}},
                UpdateExpression=update,
                ConditionExpression=condition,
                ExpressionAttributeValues=values,
            )


def set_quota_day(table: str, letter_id: LetterId, day: str) -> Write:
    """Note the day in whose quota a job has its reservation, unless it has one."""
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": letter_key(letter_id.request_id)}},
            "UpdateExpression": "SET budget_day = :day",
            "ConditionExpression": "attribute_exists(pk) AND attribute_not_exists(budget_day)",
            "ExpressionAttributeValues": {":day": {"S": day}},
        }
    }


_SET_STATE = "SET letter_state = :state, state_rank = :rank, changed_at = :now"


def _state_values(state: JobState, now: Instant) -> Item:
    return {":state": {"S": state}, ":rank": _number(state.rank), ":now": _number(now)}


def _event_key(provider: ProviderName, event_id: str) -> str:
    return f"LETTER_EVENT#{provider}#{event_id}"


def _number(value: int) -> AttributeValueTypeDef:
    return {"N": str(value)}


def _instant(item: Item, name: str) -> Instant:
    return Instant(int(item[name]["N"]))


def job_from_item(item: Item) -> LetterJob:
    """Read the job in an item."""
    request = LetterRequest.from_item(item)
    provider, reference = item.get("provider"), item.get("provider_reference")
    code, unknown = item.get("code"), item.get("unknown_status")
    return LetterJob(
        letter_id=LetterId(request.request_id),
        identifier=request.identifier,
        subject=request.subject,
        state=JobState(item["letter_state"]["S"]),
        requested_at=request.requested_at,
        changed_at=_instant(item, "changed_at"),
        code_expires_at=request.code_expires_at,
        post_by=request.post_by,
        attempts=int(item["attempts"]["N"]),
        next_attempt_at=_instant(item, "next_attempt_at") if "next_attempt_at" in item else None,
        has_email=item.get("has_email", {"BOOL": False})["BOOL"],
        has_reservation="budget_day" in item,
        provider=ProviderName(provider["S"]) if provider else None,
        reference=ProviderReference(reference["S"]) if reference else None,
        upload=_upload(item),
        code=ProviderCode(code["S"]) if code else None,
        unknown_status=ProviderCode(unknown["S"]) if unknown else None,
        is_invitation=request.is_invitation,
        purpose=request.purpose,
        address_mark=item["address_mark"]["S"] if "address_mark" in item else None,
    )


def _upload(item: Item) -> Upload | None:
    if "upload_url" not in item:
        return None
    return Upload(item["upload_url"]["S"], item["upload_signature"]["S"], _instant(item, "upload_expires_at"))
