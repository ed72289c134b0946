"""The limits of codes, as pure functions.

A code by e-mail belongs to the browser that asked for it, so several may be open at once. A member has at most one code
by letter: a new one voids the older; while a letter is under way, another request for one sends nothing. The code of an
invitation is one by letter, even if an e-mail carries it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, NewType

from member_access.recovery.codes import Channel
from member_access.values.types import Instant

if TYPE_CHECKING:
    from member_access.recovery.codes import RequestId

_DAY = 86_400
_MONTH = 30 * _DAY

KnownBrowserId = NewType("KnownBrowserId", str)
"""Stands for one known browser of a member."""


class IssuedCode(NamedTuple):
    """A requested code that is not used yet."""

    request_id: RequestId
    requested_at: Instant
    expires_at: Instant


class EmailAsked(NamedTuple):
    """A request for a code by e-mail.

    Attributes:
        at: the moment of the request.
        asker: the known browser that asked; None for all others, who count together as strangers.
    """

    at: Instant
    asker: KnownBrowserId | None


class Reset(NamedTuple):
    """The stored state of one identifier's requests.

    Attributes:
        letter: the code sent by letter, if one is open.
        emails: the requests for codes by e-mail, within the last day.
        letters: when codes were requested by letter, within the last thirty days.
        revision: grows by one with every write, which is conditional on the revision read.
    """

    letter: IssuedCode | None = None
    emails: tuple[EmailAsked, ...] = ()
    letters: tuple[Instant, ...] = ()
    revision: int = 0

    @property
    def next_revision(self) -> Reset:
        """The same requests, after a write that counts none."""
        return self._replace(revision=self.revision + 1)


class Issue(NamedTuple):
    """The decision to send ``code`` and to write ``reset``, which counts its request."""

    reset: Reset
    code: IssuedCode
    resend_after: int


class UnderWay(NamedTuple):
    """The decision to send nothing: a letter is under way, and its code stays valid."""

    code: IssuedCode
    resend_after: int


class TooSoon(NamedTuple):
    """The decision to send nothing before ``seconds`` have passed."""

    seconds: int


class ResetPolicy(NamedTuple):
    """The limits of codes. Durations are in seconds.

    Attributes:
        email_code: the validity of a code by e-mail (ASVS 5.0 6.5.5: ten minutes).
        email_tries: tries at one code by e-mail; then it is void.
        email_interval: between two e-mails of one asker.
        emails_a_day: of one known browser, or of all strangers together, in any 24 hours.
        emails_a_day_in_all: of all askers together, in any 24 hours.
        letter_code: the validity of a code by letter, from its request (NIST SP 800-63B-4 §4.2.1.2: 21 days).
        letter_interval: between two letters.
        letters_a_month: in any thirty days.
    """

    email_code: int
    email_tries: int
    email_interval: int
    emails_a_day: int
    emails_a_day_in_all: int
    letter_code: int
    letter_interval: int
    letters_a_month: int

    def request(
        self, seen: Reset, channel: Channel, request_id: RequestId, now: Instant, asker: KnownBrowserId | None
    ) -> Issue | UnderWay | TooSoon:
        """Decide on a request for a code.

        Args:
            seen: the state of the identifier's requests.
            channel: how the code would be sent.
            request_id: names the code if one is sent.
            now: the moment of the request.
            asker: the known browser that asks; None for a stranger. Letters have one limit for all askers.
        """
        current = seen._replace(
            emails=tuple(one for one in seen.emails if one.at > now - _DAY),
            letters=tuple(moment for moment in seen.letters if moment > now - _MONTH),
            revision=seen.revision + 1,
        )
        if channel is Channel.EMAIL:
            return self._email(current, request_id, now, asker)
        return self._letter(current, request_id, now)

    def invite(self, seen: Reset, channel: Channel, request_id: RequestId, now: Instant) -> Issue | UnderWay | TooSoon:
        """Decide on an invitation: a code that is good in any browser and as long as that of a letter.

        By letter it is a request like any other. By e-mail it counts as none: a member who never reads it can ask for
        a letter at once, which voids it. A letter that is under way keeps its code.
        """
        if channel is Channel.LETTER:
            return self.request(seen, channel, request_id, now, None)
        if (
            seen.letter
            and now < seen.letter.requested_at + self.letter_interval
            and seen.letter.requested_at in seen.letters
        ):
            return UnderWay(seen.letter, seen.letter.requested_at + self.letter_interval - now)
        code = IssuedCode(request_id, now, Instant(now + self.letter_code))
        return Issue(seen._replace(letter=code, revision=seen.revision + 1), code, 0)

    def _email(
        self, current: Reset, request_id: RequestId, now: Instant, asker: KnownBrowserId | None
    ) -> Issue | TooSoon:
        of_asker = tuple(one.at for one in current.emails if one.asker == asker)
        of_all = tuple(one.at for one in current.emails)
        wait = max(
            _wait(of_asker, self.email_interval, self.emails_a_day, _DAY, now),
            _wait(of_all, 0, self.emails_a_day_in_all, _DAY, now),
        )
        code = IssuedCode(request_id, now, Instant(now + self.email_code))
        counted = current._replace(emails=(*current.emails, EmailAsked(now, asker)))
        return TooSoon(wait) if wait else Issue(counted, code, self.email_interval)

    def _letter(self, current: Reset, request_id: RequestId, now: Instant) -> Issue | UnderWay | TooSoon:
        wait = _wait(current.letters, self.letter_interval, self.letters_a_month, _MONTH, now)
        if wait and current.letter and now < current.letter.requested_at + self.letter_interval:
            return UnderWay(current.letter, wait)
        code = IssuedCode(request_id, now, Instant(now + self.letter_code))
        issued = current._replace(letter=code, letters=(*current.letters, now))
        return TooSoon(wait) if wait else Issue(issued, code, self.letter_interval)


def _wait(moments: tuple[Instant, ...], interval: int, most: int, window: int, now: Instant) -> int:
    """Return the seconds until the interval has passed and the window holds fewer than ``most`` requests."""
    after_last = moments[-1] + interval - now if moments else 0
    after_most = moments[-most] + window - now if len(moments) >= most else 0
    return max(after_last, after_most, 0)


def channel_of(
    wanted: Channel | None, *, is_member: bool, has_email: bool, decoy_share: int, decoy_draw: int
) -> Channel:
    """Choose the channel of a code; for an unknown identifier, the one that the response names.

    Args:
        wanted: ``LETTER`` for members who can no longer read their e-mail.
        is_member: whether the identifier is a member's.
        has_email: whether the member has an e-mail address that works.
        decoy_share: for unknown identifiers, the percentage of e-mails: the members' own.
        decoy_draw: 0 to 99, the same each time for one identifier.
    """
    if wanted is Channel.LETTER:
        return Channel.LETTER
    by_email = has_email if is_member else decoy_draw < decoy_share
    return Channel.EMAIL if by_email else Channel.LETTER
