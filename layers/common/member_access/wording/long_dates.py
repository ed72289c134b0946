"""Dates and times as people write them, in Paris time, which each time names for members overseas and abroad."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from member_access.wording.texts import Language

if TYPE_CHECKING:
    from member_access.values.types import Instant

_PARIS: Final = ZoneInfo("Europe/Paris")

_WEEKDAYS: Final = {
    Language.FRENCH: ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
    Language.ENGLISH: ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS: Final = {
    Language.FRENCH: (
        *("janvier", "février", "mars", "avril", "mai", "juin"),
        *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    ),
    Language.ENGLISH: (
        *("January", "February", "March", "April", "May", "June"),
        *("July", "August", "September", "October", "November", "December"),
    ),
}


def long_date(instant: Instant, language: Language) -> str:
    """Format a date in Paris: ``lundi 1er juin 2026``, ``Monday 1 June 2026``."""
    return _long_date(datetime.fromtimestamp(instant, _PARIS), language)


def long_date_and_time(instant: Instant, language: Language) -> str:
    """Format a date and time in Paris: ``lundi 1er juin 2026 à 9 h 05 (heure de Paris)``.

    In the hour that the end of summer time repeats, name which of the two it is: ``2 h 05, heure d’hiver``.
    """
    moment = datetime.fromtimestamp(instant, _PARIS)
    date, season = _long_date(moment, language), _season(moment, language)
    if language is Language.ENGLISH:
        return f"{date} at {moment:%H:%M}{season} (Paris time)"
    return f"{date} à {moment.hour}\N{NO-BREAK SPACE}h\N{NO-BREAK SPACE}{moment:%M}{season} (heure de Paris)"


def last_whole_day(end: Instant, language: Language) -> str:
    """Format the last day in Paris that is over by ``end``: ``dimanche 25 octobre 2026``.

    Members count in days when days matter: an hour three weeks ahead is one hour off after a change of clocks.
    """
    return _long_date(datetime.fromtimestamp(end, _PARIS) - timedelta(days=1), language)


def minutes(seconds: int) -> str:
    """Format a duration in whole minutes, at least one, for both languages: ``10 minutes``."""
    count = max(seconds // 60, 1)
    return f"{count}\N{NO-BREAK SPACE}minute{'s' if count > 1 else ''}"


def _season(moment: datetime, language: Language) -> str:
    """Return the name of a time that the clocks show twice, after a comma; empty for all others."""
    summer, winter = (moment.replace(fold=fold).utcoffset() for fold in (0, 1))
    if summer == winter:
        return ""
    french, english = ("hiver", "winter") if moment.fold else ("été", "summer")
    return f", {english} time" if language is Language.ENGLISH else f", heure d’{french}"


def _long_date(moment: datetime, language: Language) -> str:
    day = "1er" if moment.day == 1 and language is Language.FRENCH else str(moment.day)
    weekday = _WEEKDAYS[language][moment.weekday()]
    month = _MONTHS[language][moment.month - 1]
    return f"{weekday} {day}\N{NO-BREAK SPACE}{month} {moment.year}"
