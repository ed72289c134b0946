"""The best attackers that the limits allow: each guesses as soon as the policy allows it, and counts its guesses.

The functions decide with the same policies: nothing is repeated here. Where an attacker has a choice, the docstring
says why no other choice gives more guesses.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from member_access.recovery.codes import Channel, RequestId
from member_access.recovery.policy import Issue, Reset, TooSoon, UnderWay, are_void
from member_access.throttling.policy import SECONDS_PER_DAY, Attempts, Claimed, Disabled, Wait
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.recovery.policy import ResetPolicy
    from member_access.throttling.policy import Policy
    from member_access.throttling.sources import SlidingWindow

_MIDNIGHT = Instant(20_000 * SECONDS_PER_DAY)
# Some limits follow the calendar day or a fixed window, so an attacker who starts just before gains one more.
_STARTS = (_MIDNIGHT, Instant(_MIDNIGHT - 1))
_REQUEST = RequestId("")


def most_guesses(attack: Callable[[Instant, Instant], int], seconds: int) -> int:
    """Count the guesses of an attack of this duration that starts at the best moment."""
    return max(attack(start, Instant(start + seconds)) for start in _STARTS)


def at_counter(policy: Policy, start: Instant, end: Instant, *, forgiven: bool = False) -> int:
    """Count the guesses at one counter.

    Args:
        policy: the counter's policy.
        start: when the first guess is made.
        end: when the attack is over.
        forgiven: after each guess the member succeeds, which resets the consecutive failures. This is the worst case:
            they never grow.
    """
    seen, now, guesses = Attempts(), start, 0
    while now < end:
        match policy.decide(seen, 0, now):
            case Claimed(attempts):
                guesses += 1
                seen = replace(attempts, failures=0) if forgiven else attempts
            case Wait(seconds):
                now = Instant(now + seconds)
            case Disabled():
                break
    return guesses


def at_pins_that_are_reset(pins: Policy, resets: ResetPolicy, start: Instant, end: Instant) -> int:
    """Count the guesses at a member who sets a new PIN by e-mail as soon as the current one is disabled."""
    seen, reset, version, now, guesses = Attempts(), Reset(), 0, start, 0
    while now < end:
        match pins.decide(seen, version, now):
            case Claimed(attempts):
                guesses, seen = guesses + 1, attempts
            case Wait(seconds):
                now = Instant(now + seconds)
            case Disabled():
                match resets.request(reset, Channel.EMAIL, _REQUEST, now, voided=False):
                    case Issue(issued):
                        reset, version = replace(issued, email=None), version + 1
                    case TooSoon(seconds):
                        now = Instant(now + seconds)
    return guesses


def at_codes(codes: Policy, resets: ResetPolicy, channel: Channel, start: Instant, end: Instant) -> int:
    """Count the guesses at one member's codes while a code is open.

    The attacker requests a code when no failures are counted: then the waits are shortest, and most guesses fall into
    the code's life. After the code has expired, the attacker makes the remaining tries, which cost no code; the last of
    them resets the count. No code allows more guesses, and the attacker uses every code that the policy grants.
    """
    reset, tries, now, guesses = Reset(), Attempts(), start, 0
    while now < end:
        verdict = codes.decide(tries, reset.generation, now)
        code = reset.open_codes.get(channel)
        is_open = code is not None and now < code.expires_at
        is_fresh = isinstance(verdict, Claimed) and verdict.attempts.failures == 1
        if isinstance(verdict, Disabled) or (is_fresh and not is_open):
            voided = are_void(reset, tries, codes, now)
            match resets.request(reset, channel, _REQUEST, now, voided=voided):
                case Issue(issued):
                    reset = issued
                case TooSoon(seconds) | UnderWay(_, seconds):
                    now = Instant(now + seconds)
        elif isinstance(verdict, Wait):
            now = Instant(now + verdict.seconds)
        else:
            tries, guesses = verdict.attempts, guesses + is_open
    return guesses


def from_source(policy: SlidingWindow, start: Instant, end: Instant) -> int:
    """Count the guesses from one network, at any members."""
    failures: Counter[int] = Counter()
    now = start
    while now < end:
        window = now // policy.seconds
        while not (wait := policy.wait(failures[window - 1], failures[window], now)):
            failures[window] += 1
        now = Instant(now + wait)
    return failures.total()
