"""Maileva's notifications: not signed, but with Basic credentials that we chose.

They are believed no more than that something happened to a sending, which is then asked after at the address that we
know: the address in the notification is never fetched.
"""

from __future__ import annotations

from base64 import b64decode
from hmac import compare_digest
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import ValidationError

from letters.providers.responses import LenientResponse, ReferenceField
from letters.status_updates import LetterEvent

if TYPE_CHECKING:
    from member_access.values.types import Secret

TAKEN_STATUS = HTTPStatus.CREATED
"""Maileva counts any other reply as a failure, and calls again for the next 14 hours."""


class _Notification(LenientResponse):
    resource_id: ReferenceField


def is_authentic(authorization: str | None, login: Secret, password: Secret) -> bool:
    """Whether a notification's ``Authorization`` header has our credentials (RFC 7617), compared in constant time."""
    scheme, _, encoded = (authorization or "").partition(" ")
    try:
        given = b64decode(encoded.strip(), validate=True)
    except ValueError:
        given = b""
    expected = f"{login.reveal()}:{password.reveal()}".encode()
    return compare_digest(given, expected) and scheme.lower() == "basic"


def read_event(raw: bytes) -> LetterEvent | None:
    """Which sending a notification is about, or None where it names none."""
    try:
        return LetterEvent(_Notification.model_validate_json(raw).resource_id)
    except ValidationError:
        return None
