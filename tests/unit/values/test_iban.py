"""IBANs of all countries, and their last six characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.errors import InvalidValue
from member_access.values.iban import Iban
from member_access.values.iban_last_six import IbanLastSix
from tests.support.members import french_iban

FRENCH = french_iban("123")


@pytest.mark.parametrize(
    ("text", "last_six"),
    [
        ("FR76 9999 9000 0100 0000 0010 106", "010106"),
        ("fr37 9999 9000 0200 00a0 0030 380", "030380"),
        ("BE25999000001282", "001282"),
        ("BE68 5390 0754 7034", "547034"),  # the registry's example: no list of banks is asked
        ("IBAN FR76 9999 9000 0100 0000 0010 106", "010106"),
        ("GB14 TEST 0000 0000 0008 08", "000808"),
        ("FR76\u00a09999\u00a09000\u00a00100\u00a00000\u00a00010\u00a0106", "010106"),
    ],
)
def test_an_iban_of_any_country_is_taken_in_any_grouping(text: str, last_six: str) -> None:
    assert Iban.parse(text).last_six == IbanLastSix.parse(last_six)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "FR7699999000010000000010107",
        "FR769999900001000000001010",
        "ZZ25999000001282",
        "GB01 BARC 2071 4583 6083 87",  # check digits run from 02 to 98
        "GB00 HLFX 1101 6111 4553 65",
        "BE25999000001283",
        "1276999990000100000000106",
        "FR76 9999 9000 0100 0000 0010 106\x00",
        "FR\uff17\uff1699999000010000000010106",
    ],
)
def test_a_wrong_iban_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        Iban.parse(text)


@given(st.integers(0, 10**11 - 1).map(lambda account: french_iban(str(account))), st.data())
def test_one_wrong_digit_is_caught_by_the_check_digits(iban: str, data: st.DataObject) -> None:
    position = data.draw(st.integers(2, len(iban) - 1))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != iban[position]))
    with pytest.raises(InvalidValue):
        Iban.parse(iban[:position] + other + iban[position + 1 :])


@pytest.mark.parametrize("text", ["000106", " 0001 06", "0001-06", "00a106"])
def test_the_last_six_are_taken_as_people_type_them(text: str) -> None:
    assert len(IbanLastSix.parse(text).reveal()) == 6


@pytest.mark.parametrize("text", ["", "00010", "0001067", "00010é", "٠٠٠١٠٦", "00\x000106"])
def test_other_than_six_letters_and_digits_are_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        IbanLastSix.parse(text)


@given(st.text())
def test_any_text_is_an_iban_or_refused(text: str) -> None:
    try:
        iban = Iban.parse(text)
    except InvalidValue:
        return
    assert Iban.parse(iban.reveal()) == iban


def test_an_iban_and_its_end_hide_themselves() -> None:
    iban = Iban.parse(FRENCH)
    assert FRENCH not in f"{iban} {iban!r}"
    assert FRENCH[-6:] not in f"{iban.last_six} {iban.last_six!r}"
