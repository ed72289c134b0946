"""Where a guess at a PIN counts: at the strangers' counter, or at those of a known browser and of all known ones.

All of them stand in the item of the member's sign-ins, so one conditional update claims a guess.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from member_access.sessions.item import replace_sign_ins, sign_ins_from_item
from member_access.sessions.records import KnownBrowser
from member_access.throttling.policy import Attempts, succeeded

if TYPE_CHECKING:
    from member_access.platform.aws import Item, Write
    from member_access.sessions.browser_families import BrowserFamily
    from member_access.sessions.sign_ins import SignIns
    from member_access.throttling.policy import Policy
    from member_access.values.types import Instant


class PinLimits(NamedTuple):
    """What limits guesses at a PIN.

    Attributes:
        of_each: the counter of strangers, and that of each known browser.
        of_known: the counter over all known browsers.
    """

    of_each: Policy
    of_known: Policy


@dataclass(frozen=True)
class PinCounter:
    """The counters of one guess at a PIN.

    Attributes:
        key: the partition key of the sign-ins.
        read: the sign-ins as they were read or written.
        credential_version: the version that is guessed at.
        digest: of the caller's browser.
        now: the moment of the guess.
        limits: what limits it.
    """

    key: str
    read: SignIns
    credential_version: int
    digest: bytes
    now: Instant
    limits: PinLimits

    @cached_property
    def sign_ins(self) -> SignIns:
        """The sign-ins of the credential that is guessed at, or of a later one."""
        return self.read.at(self.credential_version)

    @cached_property
    def browser(self) -> KnownBrowser | None:
        """The caller's browser, if it is known."""
        return self.sign_ins.known_browser(self.digest, self.now)

    @property
    def states(self) -> tuple[Attempts, ...]:
        """The counters that apply; the caller's own comes first."""
        if self.browser is None:
            return (self.sign_ins.strangers,)
        return self.browser.attempts, self.sign_ins.together

    @property
    def policies(self) -> tuple[Policy, ...]:
        """What limits each of them."""
        return (self.limits.of_each,) if self.browser is None else (self.limits.of_each, self.limits.of_known)

    def write(self, table: str, states: tuple[Attempts, ...], now: Instant) -> Write:
        """Write other states, if the sign-ins are still at the revision that was read."""
        return replace_sign_ins(table, self.key, self.read, self._with(states), now)

    def written(self, states: tuple[Attempts, ...]) -> PinCounter:
        """Return the counters after that write."""
        return replace(self, read=self._with(states)._replace(revision=self.read.revision + 1))

    def stored(self, item: Item) -> PinCounter:
        """Return the counters in the stored item; a browser that is known no more counts as a stranger's."""
        return replace(self, read=sign_ins_from_item(item))

    def cleared(self, seen: SignIns) -> SignIns | None:
        """Return sign-ins after a right PIN, or None if another one was set since.

        The guess does not count, and the consecutive failures end where it was claimed.

        Args:
            seen: the sign-ins with the guess in them.
        """
        if seen.credential_version != self.credential_version:
            return None
        if self.browser is None:
            return seen._replace(strangers=succeeded(seen.strangers, self.now))
        browser = seen.known_browser(self.digest, self.now) or self.browser
        own = browser._replace(attempts=succeeded(browser.attempts, self.now))
        return seen._replace(together=succeeded(seen.together, self.now)).with_attempts(own)

    def signed_in(self, seen: SignIns, digest: bytes, family: BrowserFamily) -> SignIns | None:
        """Return sign-ins after a right PIN in a browser that is known from now on, or None if another PIN was set.

        Args:
            seen: the sign-ins with the guess in them.
            digest: of the browser: that of the caller if it is known, else that of its new cookie.
            family: of the browser as it is now; its system may be another than at the last sign-in.
        """
        after = self.cleared(seen)
        if after is None:
            return None
        fresh = KnownBrowser(digest, self.now, self.now, Attempts(credential_version=self.credential_version))
        browser = after.known_browser(digest, self.now) or fresh
        return after.with_browser(browser._replace(used_at=self.now, family=family))

    def _with(self, states: tuple[Attempts, ...]) -> SignIns:
        match self.browser, states:
            case None, (strangers,):
                return self.sign_ins._replace(strangers=strangers)
            case KnownBrowser() as browser, (own, together):
                return self.sign_ins._replace(together=together).with_attempts(browser._replace(attempts=own))
        raise ValueError("as many states as counters")
