"""The fake of Maileva refuses wrong requests, so tests notice an adapter that makes one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from urllib3 import encode_multipart_formdata

from letters.model.job import ProviderName
from simulators.clock import Clock
from simulators.print_providers.maileva_server import FakeMaileva
from tests.letters.raw_client import RawClient, code
from tests.letters.scenes import at_once, never, page

if TYPE_CHECKING:
    from letters.providers.http_client import HttpResponse

ONE_MB = 1_000_000


@pytest.fixture
def maileva() -> RawClient:
    fake = FakeMaileva(clock=Clock(), post=never, pause=at_once)
    return RawClient(fake, "https://api.maileva.example/mail/v2", "application/json")


def sending(maileva: RawClient, **changes: object) -> HttpResponse:
    return maileva("POST", "/sendings", {"name": "letter", "custom_id": "one"} | changes)


def document(maileva: RawClient, pdf: bytes, metadata: object, kind: str = "application/pdf") -> HttpResponse:
    fields: Any = [("document", ("letter.pdf", pdf, kind)), ("metadata", json.dumps(metadata))]
    body, content_type = encode_multipart_formdata(fields)
    return maileva("POST", "/sendings/sending-2/documents", body=body, Content_Type=content_type)


def recipient(maileva: RawClient, **changes: object) -> HttpResponse:
    fields = {"address_line_2": "CAMILLE EXEMPLE", "address_line_6": "69003 LYON", "country_code": "FR"}
    return maileva("POST", "/sendings/sending-2/recipients", fields | changes)


PAGE = {"priority": 1, "name": "letter.pdf"}


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"name": ""}, "EMPTY_NAME"),
        ({"custom_id": "x" * 39}, "CUSTOM_ID_WRONG_FORMAT"),
        ({"custom_data": "x" * 256}, "FAKE_CUSTOM_DATA_TOO_LONG"),
        ({"color_printing": "false"}, "COLOR_PRINTING_WRONG_FORMAT"),
        ({"archiving_duration": 2}, "FAKE_WRONG_ARCHIVING_DURATION"),
        ({"archiving_duration": False}, "ARCHIVING_DURATION_WRONG_FORMAT"),
        ({"postage_type": "CHEAP"}, "FAKE_WRONG_POSTAGE_TYPE"),
        ({"with_health_data": True}, "FAKE_UNKNOWN_FIELD_WITH_HEALTH_DATA"),
        ({"recipient": "me"}, "FAKE_UNKNOWN_FIELD_RECIPIENT"),
        (
            {"treat_undelivered_mail": True, "print_sender_address": True},
            "FORBIDDEN_TREAT_UNDELIVERED_MAIL_AND_PRINT_SENDER_ADDRESS",
        ),
    ],
)
def test_maileva_refuses_a_wrong_sending(maileva: RawClient, changes: dict[str, object], refusal: str) -> None:
    assert code(sending(maileva, **changes)) == (400, refusal)


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"custom_id": "x" * 33}, "CUSTOM_ID_WRONG_FORMAT"),
        ({"address_line_4": "x" * 39}, "ADDRESS_LINE_4_TOO_LONG"),
        ({"address_line_2": ""}, "EMPTY_ADDRESS_LINE_1_OR_ADDRESS_LINE_2"),
        ({"address_line_6": ""}, "EMPTY_ADDRESS_LINE_6"),
        ({"address_line_6": "LYON 69003"}, "ADDRESS_LINE_6_WRONG_FORMAT"),
        ({"country_code": "XX"}, "INVALID_COUNTRY_CODE"),
        ({"country_code": "fr"}, "INVALID_COUNTRY_CODE"),
        ({"country_code": ""}, "INVALID_COUNTRY_CODE"),
        ({"address_line_7": "FRANCE"}, "FAKE_UNKNOWN_FIELD_ADDRESS_LINE_7"),
    ],
)
def test_maileva_refuses_a_wrong_recipient(maileva: RawClient, changes: dict[str, object], refusal: str) -> None:
    sending(maileva)
    assert code(recipient(maileva, **changes)) == (400, refusal)


@pytest.mark.parametrize(
    ("pdf", "metadata", "kind", "refusal"),
    [
        (b"", PAGE, "application/pdf", "EMPTY_DOCUMENT"),
        (b"letter", PAGE, "application/pdf", "CORRUPTED_DOCUMENT"),
        (b"%PDF-1.7 letter", PAGE, "application/pdf", "CORRUPTED_DOCUMENT"),
        (b"%PDF-" + bytes(20 * ONE_MB), PAGE, "application/pdf", "INVALID_DOCUMENT_SIZE"),
        (b"letter", PAGE, "text/html", "DOCUMENT_TYPE_NOT_ACCEPTED"),
        (b"letter", {"priority": "1", "name": "letter.pdf"}, "application/pdf", "METADATA_WRONG_FORMAT"),
        (b"letter", {"priority": 1}, "application/pdf", "METADATA_WRONG_FORMAT"),
        (b"letter", PAGE | {"priority": 0}, "application/pdf", "INVALID_PRIORITY"),
        (b"letter", PAGE | {"colour": True}, "application/pdf", "METADATA_WRONG_FORMAT"),
    ],
)
def test_maileva_refuses_a_wrong_document(
    maileva: RawClient, pdf: bytes, metadata: object, kind: str, refusal: str
) -> None:
    sending(maileva)
    assert code(document(maileva, pdf, metadata, kind)) == (400, refusal)


def test_maileva_refuses_a_second_document_of_the_same_priority(maileva: RawClient) -> None:
    sending(maileva)
    assert document(maileva, page(ProviderName.MAILEVA), PAGE).status == 201
    assert code(document(maileva, page(ProviderName.MAILEVA), PAGE)) == (400, "DUPLICATE_PRIORITY")


def test_maileva_submits_nothing_without_a_document_and_a_recipient(maileva: RawClient) -> None:
    sending(maileva)
    assert code(maileva("POST", "/sendings/sending-2/submit")) == (400, "FAKE_NO_DOCUMENT")
    document(maileva, page(ProviderName.MAILEVA), PAGE)
    assert code(maileva("POST", "/sendings/sending-2/submit")) == (400, "FAKE_NO_RECIPIENT")
    assert maileva.fake.letters() == []


def test_maileva_protects_a_submitted_sending(maileva: RawClient) -> None:
    sending(maileva)
    document(maileva, page(ProviderName.MAILEVA), PAGE)
    recipient(maileva)
    assert maileva("POST", "/sendings/sending-2/submit").status == 200
    not_a_draft = (400, "SENDING_STATUS_IS_NOT_DRAFT")
    assert code(document(maileva, page(ProviderName.MAILEVA), PAGE | {"priority": 2})) == not_a_draft
    assert code(recipient(maileva)) == not_a_draft
    assert code(maileva("POST", "/sendings/sending-2/submit")) == not_a_draft
    assert code(maileva("DELETE", "/sendings/sending-2")) == not_a_draft
    assert len(maileva.fake.letters()) == 1


def test_maileva_posts_a_letter_to_every_recipient_of_a_sending(maileva: RawClient) -> None:
    sending(maileva)
    document(maileva, page(ProviderName.MAILEVA), PAGE)
    recipient(maileva)
    recipient(maileva)
    maileva("POST", "/sendings/sending-2/submit")
    assert len(maileva.fake.letters()) == 2


def test_maileva_knows_its_tokens_its_sendings_and_its_routes(maileva: RawClient) -> None:
    sending(maileva)
    assert maileva("GET", "/sendings/sending-2").status == 200
    assert code(maileva("GET", "/sendings/sending-2", Authorization="Bearer guessed")) == (401, "UNAUTHORIZED")
    assert code(maileva("GET", "/sendings/sending-9")) == (404, "SENDING_NOT_FOUND")
    assert code(maileva("GET", "/sendings/sending-2/documents")) == (405, "ROUTE_NOT_FOUND")
    assert maileva("GET", "https://api.maileva.example/mail/v3/sendings/sending-2").status == 404
