"""Maileva's sendings and notifications as JSON documents."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from member_access.values.types import Instant


@dataclass
class Sending:
    """A sending; ``documents`` are its files by priority."""

    id: str
    settings: dict[str, Any]
    created_at: Instant
    status: str = "DRAFT"
    submitted_at: Instant | None = None
    documents: dict[int, bytes] = field(default_factory=dict)
    recipients: list[dict[str, Any]] = field(default_factory=list)


def shown(sending: Sending) -> dict[str, Any]:
    """The document of a sending."""
    counts = {"total": len(sending.recipients)}
    for recipient in sending.recipients:
        counts[recipient["status"].lower()] = counts.get(recipient["status"].lower(), 0) + 1
    shown = {
        **sending.settings,
        "id": sending.id,
        "status": sending.status,
        "creation_date": iso(sending.created_at),
        "documents_count": len(sending.documents),
        "recipients_counts": counts,
        "envelope_type": "DL",
    }
    return shown if sending.submitted_at is None else shown | {"submission_date": iso(sending.submitted_at)}


def notification(sending: Sending, *, event: str, client_id: str, version: str, now: Instant) -> dict[str, Any]:
    """A notification; its location leads elsewhere, and must not be fetched."""
    return {
        "source": "mail",
        "user_id": "user-1",
        "client_id": client_id,
        "event_type": event,
        "resource_type": f"mail/{version}/sendings",
        "event_date": iso(now),
        "event_location": "",
        "resource_id": sending.id,
        "resource_location": f"https://elsewhere.invalid/sendings/{sending.id}",
        "resource_custom_id": sending.settings.get("custom_id"),
        "resource_custom_data": sending.settings.get("custom_data"),
    }


def iso(instant: Instant) -> str:
    """Write a time as Maileva does."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")
