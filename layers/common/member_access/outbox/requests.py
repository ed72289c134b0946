"""What leaves by e-mail or by letter: asked for by a message that names a request, and by an item that says what.

The message goes into the queue first, delayed by a few seconds; the item is written with the decision it follows
from. A crash between the two leaves a message without an item, which means that nothing was decided: nothing is ever
sent that was not, and nothing that was decided is lost. Identifiers that nobody has get the same message and an item
that no worker looks for.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from member_access.errors import InvalidValue
from member_access.members.pseudonyms import Pseudonym
from member_access.platform.aws import translate_errors
from member_access.recovery.codes import RequestId
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef
    from mypy_boto3_sqs import SQSClient

    from member_access.platform.aws import Item

DELAY_SECONDS = 3
"""How long a message stays in the queue before a worker sees it: longer than the write that it announces takes."""

_REQUEST_ID_BYTES = 16
_EMAIL_KEPT_SECONDS = 14 * 86_400
_LETTER_KEPT_SECONDS = 150 * 86_400


class EmailKind(StrEnum):
    """What an e-mail is about."""

    RESET_CODE = "reset-code"
    PIN_CHANGED = "pin-changed"
    LETTER_REQUESTED = "letter-requested"
    IDENTIFIER_REMINDER = "identifier-reminder"


@dataclass(frozen=True)
class EmailRequest:
    """An e-mail that was decided on.

    Attributes:
        request_id: names it, and the code in it.
        kind: what it is about.
        identifier: whom it goes to.
        subject: stands for the identifier.
        requested_at: when it was decided.
        expires_at: from then on it is not worth sending.
    """

    request_id: RequestId
    kind: EmailKind
    identifier: Identifier
    subject: Pseudonym
    requested_at: Instant
    expires_at: Instant


@dataclass(frozen=True)
class LetterRequest:
    """A letter that was decided on.

    Attributes:
        request_id: names it, and the code in it.
        identifier: whom it goes to.
        subject: stands for the identifier.
        requested_at: when it was decided.
        code_expires_at: until when its code works.
        post_by: after this instant it is not worth posting, because its code expires too soon.
    """

    request_id: RequestId
    identifier: Identifier
    subject: Pseudonym
    requested_at: Instant
    code_expires_at: Instant
    post_by: Instant


def new_request_id(random_bytes: Callable[[int], bytes]) -> RequestId:
    """A name for a new request."""
    return RequestId(random_bytes(_REQUEST_ID_BYTES).hex())


class RequestQueue:
    """A queue of requests."""

    def __init__(self, sqs: SQSClient, url: str) -> None:
        self._sqs = sqs
        self._url = url

    def enqueue(self, request_id: RequestId, delay_seconds: int = DELAY_SECONDS) -> None:
        """Put a request's message into the queue.

        Args:
            request_id: the request.
            delay_seconds: after which a worker sees it; SQS allows 900.

        Raises:
            Unavailable: SQS did not answer.
        """
        with translate_errors():
            self._sqs.send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps({"request_id": request_id}),
                DelaySeconds=delay_seconds,
            )


def request_id_from_message(body: str) -> RequestId:
    """The request that a message names.

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


def email_key(request_id: RequestId) -> str:
    """The partition key of an e-mail."""
    return f"EMAIL#{request_id}"


def put_email(table: str, request: EmailRequest) -> TransactWriteItemTypeDef:
    """The part of a transaction that decides on an e-mail."""
    return _put(
        table,
        {
            "pk": {"S": email_key(request.request_id)},
            "kind": {"S": request.kind},
            "identifier": {"S": request.identifier},
            "subject": {"S": request.subject},
            "requested_at": {"N": str(request.requested_at)},
            "not_after": {"N": str(request.expires_at)},
            "expires_at": {"N": str(request.requested_at + _EMAIL_KEPT_SECONDS)},
        },
    )


def email_from_item(item: Item) -> EmailRequest:
    """The e-mail in an item."""
    return EmailRequest(
        request_id=RequestId(item["pk"]["S"].removeprefix("EMAIL#")),
        kind=EmailKind(item["kind"]["S"]),
        identifier=Identifier(item["identifier"]["S"]),
        subject=Pseudonym(item["subject"]["S"]),
        requested_at=Instant(int(item["requested_at"]["N"])),
        expires_at=Instant(int(item["not_after"]["N"])),
    )


def letter_key(request_id: RequestId) -> str:
    """The partition key of a letter's job."""
    return f"LETTER#{request_id}"


def put_letter_job(table: str, request: LetterRequest) -> TransactWriteItemTypeDef:
    """The part of a transaction that decides on a letter: its job, in the state requested."""
    now = str(request.requested_at)
    return _put(
        table,
        {
            "pk": {"S": letter_key(request.request_id)},
            "identifier": {"S": request.identifier},
            "subject": {"S": request.subject},
            "letter_state": {"S": "requested"},
            "state_rank": {"N": "0"},
            "changed_at": {"N": now},
            "requested_at": {"N": now},
            "code_expires_at": {"N": str(request.code_expires_at)},
            "post_by": {"N": str(request.post_by)},
            "attempts": {"N": "0"},
            "expires_at": {"N": str(request.requested_at + _LETTER_KEPT_SECONDS)},
        },
    )


def put_decoy(in_place_of: TransactWriteItemTypeDef, now: Instant) -> TransactWriteItemTypeDef:
    """A write of the same size, of an item that no worker looks for and that says nothing.

    Args:
        in_place_of: the write that puts the item which a member would have got. Its values are not kept: what was
            typed as an identifier may be anything.
        now: the moment of the request.
    """
    put = in_place_of["Put"]
    blanks: Item = {f"no_{name}": {"S": "-" * len(_text(value))} for name, value in put["Item"].items()}
    del blanks["no_pk"], blanks["no_expires_at"]
    return _put(
        put["TableName"],
        {
            "pk": {"S": f"NOBODY#{_text(put['Item']['pk']).partition('#')[2]}"},
            "expires_at": {"N": str(now + _EMAIL_KEPT_SECONDS)},
            **blanks,
        },
    )


def _text(value: object) -> str:
    match value:
        case {"S": str() as text} | {"N": str() as text}:
            return text
        case _:
            raise AssertionError("requests hold texts and numbers")


def _put(table: str, item: Item) -> TransactWriteItemTypeDef:
    return {"Put": {"TableName": table, "Item": item, "ConditionExpression": "attribute_not_exists(pk)"}}
