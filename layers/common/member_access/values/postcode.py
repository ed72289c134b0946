"""Postcodes of any country, compared in a normalised form."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Self

from member_access.errors import InvalidValue
from member_access.values.typed_text import normalize

_MAX_LENGTH = 16
_NORMALISED = re.compile(rf"[0-9A-Z]{{0,{_MAX_LENGTH}}}")
_FRENCH = re.compile(r"[0-9]{5}")


@dataclass(frozen=True)
class Postcode:
    """A postcode. Two that differ only in spaces, hyphens, case or accents are equal.

    Members type a postcode without its country, so one rule reads them all: only letters and digits count, in capitals
    and without accents. An empty one belongs to an address in a country without postcodes.

    Attributes:
        text: the postcode as written, for the address of a letter.
        normalised: the form that is compared and hashed: at most sixteen ASCII letters and digits.
    """

    text: str = field(compare=False)
    normalised: str

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse the postcode of any country.

        Raises:
            InvalidValue: the text has no Latin letter or digit, has some of another script, or is too long.
        """
        written = normalize(text)
        decomposed = unicodedata.normalize("NFKD", written).upper()
        significant = "".join(character for character in decomposed if character.isalnum())
        if not _NORMALISED.fullmatch(significant) or (written and not significant):
            raise InvalidValue(f"a postcode must have at most {_MAX_LENGTH} Latin letters and digits")
        return cls(written, significant)

    @property
    def is_french(self) -> bool:
        """Whether it has five digits."""
        return _FRENCH.fullmatch(self.normalised) is not None
