"""What a credential has earned: known browsers and sessions, at most ten of each."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.members.pseudonyms import Pseudonym
from member_access.sessions.browser_families import BrowserFamily
from member_access.sessions.methods import Method
from member_access.sessions.policy import Session, SessionPolicy, start_session
from member_access.sessions.records import KnownBrowser
from member_access.sessions.sign_ins import MOST_BROWSERS, MOST_SESSIONS, NOTICE_SECONDS, SignIns, known_until
from member_access.throttling.policy import Attempts
from member_access.values.types import Identifier, Instant

MEMBER, WHOSE = Identifier("A1234567"), Pseudonym("0" * 32)
NOW, SOON = Instant(1_800_000_000), Instant(1_800_000_600)
POLICY = SessionPolicy(idle=1800, longest=43_200, grace=30)
NONE = SignIns(revision=7, credential_version=1, identifier=MEMBER)
seen_browsers = st.lists(st.integers(0, 20).map(lambda number: number.to_bytes(16)), max_size=60)


def a_browser(digest: bytes, attempts: Attempts | None = None) -> KnownBrowser:
    return KnownBrowser(digest, NOW, NOW, attempts or Attempts(credential_version=1))


def a_session(number: int, started_at: Instant = NOW) -> Session:
    numbers = itertools.count(number * 3)
    session, _ = start_session(
        MEMBER, WHOSE, Method.PIN, BrowserFamily(), started_at, lambda length: next(numbers).to_bytes(length)
    )
    return session


def with_browsers(seen: list[bytes]) -> SignIns:
    """The sign-ins of a member who has signed in with these browsers, in turn."""
    sign_ins = NONE
    for digest in seen:
        sign_ins = sign_ins.with_browser(a_browser(digest))
    return sign_ins


@pytest.mark.parametrize(
    ("noticed_at", "may"),
    [(Instant(0), True), (Instant(NOW - NOTICE_SECONDS + 1), False), (Instant(NOW - NOTICE_SECONDS), True)],
)
def test_a_notice_goes_out_once_a_day(noticed_at: Instant, *, may: bool) -> None:
    assert NONE._replace(noticed_at=noticed_at).may_notice(NOW) is may


def test_browsers_and_sessions_keep_their_public_names_in_later_versions() -> None:
    assert a_browser(bytes(16)).public_id == "3208ee454318ccbe69b4124bc1235607"
    assert a_session(0)._replace(digest=bytes(16)).sid == "ZAvOJo-uNd-ZjgTm6AUTjw"


@given(seen=seen_browsers)
def test_the_ten_browsers_that_signed_in_last_are_known(seen: list[bytes]) -> None:
    latest = list(dict.fromkeys(reversed(seen)))[:MOST_BROWSERS]
    assert [one.digest for one in with_browsers(seen).browsers] == latest[::-1]


@given(seen=seen_browsers, digest=st.integers(0, 25).map(lambda number: number.to_bytes(16)))
def test_a_browser_is_found_where_it_is_listed(seen: list[bytes], digest: bytes) -> None:
    sign_ins = with_browsers(seen)
    listed = [one for one in sign_ins.browsers if one.digest == digest]
    assert sign_ins.known_browser(digest, NOW) == (listed[0] if listed else None)


def test_a_browser_is_known_for_a_year_and_a_day_after_its_last_guess() -> None:
    guessed = a_browser(bytes(16), Attempts(1, SOON, {20_833: 1}, credential_version=1))
    until = known_until(guessed)
    assert until == SOON + 366 * 86_400
    sign_ins = NONE.with_browser(guessed)
    assert sign_ins.known_browser(bytes(16), Instant(until - 1)) == guessed
    assert sign_ins.known_browser(bytes(16), until) is None


@given(number=st.integers(0, 40))
def test_an_eleventh_session_ends_the_oldest(number: int) -> None:
    sign_ins, sessions = NONE, [a_session(one) for one in range(number)]
    for session in sessions:
        sign_ins = sign_ins.with_session(session, POLICY, NOW)

    assert list(sign_ins.sessions) == sessions[-MOST_SESSIONS:]


def test_a_new_session_takes_the_place_of_those_that_are_over() -> None:
    over, running = a_session(1), a_session(2, SOON)
    sign_ins = NONE.with_session(over, POLICY, NOW).with_session(running, POLICY, SOON)
    newest = a_session(3, Instant(NOW + 1800))
    assert sign_ins.with_session(newest, POLICY, Instant(NOW + 1800)).sessions == (running, newest)


def test_a_rotated_session_stands_where_it_stood() -> None:
    first, second = a_session(1), a_session(2)
    sign_ins = NONE.with_sessions((first, second))
    rotated = first._replace(rotated_at=SOON, token_hash=b"\1" * 32, previous_hash=first.token_hash)
    assert sign_ins.with_rotated(rotated).sessions == (rotated, second)
    assert sign_ins.session(second.digest) == second
    assert sign_ins.without_session(first.digest).sessions == (second,)
    assert sign_ins.without_session(first.digest).session(first.digest) is None


@given(seen=seen_browsers, version=st.integers(0, 3), other=st.integers(0, 3))
def test_what_an_earlier_credential_has_earned_is_gone(seen: list[bytes], version: int, other: int) -> None:
    counted = Attempts(7, NOW, {1: 7}, version)
    sign_ins = with_browsers(seen)._replace(credential_version=version, strangers=counted, together=counted)
    sign_ins = sign_ins.with_sessions((a_session(1),))
    none = Attempts(credential_version=other)
    fresh = SignIns(revision=7, credential_version=other, strangers=none, together=none)
    assert sign_ins.at(other) == (fresh if other > version else sign_ins)


@given(version=st.integers(0, 3))
def test_without_an_item_nothing_is_counted_for_any_credential(version: int) -> None:
    none = Attempts(credential_version=version)
    assert SignIns().at(version) == SignIns(credential_version=version, strangers=none, together=none)


def test_a_log_shows_no_secret_of_a_session() -> None:
    session = a_session(1)
    assert repr(session.chain_key)[2:-1] not in repr(NONE.with_sessions((session,)))
