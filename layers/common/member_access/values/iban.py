"""IBANs. Only their last six characters are ever stored: see ``iban_last_six``."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from member_access.errors import InvalidValue
from member_access.values.iban_last_six import IbanLastSix, compact_iban
from member_access.values.types import Secret


class Iban(Secret):
    """An IBAN of any country in the SWIFT registry, in capitals without blanks."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")
    _check_digits: ClassVar = range(2, 99)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse an IBAN and verify its check digits and its country's format, by ISO 13616 alone.

        The country's own rules and lists of banks are left out: a list is older than the newest bank.

        Raises:
            InvalidValue: the check digits or the format are wrong.
        """
        compact = compact_iban(text)
        if not cls._form.fullmatch(compact):
            raise InvalidValue(
                "an IBAN must have a two-letter country code, two check digits and 11 to 30 letters or digits"
            )
        try:
            checked = stdnum_iban.validate(compact, check_country=False)
        except ValidationError:
            checked = ""
        # ISO 7064 computes check digits from 02 to 98; 00, 01 and 99 pass its test too.
        if not checked or not cls._check_digits.start <= int(checked[2:4]) < cls._check_digits.stop:
            raise InvalidValue("the check digits or the length of the IBAN are wrong")
        return cls(checked)

    @property
    def last_six(self) -> IbanLastSix:
        """The last six characters."""
        return IbanLastSix(self.reveal()[-6:])
