"""The lines of a postal address."""

from __future__ import annotations

import pytest

from member_access.errors import InvalidValue
from member_access.values.countries import CountryCode
from member_access.values.postal_address import AddressLine, written_postcode
from member_access.values.postcode import Postcode

FRANCE = CountryCode.parse("")
BELGIUM = CountryCode.parse("be")


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("12 QUAI DES ŒILLETS", "12 QUAI DES ŒILLETS"),
        ("  12\u00a0QUAI   DES ŒILLETS ", "12 QUAI DES ŒILLETS"),
        ("E\u0301TAGE", "ÉTAGE"),
        ("MAI\u00adSON\u200b 3", "MAISON 3"),
        ("", ""),
        ("A" * 38, "A" * 38),
        ("E\u0301" * 38, "É" * 38),
    ],
)
def test_a_line_is_tidied(text: str, line: str) -> None:
    assert AddressLine.parse(text) == line


@pytest.mark.parametrize("text", ["A" * 39, "A\nB", "A\tB", "A\x00B", "A\x85B", "A\u2028B", "A\u202eB"])
def test_a_longer_line_or_a_control_character_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        AddressLine.parse(text)


@pytest.mark.parametrize("text", ["", "7501", "750111", "7501A", "B-1000"])
def test_a_postcode_in_france_is_five_digits(text: str) -> None:
    with pytest.raises(InvalidValue):
        written_postcode(Postcode.parse(text), FRANCE)


def test_a_postcode_abroad_is_written_as_it_was_given() -> None:
    assert written_postcode(Postcode.parse("B-1000"), BELGIUM) == "B-1000"


def test_a_lost_zero_of_a_postcode_is_named() -> None:
    with pytest.raises(InvalidValue, match="leading zero may be lost"):
        written_postcode(Postcode.parse("1000"), FRANCE)


def test_kosovo_has_a_code() -> None:
    assert CountryCode.parse("xk") == "XK"


def test_a_country_is_a_code_in_either_case_and_france_by_default() -> None:
    assert [CountryCode.parse(text) for text in ("", " fr", "FR", "pf", "CH")] == ["FR", "FR", "FR", "PF", "CH"]


@pytest.mark.parametrize("text", ["France", "XX", "UK", "F", "250"])
def test_a_country_that_iso_does_not_know_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        CountryCode.parse(text)
