"""Keyed hashes of a member's own data: what they recognise, and what they tell without their key."""

from __future__ import annotations

import hashlib
import secrets
from base64 import b64encode
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from member_access.errors import Unavailable
from member_access.members.keyed_hashes import OwnDataHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.pins.blocklist import Weakness
from member_access.pins.own_data import MOST_PINS, own_data
from member_access.values.birth_date import BirthDate
from member_access.values.iban import Iban
from member_access.values.nir import Nir
from member_access.values.types import Identifier, Pin
from simulators.kms import FakeKms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

MEMBER, NEIGHBOUR = Identifier("A1234567"), Identifier("B7654321")
BORN, NUMBER, BANK = BirthDate("1985-03-14"), Nir("1850375111234"), Iban("FR7630006000011234567890189")
HASHER = OwnDataHasher(secrets.token_bytes(32))
STORED = HASHER.hash(MEMBER, own_data(BORN, NUMBER, BANK))


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("140385", Weakness.BIRTH_DATE),
        ("850375", Weakness.NIR),
        ("890189", Weakness.IBAN),
        ("927164", None),
        ("140386", None),
    ],
)
def test_a_pin_is_recognised_with_its_reason(pin: str, reason: Weakness | None) -> None:
    assert HASHER.weakness(MEMBER, Pin(pin), STORED) is reason


def test_a_neighbour_may_have_the_pin_that_a_member_may_not() -> None:
    hashes = HASHER.hash(NEIGHBOUR, own_data(BirthDate("1961-07-30"), Nir("2610769000000"), None))
    assert HASHER.weakness(NEIGHBOUR, Pin("140385"), hashes) is None
    assert HASHER.weakness(NEIGHBOUR, Pin("140385"), STORED) is None


def test_a_member_without_hashes_has_no_weak_pins() -> None:
    assert HASHER.weakness(MEMBER, Pin("140385"), OwnDataHashes("")) is None


@pytest.mark.parametrize("birth_date", ["1985-03-14", "2003-09-05", "1951-12-00", "1951-00-00", "1951-11-11"])
@pytest.mark.parametrize("iban", [BANK, Iban("FR1420041010050500013M02606"), None])
def test_all_members_have_equally_many_hashes(birth_date: str, iban: Iban | None) -> None:
    hashes = HASHER.hash(MEMBER, own_data(BirthDate(birth_date), NUMBER, iban))
    assert len(hashes) == len(STORED) == 8 * sum(MOST_PINS.values())
    assert len(single_hashes(hashes)) == sum(MOST_PINS.values())


def test_the_same_data_have_the_same_hashes_and_others_have_others() -> None:
    assert HASHER.hash(MEMBER, own_data(BORN, NUMBER, BANK)) == STORED
    assert single_hashes(HASHER.hash(NEIGHBOUR, own_data(BORN, NUMBER, BANK))).isdisjoint(single_hashes(STORED))


def test_the_order_of_the_hashes_tells_no_reason() -> None:
    hashes = [STORED[start : start + 8] for start in range(0, len(STORED), 8)]
    assert hashes == sorted(hashes)


def single_hashes(hashes: str) -> set[str]:
    return {hashes[start : start + 8] for start in range(0, len(hashes), 8)}


def dates_of_a_century() -> set[str]:
    """Every PIN that a birth date of these hundred years gives."""
    days = (date(1920, 1, 1) + timedelta(days) for days in range(36_525))
    return {pin for day in days for pin in own_data(BirthDate(day.isoformat()), NUMBER, None)[Weakness.BIRTH_DATE]}


def all_pins() -> set[str]:
    """Every PIN; the windows of all numbers and IBANs are among them."""
    return {f"{number:06}" for number in range(1_000_000)}


def found(hasher: OwnDataHasher, pins: Iterable[str]) -> int:
    """The number of stored hashes that a thief finds with a key."""
    tried = frozenset(pins)
    return sum(len(single_hashes(hasher.hash(MEMBER, {reason: tried})) & single_hashes(STORED)) for reason in MOST_PINS)


@pytest.mark.parametrize(
    ("pins", "of_the_member"),
    [(dates_of_a_century, 10), pytest.param(all_pins, 28, marks=pytest.mark.slow)],
    ids=["dates", "all"],
)
def test_a_thief_of_the_table_finds_nothing_without_the_key(pins: Callable[[], set[str]], of_the_member: int) -> None:
    tried = pins()
    assert found(OwnDataHasher(secrets.token_bytes(32)), tried) == 0
    assert found(HASHER, tried) >= of_the_member, "the search would find them"


@pytest.mark.slow
def test_no_plain_hash_of_a_date_is_stored() -> None:
    plain = {
        beginning
        for pin in dates_of_a_century()
        for text in (pin, f"{MEMBER}{pin}", f"{MEMBER}\0{pin}", f"{Weakness.BIRTH_DATE}\0{MEMBER}\0{pin}")
        for digest in (hashlib.sha256(text.encode()).digest(),)
        for beginning in (digest.hex()[:8], b64encode(digest).decode()[:8])
    }
    assert single_hashes(STORED).isdisjoint(plain)
    assert found(OwnDataHasher(b""), dates_of_a_century()) == 0


def test_the_key_is_derived_in_kms_once() -> None:
    kms = FakeKms().client()
    keys = [kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"] for _ in range(2)]
    one, again, other = (OwnDataHasher.from_kms(kms, keys[number]) for number in (0, 0, 1))
    data = own_data(BORN, NUMBER, BANK)
    assert one.hash(MEMBER, data) == again.hash(MEMBER, data) != other.hash(MEMBER, data)
    with pytest.raises(Unavailable):
        OwnDataHasher.from_kms(kms, keys[0].replace(keys[0][-4:], "0000"))
