"""Forgotten PINs: which code may be requested when, as pure functions.

A member has at most one code of each channel. A new one voids the older of its channel; a letter under way stays
good, and asking for it again sends nothing.
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
    """A code that was requested and not used yet."""

    request_id: RequestId
    requested_at: Instant
    expires_at: Instant


@dataclass(frozen=True)
class Reset:
    """What is known of one identifier's codes.

    Attributes:
        email: the code sent by e-mail, if one is open.
        letter: the code sent by letter, if one is open.
        emails: when codes were requested by e-mail, within the last day.
        letters: when codes were requested by letter, within the last thirty days.
        generation: grows when wrong tries have voided the codes; wrong tries belong to a generation.
        revision: grows by one with every write; a write is conditional on the revision it was decided on.
    """

    email: IssuedCode | None = None
    letter: IssuedCode | None = None
    emails: tuple[Instant, ...] = ()
    letters: tuple[Instant, ...] = ()
    generation: int = 0
    revision: int = 0

    @property
    def open_codes(self) -> Mapping[Channel, IssuedCode]:
        """The codes by channel, expired ones among them."""
        codes = {Channel.EMAIL: self.email, Channel.LETTER: self.letter}
        return {channel: code for channel, code in codes.items() if code}


@dataclass(frozen=True)
class Issue:
    """A code is sent; ``reset`` is what must be written, with ``code`` in it."""

    reset: Reset
    code: IssuedCode
    resend_after: int


@dataclass(frozen=True)
class UnderWay:
    """A letter is under way already: nothing is sent, and its code stays good."""

    code: IssuedCode
    resend_after: int


@dataclass(frozen=True)
class TooSoon:
    """Nothing is sent before ``seconds`` have passed."""

    seconds: int


@dataclass(frozen=True)
class ResetPolicy:
    """How codes are limited. Durations are in seconds.

    Attributes:
        email_code: how long a code by e-mail works (ASVS 5.0 6.5.5: ten minutes).
        email_interval: between two e-mails.
        emails_a_day: in any 24 hours.
        letter_code: how long a code by letter works, from its request (NIST SP 800-63B-4 §4.2.1.2: 21 days).
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
        """What a request for a code leads to.

        Args:
            seen: what is known of the identifier's codes.
            channel: how the code would be sent.
            request_id: names the code if one is sent.
            now: the moment of the request.
            voided: whether wrong tries have voided the codes there are.
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
    """Seconds until another request is allowed: after the interval, and when fewer than the most are in the window."""
    after_last = moments[-1] + interval - now if moments else 0
    after_most = moments[-most] + window - now if len(moments) >= most else 0
    return max(after_last, after_most, 0)


def continued(seen: Reset, tries: Attempts) -> Reset:
    """A reset in the generation that it is in, even when its item was swept up in between.

    The tries are kept for longer. Begun anew at none, a later generation would find tries that are older and newer at
    once: they would void nothing and be refused nothing, and no right code would be taken until they are swept up too.
    """
    return replace(seen, generation=max(seen.generation, tries.credential_version))


def are_void(seen: Reset, tries: Attempts, policy: Policy, now: Instant) -> bool:
    """Whether wrong tries have voided the codes there are: tries at those before do not count."""
    return tries.credential_version == seen.generation and isinstance(policy.consequence(tries, now), Disabled)


def channel_of(
    wanted: Channel | None, *, is_member: bool, has_email: bool, decoy_share: int, decoy_draw: int
) -> Channel:
    """How the code goes, or would go.

    Args:
        wanted: ``LETTER`` for who no longer has the mailbox.
        is_member: whether the identifier is a member's.
        has_email: whether the member has an e-mail address that works.
        decoy_share: for identifiers that nobody has, the share of e-mails in a hundred: the members' own.
        decoy_draw: 0 to 99, the same each time for one identifier.
    """
    if wanted is Channel.LETTER:
        return Channel.LETTER
    by_email = has_email if is_member else decoy_draw < decoy_share
    return Channel.EMAIL if by_email else Channel.LETTER
