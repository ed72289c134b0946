"""How long members wait for letters while a stranger requests as many as the limits allow.

The real policies limit the requests. The daily quota is counted as ``letters.storage.daily_quota`` counts it.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.storage.daily_quota import share_of_members_with_email
from member_access.recovery.codes import Channel, RequestId
from member_access.recovery.policy import Issue, Reset
from member_access.throttling.policy import SECONDS_PER_DAY
from member_access.values.types import Instant
from tools.numbers import number, table

if TYPE_CHECKING:
    from collections.abc import Iterable

    from member_access.recovery.policy import ResetPolicy
    from tools.limits import Limits

_IDENTIFIERS = 4_000
_ADDRESSES = (1, 100, 1_000)
_START = 20_000
_DAYS = 60
_REQUEST = RequestId("")


@dataclass(frozen=True)
class Waits:
    """What a stranger's requests cause.

    Attributes:
        letters_a_day: the stranger's letters that are sent, on average.
        without_email: the most days that a letter to a member without an e-mail address waits; None if it is given up.
        with_email: the same for a member with one who requests a letter.
    """

    letters_a_day: float
    without_email: int | None
    with_email: int | None


@dataclass(frozen=True)
class Stranger:
    """A stranger who requests letters in the name of members.

    Attributes:
        identifiers: how many members.
        have_email: whether these have an e-mail address.
        addresses: the source addresses to ask from.
    """

    identifiers: int
    have_email: bool
    addresses: int


def waits(limits: Limits, stranger: Stranger) -> Waits:
    """Play sixty days of requests, and return the worst that they cause.

    The stranger asks at the beginning of each day: a new letter takes its share of the quota before the sweep sends
    those that wait. They ask in turn for each member, either as often as addresses and members allow, which makes a
    queue, or as often as the quota has letters, which goes on for longest: fewer leave letters to others, and more are
    granted at the expense of later days. On each day a member without an e-mail address and one with one request a
    letter, last of all.
    """
    a_day = stranger.addresses * limits.reset.source_letters_a_day
    played = [_play(limits, stranger, most) for most in {a_day, min(a_day, limits.letters.letters_a_day)}]
    return Waits(
        max(one.letters_a_day for one in played),
        _longest(one.without_email for one in played),
        _longest(one.with_email for one in played),
    )


def _play(limits: Limits, stranger: Stranger, a_day: int) -> Waits:
    quota = _Quota(limits)
    requests = _Requests(limits.reset.reset_policy, stranger.identifiers)
    for day in range(_START, _START + _DAYS):
        quota.begin(day)
        for _ in range(requests.granted(day, a_day)):
            quota.ask(_Letter(day, has_email=stranger.have_email))
        quota.sweep()
        for has_email in (False, True):
            quota.ask(_Letter(day, has_email=has_email, is_real=True))
    return Waits(quota.sent / _DAYS, _longest(quota.delays[False]), _longest(quota.delays[True]))


def _longest(delays: Iterable[int | None]) -> int | None:
    """Return the longest delay; None if a letter was given up."""
    known = list(delays)
    return None if None in known else max(delay for delay in known if delay is not None)


@dataclass(frozen=True)
class _Letter:
    day: int
    has_email: bool
    is_real: bool = False


class _Requests:
    """The requests for letters that the members' own limits grant."""

    def __init__(self, policy: ResetPolicy, members: int) -> None:
        self._policy = policy
        self._resets = deque(Reset() for _ in range(members))

    def granted(self, day: int, most: int) -> int:
        """Request letters on a day, first for the members whose last one is oldest; return how many are granted."""
        now, granted = Instant(day * SECONDS_PER_DAY), 0
        while granted < min(most, len(self._resets)):
            verdict = self._policy.request(self._resets[0], Channel.LETTER, _REQUEST, now, None)
            if not isinstance(verdict, Issue):
                break
            self._resets.popleft()
            self._resets.append(verdict.reset)
            granted += 1
        return granted


class _Quota:
    """The daily quota, and the letters that wait for it."""

    def __init__(self, limits: Limits) -> None:
        self._most = {
            False: limits.letters.letters_a_day,
            True: share_of_members_with_email(limits.letters.letters_a_day),
        }
        self._given_up_after = limits.reset.letter_post_within_seconds // SECONDS_PER_DAY
        self._waiting: list[_Letter] = []
        self._day, self._letters = 0, Counter[bool]()
        self.delays: dict[bool, list[int | None]] = {False: [], True: []}
        self.sent = 0

    def begin(self, day: int) -> None:
        """Begin a day."""
        self._day, self._letters = day, Counter[bool]()

    def ask(self, letter: _Letter) -> None:
        """Send a letter at once, or let it wait."""
        if not self._send(letter):
            self._waiting.append(letter)

    def sweep(self) -> None:
        """Send letters that wait, those to members without an e-mail address first, then the oldest; give up others."""
        waiting, self._waiting = self._waiting, []
        for letter in sorted(waiting, key=lambda one: (one.has_email, one.day)):
            if self._day - letter.day >= self._given_up_after:
                self._record(letter, None)
            elif not self._send(letter):
                self._waiting.append(letter)

    def _send(self, letter: _Letter) -> bool:
        classes = (False, True) if letter.has_email else (False,)
        if any(self._letters[one] >= self._most[one] for one in classes):
            return False
        self._letters.update(classes)
        self._record(letter, self._day - letter.day)
        return True

    def _record(self, letter: _Letter, delay: int | None) -> None:
        if letter.is_real:
            self.delays[letter.has_email].append(delay)
        elif delay is not None:
            self.sent += 1


def letter_table(limits: Limits) -> str:
    """Write the table."""
    columns = [
        f"{_IDENTIFIERS:,} identifiers of members",
        ">addresses",
        ">letters a day to them",
        ">a member without an e-mail address waits",
        ">one with an e-mail address waits",
    ]
    strangers = [
        Stranger(_IDENTIFIERS, have_email, addresses) for have_email in (True, False) for addresses in _ADDRESSES
    ]
    return table(columns, [_cells(one, waits(limits, one)) for one in strangers])


def _cells(stranger: Stranger, caused: Waits) -> list[str]:
    return [
        "with an e-mail address" if stranger.have_email else "without one",
        f"{stranger.addresses:,}",
        number(caused.letters_a_day),
        *(
            "until the letter is given up" if days is None else f"{days} days"
            for days in (caused.without_email, caused.with_email)
        ),
    ]
