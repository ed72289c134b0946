"""Pingen's letters and events as JSON:API documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from simulators.print_providers.pdf_facts import lines_in
from simulators.print_providers.pingen_rules import address_window, fonts

if TYPE_CHECKING:
    from member_access.values.types import Instant


@dataclass
class Order:
    """A letter at Pingen; ``attributes`` come from the requests that made and sent it."""

    id: str
    attributes: dict[str, Any]
    pdf: bytes
    created_at: Instant
    valid_at: Instant
    status: str = "validating"
    submitted_at: Instant | None = None


def shown(letter: Order) -> dict[str, Any]:
    """The letter as a resource; with address and fonts once the file has been read."""
    is_read = letter.status != "validating"
    position = letter.attributes["address_position"]
    attributes = {
        "status": letter.status,
        "file_original_name": letter.attributes["file_original_name"],
        "file_pages": 1,
        "address": "\n".join(lines_in(letter.pdf, address_window(position))) if is_read else None,
        "address_position": position,
        "delivery_product": letter.attributes.get("delivery_product"),
        "fonts": fonts(letter.pdf) if is_read else [],
        "source": "api",
        "submitted_at": letter.submitted_at and iso(letter.submitted_at),
        "created_at": iso(letter.created_at),
    }
    return {"id": letter.id, "type": "letters", "attributes": attributes}


def event(  # noqa: PLR0913 - an event says that much
    letter: Order, *, category: str, event_id: str, organisation: str, url: str, now: Instant
) -> dict[str, Any]:
    """An event about a letter, with both the old and the new name of the relationship."""
    about = {"data": {"type": "letters", "id": letter.id}}
    happening = {"type": "deliverables_events", "id": f"of-{event_id}"}
    return {
        "data": {
            "type": f"webhook_{category}",
            "id": event_id,
            "attributes": {"url": url, "created_at": iso(now)},
            "relationships": {
                "organisation": {"data": {"type": "organisations", "id": organisation}},
                "deliverable": about,
                "letter": about,
                "event": {"data": happening},
            },
        },
        "included": [shown(letter), {**happening, "attributes": {"code": letter.status}}],
    }


def iso(instant: Instant) -> str:
    """Write a time as Pingen does: the offset has no colon."""
    return datetime.fromtimestamp(instant, UTC).strftime("%Y-%m-%dT%H:%M:%S+0000")
