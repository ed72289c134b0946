"""The table of lock-outs: each way in, played by a stranger who wants the member out."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from member_access.recovery.codes import Channel
from member_access.recovery.policy import KnownBrowserId
from member_access.throttling.policy import DAYS_PER_YEAR, SECONDS_PER_DAY
from tools.limits import Guesses, Limits
from tools.lockout import AtCounter, AtLetter, AtRequests, AtSource, Outcome, outcome
from tools.numbers import table
from tools.source_attackers import Spray, from_network

if TYPE_CHECKING:
    from tools.lockout import Siege

_ADDRESSES = 1_000
_MEMBERS = 1_000_000
_KNOWN = KnownBrowserId("known")


@dataclass(frozen=True)
class LockOut:
    """One line of the table.

    Attributes:
        way: what the member wants, and where.
        outcome: how the siege goes.
        remedy: what the member can do then.
        claims: the requests of this kind that one address has in a year; 0 where all members behind it are kept out.
    """

    way: str
    outcome: Outcome
    remedy: str
    claims: int

    def members(self, addresses: int) -> int:
        """Return how many members are kept out at the same time, in the long run."""
        return min(addresses * self.claims // self.outcome.a_year, _MEMBERS)


def lock_outs(limits: Limits) -> list[LockOut]:
    """Play a stranger at each way in."""
    pins, resets = limits.login.attempt_policy, limits.reset.reset_policy
    searches, ibans = limits.identifier.identity_policy, limits.identifier.iban_policy
    source = limits.login.source_policy
    spray = partial(from_network, source, 0)
    guesses, emails = (Guesses.of(partial(spray, one)).a_year for one in (Spray(), Spray(0)))
    tries_of_ibans = Guesses.of(partial(spray, Spray(ibans.a_day))).a_year
    letters = source.a_day["letters"][0] * DAYS_PER_YEAR

    def row(way: str, siege: Siege, remedy: str, claims: int) -> LockOut:
        return LockOut(way, outcome(siege), remedy, claims)

    by_email = partial(AtRequests, resets, Channel.EMAIL)
    letter = AtLetter(resets, Channel.LETTER, delivery=resets.letter_interval - SECONDS_PER_DAY)
    later = outcome(letter)
    at_once = replace(later, seconds=0 if letter.works_for >= SECONDS_PER_DAY else math.inf)
    within = f"a letter that came within {letter.delivery // SECONDS_PER_DAY} days"
    return [
        row("sign in, unknown browser", AtCounter(pins), "a new PIN by code", guesses),
        row("sign in, known browser", AtCounter(pins, shared=False), "", guesses),
        row("get a code by e-mail, unknown browser", by_email(), "a known browser, or a letter", emails),
        row("get a code by e-mail, known browser", by_email(_KNOWN), "", emails),
        row("ask for a letter", AtRequests(resets, Channel.LETTER), "the letter before: its code works", letters),
        LockOut(f"use {within}, on that day", at_once, "", letters),
        LockOut(f"use {within}, on a later day", later, "the next letter, which is under way", letters),
        row("search for the identifier, unknown browser", AtCounter(searches), "a known browser", emails),
        row("search for the identifier, known browser", AtCounter(searches, shared=False), "", emails),
        row("type the end of the IBAN", AtCounter(ibans), "the insurer's helpline", tries_of_ibans),
        row("do any of this behind the stranger's address", AtSource(source.windows[0]), "another address", 0),
    ]


def lock_out_table(limits: Limits) -> str:
    """Write the table."""
    columns = [
        "the member wants to",
        "and is kept out",
        "what helps",
        ">requests on the first day",
        ">in a year",
        ">members, from one address",
        f">from {_ADDRESSES:,}",
    ]
    return table(columns, [_cells(one) for one in lock_outs(limits)])


def duration(seconds: float) -> str:
    """Write a duration in the largest unit that fits."""
    if math.isinf(seconds):
        return "as long as the stranger goes on"
    for unit, length in (("days", SECONDS_PER_DAY), ("hours", 3600), ("minutes", 60)):
        if seconds >= length:
            count = math.ceil(seconds / length)
            return f"for {count} {unit if count > 1 else unit.removesuffix('s')}"
    return f"for {seconds:.0f} seconds" if seconds else "never"


def _cells(one: LockOut) -> list[str]:
    requests = [f"{count:,}" for count in (one.outcome.first_day, one.outcome.a_year)]
    members = [f"{one.members(addresses):,}" if one.claims else "all there" for addresses in (1, _ADDRESSES)]
    costs = [*requests, *members] if one.outcome.seconds else ["–"] * 4
    return [one.way, duration(one.outcome.seconds), one.remedy or "–", *costs]
