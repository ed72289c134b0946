"""The last six characters of an IBAN: only they are ever stored, as a keyed hash."""

from __future__ import annotations

import re
from typing import ClassVar, Self

from member_access.errors import InvalidValue
from member_access.values.typed_text import without_separators
from member_access.values.types import Secret


class IbanLastSix(Secret):
    """The last six characters of an IBAN, which prove the identity of a member without an e-mail address."""

    __slots__ = ()
    _form: ClassVar = re.compile(r"[0-9A-Z]{6}")

    @classmethod
    def parse(cls, text: str) -> Self:
        """Parse six letters or digits, ignoring blanks, dots and hyphens.

        Raises:
            InvalidValue: the text has more, fewer or other characters.
        """
        compact = compact_iban(text)
        if not cls._form.fullmatch(compact):
            raise InvalidValue("the end of an IBAN must be six letters or digits")
        return cls(compact)


def compact_iban(text: str) -> str:
    """Return an IBAN, or the end of one, in capitals and without separators and the word before it.

    Raises:
        InvalidValue: the text has other characters than Latin letters and digits.
    """
    compact = without_separators(text)
    if not compact.isascii():
        raise InvalidValue("an IBAN has only Latin letters and digits")
    return compact.upper().removeprefix("IBAN").removeprefix(":")
