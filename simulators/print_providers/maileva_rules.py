"""Maileva's rules for the parts of a sending."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from member_access.errors import InvalidValue
from member_access.values.countries import CountryCode
from simulators.print_providers.pdf_facts import lines_in, pdf_facts
from simulators.print_providers.rules import Refused, check, json_object, only

if TYPE_CHECKING:
    from werkzeug.wrappers import Request as WsgiRequest

LINE_FIELDS = tuple(f"address_line_{number}" for number in range(1, 7))

_JSON = "application/json"
_RECIPIENT_WINDOW = (104.0, 38.0, 210.0, 83.0)
_SENDING_FIELDS: dict[str, type] = {
    "name": str,
    "custom_id": str,
    "custom_data": str,
    "color_printing": bool,
    "duplex_printing": bool,
    "optional_address_sheet": bool,
    "print_sender_address": bool,
    "envelope_windows_type": str,
    "postage_type": str,
    "archiving_duration": int,
    "treat_undelivered_mail": bool,
}


def sending_settings(request: WsgiRequest) -> dict[str, Any]:
    """The settings of a new sending."""
    settings = json_object(request, _JSON)
    only(settings, _SENDING_FIELDS)
    for name, value in settings.items():
        check(type(value) is _SENDING_FIELDS[name], f"{name.upper()}_WRONG_FORMAT")
    check(bool(settings.get("name")), "EMPTY_NAME")
    check(len(settings["name"]) <= 256, "NAME_TOO_LONG")
    check(0 < len(settings.get("custom_id", "-")) <= 38, "CUSTOM_ID_WRONG_FORMAT")
    check(len(settings.get("custom_data", "")) <= 255, "FAKE_CUSTOM_DATA_TOO_LONG")
    check(settings.get("envelope_windows_type", "SIMPLE") in ("SIMPLE", "DOUBLE"), "FAKE_WRONG_WINDOWS_TYPE")
    check(settings.get("postage_type", "FAST") in ("FAST", "ECONOMIC", "URGENT"), "FAKE_WRONG_POSTAGE_TYPE")
    check(settings.get("archiving_duration", 0) in (0, 1, 3, 6, 10), "FAKE_WRONG_ARCHIVING_DURATION")
    check(
        not (settings.get("treat_undelivered_mail") and settings.get("print_sender_address")),
        "FORBIDDEN_TREAT_UNDELIVERED_MAIL_AND_PRINT_SENDER_ADDRESS",
    )
    return settings


def document(request: WsgiRequest) -> tuple[dict[str, Any], bytes]:
    """The metadata and the content of a document: one A4 page whose recipient window is blank."""
    check(request.mimetype == "multipart/form-data", "EMPTY_DOCUMENT")
    given = request.files.getlist("document")
    check(len(given) <= 1, "TOO_MANY_PARAMETER_DOCUMENT")
    if not given or len(request.files) != 1 or set(request.form) - {"metadata"}:
        raise Refused("EMPTY_DOCUMENT")
    metadata = _metadata(request.form.getlist("metadata"))
    content = given[0].read()
    check(given[0].mimetype == "application/pdf", "DOCUMENT_TYPE_NOT_ACCEPTED")
    check(bool(content), "EMPTY_DOCUMENT")
    check(len(content) <= 20_000_000, "INVALID_DOCUMENT_SIZE")
    facts = pdf_facts(content)
    if facts is None:
        raise Refused("CORRUPTED_DOCUMENT")
    check(facts.pages == 1 and facts.is_a4_portrait, "FAKE_NOT_ONE_A4_PAGE")
    check(not lines_in(content, _RECIPIENT_WINDOW), "FAKE_RECIPIENT_WINDOW_NOT_BLANK")
    return metadata, content


def _metadata(given: list[str]) -> dict[str, Any]:
    check(bool(given), "EMPTY_METADATA")
    check(len(given) == 1, "TOO_MANY_PARAMETER_METADATA")
    try:
        metadata = json.loads(given[0])
    except ValueError:
        raise Refused("METADATA_WRONG_FORMAT") from None
    is_right = (
        isinstance(metadata, dict)
        and set(metadata) <= {"priority", "name", "shrink"}
        and type(metadata.get("priority")) is int
        and isinstance(metadata.get("name"), str)
    )
    check(is_right, "METADATA_WRONG_FORMAT")
    check(metadata["priority"] >= 1, "INVALID_PRIORITY")
    return {"priority": metadata["priority"], "name": metadata["name"]}


def recipient(request: WsgiRequest) -> dict[str, Any]:
    """A recipient, with an address that fits an envelope."""
    given = json_object(request, _JSON)
    only(given, {"custom_id", "custom_data", "country_code", *LINE_FIELDS})
    check(all(isinstance(value, str) for value in given.values()), "FAKE_WRONG_TYPE")
    check(0 < len(given.get("custom_id", "-")) <= 32, "CUSTOM_ID_WRONG_FORMAT")
    for number, name in enumerate(LINE_FIELDS, start=1):
        check(len(given.get(name, "")) <= 38, f"ADDRESS_LINE_{number}_TOO_LONG")
    check(bool(given.get("address_line_1") or given.get("address_line_2")), "EMPTY_ADDRESS_LINE_1_OR_ADDRESS_LINE_2")
    line_6, country = given.get("address_line_6", ""), given.get("country_code", "")
    check(bool(line_6), "EMPTY_ADDRESS_LINE_6")
    check(_is_country(country), "INVALID_COUNTRY_CODE")
    check(country != "FR" or bool(re.fullmatch(r"\d{5} .+", line_6)), "ADDRESS_LINE_6_WRONG_FORMAT")
    return given


def _is_country(code: str) -> bool:
    try:
        return bool(code) and CountryCode.parse(code) == code
    except InvalidValue:
        return False
