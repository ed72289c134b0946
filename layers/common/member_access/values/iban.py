"""IBANs, of which nothing but the last six characters is ever kept, and those as a keyed hash."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from stdnum import iban as stdnum_iban
from stdnum.exceptions import ValidationError

from member_access.errors import InvalidValue
from member_access.values.typed_text import without_separators
from member_access.values.types import Secret


def _compact(text: str) -> str:
    compact = without_separators(text)
    if not compact.isascii():
        raise InvalidValue("an IBAN has only Latin letters and digits")
    return compact.upper()


class IbanLastSix(Secret):
    """The last six characters of an IBAN, by which a member without e-mail address is recognised."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[0-9A-Z]{6}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take six letters or digits; blanks and hyphens are ignored.

        Raises:
            InvalidValue: there are more, fewer, or others.
        """
        compact = _compact(text)
        if not cls._form.fullmatch(compact):
            raise InvalidValue("the end of an IBAN must be six letters or digits")
        return cls(compact)


class Iban(Secret):
    """An IBAN of any country of the SWIFT registry, in capitals without blanks."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[A-Z]{2}[0-9]{2}[0-9A-Z]{11,30}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Take an IBAN whose check digits (ISO 13616) and country's form are right.

        Raises:
            InvalidValue: they are not.
        """
        compact = _compact(text)
        if not cls._form.fullmatch(compact):
            raise InvalidValue(
                "an IBAN must have a two-letter country code, two check digits and 11 to 30 letters or digits"
            )
        try:
            return cls(stdnum_iban.validate(compact))
        except ValidationError:
            raise InvalidValue("the check digits or the length of the IBAN are wrong") from None

    @property
    def last_six(self) -> IbanLastSix:
        """Its last six characters."""
        return IbanLastSix(self.reveal()[-6:])
