"""A birth date as social security writes it, which is not always a date of the calendar."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, ClassVar, Self

from member_access.errors import InvalidValue
from member_access.values.typed_text import normalize
from member_access.values.types import Secret

if TYPE_CHECKING:
    from member_access.values.types import Instant


class BirthDate(Secret):
    """A birth date as text, ``YYYY-MM-DD``.

    Where the civil registry does not know the day or the month they are ``00``, and for a person born abroad
    they may be those of another calendar: a *lunar* date has a month above 12 or a day above 31, as on the
    Vitale card. So any two digits are taken for either, as the *Assurance Maladie*'s own ``LunarCalendar``
    field does, and the year alone is checked. It is compared as text and never becomes a ``datetime.date``.
    """

    __slots__ = ()
    EARLIEST_YEAR: ClassVar = 1850
    _form: ClassVar = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}")

    @classmethod
    def parse(cls, text: str, now: Instant) -> Self:
        """Take a birth date.

        Args:
            text: ``YYYY-MM-DD``; blanks around it are ignored.
            now: nobody is born after the year of this moment.

        Raises:
            InvalidValue: it has another form, or a year before 1850 or after this one.
        """
        match = cls._form.fullmatch(normalize(text))
        if not match:
            raise InvalidValue("a birth date must be YYYY-MM-DD, with 00 for an unknown day or month")
        if not cls.EARLIEST_YEAR <= int(match[1]) <= datetime.fromtimestamp(now, UTC).year:
            raise InvalidValue(f"the year of a birth date must be from {cls.EARLIEST_YEAR} to the current year")
        return cls(match[0])
