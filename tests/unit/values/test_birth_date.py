"""Birth dates, those of no calendar included."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.errors import InvalidValue
from member_access.values.birth_date import BirthDate
from tests.support.members import NOW


@pytest.mark.parametrize(
    "text",
    [
        "1985-03-14",
        "1938-00-00",
        "1938-07-00",
        "1951-42-35",
        "1951-02-30",
        "1850-01-01",
        "2026-12-31",
    ],
)
def test_a_date_of_any_calendar_is_kept_as_text(text: str) -> None:
    assert BirthDate.parse(text, NOW).reveal() == text


def test_blanks_around_a_date_are_ignored() -> None:
    assert BirthDate.parse(" 1985-03-14\u00a0", NOW) == BirthDate.parse("1985-03-14", NOW)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "14/03/1985",
        "1985-3-14",
        "1985-03-14T00:00",
        "19850314",
        "1985-03-1a",
        "1849-12-31",
        "2027-01-01",
        "0000-00-00",
        "١٩٨٥-٠٣-١٤",
        "1985-03-14\n",
        "1985-03-14\x00",
        "1985–03–14",
    ],
)
def test_another_form_or_an_impossible_year_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        BirthDate.parse(text, NOW)


@given(st.integers(1850, 2026), st.integers(0, 99), st.integers(0, 99))
def test_a_birth_date_hides_itself(year: int, month: int, day: int) -> None:
    text = f"{year}-{month:02}-{day:02}"
    assert text not in repr(BirthDate.parse(text, NOW))
