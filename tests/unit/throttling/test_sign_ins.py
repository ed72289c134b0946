"""What a credential has earned: known browsers and sessions, at most ten of each."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from member_access.throttling.policy import Attempts
from member_access.throttling.sign_ins import MOST_BROWSERS, MOST_SESSIONS, SignIns
from member_access.values.types import Instant

browsers = st.lists(st.integers(0, 20).map(lambda number: number.to_bytes(32)), max_size=60)


def with_browsers(seen: list[bytes]) -> SignIns:
    """The sign-ins of a member who has signed in with these browsers, in turn."""
    sign_ins = SignIns()
    for browser in seen:
        sign_ins = sign_ins.with_browser(browser)
    return sign_ins


@given(seen=browsers)
def test_the_ten_browsers_that_signed_in_last_are_known(seen: list[bytes]) -> None:
    latest = list(dict.fromkeys(reversed(seen)))[:MOST_BROWSERS]
    assert with_browsers(seen).browsers == tuple(reversed(latest))


@given(number=st.integers(0, 40))
def test_an_eleventh_session_ends_the_oldest(number: int) -> None:
    sign_ins, ended = SignIns(), list[bytes]()
    for session in range(number):
        sign_ins, now_ended = sign_ins.with_session(bytes([session]) * 32)
        ended += now_ended

    assert (*ended, *sign_ins.sessions) == tuple(bytes([session]) * 32 for session in range(number))
    assert len(sign_ins.sessions) == min(number, MOST_SESSIONS)


@given(seen=browsers, version=st.integers(0, 3), other=st.integers(0, 3))
def test_what_another_credential_has_earned_is_gone(seen: list[bytes], version: int, other: int) -> None:
    sign_ins = SignIns(Attempts(7, Instant(1), {1: 7}, version, revision=9), with_browsers(seen).browsers)
    assert sign_ins.at(version) == sign_ins
    if other != version:
        assert sign_ins.at(other) == SignIns(Attempts(credential_version=other, revision=9))


def test_a_success_ends_the_row_and_uncounts_itself_alone() -> None:
    sign_ins = SignIns(Attempts(4, Instant(172_801), {1: 2, 2: 3}, 1, revision=5))
    assert sign_ins.with_success(Instant(172_801)).attempts == Attempts(
        0, Instant(172_801), {1: 2, 2: 2}, 1, revision=5
    )


def test_a_success_on_a_day_without_failures_leaves_none_there() -> None:
    after = SignIns(Attempts(4, Instant(172_801), {1: 2}, 1, revision=5)).with_success(Instant(172_801)).attempts
    assert after.failures_by_day == {1: 2, 2: 0}
