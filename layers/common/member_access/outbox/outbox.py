"""The outbox: a message in a queue names a request, an item in the Access table says what to send.

A flow enqueues the message first, delayed by a few seconds, and writes the item with its decision. A crash between
the two leaves a message without an item: no decision was made, and the worker sends nothing. A decision is never lost.
For an unknown identifier the flow enqueues the same message and writes a decoy. A worker that finds the decoy is done
with the message; only a message without any item comes back.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from member_access.errors import InvalidValue
from member_access.platform.aws import translate_errors
from member_access.recovery.codes import RequestId

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_sqs import SQSClient

    from member_access.outbox.email_item import EmailRequest
    from member_access.outbox.letter_job_item import LetterRequest
    from member_access.platform.aws import Item, Write
    from member_access.values.types import Instant

DELAY_SECONDS = 3
"""How long a message stays in the queue before a worker sees it: longer than the write that it announces takes."""

_REQUEST_ID_BYTES = 16
DECOY_KEPT_SECONDS = 14 * 86_400

EmailOrLetter = TypeVar("EmailOrLetter", "EmailRequest", "LetterRequest")


def new_request_id(random_bytes: Callable[[int], bytes]) -> RequestId:
    """Name a new request."""
    return RequestId(random_bytes(_REQUEST_ID_BYTES).hex())


@dataclass(frozen=True)
class RequestQueue:
    """A queue of requests."""

    sqs: SQSClient
    url: str

    def enqueue(self, request_id: RequestId, delay_seconds: int = DELAY_SECONDS) -> None:
        """Put a request's message into the queue.

        Args:
            request_id: the request.
            delay_seconds: after which a worker sees it; SQS allows 900.

        Raises:
            Unavailable: SQS did not answer.
        """
        with translate_errors():
            self.sqs.send_message(
                QueueUrl=self.url, MessageBody=json.dumps({"request_id": request_id}), DelaySeconds=delay_seconds
            )


def invitations_share(budget: int) -> int:
    """Return how much of a day's budget invitations use at most: members who asked for a code come first."""
    return budget // 2


def request_id_from_message(body: str) -> RequestId:
    """Read which request a message names.

    Raises:
        InvalidValue: the message is not one of ours.
    """
    try:
        request_id = json.loads(body)["request_id"]
    except (ValueError, KeyError, TypeError):
        raise InvalidValue("a message names a request") from None
    if not isinstance(request_id, str):
        raise InvalidValue("a message names a request")
    return RequestId(request_id)


@dataclass(frozen=True)
class Outbox(Generic[EmailOrLetter]):
    """The outbox of e-mails, or of letters: a queue, and the table that holds the requests."""

    queue: RequestQueue
    access_table: str

    def enqueue(self, request: EmailOrLetter, *, is_wanted: bool, delay_seconds: int = DELAY_SECONDS) -> Write:
        """Enqueue a request's message.

        Args:
            request: the e-mail or letter to send.
            is_wanted: False where there is no member, or no address to send to.
            delay_seconds: after which a worker sees the message.

        Returns:
            The write that must join the decision's transaction: the request, or a decoy of the same size.

        Raises:
            Unavailable: SQS did not answer.
        """
        self.queue.enqueue(request.request_id, delay_seconds)
        put = put_request(self.access_table, request)
        decoy = put_decoy(put, request.requested_at)
        return put if is_wanted else decoy


def decoy_key(request_id: str) -> str:
    """Return the partition key of the decoy that stands in the place of a request."""
    return f"NOBODY#{request_id}"


def put_request(table: str, request: EmailRequest | LetterRequest) -> Write:
    """Put a new request."""
    return _put(table, request.to_item())


def put_decoy(in_place_of: Write, now: Instant) -> Write:
    """Put an item of the same size that says nothing.

    Args:
        in_place_of: the write that puts a member's item. The decoy keeps none of its values: a person may have typed
            anything as an identifier.
        now: the moment of the request.
    """
    put = in_place_of["Put"]
    blanks: Item = {f"no_{name}": {"S": "-" * len(_text(value))} for name, value in put["Item"].items()}
    del blanks["no_pk"], blanks["no_expires_at"]
    return _put(
        put["TableName"],
        {
            "pk": {"S": decoy_key(_text(put["Item"]["pk"]).partition("#")[2])},
            "expires_at": {"N": str(now + DECOY_KEPT_SECONDS)},
            **blanks,
        },
    )


def _text(value: object) -> str:
    match value:
        case {"S": str() as text} | {"N": str() as text}:
            return text
        case _:
            raise AssertionError("requests hold texts and numbers")


def _put(table: str, item: Item) -> Write:
    return {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
