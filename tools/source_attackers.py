"""The best attackers at any members from one network: an IPv4 address, or an IPv6 network."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.throttling.policy import SECONDS_PER_DAY
from member_access.values.types import Instant

if TYPE_CHECKING:
    from member_access.throttling.sources import SlidingWindow, SourcePolicy


@dataclass(frozen=True)
class Spray:
    """What guesses at a secret cost a source. Each guess and each request is a claim.

    Attributes:
        tries: guesses after one request that uses up an e-mail; None where no request is needed, 0 where the request
            is the guess.
    """

    tries: int | None = None


def from_network(policy: SourcePolicy, network: int, spray: Spray, start: Instant, end: Instant) -> int:
    """Count the guesses from one network, from all addresses in it and by any number of parallel requests.

    The attacker makes all claims of a window in its last second, when the window before counts least. No window holds
    more claims than its limit, so neither another order nor more parallel requests give more guesses. Where a request
    is needed, each is followed by all its tries.

    Args:
        policy: the limits of a source.
        network: the place of the network's width among the limits: 0 for IPv4 and /64, 1 for /56, 2 for /48.
        spray: what a guess costs.
        start: when the attack begins.
        end: when the attack is over.
    """
    window, emails_a_day = policy.windows[network], policy.a_day["emails"][network]
    emails: Counter[int] = Counter()
    claims = guesses = tries = 0
    for number in range(start // window.seconds, (end - 1) // window.seconds + 1):
        now = Instant(min((number + 1) * window.seconds, end) - 1)
        allowed = window.allowance(claims, now)
        if spray.tries is None:
            claims, guesses = allowed, guesses + allowed
            continue
        claims, day = 0, now // SECONDS_PER_DAY
        while claims < allowed and (tries or emails[day] < emails_a_day):
            claims += 1
            if tries:
                tries, guesses = tries - 1, guesses + 1
            else:
                emails[day] += 1
                tries, guesses = spray.tries, guesses + (spray.tries == 0)
    return guesses


def when_a_window_ends(window: SlidingWindow) -> int:
    """Count the guesses of one moment, around the end of a window.

    Half of the requests read the claims just before the end and half just after it, all before any claim is written:
    the later ones do not see that the window before is full.
    """
    end = window.seconds
    return window.allowance(0, Instant(end - 1)) + window.allowance(0, Instant(end))
