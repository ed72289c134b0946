"""The table of lock-outs says for each way in how long a stranger keeps a member out."""

from __future__ import annotations

import math
from functools import cache

import pytest

from tools.limits import Limits
from tools.lockout_table import LockOut, duration, lock_out_table, lock_outs

DAY = 86_400


@cache
def rows() -> dict[str, LockOut]:
    return {one.way: one for one in lock_outs(Limits.of_template())}


@pytest.mark.parametrize(
    "way",
    [
        "sign in, known browser",
        "get a code by e-mail, known browser",
        "use a letter that came within 7 days, on that day",
        "search for the identifier, known browser",
    ],
)
def test_a_known_browser_and_a_letter_are_never_kept_out(way: str) -> None:
    assert rows()[way].outcome.seconds == 0


def test_where_a_stranger_keeps_members_out_something_helps() -> None:
    assert all(one.remedy for one in rows().values() if one.outcome.seconds)


def test_one_address_sends_all_that_keeps_one_member_out() -> None:
    """So more addresses keep no member out for longer."""
    assert all(one.members(1) >= 1 for one in rows().values() if one.claims)


def test_members_who_are_kept_out_are_bounded_by_the_addresses() -> None:
    one = rows()["get a code by e-mail, unknown browser"]
    limits = Limits.of_template()
    assert one.members(1) == limits.login.source_emails_a_day // limits.reset.emails_a_day
    assert one.members(10**9) == 10**6


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "never"),
        (59, "for 59 seconds"),
        (61, "for 2 minutes"),
        (3600, "for 1 hour"),
        (6 * DAY, "for 6 days"),
        (math.inf, "as long as the stranger goes on"),
    ],
)
def test_a_duration_is_written_in_its_largest_unit(seconds: float, text: str) -> None:
    assert duration(seconds) == text


@pytest.mark.slow
def test_the_table_leaves_out_what_costs_nothing_and_gains_nothing() -> None:
    table = lock_out_table(Limits.of_template())
    assert "| sign in, known browser | never | – | – | – | – | – |" in table
    assert table.count("all there") == 2
