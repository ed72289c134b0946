"""The best attackers who have, or had, known browsers of a member."""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.sessions.pin_counter import PinCounter, PinLimits
from member_access.sessions.records import KnownBrowser
from member_access.sessions.sign_ins import MOST_BROWSERS, SignIns
from member_access.throttling.counters import decide
from member_access.throttling.policy import SECONDS_PER_DAY, Attempts, Wait
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Iterable

    from member_access.settings import PinSettings


_UNKNOWN = b"\xff" * 16
"""The digest of a browser that no member knows."""


class Ways:
    """The ways to guess at one member's PIN: each known browser, and all unknown ones together.

    Args:
        settings: the limits.
        browsers: the digests of the attacker's browsers.
        sign_ins: the member's, at the present credential; only the browsers that they list are known.
    """

    def __init__(self, settings: PinSettings, browsers: Iterable[bytes], sign_ins: SignIns) -> None:
        self._limits = PinLimits(settings.attempt_policy, settings.known_browsers_policy)
        self._sign_ins = sign_ins
        known = {browser.digest for browser in sign_ins.browsers}
        self._ways = [*sorted(known.intersection(browsers)), _UNKNOWN]

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
                while isinstance(counted := decide(at := self._counter(way, now), at.credential_version, now), tuple):
                    guesses += 1
                    states = tuple(one._replace(failures=0) if forgiven else one for one in counted)
                    self._sign_ins = at.written(states).read
                waits.append(counted.seconds if isinstance(counted, Wait) else SECONDS_PER_DAY - now % SECONDS_PER_DAY)
            now = Instant(now + min(waits))
        return guesses

    def _counter(self, digest: bytes, now: Instant) -> PinCounter:
        return PinCounter("", self._sign_ins, self._sign_ins.credential_version, digest, now, self._limits)


def at_a_new_pin(settings: PinSettings, sign_ins_before: int, start: Instant, end: Instant) -> int:
    """Count the guesses at a new PIN by someone who had the one before.

    They have signed in with it in as many browsers as they like. The new PIN forgets all of them, so that the counter
    that everyone shares is the only way left.
    """
    browsers = [_digest(number) for number in range(sign_ins_before)]
    return Ways(settings, browsers, _known(browsers, start).at(2)).most_guesses(start, end)


def in_known_browsers(settings: PinSettings, start: Instant, end: Instant, *, forgiven: bool = False) -> int:
    """Count the guesses at the present PIN by someone who uses all browsers known by it, and unknown ones.

    More cookies do not help: a member has ten known browsers at most.
    """
    browsers = [_digest(number) for number in range(2 * MOST_BROWSERS)]
    return Ways(settings, browsers, _known(browsers, start)).most_guesses(start, end, forgiven=forgiven)


def _known(browsers: Iterable[bytes], now: Instant) -> SignIns:
    sign_ins = SignIns(revision=1, credential_version=1)
    for one in browsers:
        sign_ins = sign_ins.with_browser(KnownBrowser(one, now, now, Attempts(credential_version=1)))
    return sign_ins


def _digest(number: int) -> bytes:
    return number.to_bytes(16, "big")
