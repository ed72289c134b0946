"""A member's own data as PINs: what others know of the member, and members choose.

The postcode is not here: the tables hold it, so the blocklist compares with it.
"""

from __future__ import annotations

from itertools import permutations, product
from typing import TYPE_CHECKING

from member_access.pins.blocklist import Weakness

if TYPE_CHECKING:
    from member_access.values.birth_date import BirthDate
    from member_access.values.iban import Iban
    from member_access.values.nir import Nir

_DIGITS = 6
_UNKNOWN = "00"
# The account number and the key of a French IBAN: anyone who has a member's IBAN reads them, and members know them.
_END_OF_IBAN = 13

MOST_PINS = {Weakness.BIRTH_DATE: 16, Weakness.NIR: 10, Weakness.IBAN: 8}
"""The largest number of PINs that one member's data give, by reason."""


def own_data(birth_date: BirthDate, nir: Nir, iban: Iban | None) -> dict[Weakness, frozenset[str]]:
    """Return the PINs that a member's own data give, by reason."""
    return {
        Weakness.BIRTH_DATE: _of_birth_date(birth_date.reveal()),
        # A PIN has no letters: Corsica reads 20, its department until 1976.
        Weakness.NIR: _windows(nir.reveal().replace("A", "0").replace("B", "0") + nir.key),
        Weakness.IBAN: _windows(iban.reveal()[-_END_OF_IBAN:] if iban else ""),
    }


def _of_birth_date(text: str) -> frozenset[str]:
    """Write two or three of day, month and year in every way that has six digits.

    In any order; the year with four digits or two; the day and the month with their leading zero or without. A part
    that is unknown is left out.
    """
    year, *others = text.split("-")
    parts = [{year, year[2:]}, *({part, part.lstrip("0")} for part in others if part != _UNKNOWN)]
    written = ("".join(forms) for count in (2, 3) for order in permutations(parts, count) for forms in product(*order))
    return frozenset(digits for digits in written if len(digits) == _DIGITS)


def _windows(text: str) -> frozenset[str]:
    windows = (text[start : start + _DIGITS] for start in range(len(text) - _DIGITS + 1))
    return frozenset(window for window in windows if window.isdigit())
