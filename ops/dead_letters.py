"""Looks at dead letters without taking them: what kinds there are, and how old they are."""

from __future__ import annotations

import json
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.errors import InvalidValue
from member_access.outbox.outbox import request_id_from_message
from member_access.platform.aws import translate_errors
from member_access.values.types import Instant

if TYPE_CHECKING:
    from mypy_boto3_sqs import SQSClient
    from mypy_boto3_sqs.type_defs import MessageTypeDef

    from ops.stack_queues import StackQueue

HIDDEN_SECONDS = 5
"""How long a message that was looked at stays hidden, so that the next look finds others."""
_MOST_LOOKED_AT = 200
_EMPTY_ANSWERS = 3
"""So many receipts without anything new end the look: SQS answers from some of its servers each time."""
_UNITS = (("days", 86_400), ("hours", 3600), ("minutes", 60))


@dataclass(frozen=True)
class Kind:
    """Messages of one kind.

    Attributes:
        name: what they are, without any value of theirs.
        oldest: when the oldest was first sent.
    """

    name: str
    count: int
    oldest: Instant


def look(sqs: SQSClient, dead_letters: StackQueue) -> list[Kind]:
    """Look at the messages of a queue of dead letters, at most 200; each is hidden for five seconds.

    Raises:
        Unavailable: SQS did not respond.
    """
    seen: dict[str, tuple[str, Instant]] = {}
    empty = 0
    while empty < _EMPTY_ANSWERS and len(seen) < min(dead_letters.visible, _MOST_LOOKED_AT):
        with translate_errors():
            received = sqs.receive_message(
                QueueUrl=dead_letters.url,
                MaxNumberOfMessages=10,
                VisibilityTimeout=HIDDEN_SECONDS,
                MessageSystemAttributeNames=["SentTimestamp"],
            ).get("Messages", [])
        fresh = [message for message in received if message["MessageId"] not in seen]
        empty = 0 if fresh else empty + 1
        seen.update({message["MessageId"]: (_kind(message), _sent_at(message)) for message in fresh})
    by_kind: defaultdict[str, list[Instant]] = defaultdict(list)
    for name, sent_at in seen.values():
        by_kind[name].append(sent_at)
    return [Kind(name, len(instants), min(instants)) for name, instants in sorted(by_kind.items())]


def age(seconds: int) -> str:
    """Return an age in words, by its largest unit."""
    for name, length in _UNITS:
        if seconds >= 2 * length:
            return f"{seconds // length} {name}"
    return f"{max(seconds, 0)} seconds"


def _sent_at(message: MessageTypeDef) -> Instant:
    return Instant(int(message["Attributes"]["SentTimestamp"]) // 1000)


def _kind(message: MessageTypeDef) -> str:
    """Return what a message is: it names a request, or is a report of Amazon SES, or neither."""
    try:
        request_id_from_message(message["Body"])
    except InvalidValue:
        return _report(message["Body"])
    return "requests"


def _report(body: str) -> str:
    try:
        report = json.loads(body)
        event = report.get("eventType") or report["notificationType"]
    except (ValueError, KeyError, TypeError, AttributeError):
        return "unreadable messages"
    return f"reports of Amazon SES ({event})" if event in _EVENTS else "unreadable messages"


_EVENTS = {"Bounce", "Complaint", "Delivery", "DeliveryDelay", "Reject", "Rendering Failure", "Send", "Subscription"}
"""Amazon SES Developer Guide, "Contents of event data that Amazon SES publishes to Amazon SNS"."""
