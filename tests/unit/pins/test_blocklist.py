"""Which new PINs are refused, and why."""

from __future__ import annotations

import pytest

from member_access.pins.blocklist import PinBlocklist, Weakness, has_pattern
from member_access.values.types import Identifier, Pin
from tools import derive_common_pins, guessing

MEMBER = Identifier("AB271894")
POSTCODE = "60740"
WEAK_PINS = PinBlocklist.load()


def weakness(pin: str, identifier: str = MEMBER, postcode: str = POSTCODE) -> Weakness | None:
    return WEAK_PINS.weakness(Pin.parse(pin), Identifier(identifier), postcode)


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("123456", Weakness.COMMON),
        ("159753", Weakness.COMMON),
        ("696969", Weakness.COMMON),
        ("036925", Weakness.PATTERN),
        ("383383", Weakness.PATTERN),
        ("407704", Weakness.PATTERN),
        ("447474", Weakness.PATTERN),
        ("885885", Weakness.PATTERN),
        ("338800", Weakness.PATTERN),
        ("061218", Weakness.PATTERN),
        ("975420", Weakness.PATTERN),
        ("271894", Weakness.IDENTIFIER),
        ("607403", Weakness.POSTCODE),
        ("360740", Weakness.POSTCODE),
        ("270519", None),
        ("481630", None),
        ("071980", None),
    ],
)
def test_a_pin_is_weak_for_a_reason(pin: str, reason: Weakness | None) -> None:
    assert weakness(pin) is reason


def test_every_six_adjacent_digits_of_the_identifier_are_refused() -> None:
    assert weakness("718943", "Q271894365") is Weakness.IDENTIFIER
    assert weakness("894365", "Q271894365") is Weakness.IDENTIFIER
    assert weakness("189439", "Q271894365") is None


@pytest.mark.parametrize("postcode", ["", "SW1A 1AA", "1010", "D02 X285"])
def test_a_postcode_with_few_digits_refuses_nothing(postcode: str) -> None:
    assert weakness("101047", postcode=postcode) is None


def test_letters_of_a_postcode_do_not_stand_between_its_digits_and_the_pin() -> None:
    assert weakness("750118", postcode="X75011") is Weakness.POSTCODE


def test_a_longer_foreign_postcode_is_refused_too() -> None:
    assert weakness("604758", postcode="6047582") is Weakness.POSTCODE


def test_the_list_is_the_one_that_the_script_derives() -> None:
    assert derive_common_pins.TARGET.read_text(encoding="ascii") == derive_common_pins.document()
    assert len(derive_common_pins.common_pins()) == 954


@pytest.mark.slow
def test_at_least_97_in_100_of_all_pins_stay_allowed_to_every_member() -> None:
    assert guessing.allowed_pins() - guessing.most_own_data() >= 970_000


@pytest.mark.slow
def test_the_patterns_take_two_in_a_hundred() -> None:
    assert sum(has_pattern(f"{number:06}") for number in range(1_000_000)) == 19_418
