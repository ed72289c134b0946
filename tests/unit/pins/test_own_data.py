"""Which PINs a member's own data give."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.pins.blocklist import Weakness
from member_access.pins.own_data import MOST_PINS, own_data
from member_access.values.birth_date import BirthDate
from member_access.values.iban import Iban
from member_access.values.nir import Nir
from tests.support.members import NOW

BORN, NUMBER = "1985-03-14", "185037511123441"

# Of 5 September 2003.
PADDED = "050903 050309 090503 090305 030905 030509"
WITH_FOUR_DIGITS = "092003 200309 052003 200305"
UNPADDED = "592003 952003 520039 920035 200359 200395"


def pins(birth_date: str = BORN, nir: str = NUMBER, iban: str = "") -> dict[Weakness, frozenset[str]]:
    return own_data(BirthDate.parse(birth_date, NOW), Nir.parse(nir), Iban.parse(iban) if iban else None)


@pytest.mark.parametrize(
    ("birth_date", "given"),
    [
        (BORN, "140385 148503 031485 038514 850314 851403 031985 198503 141985 198514"),
        ("1951-12-00", "121951 195112"),
        ("1951-00-07", "071951 195107"),
        ("1951-00-00", ""),
        ("1951-42-00", "421951 195142"),
        ("1951-42-35", "354251 355142 423551 425135 513542 514235 421951 195142 351951 195135"),
        ("2003-09-05", f"{PADDED} {WITH_FOUR_DIGITS} {UNPADDED}"),
    ],
)
def test_a_birth_date_gives_every_order_of_its_known_parts(birth_date: str, given: str) -> None:
    assert pins(birth_date)[Weakness.BIRTH_DATE] == {*given.split()}


@pytest.mark.parametrize(
    ("nir", "given"),
    [
        (NUMBER, "185037 850375 503751 037511 375111 751112 511123 111234 112344 123441"),
        ("291112A004012", "291112 911120 111200 112000 120004 200040 000401 004012 040121 401216"),
        ("291112B004012", "291112 911120 111200 112000 120004 200040 000401 004012 040124 401243"),
    ],
)
def test_a_number_gives_its_windows_with_the_key_and_corsica_as_20(nir: str, given: str) -> None:
    assert pins(nir=nir)[Weakness.NIR] == {*given.split()}


@pytest.mark.parametrize(
    ("iban", "given"),
    [
        ("", ""),
        ("FR1420041010050500013M02606", "050001 500013"),
        ("FR7630006000011234567890189", "123456 234567 345678 456789 567890 678901 789018 890189"),
        ("NO9386011117947", "938601 386011 860111 601111 011117 111179 111794 117947"),
    ],
)
def test_an_iban_gives_the_windows_of_its_last_thirteen_characters(iban: str, given: str) -> None:
    assert pins(iban=iban)[Weakness.IBAN] == {*given.split()}


@given(
    st.from_regex(r"(18[5-9]|19[0-9]|20[01])[0-9]-[0-9]{2}-[0-9]{2}", fullmatch=True),
    st.from_regex(r"[12378][0-9]{2}(0[1-9]|1[0-2]|[56][0-9])(2[AB]|[1-9][0-9])[0-9]{6}", fullmatch=True),
)
def test_any_data_give_six_digits_each_and_no_more_than_the_most(birth_date: str, nir: str) -> None:
    given = pins(birth_date, nir, "FR7630006000011234567890189")
    assert [pin for some in given.values() for pin in some if len(pin) != 6 or not pin.isdecimal()] == []
    assert [reason for reason, some in given.items() if len(some) > MOST_PINS[reason]] == []
