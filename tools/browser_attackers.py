"""The best attackers who have, or had, known browsers of a member."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from member_access.throttling.counters import Counter, decide
from member_access.throttling.policy import SECONDS_PER_DAY, Attempts, Wait
from member_access.throttling.sign_ins import MOST_BROWSERS, SignIns
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from member_access.settings import PinSettings

_ANYONE, _OVER_ALL = "anyone", "over all known browsers"


class Ways:
    """The ways to guess at one member's PIN: each known browser, and all unknown ones together.

    Args:
        settings: the limits.
        browsers: the digests of the attacker's browsers.
        sign_ins: the member's, at the present credential; only the browsers that they list are known.
    """

    def __init__(self, settings: PinSettings, browsers: Iterable[bytes], sign_ins: SignIns) -> None:
        self._version = sign_ins.attempts.credential_version
        counters = {
            _ANYONE: settings.attempt_policy,
            _OVER_ALL: settings.known_browsers_policy,
            **{one.hex(): settings.attempt_policy for one in sign_ins.browsers},
        }
        self._counters = {key: Counter(key, Attempts(), policy) for key, policy in counters.items()}
        known = {(one.hex(), _OVER_ALL) for one in browsers if one in sign_ins.browsers}
        self._ways = [*sorted(known), (_ANYONE,)]

    def most_guesses(self, start: Instant, end: Instant, *, forgiven: bool = False) -> int:
        """Count the guesses in every way, each as soon as it is allowed.

        No order gives more: a guess in one way makes no other wait, and the counter over all known browsers only
        counts. The attacker waits for the day's end where no guess is allowed, because a year is counted by days.

        Args:
            start: when the first guess is made.
            end: when the attack is over.
            forgiven: after each guess the member succeeds in every browser, which resets all consecutive failures.
        """
        now, guesses = start, 0
        while now < end:
            waits = []
            for way in self._ways:
                while isinstance(counted := self._decide(way, now), tuple):
                    guesses += 1
                    for key, attempts in zip(way, counted, strict=True):
                        self._see(key, replace(attempts, failures=0) if forgiven else attempts)
                waits.append(counted.seconds if isinstance(counted, Wait) else SECONDS_PER_DAY - now % SECONDS_PER_DAY)
            now = Instant(now + min(waits))
        return guesses

    def _decide(self, way: tuple[str, ...], now: Instant) -> object:
        return decide(tuple(self._counters[key] for key in way), self._version, now)

    def _see(self, key: str, attempts: Attempts) -> None:
        self._counters[key] = replace(self._counters[key], seen=attempts)


def at_a_new_pin(settings: PinSettings, sign_ins_before: int, start: Instant, end: Instant) -> int:
    """Count the guesses at a new PIN by someone who had the one before.

    They have signed in with it in as many browsers as they like. The new PIN forgets all of them, so that the counter
    that everyone shares is the only way left.
    """
    browsers = [_digest(number) for number in range(sign_ins_before)]
    return Ways(settings, browsers, _known(browsers).at(1)).most_guesses(start, end)


def in_known_browsers(settings: PinSettings, start: Instant, end: Instant, *, forgiven: bool = False) -> int:
    """Count the guesses at the present PIN by someone who uses all browsers known by it, and unknown ones.

    More cookies do not help: a member has ten known browsers at most.
    """
    browsers = [_digest(number) for number in range(2 * MOST_BROWSERS)]
    return Ways(settings, browsers, _known(browsers)).most_guesses(start, end, forgiven=forgiven)


def _known(browsers: Iterable[bytes]) -> SignIns:
    sign_ins = SignIns()
    for one in browsers:
        sign_ins = sign_ins.with_browser(one)
    return sign_ins


def _digest(number: int) -> bytes:
    return number.to_bytes(32, "big")
