"""Postcodes of every country, compared in one form."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.errors import InvalidValue
from member_access.values.postcode import Postcode


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("75011", "75011"),
        (" 75 011 ", "75011"),
        ("01590", "01590"),
        ("ZZ9 4QX", "ZZ94QX"),
        ("zz9\u00a04qx", "ZZ94QX"),
        ("B-1000", "B1000"),
        ("CH–1201", "CH1201"),
        ("cédex", "CEDEX"),
        ("D02 X285", "D02X285"),
        ("", ""),
    ],
)
def test_letters_and_digits_alone_count(text: str, normalised: str) -> None:
    assert Postcode.parse(text).normalised == normalised


def test_postcodes_that_differ_in_blanks_and_case_are_equal() -> None:
    assert Postcode.parse("zz9 4qx") == Postcode.parse("ZZ94QX")
    assert len({Postcode.parse("zz9 4qx"), Postcode.parse("ZZ94QX")}) == 1


def test_a_postcode_is_written_on_an_envelope_as_it_was_given() -> None:
    assert Postcode.parse("  zz9  4qx ").text == "zz9 4qx"


@pytest.mark.parametrize("text", ["-", "١٢٣٤٥", "北京", "7501\x00", "75\n011", "1" * 17])
def test_what_cannot_be_typed_on_a_french_keyboard_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        Postcode.parse(text)


@given(st.text(max_size=24))
def test_a_normalised_postcode_stays_what_it_is(text: str) -> None:
    try:
        postcode = Postcode.parse(text)
    except InvalidValue:
        return
    assert Postcode.parse(postcode.normalised) == postcode
    assert Postcode.parse(postcode.text) == postcode
