"""Birth dates as French social security writes them, which are not always calendar dates."""

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

    A day or month that the civil registry does not know is ``00``. A person born abroad may have a *lunar* date,
    with a month above 12 or a day above 31, as on the Vitale card. So only the year is checked, as in the
    *Assurance Maladie*'s own ``LunarCalendar`` field. Compared as text, it never becomes a ``datetime.date``.
    """

    __slots__ = ()
    EARLIEST_YEAR: ClassVar = 1850
    _form: ClassVar = re.compile(r"([0-9]{4})-[0-9]{2}-[0-9]{2}")

    @classmethod
    def parse(cls, text: str, now: Instant) -> Self:
        """Parse a birth date.

        Args:
            text: ``YYYY-MM-DD``; blanks around it are ignored.
            now: the present moment.

        Raises:
            InvalidValue: the form is another, or the year is before 1850 or in the future.
        """
        match = cls._form.fullmatch(normalize(text))
        if not match:
            raise InvalidValue("a birth date must be YYYY-MM-DD, with 00 for an unknown day or month")
        if not cls.EARLIEST_YEAR <= int(match[1]) <= datetime.fromtimestamp(now, UTC).year:
            raise InvalidValue(f"the year of a birth date must be from {cls.EARLIEST_YEAR} to the current year")
        return cls(match[0])
