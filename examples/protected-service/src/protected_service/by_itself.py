"""The function that verifies the token itself."""

from __future__ import annotations

import time
from typing import Any

from protected_service.answers import answer, invalid_token
from protected_service.settings import AUDIENCE, ISSUER, LEVEL
from protected_service.tokens import InvalidToken, Verifier, bearer

_verifier = Verifier(ISSUER, AUDIENCE, time.time)


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer a call of the HTTP API, which has verified nothing."""
    try:
        claims = _verifier.claims(bearer(event["headers"].get("authorization", "")))
    except InvalidToken:
        return invalid_token()
    return answer(event["rawPath"], claims, LEVEL, time.time())
