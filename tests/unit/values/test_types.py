"""Domain types: what they take, and that secrets stay hidden."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.errors import InvalidValue
from member_access.values.types import Identifier, OneTimeCode, Pin, Secret


@given(st.from_regex(r"[0-9]{6}", fullmatch=True).filter(str.isascii))
def test_six_digits_are_kept_as_they_are(digits: str) -> None:
    assert Pin.parse(digits).reveal() == digits
    assert OneTimeCode.parse(digits).reveal() == digits


@given(st.text())
def test_anything_but_six_ascii_digits_is_no_pin(text: str) -> None:
    if re.fullmatch(r"[0-9]{6}", text, re.ASCII):
        return
    with pytest.raises(InvalidValue) as refused:
        Pin.parse(text)
    assert not text or len(text) < 3 or text not in str(refused.value)


def test_a_secret_hides_itself_however_it_is_printed() -> None:
    pin = Pin.parse("270519")
    for shown in (repr(pin), str(pin), f"{pin}", repr([pin]), repr({"pin": pin}), f"{pin!r}"):
        assert "270519" not in shown


def test_secrets_are_equal_by_kind_and_text() -> None:
    assert Pin.parse("270519") == Pin.parse("270519")
    assert Pin.parse("270519") != Pin.parse("270510")
    assert Pin.parse("270519") != OneTimeCode.parse("270519")
    assert Secret("a") != "a"
    assert len({Pin.parse("270519"), Pin.parse("270519")}) == 1


@pytest.mark.parametrize(
    ("typed", "identifier"),
    [("A1234567", "A1234567"), (" a1234567 ", "A1234567"), ("\u00a0ab12cd\u202f", "AB12CD"), ("000000", "000000")],
)
def test_an_identifier_is_trimmed_and_upper_cased(typed: str, identifier: str) -> None:
    assert Identifier.parse(typed) == identifier


@pytest.mark.parametrize("typed", ["", "A1234", "A" * 13, "A-123456", "A 123456", "É123456", "A123456\x00", "٠١٢٣٤٥"])
def test_other_forms_are_no_identifier(typed: str) -> None:
    with pytest.raises(InvalidValue):
        Identifier.parse(typed)


def test_the_insurer_may_have_another_form() -> None:
    assert Identifier.parse("mut-12", re.compile(r"^MUT-\d+$", re.ASCII)) == "MUT-12"


@given(st.text())
def test_what_parses_is_ascii_and_parses_again_to_itself(text: str) -> None:
    try:
        identifier = Identifier.parse(text)
    except InvalidValue:
        return
    assert identifier.isascii()
    assert Identifier.parse(identifier) == identifier
