"""The sign-ins of an identifier: guesses at its PIN, and what the PIN has earned. Pure, without the table.

What a credential has earned ends with the credential: all of it belongs to one version, so a new PIN ends every session
and forgets every browser but the one that set it. One counter is for strangers, each known browser has its own, and one
runs over all known browsers, because an attacker who had the PIN once has as many browsers as they like.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from member_access.sessions.browsers import REMEMBERED_SECONDS
from member_access.sessions.records import (
    KnownBrowser,
    find_browser,
    pack_browsers,
    pack_sessions,
    unpack_browsers,
    unpack_sessions,
)
from member_access.throttling.policy import Attempts
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from member_access.sessions.policy import Session, SessionPolicy

MOST_BROWSERS: Final = 10
"""Known browsers of a member; one more, and the oldest is forgotten."""

MOST_SESSIONS: Final = 10
"""Sessions of a member; one more, and the oldest ends."""

THREE_BROWSERS: Final = pack_browsers([KnownBrowser(bytes(16), Instant(0), Instant(0), Attempts())] * 3)
"""Searched where there are none, so that an unknown identifier takes no less time than a member."""

NOTICE_SECONDS: Final = 86_400
"""At most one notice of a new browser goes out in this time: some browsers forget their cookies at each exit."""


class SignIns(NamedTuple):
    """What is counted for an identifier, and what the present credential of its member has earned.

    Attributes:
        revision: grows with every write; 0 if there is no item.
        credential_version: the version of the credential that everything here belongs to.
        identifier: of the member; empty until a PIN was right or was set, so no text that someone typed is kept.
        strangers: counts guesses in browsers that are not known.
        together: counts guesses in all known browsers.
        packed_browsers: the known browsers, the one that signed in last at the end.
        packed_sessions: the sessions, the newest at the end.
        session_secrets: their hashes and chain keys, apart, because operators read the rest.
        noticed_at: when the member last got a notice of a new browser; 0 if never with this credential.
    """

    revision: int = 0
    credential_version: int = 0
    identifier: Identifier = Identifier()
    strangers: Attempts = Attempts()
    together: Attempts = Attempts()
    packed_browsers: bytes = b""
    packed_sessions: bytes = b""
    session_secrets: bytes = b""
    noticed_at: Instant = Instant(0)

    def __repr__(self) -> str:
        """Leave out what the credential has earned, above all the secrets of its sessions."""
        return f"SignIns(revision={self.revision}, credential_version={self.credential_version})"

    @property
    def browsers(self) -> tuple[KnownBrowser, ...]:
        """The known browsers, the one that signed in last at the end."""
        return unpack_browsers(self.packed_browsers, self.credential_version)

    @property
    def sessions(self) -> tuple[Session, ...]:
        """The sessions, the newest at the end; some may be over."""
        return unpack_sessions(self.packed_sessions, self.session_secrets, self.identifier)

    def at(self, credential_version: int) -> SignIns:
        """Return the sign-ins of this version: none of an earlier one, those of a later one as they are."""
        # Without a branch: a member's first guess would take less time than that of an unknown identifier.
        fresh = Attempts(credential_version=credential_version)
        none = SignIns(self.revision, credential_version, strangers=fresh, together=fresh)
        return none if self.credential_version < credential_version or not self.revision else self

    def known_browser(self, digest: bytes, now: Instant) -> KnownBrowser | None:
        """Return the browser of this digest, if it is known and has not expired."""
        found = find_browser(self.packed_browsers or THREE_BROWSERS, digest, self.credential_version)
        return found if self.packed_browsers and found and now < known_until(found) else None

    def session(self, digest: bytes) -> Session | None:
        """Return the session of this digest."""
        return next((one for one in self.sessions if one.digest == digest), None)

    def session_named(self, sid: str) -> Session | None:
        """Return the session that tokens name by this ``sid``."""
        return next((one for one in self.sessions if one.sid == sid), None)

    def may_notice(self, now: Instant) -> bool:
        """Return whether a notice of a new browser may go out again."""
        return now >= self.noticed_at + NOTICE_SECONDS

    def with_browser(self, browser: KnownBrowser) -> SignIns:
        """Add or replace a browser, as the one that signed in last; forget the oldest of too many."""
        others = [one for one in self.browsers if one.digest != browser.digest]
        return self.with_browsers((*others, browser)[-MOST_BROWSERS:])

    def with_attempts(self, browser: KnownBrowser) -> SignIns:
        """Replace a known browser at its place."""
        return self.with_browsers(tuple(browser if one.digest == browser.digest else one for one in self.browsers))

    def with_browsers(self, browsers: tuple[KnownBrowser, ...]) -> SignIns:
        """Replace the known browsers."""
        return self._replace(packed_browsers=pack_browsers(browsers))

    def with_session(self, session: Session, policy: SessionPolicy, now: Instant) -> SignIns:
        """Add a session; leave out those that are over, and the oldest of too many."""
        running = [one for one in self.sessions if now < one.ends_at(policy)]
        return self.with_sessions((*running, session)[-MOST_SESSIONS:])

    def with_rotated(self, rotated: Session) -> SignIns:
        """Replace the session of the same digest."""
        return self.with_sessions(tuple(rotated if one.digest == rotated.digest else one for one in self.sessions))

    def without_session(self, digest: bytes) -> SignIns:
        """End a session."""
        return self.with_sessions(tuple(one for one in self.sessions if one.digest != digest))

    def with_sessions(self, sessions: tuple[Session, ...]) -> SignIns:
        """Replace the sessions."""
        shown, secrets = pack_sessions(sessions)
        return self._replace(packed_sessions=shown, session_secrets=secrets)


def known_until(browser: KnownBrowser) -> Instant:
    """Return until when a browser is known without a further attempt."""
    return Instant(max(browser.used_at, browser.attempts.last_attempt_at) + REMEMBERED_SECONDS)
