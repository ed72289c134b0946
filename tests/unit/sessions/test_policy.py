"""What a refresh token leads to, with time passed in."""

from __future__ import annotations

import base64
import itertools

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, multiple, rule

from member_access.errors import InvalidValue
from member_access.members.pseudonyms import Pseudonym
from member_access.sessions.browser_families import BrowserFamily
from member_access.sessions.methods import Method
from member_access.sessions.policy import (
    End,
    Ending,
    RefreshToken,
    Repeat,
    Rotate,
    Session,
    SessionPolicy,
    Verdict,
    session_digest,
    start_session,
)
from member_access.sessions.policy import refresh as refresh_parts
from member_access.values.types import Identifier, Instant

POLICY = SessionPolicy(idle=1800, longest=43_200, grace=30)
NOW = Instant(1_800_000_000)
WHOSE = Pseudonym("0123456789abcdef" * 2)


def numbered_bytes() -> object:
    """Bytes that are different each time and the same in each run."""
    numbers = itertools.count(1)
    return lambda length: next(numbers).to_bytes(length)


def a_session() -> tuple[Session, RefreshToken]:
    return start_session(Identifier("A1234567"), WHOSE, Method.PIN, BrowserFamily(), NOW, numbered_bytes())  # type: ignore[arg-type]  # a callable


def refresh(session: Session, token: RefreshToken, policy: SessionPolicy, now: Instant) -> Verdict:
    return refresh_parts(session, token.parts(), policy, now)


def after(seconds: int) -> Instant:
    return Instant(NOW + seconds)


def rotated(session: Session, token: RefreshToken, now: Instant) -> Rotate:
    verdict = refresh(session, token, POLICY, now)
    assert isinstance(verdict, Rotate)
    return verdict


def test_a_token_is_replaced_at_each_use() -> None:
    session, token = a_session()
    verdict = rotated(session, token, after(900))
    assert verdict.token != token
    assert verdict.session.rotated_at == after(900)
    assert verdict.session.started_at == NOW
    assert session_digest(verdict.token.parts().session_id) == session.digest


def test_a_token_that_was_just_replaced_gets_the_same_answer_again() -> None:
    session, token = a_session()
    first = rotated(session, token, after(900))
    assert refresh(first.session, token, POLICY, after(929)) == Repeat(first.token)


@pytest.mark.parametrize("seconds", [930, 940, 900 + 1799])
def test_a_session_whose_answer_was_lost_goes_on(seconds: int) -> None:
    session, token = a_session()
    lost = rotated(session, token, after(900))
    resumed = rotated(lost.session, token, after(seconds))
    assert resumed.is_resumed
    assert resumed.token != lost.token
    assert isinstance(refresh(resumed.session, resumed.token, POLICY, after(seconds + 1)), Rotate)


def test_a_lost_answer_is_waited_for_no_longer_than_an_idle_session() -> None:
    session, token = a_session()
    lost = rotated(session, token, after(900))
    assert refresh(lost.session, token, POLICY, after(900 + 1800)) == End(Ending.IDLE)


def test_an_answer_lost_twice_is_given_again() -> None:
    session, token = a_session()
    first = rotated(session, token, after(900))
    second = rotated(first.session, token, after(940))
    third = rotated(second.session, token, after(980))
    assert len({first.token, second.token, third.token}) == 3
    assert refresh(third.session, token, POLICY, after(981)) == Repeat(third.token)


def test_a_token_that_was_not_lost_after_all_ends_the_session() -> None:
    session, token = a_session()
    held = rotated(session, token, after(900))
    resumed = rotated(held.session, token, after(940))
    assert refresh(resumed.session, held.token, POLICY, after(941)) == End(Ending.REUSE)


def test_an_older_token_ends_the_session_once_its_successor_was_used() -> None:
    session, token = a_session()
    first = rotated(session, token, after(900))
    second = rotated(first.session, first.token, after(1800))
    assert refresh(second.session, token, POLICY, after(1801)) == End(Ending.REUSE)


def test_a_token_replaced_twice_ends_the_session_even_within_the_grace() -> None:
    session, token = a_session()
    first = rotated(session, token, after(900))
    second = rotated(first.session, first.token, after(901))
    assert refresh(second.session, token, POLICY, after(902)) == End(Ending.REUSE)


def test_an_invented_token_ends_the_session_whose_id_it_names() -> None:
    session, token = a_session()
    invented = RefreshToken.of(token.parts()._replace(token=b"\xff" * 32))
    assert refresh(session, invented, POLICY, after(1)) == End(Ending.REUSE)


def test_services_get_an_id_of_a_session_by_which_it_cannot_be_found() -> None:
    session, token = a_session()
    assert len(session.sid) == 22
    assert session.sid == rotated(session, token, after(900)).session.sid
    assert base64.urlsafe_b64decode(session.sid + "==") not in {session.digest, *token.parts()[1:]}


@pytest.mark.parametrize(("seconds", "goes_on"), [(1799, True), (1800, False)])
def test_a_session_ends_when_idle(seconds: int, goes_on: bool) -> None:
    session, token = a_session()
    verdict = refresh(session, token, POLICY, after(seconds))
    assert isinstance(verdict, Rotate) if goes_on else verdict == End(Ending.IDLE)


def test_a_session_ends_after_twelve_hours_however_busy() -> None:
    session, token = a_session()
    for minute in range(20, 720, 20):
        verdict = rotated(session, token, after(minute * 60))
        session, token = verdict.session, verdict.token
    assert isinstance(refresh(session, token, POLICY, after(43_199)), Rotate)
    assert refresh(session, token, POLICY, after(43_200)) == End(Ending.LONGEST)


def test_a_session_ends_half_an_hour_idle_or_twelve_hours_old() -> None:
    session, token = a_session()
    assert session.ends_at(POLICY) == after(1800)
    assert rotated(session, token, after(900)).session.ends_at(POLICY) == after(2700)
    assert session._replace(rotated_at=after(43_000)).ends_at(POLICY) == after(43_200)


def test_what_the_table_keeps_gives_no_token() -> None:
    session, token = a_session()
    kept = repr(session)
    for part in token.reveal().split(".")[1:]:
        assert part not in kept
    for secret in token.parts()[1:]:
        assert secret.hex() not in kept
        assert repr(secret) not in kept


@pytest.mark.parametrize(
    "text",
    [
        "",
        ".",
        "a.b",
        "x" * 200,
        "é.é.é",
        f"{'A' * 22}.{'A' * 22}",
        f"{'A' * 22}.{'A' * 43}",
        f"{'A' * 22}.{'A' * 22}.{'A' * 42}",
        f"{'A' * 22}.{'A' * 22}.{'A' * 43}.",
        "=.=.=",
        # Foreign characters that a lenient decoder would leave out, as many as leave the padding right.
        f"{'A' * 22}****.{'A' * 22}.{'A' * 43}",
        f"{'A' * 22}.{'A' * 22}****.{'A' * 43}",
        f"{'A' * 22}.{'A' * 22}.{'A' * 43}****",
    ],
)
def test_anything_else_is_no_token(text: str) -> None:
    with pytest.raises(InvalidValue):
        RefreshToken(text).parts()


class RefreshMachine(RuleBasedStateMachine):
    """Browsers that refresh with every token they were ever given: at most one session goes on."""

    tokens = Bundle("tokens")
    before: RefreshToken | None

    @initialize(target=tokens)
    def start(self) -> RefreshToken:
        self.now = NOW
        self.session, token = a_session()
        self.given = [token]
        self.present_one, self.before = token, None
        self.replaced_at = NOW
        self.ended = False
        return token

    @rule(seconds=st.sampled_from([0, 1, 29, 30, 31, 900, 1799, 1800]))
    def wait(self, seconds: int) -> None:
        self.now = Instant(self.now + seconds)

    @rule(target=tokens, token=tokens)
    def present(self, token: RefreshToken) -> object:
        if self.ended:
            return multiple()
        verdict = refresh(self.session, token, POLICY, self.now)
        in_time = self.now < self.replaced_at + 1800 and self.now < NOW + 43_200
        if token == self.present_one and in_time:
            return self.replaced(verdict, before=token)
        if token == self.before and in_time:
            if self.now >= self.replaced_at + 30:
                return self.replaced(verdict, before=token)
            assert verdict == Repeat(self.present_one)
            return multiple()
        assert isinstance(verdict, End)
        self.ended = True
        return multiple()

    def replaced(self, verdict: object, before: RefreshToken) -> RefreshToken:
        assert isinstance(verdict, Rotate)
        assert verdict.token not in self.given
        self.session, self.before, self.present_one = verdict.session, before, verdict.token
        self.given.append(verdict.token)
        self.replaced_at = self.now
        return verdict.token


TestRefreshMachine = RefreshMachine.TestCase
TestRefreshMachine.settings = settings(stateful_step_count=40)
