"""The insurer's name and addresses, which go into letters and e-mail headers."""

from __future__ import annotations

from typing import Any

import pytest

from member_access.errors import InvalidValue
from member_access.wording.insurer import Insurer


def insurer(**parts: Any) -> Insurer:  # noqa: ANN401 - any part may be replaced
    return Insurer(
        **{
            "name": "Mutuelle de l’Exemple",
            "address": ("12 rue de l’Exemple", "99999 EXEMPLEVILLE"),
            "site": "adherents.mutuelle.example",
            "helpline": "01 99 00 12 34",
            "accent": "#0b5563",
        }
        | parts
    )


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ({"name": " "}, "the insurer's name is empty"),
        ({"site": ""}, "the insurer's site is empty"),
        ({"helpline": ""}, "the insurer's helpline is empty"),
        ({"address": ("12 rue de l’Exemple", "")}, "the insurer's address line 2 is empty"),
        ({"name": "Mutuelle\r\nBcc: a@b.example"}, "the insurer's name has a line break"),
        ({"address": ("12 rue\nde l’Exemple",)}, "the insurer's address line 1 has a line break"),
    ],
)
def test_an_empty_part_or_a_line_break_is_refused_by_name(parts: dict[str, Any], complaint: str) -> None:
    with pytest.raises(InvalidValue, match=complaint):
        insurer(**parts)


@pytest.mark.parametrize("colour", ["#0b5563", "#0B5563", "#000000", "#767676", "#d6006c"])
def test_a_colour_that_can_be_read_on_white_is_an_accent(colour: str) -> None:
    assert insurer(accent=colour).accent == colour


@pytest.mark.parametrize(
    ("colour", "complaint"),
    [
        ("#777777", r"is too light: its contrast with white is 4\.48, and at least 4\.5 is needed"),
        ("#ffffff", r"is too light: its contrast with white is 1\.00"),
        ("#f7a600", "is too light"),
        ("teal", "is not a colour such as #0b5563"),
        ("#0b5", "is not a colour"),
        ("#0b5563;color:red", "is not a colour"),
        ("#0b5563\n", "is not a colour"),
    ],
)
def test_an_accent_that_cannot_be_read_on_white_is_refused(colour: str, complaint: str) -> None:
    with pytest.raises(InvalidValue, match=f"the insurer's accent {complaint}"):
        insurer(accent=colour)
