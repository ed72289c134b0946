"""The second step as a state machine: three browsers do anything, and only the code of the last step passes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from member_access.recovery.codes import Purpose
from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, Browser, FrontDoor
from tests.flows.test_new_browsers import acr
from tests.support.codes import last_code, wrong
from tests.support.members import NEW_PIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

DAY = 86_400
LIFETIME, TRIES, INTERVAL, MOST_A_DAY, MOST_A_DAY_IN_ALL, MOST_SESSIONS = 600, 5, 60, 5, 15, 10
LONG_SESSIONS = {"SessionIdleSeconds": "31536000", "SessionLongestSeconds": "31536000"}
SEATS = st.integers(0, 2)
AGES = st.sampled_from([0, 0, 0, 1, 2])


@dataclass(eq=False)
class Session:
    """A session that the model believes in."""

    level: str


@dataclass(eq=False)
class Step:
    """A second step that the model believes in."""

    session: Session | None
    code: str
    pin: str
    expires_at: int
    tries: int = 0


@dataclass(eq=False)
class Seat:
    """A browser, and what the model knows of it: the step that its cookie names, the session, whether it is known."""

    browser: Browser
    step: Step | None = None
    session: Session | None = None
    is_known: bool = False


@dataclass
class Model:
    """What becomes of a member."""

    pin: str = PIN
    step: Step | None = None
    sessions: list[Session] = field(default_factory=list)
    requests: list[tuple[int, Session | None]] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


class SecondStepMachine(RuleBasedStateMachine):
    """A member with three browsers at an insurer who asks for a code in each new one."""

    def __init__(self, door: FrontDoor, numbers: Iterator[int]) -> None:
        super().__init__()
        self.door, self.member, self.model = door, f"MACHINE{next(numbers):04}", Model()
        door.add_member(self.member, email="member@example.fr")
        self.seats = [Seat(Browser(door, source=f"198.51.100.{number}")) for number in range(3)]

    @initialize()
    def confirm_a_first_browser(self) -> None:
        self.sign_in(0)
        self.type_a_code(0, age=0, raises=False)
        self.wait(INTERVAL)

    @rule(at=SEATS)
    def sign_in(self, at: int) -> None:
        seat = self.seats[at]
        reply = seat.browser.sign_in(self.member, self.model.pin)
        if seat.is_known:
            assert (reply.status, acr(reply)) == (200, "pin-known-browser")
            self._opened(seat, "pin-known-browser")
        else:
            self._asked(seat, None, reply)

    @rule(at=SEATS)
    def ask_for_more(self, at: int) -> None:
        seat = self.seats[at]
        reply = seat.browser.step_up()
        if seat.session in self.model.sessions:
            self._asked(seat, seat.session, reply)
        else:
            assert reply.code == "session-expired"

    @precondition(lambda self: self.model.step)
    @rule(age=AGES)
    def type_the_code_where_it_is_asked_for(self, age: int) -> None:
        (at,) = [at for at, seat in enumerate(self.seats) if seat.step is self.model.step]
        self.type_a_code(at, age, raises=self.model.step is not None and self.model.step.session is not None)

    @rule(at=SEATS, age=AGES, raises=st.booleans())
    def type_a_code(self, at: int, age: int, *, raises: bool) -> None:
        seat, code = self.seats[at], self._code(age)
        if raises and seat.session not in self.model.sessions:
            assert seat.browser.step_up(code).code == "session-expired"
            return
        reply = (seat.browser.step_up if raises else seat.browser.confirm)(code)
        if not self._passes(seat, seat.session if raises else None, code):
            assert reply.code == "invalid-code"
            return
        assert (reply.status, acr(reply)) == (200, "pin-code")
        self.model.step = seat.step = None
        if raises and seat.session:
            seat.session.level = "pin-code"
        else:
            seat.is_known = True
            self._opened(seat, "pin-code")

    @rule(at=SEATS)
    def refresh(self, at: int) -> None:
        seat = self.seats[at]
        reply = seat.browser.refresh()
        if seat.session and seat.session in self.model.sessions:
            assert (reply.status, acr(reply)) == (200, seat.session.level)
        else:
            assert reply.code == "session-expired"
            seat.session = None

    @rule(at=SEATS)
    def change_the_pin(self, at: int) -> None:
        seat, new = self.seats[at], NEW_PIN if self.model.pin == PIN else PIN
        body = {"identifier": self.member, "pin": self.model.pin, "new_pin": new, "new_pin_confirmation": new}
        reply = seat.browser.post("/pin", body)
        if not seat.is_known:
            assert reply.code == "sign-in-first"
            return
        assert reply.status == 204
        self.model.pin = new
        self.model.sessions.clear()
        for other in self.seats:
            other.is_known = other is seat

    @rule(at=SEATS)
    def sign_out(self, at: int) -> None:
        seat = self.seats[at]
        assert seat.browser.sign_out().status == 204
        if seat.session in self.model.sessions:
            self.model.sessions.remove(seat.session)
        seat.session = None

    @rule(seconds=st.sampled_from([INTERVAL, INTERVAL, INTERVAL - 1, LIFETIME - INTERVAL, LIFETIME, DAY]))
    def wait(self, seconds: int) -> None:
        self.door.clock.advance(seconds)

    def _asked(self, seat: Seat, session: Session | None, reply: Reply) -> None:
        now, model = self.door.clock.time, self.model
        model.requests = [one for one in model.requests if one[0] > now - DAY]
        every = [at for at, _ in model.requests]
        own = [at for at, asker in model.requests if asker is session]
        wait = max(
            _wait(own, 1, INTERVAL, now), _wait(own, MOST_A_DAY, DAY, now), _wait(every, MOST_A_DAY_IN_ALL, DAY, now)
        )
        if wait:
            assert (reply.status, reply.body["retry_after"]) == (429, wait)
            return
        assert (reply.status, reply.body["channel"]) == (202, "email")
        code = last_code(self.door.cloud, self.member, purpose=Purpose.CONFIRM)
        model.requests.append((now, session))
        model.codes.append(code)
        model.step = seat.step = Step(session, code, model.pin, now + LIFETIME)

    def _code(self, age: int) -> str:
        """The last code, the one before, or none that was sent."""
        codes = self.model.codes
        return codes[-1 - age] if age < min(2, len(codes)) else wrong(codes[-1] if codes else "000000")

    def _passes(self, seat: Seat, session: Session | None, code: str) -> bool:
        """Whether a code is right; a try at the step in the browser's cookie is counted."""
        step = seat.step
        if step is None or step is not self.model.step or step.session is not session:
            return False
        if step.tries >= TRIES or self.door.clock.time >= step.expires_at:
            return False
        step.tries += 1
        return step.code == code and step.pin == self.model.pin

    def _opened(self, seat: Seat, level: str) -> None:
        seat.session = Session(level)
        self.model.sessions = [*self.model.sessions, seat.session][-MOST_SESSIONS:]


def _wait(moments: list[int], most: int, seconds: int, now: int) -> int:
    """How long until fewer than so many of these moments lie within so many seconds."""
    return max(0, moments[-most] + seconds - now) if len(moments) >= most else 0


@pytest.mark.slow
def test_only_the_code_of_the_last_step_passes_and_only_in_its_browser(cloud: Cloud) -> None:
    door, numbers = FrontDoor(cloud, {"NewBrowser": "confirm", **NO_SOURCE_LIMITS, **LONG_SESSIONS}), itertools.count()
    run_state_machine_as_test(
        lambda: SecondStepMachine(door, numbers),  # type: ignore[arg-type]  # any factory will do
        settings=settings(max_examples=30, stateful_step_count=30, deadline=None),
    )
