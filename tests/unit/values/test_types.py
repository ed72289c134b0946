"""Domain types: what they take, and that secrets stay hidden."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.errors import InvalidValue
from member_access.values.types import EmailCode, Identifier, LetterCode, Pin, Secret, parse_code


@given(st.from_regex(r"[0-9]{6}", fullmatch=True).filter(str.isascii))
def test_six_digits_are_kept_as_they_are(digits: str) -> None:
    assert Pin.parse(digits).reveal() == digits
    assert EmailCode.parse(digits).reveal() == digits


@given(st.text())
def test_anything_but_six_ascii_digits_is_no_pin(text: str) -> None:
    if re.fullmatch(r"[0-9]{6}", text, re.ASCII):
        return
    with pytest.raises(InvalidValue) as refused:
        Pin.parse(text)
    assert not text or len(text) < 3 or text not in str(refused.value)


BETWEEN = " .-\t\n\u00a0\u2007\u2009\u200b\u200e\u2011\u2013\u202f\u2060\u3000\ufeff"


@given(
    digits=st.from_regex(r"[0-9]{6}|[0-9]{10}", fullmatch=True).filter(str.isascii),
    gaps=st.lists(st.text(BETWEEN, max_size=2), min_size=11, max_size=11),
)
def test_a_code_is_read_however_its_digits_are_grouped(digits: str, gaps: list[str]) -> None:
    text = gaps[0] + "".join(digit + gap for digit, gap in zip(digits, gaps[1:], strict=False))
    assert parse_code(text) == (EmailCode(digits) if len(digits) == 6 else LetterCode(digits))


@pytest.mark.parametrize(
    "text",
    [
        *("", "48291", "482 9133", "482/913", "482_913", "٤٨٢ ٩١٣", "482 91²", "482\x00913"),
        *("48 29 13 05", "48 29 13 05 6", "48 29 13 05 67 8", "48/29/13/05/67"),
    ],
)
def test_another_text_is_no_code(text: str) -> None:
    with pytest.raises(InvalidValue):
        parse_code(text)


def test_a_secret_hides_itself_however_it_is_printed() -> None:
    pin = Pin.parse("270519")
    for shown in (repr(pin), str(pin), f"{pin}", repr([pin]), repr({"pin": pin}), f"{pin!r}"):
        assert "270519" not in shown


def test_secrets_are_equal_by_kind_and_text() -> None:
    assert Pin.parse("270519") == Pin.parse("270519")
    assert Pin.parse("270519") != Pin.parse("270510")
    assert Pin.parse("270519") != EmailCode.parse("270519")
    assert Secret("a") != "a"
    assert len({Pin.parse("270519"), Pin.parse("270519")}) == 1


@pytest.mark.parametrize(
    ("typed", "identifier"),
    [
        ("A1234567", "A1234567"),
        (" a1234567 ", "A1234567"),
        ("\u00a0ab12cd\u202f", "AB12CD"),
        ("000000", "000000"),
        ("A 123 4567", "A1234567"),
        ("A1234567\u200b", "A1234567"),
        ("\ufeffA1234567\r\n", "A1234567"),
        ("\u202aA123\u00ad4567\u202c", "A1234567"),
        ("A\u2007123\t4567\u2060", "A1234567"),
    ],
)
def test_an_identifier_is_trimmed_and_upper_cased(typed: str, identifier: str) -> None:
    assert Identifier.parse(typed) == identifier


@pytest.mark.parametrize("typed", ["", "A1234", "A" * 13, "A-123456", "A.123456", "É123456", "A123456\x00", "٠١٢٣٤٥"])
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
