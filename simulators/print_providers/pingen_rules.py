"""Pingen's rules for request bodies and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.print_providers.pdf_facts import Box, lines_in, pdf_facts
from simulators.print_providers.rules import check, json_object

if TYPE_CHECKING:
    from werkzeug.wrappers import Request as WsgiRequest

JSON_API = "application/vnd.api+json"

# Left: Pingen's general window with the postage above it. Right: the usual French DL window as far as it can show;
# Pingen does not publish its figures for organisations in France.
_WINDOWS: dict[str, Box] = {"left": (20.0, 40.0, 109.5, 85.5), "right": (90.0, 34.0, 210.0, 90.0)}

_FEWEST_ADDRESS_LINES = 3


def address_window(position: str) -> Box:
    """The box in which Pingen reads the address."""
    return _WINDOWS[position]


def fonts(pdf: bytes) -> list[dict[str, Any]]:
    """The fonts of a file; ``is_embedded`` is a number, as in the specification's example."""
    facts = pdf_facts(pdf)
    return [{"name": name, "is_embedded": int(embedded)} for name, embedded in (facts.fonts if facts else ())]


def fitness(pdf: bytes, position: str) -> str:
    """The status after validation."""
    facts = pdf_facts(pdf)
    if facts is None or facts.pages != 1 or not facts.is_a4_portrait:
        return "invalid"
    has_address = len(lines_in(pdf, address_window(position))) >= _FEWEST_ADDRESS_LINES
    return "valid" if has_address else "action_required"


def create_attributes(request: WsgiRequest) -> dict[str, Any]:
    """The attributes of a new letter that Pingen must not send automatically."""
    given = _attributes(request, "letters")
    required = {"file_original_name", "file_url", "file_url_signature", "address_position", "auto_send"}
    check(set(given) == required, "FAKE_WRONG_ATTRIBUTES")
    check(given["auto_send"] is False, "FAKE_AUTO_SEND", "/data/attributes/auto_send")
    check(5 <= len(given["file_original_name"]) <= 255, "file_original_name", "/data/attributes/file_original_name")
    check(len(given["file_url"]) <= 1000, "file_url", "/data/attributes/file_url")
    check(len(given["file_url_signature"]) <= 60, "file_url_signature", "/data/attributes/file_url_signature")
    check(given["address_position"] in _WINDOWS, "address_position", "/data/attributes/address_position")
    return given


def send_attributes(request: WsgiRequest, reference: str) -> dict[str, Any]:
    """The attributes for sending a letter."""
    given = _attributes(request, "letters", reference)
    check(set(given) == {"delivery_product", "print_mode", "print_spectrum"}, "FAKE_WRONG_ATTRIBUTES")
    products = ("fast", "cheap", "bulk", "premium", "registered")
    check(given["delivery_product"] in products, "delivery_product", "/data/attributes/delivery_product")
    check(given["print_mode"] in ("simplex", "duplex"), "print_mode", "/data/attributes/print_mode")
    check(given["print_spectrum"] in ("grayscale", "color"), "print_spectrum", "/data/attributes/print_spectrum")
    return given


def webhook_attributes(request: WsgiRequest) -> dict[str, Any]:
    """The attributes of a subscription."""
    given = _attributes(request, "webhooks")
    check(set(given) == {"event_category", "url", "signing_key"}, "FAKE_WRONG_ATTRIBUTES")
    categories = ("issues", "sent", "undeliverable", "delivered")
    check(given["event_category"] in categories, "event_category", "/data/attributes/event_category")
    check(len(given["url"]) <= 200, "url", "/data/attributes/url")
    check(20 <= len(given["signing_key"]) <= 32, "signing_key", "/data/attributes/signing_key")
    return given


def _attributes(request: WsgiRequest, kind: str, reference: str | None = None) -> dict[str, Any]:
    body = json_object(request, JSON_API)
    data = body.get("data", {})
    expected = {"type", "attributes"} | ({"id"} if reference else set())
    check(set(body) == {"data"} and set(data) == expected, "FAKE_WRONG_DOCUMENT")
    check(data["type"] == kind and data.get("id") == reference, "FAKE_WRONG_RESOURCE")
    attributes: dict[str, Any] = data["attributes"]
    return attributes
