"""What an e-mail says of its member."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from emails.addressee import Addressee, addressee_from_item
from member_access.values.types import Identifier

if TYPE_CHECKING:
    from member_access.platform.aws import Item

MEMBER = Identifier("A1234567")


@pytest.mark.parametrize(
    ("names", "name"),
    [
        ({"first_name": "Camille", "last_name": "EXEMPLE"}, "Camille"),
        ({"first_name": "", "last_name": "Suharto"}, "Suharto"),
        ({"last_name": "Suharto"}, "Suharto"),
        ({"first_name": " \u200b ", "last_name": "Suharto"}, "Suharto"),
        ({"first_name": "Marie\r\nBcc: thief@thieves.example"}, "Marie Bcc: thief@thieves.example"),
        ({"first_name": "Marie\u2028\u202eelpmexe"}, "Marie elpmexe"),
        ({"first_name": "A" * 61}, "A" * 59 + "…"),
        ({}, ""),
    ],
)
def test_a_member_has_one_name_on_one_line(names: dict[str, str], name: str) -> None:
    item: Item = {key: {"S": value} for key, value in names.items()}
    assert addressee_from_item(MEMBER, item) == Addressee(name, "67")


def test_a_member_who_is_gone_has_no_name() -> None:
    assert addressee_from_item(MEMBER, None) == Addressee("", "67")


def test_an_addressee_shows_no_name_in_a_log() -> None:
    assert "Camille" not in repr(Addressee("Camille", "67"))
