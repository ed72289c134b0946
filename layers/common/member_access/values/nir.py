"""The NIR, the number of a person in French social security, in every form that people type."""

from __future__ import annotations

import re
import unicodedata
from typing import Self

from stdnum.exceptions import ValidationError
from stdnum.fr import nir as stdnum_nir

from member_access.errors import InvalidValue
from member_access.values.typed_text import without_separators
from member_access.values.types import Secret

# 1 and 2 begin definitive numbers; 3, 4, 7 and 8 provisional ones. A month of birth that the civil registry does not
# know is 20 to 42 or 50 to 99. Department 99 is a birth abroad, 91 to 96 one in North Africa before independence, 97
# and 98 are overseas, 2A and 2B Corsica. Until 2022 the Assurance Maladie gave provisional numbers (NNP) of another
# form: 7 or 8, sex, three digits of the fund and eight of an order (its NnpValidator).
_FORM = re.compile(
    r"""
    [123478]                                       # sex, definitive or provisional
    [0-9]{2}                                       # year
    (?:0[1-9]|1[0-2]|[23][0-9]|4[0-2]|[5-9][0-9])  # month
    (?:(?!00)[0-9]{2}|2[AB])                       # department
    [0-9]{6}                                       # commune or country, rank
    (?:[0-9]{2})?                                  # key
    |
    [78][12][0-9]{3}[0-9]{8}(?:[0-9]{2})?
    """,
    re.VERBOSE,
)
# What people write around the number, and between it and its key: "N° SS : 1 85 … (38)", "… clé 38", "… / 38".
_WRITTEN = re.compile(
    r"""
    \s*+(?:(?:n[°º]|no\b|num[eé]ro\b|nir\b|nss\b|ss\b|insee\b|de\b|s[eé]cu(?:rit[eé])?\b|sociale\b)[\s.:]*+)*+
    (?P<number>[^°º():/|]*?)
    (?:(?:\(|/|\||\bcl[eé]f?\b\s*:?)\s*(?P<key>[0-9]{2})\s*\)?)?\s*
    """,
    re.VERBOSE | re.IGNORECASE,
)
_LENGTH_WITHOUT_KEY = 13
_LONGEST_WRITTEN = 80
_LENGTHS = (_LENGTH_WITHOUT_KEY, 15)


class WrongNirKey(InvalidValue):
    """The key, the last two digits, does not match the first thirteen: a typing error."""


class Nir(Secret):
    """A NIR in its canonical form: thirteen characters, no key, Corsica as 2A or 2B in capitals.

    The rules are those of the *Assurance Maladie*'s ``nir-validation``, widened to provisional numbers and to
    the months that its ``NirField`` accepts; python-stdnum computes the key. The number is not compared with the
    birth date, because they differ if the date is lunar or wrongly registered.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse a NIR of 13 characters, or of 15 with its key, ignoring blanks, dots, hyphens and words around it.

        Raises:
            WrongNirKey: the key is given, and wrong.
            InvalidValue: the text is no NIR for another reason.
        """
        written = _WRITTEN.fullmatch(unicodedata.normalize("NFC", text[:_LONGEST_WRITTEN]))
        compact = without_separators(
            f"{written['number']}{written['key'] or ''}" if written and len(text) <= _LONGEST_WRITTEN else text
        )
        # Reject other scripts first: upper() would turn a dotless i, for example, into a plain one.
        if not compact.isascii() or len(compact) not in _LENGTHS:
            raise InvalidValue("a NIR has 13 characters, or 15 with its key")
        compact = compact.upper()
        if not _FORM.fullmatch(compact):
            raise InvalidValue(
                "a NIR must have a sex (1 to 4, 7 or 8), a year, a month, a department, a commune and a rank"
            )
        if len(compact) > _LENGTH_WITHOUT_KEY:
            try:
                stdnum_nir.validate(compact)
            except ValidationError:
                raise WrongNirKey("the key, the last two digits, does not belong to the NIR") from None
        return cls(compact[:_LENGTH_WITHOUT_KEY])

    @property
    def key(self) -> str:
        """The two digits that follow the number on the Vitale card."""
        return stdnum_nir.calc_check_digits(self.reveal())
