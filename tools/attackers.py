"""The best attackers that the limits allow: each guesses as soon as the policy says yes, and counts its guesses.

The policies are the ones that the functions decide with; nothing of them is repeated here. Where an attacker has a
choice, the docstring says why no other choice gives more guesses.
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
    from member_access.throttling.sources import SourcePolicy

_MIDNIGHT = Instant(20_000 * SECONDS_PER_DAY)
# Some limits follow the calendar day or a fixed window, so an attacker who starts just before gains one more.
_STARTS = (_MIDNIGHT, Instant(_MIDNIGHT - 1))
_REQUEST = RequestId("")


def most_guesses(attack: Callable[[Instant, Instant], int], seconds: int) -> int:
    """The guesses of an attack that goes on for so many seconds and starts at the best moment."""
    return max(attack(start, Instant(start + seconds)) for start in _STARTS)


def at_counter(policy: Policy, start: Instant, end: Instant, *, row_ends: bool = False) -> int:
    """Guesses at one counter.

    Args:
        policy: of the counter.
        start: when the first guess is made.
        end: when the attack is over.
        row_ends: whether a success of the member follows each guess and ends the failures in a row, as
            ``AttemptStore.cleared`` does. It is the worst case: the row never grows.
    """
    seen, now, guesses = Attempts(), start, 0
    while now < end:
        match policy.decide(seen, 0, now):
            case Claimed(attempts):
                guesses += 1
                seen = replace(attempts, failures=0) if row_ends else attempts
            case Wait(seconds):
                now = Instant(now + seconds)
            case Disabled():
                break
    return guesses


def at_pins_that_are_reset(pins: Policy, resets: ResetPolicy, start: Instant, end: Instant) -> int:
    """Guesses at the PINs of a member who sets a new one by e-mail as soon as the present one is disabled."""
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
    """Guesses at the codes of one member that are made while a code is open.

    The attacker asks for a code when the row of wrong tries is fresh, for then the waits are shortest and most
    guesses fall into its life. What is left of the row is used up after the code has expired: those tries cost no
    code, and the last of them makes the row fresh again. No code is open for more guesses than a fresh row allows
    in its life, and every code that the policy grants is used so: no attacker gets more.
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


def from_source(policy: SourcePolicy, start: Instant, end: Instant) -> int:
    """Guesses from one source address, at any members."""
    failures: Counter[int] = Counter()
    now = start
    while now < end:
        window = now // policy.window
        while not (wait := policy.wait(failures[window - 1], failures[window], now)):
            failures[window] += 1
        now = Instant(now + wait)
    return failures.total()
