"""Pingen's responses: the address that it has read is compared with the printed one, files go over TLS."""

from __future__ import annotations

import json

import pytest

from letters.model.job import ProviderReference
from letters.providers.api import CallFailed
from letters.providers.http_client import HttpResponse
from letters.providers.pingen.responses import LetterAttributes, LetterData, UploadResponse, unfit_to_send
from letters.providers.responses import read_as
from simulators.samples.letters import address


def read_letter(read: str, *, is_embedded: bool = True) -> LetterData:
    attributes = LetterAttributes.model_validate(
        {"status": "valid", "address": read, "fonts": [{"name": "Any", "is_embedded": is_embedded}]}
    )
    return LetterData(id=ProviderReference("letter-1"), attributes=attributes)


@pytest.mark.parametrize(
    ("read", "reason"),
    [
        ("Eléonore Garcon-Oeuvray\n33 avenue de l'hopital\n69003 lyon\nFrance", None),
        ("ELEONORE  GARCON OEUVRAY\n33, AVENUE DE L HOPITAL\n69003 LYON", None),
        ("Éléonore Garçon-Œuvray\n35 AVENUE DE L HÔPITAL\n69003 LYON", "address-misread"),
        ("Éléonore Garçon-Œuvray\n33 AVENUE DE L HÔPITAL", "address-misread"),
        ("", "address-misread"),
    ],
)
def test_an_address_is_compared_by_its_letters_and_digits(read: str, reason: str | None) -> None:
    assert unfit_to_send(read_letter(read), address(address_2="", address_3="")) == reason


def test_a_letter_with_a_font_that_is_not_in_the_file_is_not_sent() -> None:
    read = read_letter("\n".join(address().printed), is_embedded=False)
    assert unfit_to_send(read, address()) == "font-not-embedded"


def test_no_letter_is_uploaded_in_clear() -> None:
    attributes = {"url": "http://files.example/1", "url_signature": "signature"}
    body = json.dumps({"data": {"attributes": attributes}}).encode()
    with pytest.raises(CallFailed):
        read_as(UploadResponse, HttpResponse(200, {}, body))
    assert read_as(UploadResponse, HttpResponse(200, {}, body.replace(b"http:", b"https:")))
