"""A member's address in the post's format: NF Z10-011 in France, the UPU's rules abroad."""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final, Self

from member_access.errors import InvalidValue, MemberAccessError
from member_access.values.postal_address import AddressLine, name_line, town_line

if TYPE_CHECKING:
    from member_access.values.countries import CountryCode
    from member_access.values.postcode import Postcode


class LetterCannotBeSet(MemberAccessError):
    """The letter cannot be typeset. Trying again does not help: someone must correct the record."""


class AddressCannotBePrinted(LetterCannotBeSet):
    """The member's record has no address that the post can read."""


_INLAND: Final = frozenset({"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF"})
"""France and the overseas parts of it whose mail needs no country line."""

_COUNTRY_NAMES: Final[dict[str, str]] = json.loads(
    (Path(__file__).parent / "country_names.json").read_text(encoding="utf-8")
)
"""French names in capitals by ISO 3166-1 code: Unicode CLDR's, or a shorter one that is usual on envelopes."""

_PUNCTUATION: Final = re.compile(r"""[.,;:'’"«»()]|(?<!\d)-|-(?!\d)""")
"""A hyphen between two numbers (12-14) belongs to the house number."""


@dataclass(frozen=True, slots=True)
class AddressBlock:
    """An address as it stands on an envelope.

    A French address has capitals and no punctuation from the street on; abroad, only the town is in capitals. The
    country is in French capitals, the language of the country of posting. Accents stay, as part of the name. The
    ``repr`` hides the address, which must not be logged.

    Attributes:
        numbered: lines 1 to 6 of NF Z10-011, empty if the address lacks one: addressee; flat or floor; building;
            number and street; hamlet or post-office box; postcode and town.
        country: the ISO 3166-1 code.
    """

    numbered: tuple[AddressLine, ...] = field(repr=False)
    country: CountryCode

    @classmethod
    def of_member(  # noqa: PLR0913 - the columns of a member's record
        cls,
        *,
        first_name: AddressLine,
        last_name: AddressLine,
        address_2: AddressLine,
        address_3: AddressLine,
        address_4: AddressLine,
        address_5: AddressLine,
        postcode: Postcode,
        town: AddressLine,
        country: CountryCode,
    ) -> Self:
        """Arrange the columns of a member's record for an envelope.

        Raises:
            AddressCannotBePrinted: name or town is missing, the post does not serve the country, or a line becomes
                too long.
        """
        if not last_name:
            raise AddressCannotBePrinted("The member's record has no last name: correct it in the insurer's system.")
        if not town:
            raise AddressCannotBePrinted("The member's record has no town: correct it in the insurer's system.")
        if country not in _INLAND and country not in _COUNTRY_NAMES:
            raise AddressCannotBePrinted("No mail goes to the country in the member's record.")
        inland = country in _INLAND
        try:
            line_6 = AddressLine.parse(town_line(postcode, town, country).upper())
            numbered = (
                name_line(first_name, last_name),
                address_2,
                address_3,
                _inland(address_4) if inland else address_4,
                _inland(address_5) if inland else address_5,
                _inland(line_6) if inland else line_6,
            )
        except InvalidValue as error:
            raise AddressCannotBePrinted(f"A line of the member's address cannot be printed: {error}.") from None
        return cls(numbered, country)

    @property
    def mark(self) -> str:
        """A digest that shows whether another address is the same, without repeating it."""
        return hashlib.sha256("\n".join((*self.numbered, self.country)).encode()).hexdigest()[:32]

    @property
    def printed(self) -> tuple[str, ...]:
        """The lines to print, without empty ones, and with the country's name if the mail leaves France."""
        country_name = "" if self.country in _INLAND else _COUNTRY_NAMES[self.country]
        return tuple(line for line in (*self.numbered, country_name) if line)


def _inland(line: AddressLine) -> AddressLine:
    return AddressLine.parse(_PUNCTUATION.sub(" ", line).upper())
