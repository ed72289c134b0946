"""How long a stranger keeps a member out, played against the functions' own policies.

The stranger knows what the way in asks for first: the identifier, or the data of a search. They act as soon as they
may, because acting later leaves the way open in between. The member comes at the worst moment, and where both may act
in the same second the stranger comes first. More addresses keep no member out for longer, because each limit of one
member lets through less than one address may send; they keep out more members.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Protocol

from member_access.recovery.codes import RequestId
from member_access.recovery.policy import Issue, Reset, TooSoon, UnderWay
from member_access.throttling.counters import KEPT_SECONDS
from member_access.throttling.policy import DAYS_PER_YEAR, SECONDS_PER_DAY, Attempts, Claimed, Wait
from member_access.values.types import Instant

if TYPE_CHECKING:
    from member_access.recovery.codes import Channel
    from member_access.recovery.policy import KnownBrowserId, ResetPolicy
    from member_access.throttling.policy import Policy
    from member_access.throttling.sources import SlidingWindow

_START = Instant(20_000 * SECONDS_PER_DAY)
_HOUR = 3600
_ENDLESS = DAYS_PER_YEAR // 2 * SECONDS_PER_DAY
_REQUEST = RequestId("")


class Siege(Protocol):
    """A stranger at one way in.

    Attributes:
        requests: the moments of the stranger's requests so far.
    """

    requests: list[Instant]

    def act(self, now: Instant) -> int:
        """Do all that keeps the member out now; return the seconds until there is more to do."""

    def member_waits(self, now: Instant) -> int:
        """Return the seconds that the member must wait, 0 if the way in is open."""


@dataclass(frozen=True)
class Outcome:
    """How a siege goes.

    Attributes:
        seconds: the longest time that the member is kept out; infinite if it lasts as long as the stranger goes on.
        first_day: the stranger's requests of the first day.
        a_year: those of the first year.
    """

    seconds: float
    first_day: int
    a_year: int


def outcome(siege: Siege) -> Outcome:
    """Play a siege for a year, and look at the member's wait after each act of the stranger, once an hour at least."""
    now, end = _START, Instant(_START + DAYS_PER_YEAR * SECONDS_PER_DAY)
    longest, out_since = 0, None
    while now < end:
        next_look = Instant(now + min(siege.act(now), _HOUR))
        wait = siege.member_waits(now)
        if wait and out_since is None:
            out_since = now
        if out_since is not None and now + wait < next_look:
            longest, out_since = max(longest, now + wait - out_since), None
        now = next_look
    is_endless = out_since is not None and now - out_since > _ENDLESS
    return Outcome(
        math.inf if is_endless else longest,
        sum(moment < _START + SECONDS_PER_DAY for moment in siege.requests),
        len(siege.requests),
    )


@dataclass
class AtCounter:
    """A stranger who guesses wrongly as soon as a counter allows it, so that it never allows anyone else.

    Attributes:
        policy: the counter's.
        shared: whether the member's guesses meet the same counter. A known browser has one of its own.
    """

    policy: Policy
    shared: bool = True
    requests: list[Instant] = field(default_factory=list)
    _seen: Attempts = field(default_factory=Attempts)

    def act(self, now: Instant) -> int:
        """Make every guess that is allowed."""
        if now >= self._seen.last_attempt_at + KEPT_SECONDS:
            self._seen = Attempts()
        while isinstance(verdict := self.policy.decide(self._seen, 0, now), Claimed):
            self._seen = verdict.attempts
            self.requests.append(now)
        return self._wait(self._seen, now)

    def member_waits(self, now: Instant) -> int:
        """Return what the member's counter says."""
        return self._wait(self._seen if self.shared else Attempts(), now)

    def _wait(self, seen: Attempts, now: Instant) -> int:
        match self.policy.decide(seen, 0, now):
            case Claimed():
                return 0
            case Wait(seconds):
                return seconds
        # Disabled, until DynamoDB sweeps the counter up.
        return seen.last_attempt_at + KEPT_SECONDS - now


@dataclass
class AtSource:
    """A stranger behind the member's own address, who uses up all that it may claim."""

    window: SlidingWindow
    requests: list[Instant] = field(default_factory=list)
    _claims: dict[int, int] = field(default_factory=dict)

    def act(self, now: Instant) -> int:
        """Make every claim that is allowed."""
        while not (wait := self.member_waits(now)):
            number = now // self.window.seconds
            self._claims[number] = self._claims.get(number, 0) + 1
            self.requests.append(now)
        return wait

    def member_waits(self, now: Instant) -> int:
        """Return what the window says."""
        number = now // self.window.seconds
        return self.window.wait(self._claims.get(number - 1, 0), self._claims.get(number, 0), now)


@dataclass
class AtRequests:
    """A stranger who requests codes as soon as they may.

    Attributes:
        policy: limits requests.
        channel: how the codes are sent.
        asker: the member's known browser; None if they ask in an unknown one.
    """

    policy: ResetPolicy
    channel: Channel
    asker: KnownBrowserId | None = None
    requests: list[Instant] = field(default_factory=list)
    reset: Reset = field(default_factory=Reset)

    def act(self, now: Instant) -> int:
        """Make every request that is granted."""
        while isinstance(verdict := self._decide(now, None), Issue):
            self.reset = verdict.reset
            self.requests.append(now)
        return verdict.seconds if isinstance(verdict, TooSoon) else verdict.resend_after

    def member_waits(self, now: Instant) -> int:
        """Return what a request of the member gets. A letter that is under way is one."""
        verdict = self._decide(now, self.asker)
        return verdict.seconds if isinstance(verdict, TooSoon) else 0

    def _decide(self, now: Instant, asker: KnownBrowserId | None) -> Issue | UnderWay | TooSoon:
        return self.policy.request(self.reset, self.channel, _REQUEST, now, asker)


@dataclass
class AtLetter(AtRequests):
    """A stranger who requests letters, because a newer letter voids the code of the one before.

    Attributes:
        delivery: the seconds from a request to the day on which the letter comes.
    """

    delivery: int = 0

    @property
    def works_for(self) -> int:
        """The seconds for which the code of each letter works at least, from the day on which it comes."""
        return min(newer - older for older, newer in pairwise(self.requests)) - self.delivery

    def member_waits(self, now: Instant) -> int:
        """Return the time until the newest letter comes."""
        return max(self.requests[-1] + self.delivery - now, 0)
