"""Refusals as problem details (RFC 9457), in the caller's language."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from member_access.wording.texts import (
    FIELD_REASONS,
    PROBLEMS,
    REFUSAL_REASONS,
    Language,
    promised_wait_text,
    wait_text,
)

if TYPE_CHECKING:
    from member_access.errors import Refusal

CONTENT_TYPE = "application/problem+json"
INTERNAL_ERROR = "internal-error"


def problem(code: str, status: int, language: Language, refusal: Refusal | None = None) -> dict[str, Any]:
    """Build the body of a problem. It repeats nothing that the caller sent."""
    text = PROBLEMS[code]
    detail = REFUSAL_REASONS[refusal.reason] if refusal and refusal.reason else text.detail
    wait = refusal.retry_after if refusal else None
    waits = {"wait": wait_text(wait or 0), "promised_wait": promised_wait_text(wait or 0)}
    body: dict[str, Any] = {
        "type": f"urn:member-access:{code}",
        "code": code,
        "title": text.title.in_(language),
        "status": status,
        "detail": detail.in_(language, **{name: text.in_(language) for name, text in waits.items()}),
    }
    if wait is not None:
        body["retry_after"] = wait
    if refusal and refusal.tries_left is not None:
        body["tries_left"] = refusal.tries_left
    if refusal and refusal.fields:
        body["errors"] = [
            {"pointer": field.pointer, "detail": FIELD_REASONS[field.reason].in_(language)} for field in refusal.fields
        ]
    return body


def problem_headers(refusal: Refusal) -> dict[str, str]:
    """Return the headers of a refusal: wait (RFC 9110 §10.2.3), allowed methods (§10.2.1), authentication (§11.6.1)."""
    headers = {}
    if refusal.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = refusal.authenticate
    if refusal.retry_after is not None:
        headers["Retry-After"] = str(refusal.retry_after)
    if refusal.allow:
        headers["Allow"] = ", ".join(refusal.allow)
    return headers
