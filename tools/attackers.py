"""The best attackers that the limits allow: each guesses as soon as the policy allows it, and counts its guesses.

The functions decide with the same policies: nothing is repeated here. Where an attacker has a choice, the docstring
says why no other choice gives more guesses.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.recovery.codes import Channel, RequestId
from member_access.recovery.policy import Issue, KnownBrowserId, Reset, TooSoon
from member_access.sessions.sign_ins import MOST_BROWSERS
from member_access.throttling.policy import SECONDS_PER_DAY, Attempts, Claimed, Disabled, Wait
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.recovery.policy import ResetPolicy
    from member_access.throttling.policy import Policy

_MIDNIGHT = Instant(20_000 * SECONDS_PER_DAY)
# Some limits follow the calendar day or a fixed window, so an attacker gains one more by an attack that lies across its
# end: from just before, or from noon if a day's worth takes hours.
_STARTS = (_MIDNIGHT, Instant(_MIDNIGHT - 1), Instant(_MIDNIGHT - SECONDS_PER_DAY // 2))
_REQUEST = RequestId("")
_ALL_ASKERS = (None, *(KnownBrowserId(str(number)) for number in range(MOST_BROWSERS)))


def most_guesses(attack: Callable[[Instant, Instant], int], seconds: int) -> int:
    """Count the guesses of an attack of this duration that starts at the best moment."""
    return max(attack(start, Instant(start + seconds)) for start in _STARTS)


def at_counter(policy: Policy, start: Instant, end: Instant, *, forgiven: bool = False) -> int:
    """Count the guesses at one counter, each made as soon as it is allowed.

    Waiting longer never allows more. Where no guess is allowed, the attacker waits for the day's end, because a year
    is counted by days.

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
                seen = attempts._replace(failures=0) if forgiven else attempts
            case Wait(seconds):
                now = Instant(now + seconds)
            case Disabled():
                now = _midnight_after(now)
    return guesses


def at_pins_that_are_reset(pins: Policy, resets: ResetPolicy, start: Instant, end: Instant) -> int:
    """Count the guesses at a member who sets a new PIN by e-mail as soon as the current one is disabled.

    The member requests codes wherever that is allowed, in unknown browsers and in all known ones.
    """
    seen, reset, version, now, guesses = Attempts(), Reset(), 0, start, 0
    while now < end:
        match pins.decide(seen, version, now):
            case Claimed(attempts):
                guesses, seen = guesses + 1, attempts
            case Wait(seconds):
                now = Instant(now + seconds)
            case Disabled():
                match _request(resets, reset, now, _ALL_ASKERS):
                    case Issue(issued):
                        reset, version = issued, version + 1
                    case TooSoon(seconds):
                        now = Instant(now + seconds)
    return guesses


def at_emailed_codes(resets: ResetPolicy, start: Instant, end: Instant, *, known_browsers: bool = False) -> int:
    """Count the guesses at one member's codes by e-mail.

    The attacker requests a code as soon as allowed, and tries it in their own browser until it is void: the codes of
    other browsers take no try of theirs, and no code takes more.

    Args:
        resets: the limits of codes.
        start: when the first code is requested.
        end: when the attack is over.
        known_browsers: whether the attacker is in all known browsers of the member, beside unknown ones.
    """
    reset, now, guesses = Reset(), start, 0
    while now < end:
        match _request(resets, reset, now, _ALL_ASKERS if known_browsers else (None,)):
            case Issue(issued):
                reset, guesses = issued, guesses + resets.email_tries
            case TooSoon(seconds):
                now = Instant(now + seconds)
    return guesses


def _request(
    resets: ResetPolicy, reset: Reset, now: Instant, askers: tuple[KnownBrowserId | None, ...]
) -> Issue | TooSoon:
    """Request a code by e-mail in the first browser where it is granted."""
    waits = []
    for asker in askers:
        verdict = resets.request(reset, Channel.EMAIL, _REQUEST, now, asker)
        if isinstance(verdict, Issue):
            return verdict
        if isinstance(verdict, TooSoon):
            waits.append(verdict.seconds)
    return TooSoon(min(waits))


def _midnight_after(now: Instant) -> Instant:
    return Instant((now // SECONDS_PER_DAY + 1) * SECONDS_PER_DAY)
