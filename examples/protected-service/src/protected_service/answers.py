"""The answers of the service, the same in all three ways."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protected_service.levels import Level


def answer(path: str, claims: Mapping[str, object], level: Level, now: float) -> dict[str, Any]:
    """Answer a call of a member.

    Args:
        path: its last part is ``refunds`` or ``bank-account``.
        claims: those of the verified token.
        level: what the bank account asks of the sign-in.
        now: seconds since 1970.
    """
    if path.endswith("/bank-account") and not level.is_met(claims, now):
        wanted = {"acr_values": level.acr_values, "max_age": level.max_age}
        return _response(401, {"code": "insufficient-user-authentication", **wanted}, level.challenge)
    return _response(200, {"member": claims["sub"], "shows": path.rpartition("/")[2]})


def invalid_token() -> dict[str, Any]:
    """Answer a call without a good token (RFC 6750 §3)."""
    return _response(401, {"code": "invalid-token"}, 'Bearer error="invalid_token"')


def _response(status: int, body: Mapping[str, object], challenge: str = "") -> dict[str, Any]:
    headers = {"Content-Type": "application/json", "Cache-Control": "no-store"}
    if challenge:
        headers["WWW-Authenticate"] = challenge
    return {"statusCode": status, "headers": headers, "body": json.dumps(body)}
