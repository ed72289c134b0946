"""The limits of requests for codes, as pure functions.

A member has at most one code of each channel. A new one voids the older of its channel; a letter under way stays
valid, and another request for it sends nothing.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from member_access.recovery.codes import Channel, RequestId
from member_access.throttling.policy import Disabled
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.throttling.policy import Attempts, Policy

_DAY = 86_400
_MONTH = 30 * _DAY


@dataclass(frozen=True)
class IssuedCode:
    """A requested code that is not used yet."""

    request_id: RequestId
    requested_at: Instant
    expires_at: Instant


@dataclass(frozen=True)
class Reset:
    """The stored state of one identifier's codes.

    Attributes:
        email: the code sent by e-mail, if one is open.
        letter: the code sent by letter, if one is open.
        emails: when codes were requested by e-mail, within the last day.
        letters: when codes were requested by letter, within the last thirty days.
        generation: grows when wrong guesses have voided the codes; wrong guesses belong to a generation.
        revision: grows by one with every write, which is conditional on the revision read.
    """

    email: IssuedCode | None = None
    letter: IssuedCode | None = None
    emails: tuple[Instant, ...] = ()
    letters: tuple[Instant, ...] = ()
    generation: int = 0
    revision: int = 0

    @property
    def open_codes(self) -> Mapping[Channel, IssuedCode]:
        """The codes by channel, including expired ones."""
        codes = {Channel.EMAIL: self.email, Channel.LETTER: self.letter}
        return {channel: code for channel, code in codes.items() if code}


@dataclass(frozen=True)
class Issue:
    """The decision to send ``code`` and to write ``reset``, which contains it."""

    reset: Reset
    code: IssuedCode
    resend_after: int


@dataclass(frozen=True)
class UnderWay:
    """The decision to send nothing: a letter is under way, and its code stays valid."""

    code: IssuedCode
    resend_after: int


@dataclass(frozen=True)
class TooSoon:
    """The decision to send nothing before ``seconds`` have passed."""

    seconds: int


@dataclass(frozen=True)
class ResetPolicy:
    """The limits of codes. Durations are in seconds.

    Attributes:
        email_code: the validity of a code by e-mail (ASVS 5.0 6.5.5: ten minutes).
        email_interval: between two e-mails.
        emails_a_day: in any 24 hours.
        letter_code: the validity of a code by letter, from its request (NIST SP 800-63B-4 §4.2.1.2: 21 days).
        letter_interval: between two letters.
        letters_a_month: in any thirty days.
    """

    email_code: int
    email_interval: int
    emails_a_day: int
    letter_code: int
    letter_interval: int
    letters_a_month: int

    def request(
        self, seen: Reset, channel: Channel, request_id: RequestId, now: Instant, *, voided: bool
    ) -> Issue | UnderWay | TooSoon:
        """Decide on a request for a code.

        Args:
            seen: the state of the identifier's codes.
            channel: how the code would be sent.
            request_id: names the code if one is sent.
            now: the moment of the request.
            voided: whether wrong guesses have voided the present codes.
        """
        current = self._current(seen, now, voided=voided)
        if channel is Channel.EMAIL:
            wait = _wait(current.emails, self.email_interval, self.emails_a_day, _DAY, now)
            code = IssuedCode(request_id, now, Instant(now + self.email_code))
            issued = replace(current, email=code, emails=(*current.emails, now))
            return TooSoon(wait) if wait else Issue(issued, code, self.email_interval)
        wait = _wait(current.letters, self.letter_interval, self.letters_a_month, _MONTH, now)
        if wait and current.letter and now < current.letter.requested_at + self.letter_interval:
            return UnderWay(current.letter, wait)
        code = IssuedCode(request_id, now, Instant(now + self.letter_code))
        issued = replace(current, letter=code, letters=(*current.letters, now))
        return TooSoon(wait) if wait else Issue(issued, code, self.letter_interval)

    def _current(self, seen: Reset, now: Instant, *, voided: bool) -> Reset:
        current = replace(
            seen,
            emails=tuple(moment for moment in seen.emails if moment > now - _DAY),
            letters=tuple(moment for moment in seen.letters if moment > now - _MONTH),
            revision=seen.revision + 1,
        )
        if not voided:
            return current
        return replace(current, email=None, letter=None, generation=seen.generation + 1)


def _wait(moments: tuple[Instant, ...], interval: int, most: int, window: int, now: Instant) -> int:
    """Return the seconds until the interval has passed and the window holds fewer than ``most`` requests."""
    after_last = moments[-1] + interval - now if moments else 0
    after_most = moments[-most] + window - now if len(moments) >= most else 0
    return max(after_last, after_most, 0)


def continued(seen: Reset, guesses: Attempts) -> Reset:
    """Return a reset in its present generation, even if DynamoDB has deleted the expired item.

    The counter of guesses lives longer. If a reset began again at generation 0, the counter would seem older and newer
    at once: its guesses would void nothing, and no correct code would be accepted until the counter expires too.
    """
    if guesses.credential_version <= seen.generation:
        return seen
    return replace(seen, generation=guesses.credential_version)


def are_void(seen: Reset, guesses: Attempts, policy: Policy, now: Instant) -> bool:
    """Return whether wrong guesses have voided the present codes; guesses at earlier codes do not count."""
    return guesses.credential_version == seen.generation and isinstance(policy.consequence(guesses, now), Disabled)


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
