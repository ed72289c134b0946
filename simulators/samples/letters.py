"""Invented letters: their sender, addresses and content."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from letters.page.geometry import MAILEVA, PINGEN_LEFT, PINGEN_RIGHT
from letters.page.typesetting import CodeLetter
from member_access.postal.address_block import AddressBlock, AddressColumns
from member_access.postal.address_text import AddressText
from member_access.values.countries import CountryCode
from member_access.values.postcode import Postcode
from member_access.values.types import Instant, LetterCode
from member_access.wording.texts import Language
from simulators.samples.insurer import INSURER

if TYPE_CHECKING:
    from letters.page.geometry import AddressWindow

__all__ = [
    "CODE",
    "EXPIRES_AT",
    "INSURER",
    "REQUESTED_AT",
    "SEVEN_LINES",
    "WINDOWS",
    "address",
    "code_letter",
]

WINDOWS: Final[dict[str, AddressWindow]] = {
    "Maileva": MAILEVA,
    "Pingen, right": PINGEN_RIGHT,
    "Pingen, left": PINGEN_LEFT,
}
CODE: Final = LetterCode.parse("4829130567")
REQUESTED_AT: Final = Instant(1_795_421_100)
"""2026-11-23 09:05 in Paris."""
EXPIRES_AT: Final = Instant(REQUESTED_AT + 21 * 24 * 3600)


def address(  # noqa: PLR0913 - the columns of a member's record
    *,
    first_name: str = "Éléonore",
    last_name: str = "Garçon-Œuvray",
    address_2: str = "Appartement 4",
    address_3: str = "Bâtiment B, résidence Les Tilleuls",
    address_4: str = "33, avenue de l’Hôpital",
    address_5: str = "",
    postcode: str = "69003",
    town: str = "Lyon",
    country: str = "",
) -> AddressBlock:
    """Return an address block of a fictitious member."""
    return AddressBlock.of_member(
        AddressColumns(
            first_name=AddressText.tidy(first_name),
            last_name=AddressText.tidy(last_name),
            address_2=AddressText.tidy(address_2),
            address_3=AddressText.tidy(address_3),
            address_4=AddressText.tidy(address_4),
            address_5=AddressText.tidy(address_5),
            postcode=Postcode.parse(postcode),
            town=AddressText.tidy(town),
            country=CountryCode.parse(country),
        )
    )


SEVEN_LINES: Final = address(
    first_name="Anne-Élisabeth Joséphine",
    last_name="Wanneroy-Mürr",
    address_2="Escalier B, 4e étage, 2e porte droite",
    address_3="Résidence Les Grands Marronniers, B 12",
    address_4="127 bis, boulevard du Général-Exemple",
    address_5="Lieu-dit Le Petit-Moulin-de-la-Vallée",
    postcode="L-1234",
    town="Exempleville-lès-Moulins-sur-Al",
    country="LU",
)
"""An address abroad with all its lines, most of them 37 or 38 characters long."""


def code_letter(
    *,
    code: LetterCode = CODE,
    requested_at: Instant = REQUESTED_AT,
    language: Language = Language.FRENCH,
    to: AddressBlock | None = None,
) -> CodeLetter:
    """Return a letter with a code."""
    return CodeLetter(
        code=code,
        requested_at=requested_at,
        expires_at=EXPIRES_AT,
        language=language,
        address=to or address(),
    )
