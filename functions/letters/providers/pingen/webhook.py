"""Pingen's events: signed, without a time, and repeated until accepted (for about seven hours)."""

from __future__ import annotations

from hashlib import sha256
from hmac import compare_digest, digest
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import ValidationError

from letters.model.job import JobState
from letters.model.print_provider import LetterEvent
from letters.providers.responses import LenientResponse, ReferenceField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from member_access.values.types import Secret

TAKEN_STATUS = HTTPStatus.OK

_STATES = {
    "webhook_sent": JobState.POSTED,
    "webhook_delivered": JobState.POSTED,
    "webhook_undeliverable": JobState.UNDELIVERED,
    # An issue may be temporary: the letter's own status decides.
    "webhook_issues": None,
}


class _Identity(LenientResponse):
    type: str
    id: ReferenceField


class _Relationship(LenientResponse):
    data: _Identity | None = None


class _Relationships(LenientResponse):
    deliverable: _Relationship | None = None
    letter: _Relationship | None = None


class _Data(LenientResponse):
    type: str
    id: ReferenceField
    relationships: _Relationships


class _Event(LenientResponse):
    data: _Data


def is_authentic(raw: bytes, signature: str | None, signing_keys: Sequence[Secret]) -> bool:
    """Whether the ``Signature`` header is the HMAC-SHA256 of the raw body, in lower-case hex, under one of our keys.

    Each category of events has its own subscription and key.
    """
    given = (signature or "").encode()
    # A list, so that every key is tried.
    return any(compare_digest(given, digest(key.reveal().encode(), raw, sha256).hex().encode()) for key in signing_keys)


def read_event(raw: bytes) -> LetterEvent | None:
    """Read an authentic event, or None if it does not concern us.

    Newer events name the ``deliverable``, older ones the ``letter``, some both.
    """
    try:
        data = _Event.model_validate_json(raw).data
    except ValidationError:
        return None
    named = (data.relationships.deliverable, data.relationships.letter)
    about = next((one.data for one in named if one is not None and one.data is not None), None)
    if data.type not in _STATES or about is None or about.type != "letters":
        return None
    return LetterEvent(about.id, event_id=data.id, state=_STATES[data.type])
