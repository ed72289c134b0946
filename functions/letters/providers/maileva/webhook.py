"""Maileva's notifications: unsigned, but with Basic credentials that we chose.

A notification only prompts us to read the sending's status, at the configured API: the address in the notification is
never fetched.
"""

from __future__ import annotations

from base64 import b64decode
from hmac import compare_digest
from http import HTTPStatus
from typing import TYPE_CHECKING

from pydantic import ValidationError

from letters.model.print_provider import LetterEvent
from letters.providers.responses import LenientResponse, ReferenceField

if TYPE_CHECKING:
    from member_access.values.types import Secret

TAKEN_STATUS = HTTPStatus.CREATED
"""Maileva counts any other status as a failure, and calls again for the next 14 hours."""


class _Notification(LenientResponse):
    resource_id: ReferenceField


def is_authentic(authorization: str | None, login: Secret, password: Secret) -> bool:
    """Whether the ``Authorization`` header has our credentials (RFC 7617), compared in constant time."""
    scheme, _, encoded = (authorization or "").partition(" ")
    try:
        given = b64decode(encoded.strip(), validate=True)
    except ValueError:
        given = b""
    expected = f"{login.reveal()}:{password.reveal()}".encode()
    return compare_digest(given, expected) and scheme.lower() == "basic"


def read_event(raw: bytes) -> LetterEvent | None:
    """Read which sending a notification is about, or None if it names none."""
    try:
        return LetterEvent(_Notification.model_validate_json(raw).resource_id)
    except ValidationError:
        return None
