"""The fake of Pingen refuses wrong requests, so tests notice an adapter that makes one."""

from __future__ import annotations

import json

import pytest

from letters.model.job import ProviderName
from simulators.clock import Clock
from simulators.print_providers.pingen_server import FakePingen
from tests.letters.raw_client import RawClient, code
from tests.letters.scenes import at_once, never, page


@pytest.fixture
def pingen() -> RawClient:
    fake = FakePingen(clock=Clock(), post=never, pause=at_once)
    return RawClient(fake, "https://api.pingen.example", "application/vnd.api+json")


LETTERS = "/organisations/organisation-1/deliveries/letters"


def uploaded(pingen: RawClient, pdf: bytes | None = None) -> dict[str, str]:
    place: dict[str, str] = json.loads(pingen("GET", "/file-upload").body)["data"]["attributes"]
    put(pingen, place["url"], pdf or page(ProviderName.PINGEN))
    return place


def put(pingen: RawClient, url: str, pdf: bytes, **headers: str | None) -> int:
    merged: dict[str, str | None] = {"Authorization": None, "Accept": None, "Content_Type": "application/pdf"}
    return pingen("PUT", url, body=pdf, **(merged | headers)).status


def creation(place: dict[str, str], **changes: object) -> dict[str, object]:
    attributes = {
        "file_original_name": "letter.pdf",
        "file_url": place["url"],
        "file_url_signature": place["url_signature"],
        "address_position": "right",
        "auto_send": False,
    }
    return {"data": {"type": "letters", "attributes": attributes | changes}}


def created(pingen: RawClient) -> str:
    reply = pingen("POST", LETTERS, creation(uploaded(pingen)))
    assert reply.status == 201
    identifier: str = json.loads(reply.body)["data"]["id"]
    return identifier


def sending_off(identifier: str, **changes: object) -> dict[str, object]:
    attributes = {"delivery_product": "cheap", "print_mode": "simplex", "print_spectrum": "grayscale"}
    return {"data": {"id": identifier, "type": "letters", "attributes": attributes | changes}}


def test_pingens_storage_takes_one_file_once_and_no_bearer_token(pingen: RawClient) -> None:
    url = json.loads(pingen("GET", "/file-upload").body)["data"]["attributes"]["url"]
    assert put(pingen, url, b"%PDF-", Authorization="Bearer any") == 400
    assert put(pingen, url, b"%PDF-", Content_Type="text/plain") == 400
    assert put(pingen, url, b"%PDF-") == 200
    assert put(pingen, url, b"%PDF-") == 403
    assert put(pingen, url + "0", b"%PDF-") == 403


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"auto_send": True}, "FAKE_AUTO_SEND"),
        ({"file_url": "https://api.pingen.example/uploads/guessed"}, "file_url_invalid"),
        ({"file_url_signature": "guessed"}, "file_url_signature_invalid"),
        ({"file_url_signature": "x" * 61}, "file_url_signature"),
        ({"file_original_name": "x" * 256}, "file_original_name"),
        ({"address_position": "top"}, "address_position"),
        ({"meta_data": {}}, "FAKE_WRONG_ATTRIBUTES"),
    ],
)
def test_pingen_refuses_a_wrong_letter(pingen: RawClient, changes: dict[str, object], refusal: str) -> None:
    assert code(pingen("POST", LETTERS, creation(uploaded(pingen), **changes))) == (422, refusal)


def test_pingen_makes_one_letter_of_a_file(pingen: RawClient) -> None:
    place = uploaded(pingen)
    assert pingen("POST", LETTERS, creation(place)).status == 201
    assert code(pingen("POST", LETTERS, creation(place))) == (422, "file_url_invalid")


def test_pingen_replays_a_request_of_the_same_key_and_refuses_others(pingen: RawClient) -> None:
    place = uploaded(pingen)
    first = pingen("POST", LETTERS, creation(place), Idempotency_Key="key")
    again = pingen("POST", LETTERS, creation(place), Idempotency_Key="key")
    assert (again.status, again.body) == (201, first.body)
    assert again.headers["idempotent-replayed"] == "true"
    other = pingen("POST", LETTERS, creation(uploaded(pingen)), Idempotency_Key="key")
    assert code(other) == (422, "FAKE_IDEMPOTENCY_KEY_REUSED")
    long = pingen("POST", LETTERS, creation(uploaded(pingen)), Idempotency_Key="k" * 65)
    assert code(long) == (422, "idempotency_key_too_long")


def test_pingen_sends_valid_letters_once(pingen: RawClient) -> None:
    identifier = created(pingen)
    assert code(pingen("PATCH", f"{LETTERS}/{identifier}/send", sending_off(identifier))) == (422, "state")
    clock = pingen.fake.clock
    assert isinstance(clock, Clock)
    clock.advance(60)
    assert pingen("PATCH", f"{LETTERS}/{identifier}/send", sending_off(identifier)).status == 200
    assert code(pingen("PATCH", f"{LETTERS}/{identifier}/send", sending_off(identifier))) == (422, "state")
    assert code(pingen("DELETE", f"{LETTERS}/{identifier}")) == (422, "state")
    assert len(pingen.fake.letters()) == 1


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        (sending_off("letter-9"), "FAKE_WRONG_RESOURCE"),
        (sending_off("letter-3", delivery_product="pigeon"), "delivery_product"),
        (sending_off("letter-3", print_mode="both"), "print_mode"),
        (sending_off("letter-3", meta_data={}), "FAKE_WRONG_ATTRIBUTES"),
        ({"data": {"type": "letters", "attributes": {}}}, "FAKE_WRONG_DOCUMENT"),
    ],
)
def test_pingen_refuses_a_wrong_order_to_send(pingen: RawClient, body: dict[str, object], refusal: str) -> None:
    assert created(pingen) == "letter-3"
    assert code(pingen("PATCH", f"{LETTERS}/letter-3/send", body)) == (422, refusal)


@pytest.mark.parametrize(
    ("pdf", "status"),
    [
        (page(ProviderName.PINGEN), "valid"),
        (page(ProviderName.MAILEVA), "action_required"),
        (b"%PDF-1.7 letter", "invalid"),
    ],
    ids=["address in the window", "empty window", "no PDF"],
)
def test_pingen_validates_the_file(pingen: RawClient, pdf: bytes, status: str) -> None:
    reply = pingen("POST", LETTERS, creation(uploaded(pingen, pdf)))
    identifier = json.loads(reply.body)["data"]["id"]
    assert json.loads(reply.body)["data"]["attributes"]["status"] == "validating"
    clock = pingen.fake.clock
    assert isinstance(clock, Clock)
    clock.advance(60)
    assert json.loads(pingen("GET", f"{LETTERS}/{identifier}").body)["data"]["attributes"]["status"] == status


def test_pingen_knows_its_tokens_its_organisation_and_its_content_type(pingen: RawClient) -> None:
    assert pingen("GET", LETTERS).status == 200
    assert pingen("GET", LETTERS, Authorization="Bearer guessed").status == 401
    assert pingen("GET", "/file-upload", Authorization="Bearer guessed").status == 401
    assert pingen("GET", LETTERS.replace("organisation-1", "organisation-2")).status == 404
    assert pingen("GET", LETTERS, Accept="application/json").status == 406
    assert pingen("GET", f"{LETTERS}/letter-9").status == 404
    place = uploaded(pingen)
    plain = pingen("POST", LETTERS, creation(place), Content_Type="application/json")
    assert code(plain) == (422, "FAKE_WRONG_CONTENT_TYPE")
