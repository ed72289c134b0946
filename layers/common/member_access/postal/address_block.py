"""A member's address in the post's format: NF Z10-011 in France, the UPU's rules abroad."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple, Self

from member_access.errors import InvalidValue, MemberAccessError
from member_access.postal.countries import COUNTRY_NAMES, INLAND
from member_access.postal.printable import printable
from member_access.postal.shortening import LINE, cut, short_line, short_name, short_town
from member_access.values.postal_address import AddressLine, written_postcode

if TYPE_CHECKING:
    from member_access.postal.address_text import AddressText
    from member_access.values.countries import CountryCode
    from member_access.values.postcode import Postcode


class LetterCannotBeSet(MemberAccessError):
    """The letter cannot be typeset. Trying again does not help: someone must correct the record."""


class AddressCannotBePrinted(LetterCannotBeSet):
    """The member's record has no address that the post can read."""


_PUNCTUATION: Final = re.compile(r"""[^\w\s/-]|_|(?<!\d)[/-]|[/-](?!\d)""")
"""A hyphen or a stroke between two numbers (12-14, 3/5) belongs to the house number."""

_FEWEST_LINES: Final = 3
"""Pingen takes nothing shorter for an address; the country completes a name and a town."""

_HOUSE_NUMBER: Final = re.compile(r"(?<=\D)[ ,]+(?=\d)")


class AddressColumns(NamedTuple):
    """The columns of a member's record that make an address."""

    first_name: AddressText
    last_name: AddressText
    address_2: AddressText
    address_3: AddressText
    address_4: AddressText
    address_5: AddressText
    postcode: Postcode
    town: AddressText
    country: CountryCode


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
    def of_member(cls, columns: AddressColumns) -> Self:
        """Arrange the columns of a member's record for an envelope.

        Raises:
            AddressCannotBePrinted: name or town is missing, the post does not serve the country, or the postcode is
                not one of the country.
        """
        return cls(tuple(map(AddressLine, compose(columns).lines)), columns.country)

    @property
    def mark(self) -> str:
        """A digest that shows whether another address is the same, without repeating it."""
        return hashlib.sha256("\n".join((*self.numbered, self.country)).encode()).hexdigest()[:32]

    @property
    def printed(self) -> tuple[str, ...]:
        """The lines to print, without empty ones, and with the country's name if the mail leaves France."""
        lines = tuple(filter(None, self.numbered))
        if self.country not in INLAND:
            return (*lines, COUNTRY_NAMES[self.country])
        return lines if len(lines) >= _FEWEST_LINES else (*lines, "FRANCE")


class Composed(NamedTuple):
    """The lines of an address.

    Attributes:
        lines: 1 to 6 of NF Z10-011, at most 38 characters each.
        remarks: what differs from the record, each with its columns; they repeat no value.
    """

    lines: list[str]
    remarks: list[str]


def compose(columns: AddressColumns) -> Composed:
    """Write the lines of an address so that every one can be printed.

    Characters that no letter can show become Latin ones, and lines that are too long are shortened by the rules of
    NF Z10-011 and La Poste.

    Raises:
        AddressCannotBePrinted: name or town is missing, the post does not serve the country, or the postcode is not
            one of the country.
    """
    country = columns.country
    if country not in INLAND and country not in COUNTRY_NAMES:
        raise AddressCannotBePrinted("No mail goes to the country in the member's record.")
    shown, remarks = _printable(columns)
    if not shown["first_name"] and not shown["last_name"]:
        raise AddressCannotBePrinted("The member's record has no last name: correct it in the insurer's system.")
    if not shown["town"]:
        raise AddressCannotBePrinted("The member's record has no town: correct it in the insurer's system.")
    try:
        postcode = printable(written_postcode(columns.postcode, country))
    except InvalidValue as error:
        raise AddressCannotBePrinted(f"The postcode of the member's address cannot be printed: {error}.") from None

    name = short_name(shown["first_name"], shown["last_name"])
    if name != f"{shown['first_name']} {shown['last_name']}".strip():
        remarks.append(f"first_name and last_name: shortened on letters, to {LINE} characters")
    inland = country in INLAND
    middle = [shown[column] for column in _MIDDLE]
    if inland:
        middle[2:] = map(_inland, middle[2:])
    middle = _fitted(middle, remarks)
    town = printable(shown["town"].upper())
    if inland:
        town = _inland(town)
    short = short_town(town, LINE - len(f"{postcode} ".lstrip()))
    if short != town:
        remarks.append(f"town: shortened on letters, to {LINE} characters with its postcode")
    return Composed([name, *middle, f"{postcode.upper()} {short}".strip()], remarks)


_MIDDLE: Final = ("address_2", "address_3", "address_4", "address_5")
_TEXTS: Final = ("first_name", "last_name", *_MIDDLE, "town")


def _printable(columns: AddressColumns) -> tuple[dict[str, str], list[str]]:
    written: dict[str, str] = {column: getattr(columns, column) for column in _TEXTS}
    shown = {column: printable(text) for column, text in written.items()}
    return shown, [
        f"{column}: letters write it in other characters, since they cannot show all of it"
        for column in _TEXTS
        if shown[column] != written[column]
    ]


def _inland(line: str) -> str:
    """Write a line from the street on as La Poste wants it in France: in capitals and without punctuation."""
    capitals = printable(line.upper()).replace("&", " ET ")
    return " ".join(_PUNCTUATION.sub(" ", capitals).split())


def _fitted(lines: list[str], remarks: list[str]) -> list[str]:
    """Abbreviate lines 2 to 5 that are too long; if that is not enough, use a free line for the rest."""
    fitted = [short_line(line) for line in lines]
    flat, building, street, hamlet = fitted
    if len(street) > LINE and not building and (split := _before_house_number(street)):
        building, street = split
    if len(street) > LINE and not hamlet:
        street, hamlet = _split(street)
    if len(flat) > LINE and not building:
        flat, building = _split(flat)
    if len(building) > LINE and not flat:
        flat, building = _split(building)
    result = [cut(line, LINE) for line in (flat, building, street, hamlet)]
    remarks += [
        f"{column}: shortened or continued on another line on letters, to {LINE} characters"
        for column, line, became in zip(_MIDDLE, lines, result, strict=True)
        if line and line != became
    ]
    return result


def _before_house_number(street: str) -> tuple[str, str] | None:
    """Part the name of a building from number and street, if both then fit."""
    for match in _HOUSE_NUMBER.finditer(street):
        building, number = street[: match.start()], street[match.end() :]
        if len(building) <= LINE and len(number) <= LINE:
            return building, number
    return None


def _split(line: str) -> tuple[str, str]:
    head = cut(line, LINE)
    return head, line[len(head) :].strip()
