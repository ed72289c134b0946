"""The lines of a postal address as on French envelopes (NF Z10-011, 2013).

Line 1 is the name, 2 flat or floor, 3 building, 4 number and street, 5 hamlet or post-office box, 6 postcode
and town, 7 the country of an address abroad.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar, Self

from member_access.errors import InvalidValue
from member_access.values.typed_text import normalize

if TYPE_CHECKING:
    from member_access.values.countries import CountryCode
    from member_access.values.postcode import Postcode


_DIGITS_WITHOUT_ZERO = 4


class AddressLine(str):
    """One line, or a part of one: printable, at most 38 characters with its blanks, possibly empty."""

    __slots__ = ()
    _max_length: ClassVar = 38

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a line; each run of blanks becomes one space.

        Raises:
            InvalidValue: the line has more than 38 characters, or a control character.
        """
        line = normalize(text)
        if len(line) > cls._max_length:
            raise InvalidValue(f"{len(line)} characters, but a line of an envelope has at most {cls._max_length}")
        return cls(line)


def written_postcode(postcode: Postcode, country: CountryCode) -> str:
    """Return the postcode as written in an address: in France five digits without a blank, elsewhere as given.

    Raises:
        InvalidValue: the address is in France and the postcode is not five digits.
    """
    if not country.is_france:
        return postcode.text
    if not postcode.is_french:
        lost = "; its leading zero may be lost" if len(postcode.normalised) == _DIGITS_WITHOUT_ZERO else ""
        raise InvalidValue(f"a postcode in France must be five digits{lost}")
    return postcode.normalised
