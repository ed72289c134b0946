"""The blocklist: the PINs that a member may not choose, and why.

NIST SP 800-63B-4 §3.1.1.2: compare the whole secret with a list of common, expected or compromised ones, and give
the reason. The list holds the six-digit entries of two public password lists (``tools/derive_common_pins.py``); the
rules below cover the patterns that people expect. Dates are allowed: without them, more than half of the PINs that
people choose would be rejected, and common guesses would be no harder. The member's own birth date is
rejected (``own_data.py``).
"""

from __future__ import annotations

import itertools
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from member_access.values.types import Identifier, Pin

_DIGITS = 6
_LIST = Path(__file__).with_name("common_pins.txt")


class Weakness(StrEnum):
    """The reason why a PIN is rejected."""

    COMMON = "pin-common"
    PATTERN = "pin-pattern"
    IDENTIFIER = "pin-identifier"
    POSTCODE = "pin-postcode"
    BIRTH_DATE = "pin-birth-date"
    NIR = "pin-nir"
    IBAN = "pin-iban"


class PinBlocklist:
    """The common PINs and the rules."""

    def __init__(self, common: Iterable[str]) -> None:
        self._common = frozenset(common)

    @classmethod
    def load(cls) -> PinBlocklist:
        """Read the list that is part of this package."""
        lines = _LIST.read_text(encoding="ascii").splitlines()
        return cls(line for line in lines if not line.startswith("#"))

    def weakness(self, pin: Pin, identifier: Identifier, postcode: str) -> Weakness | None:
        """Return the first reason to reject a PIN as a member's new one, or None.

        Args:
            pin: the new PIN.
            identifier: the member's; a PIN that is part of it is rejected.
            postcode: the member's; a PIN that contains its digits, or is part of them, is rejected.
        """
        digits = pin.reveal()
        if digits in self._common:
            return Weakness.COMMON
        if has_pattern(digits):
            return Weakness.PATTERN
        if digits in identifier:
            return Weakness.IDENTIFIER
        place = "".join(character for character in postcode if character in "0123456789")
        if len(place) >= _DIGITS - 1 and (place[:_DIGITS] in digits or digits in place):
            return Weakness.POSTCODE
        return None


def has_pattern(digits: str) -> bool:
    """Return whether six digits follow a rule that people think of.

    At most two different digits (ababab and aaabbb among them); a constant step from digit to digit modulo ten
    (123456, 258147, 000000); one half repeated or mirrored (abcabc, abccba); three pairs (aabbcc), or three
    two-digit numbers in constant step (010203); two halves each in constant step (147258).
    """
    numbers = [int(digit) for digit in digits]
    halves = numbers[:3], numbers[3:]
    pairs = [10 * numbers[at] + numbers[at + 1] for at in (0, 2, 4)]
    return (
        len(set(numbers)) <= 2  # noqa: PLR2004 - two different digits
        or halves[0] in (halves[1], halves[1][::-1])
        or all(numbers[at] == numbers[at + 1] for at in (0, 2, 4))
        or pairs[1] - pairs[0] == pairs[2] - pairs[1]
        or all(_has_constant_step(half) for half in halves)
    )


def _has_constant_step(numbers: list[int]) -> bool:
    return len({(after - before) % 10 for before, after in itertools.pairwise(numbers)}) == 1
