"""Dates as people write them."""

from __future__ import annotations

from datetime import datetime

import pytest

from member_access.values.types import Instant
from member_access.wording.long_dates import last_whole_day, long_date, long_date_and_time, minutes
from member_access.wording.texts import Language


def instant(moment: str) -> Instant:
    return Instant(int(datetime.fromisoformat(moment).timestamp()))


@pytest.mark.parametrize(
    ("moment", "french", "english"),
    [
        ("2026-11-23T09:05+01:00", "lundi 23 novembre 2026", "Monday 23 November 2026"),
        ("2026-02-01T12:00+01:00", "dimanche 1er février 2026", "Sunday 1 February 2026"),
        ("2026-08-15T12:00+02:00", "samedi 15 août 2026", "Saturday 15 August 2026"),
        ("2026-12-31T23:30+00:00", "vendredi 1er janvier 2027", "Friday 1 January 2027"),
    ],
)
def test_a_date_is_that_of_paris(moment: str, french: str, english: str) -> None:
    assert long_date(instant(moment), Language.FRENCH).replace("\N{NO-BREAK SPACE}", " ") == french
    assert long_date(instant(moment), Language.ENGLISH).replace("\N{NO-BREAK SPACE}", " ") == english


@pytest.mark.parametrize(
    ("moment", "french", "english"),
    [
        ("2026-11-23T09:05+01:00", "à 9 h 05 (heure de Paris)", "at 09:05 (Paris time)"),
        ("2026-07-01T00:00+02:00", "à 0 h 00 (heure de Paris)", "at 00:00 (Paris time)"),
        ("2026-03-29T00:59+00:00", "à 1 h 59 (heure de Paris)", "at 01:59 (Paris time)"),
        ("2026-03-29T01:00+00:00", "à 3 h 00 (heure de Paris)", "at 03:00 (Paris time)"),
        ("2026-10-24T23:59+00:00", "à 1 h 59 (heure de Paris)", "at 01:59 (Paris time)"),
        ("2026-10-25T00:00+00:00", "à 2 h 00, heure d’été (heure de Paris)", "at 02:00, summer time (Paris time)"),
        ("2026-10-25T00:59+00:00", "à 2 h 59, heure d’été (heure de Paris)", "at 02:59, summer time (Paris time)"),
        ("2026-10-25T01:00+00:00", "à 2 h 00, heure d’hiver (heure de Paris)", "at 02:00, winter time (Paris time)"),
        ("2026-10-25T01:59+00:00", "à 2 h 59, heure d’hiver (heure de Paris)", "at 02:59, winter time (Paris time)"),
        ("2026-10-25T02:00+00:00", "à 3 h 00 (heure de Paris)", "at 03:00 (Paris time)"),
        ("2027-10-31T01:30+00:00", "à 2 h 30, heure d’hiver (heure de Paris)", "at 02:30, winter time (Paris time)"),
    ],
)
def test_a_time_says_whose_it_is_and_follows_summer_time(moment: str, french: str, english: str) -> None:
    assert long_date_and_time(instant(moment), Language.FRENCH).replace("\N{NO-BREAK SPACE}", " ").endswith(french)
    assert long_date_and_time(instant(moment), Language.ENGLISH).replace("\N{NO-BREAK SPACE}", " ").endswith(english)


def test_a_date_and_a_time_never_break_across_lines() -> None:
    written = long_date_and_time(instant("2026-11-23T09:05+01:00"), Language.FRENCH)

    unbroken = [part.replace("\N{NO-BREAK SPACE}", "~") for part in written.split(" ")]
    assert unbroken == ["lundi", "23~novembre", "2026", "à", "9~h~05", "(heure", "de", "Paris)"]


@pytest.mark.parametrize(
    ("end", "day"),
    [
        ("2026-10-26T11:00+01:00", "dimanche 25 octobre 2026"),
        ("2026-10-26T00:00+01:00", "dimanche 25 octobre 2026"),
        ("2026-10-25T23:59+01:00", "samedi 24 octobre 2026"),
        ("2026-10-25T22:59+00:00", "samedi 24 octobre 2026"),
        ("2026-03-30T00:30+02:00", "dimanche 29 mars 2026"),
        ("2027-01-01T00:30+01:00", "jeudi 31 décembre 2026"),
    ],
)
def test_the_last_whole_day_is_over_when_the_time_is(end: str, day: str) -> None:
    assert last_whole_day(instant(end), Language.FRENCH).replace("\N{NO-BREAK SPACE}", " ") == day


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(600, "10 minutes"), (659, "10 minutes"), (60, "1 minute"), (59, "1 minute"), (1800, "30 minutes")],
)
def test_a_duration_is_written_in_whole_minutes(seconds: int, written: str) -> None:
    assert minutes(seconds).replace("\N{NO-BREAK SPACE}", " ") == written
