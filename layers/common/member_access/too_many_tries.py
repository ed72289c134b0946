"""The notice that wrong PINs have used up every try (OWASP ASVS 5.0 6.3.5: suspicious attempts).

A guess counts as failed until it succeeds, so the e-mail is part of the write that counts the last guess, before the
PIN is looked at; a right PIN deletes it with its success. No crash loses the notice, and only one guess is the last.
Members who have no address or no PIN, and unknown identifiers, get a decoy in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from member_access.members.store import credential_of
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.outbox import Outbox, RequestQueue, new_request_id

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.members.pseudonyms import Pseudonym
    from member_access.members.store import Member
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.values.types import Identifier, Instant


_DELAY_SECONDS = 15
"""Longer than the functions run that verify PINs, ten seconds: by then a right PIN has deleted its notice."""


@dataclass(frozen=True)
class TooManyTries:
    """Announces the notices.

    Attributes:
        emails: the e-mails to come.
        random_bytes: source of randomness.
    """

    emails: Outbox[EmailRequest]
    random_bytes: Callable[[int], bytes]

    @classmethod
    def of(cls, runtime: Runtime, access_table: str, queue_url: str) -> Self:
        """Put them together."""
        queue = RequestQueue(runtime.clients.sqs, queue_url)
        return cls(Outbox[EmailRequest](queue, access_table), runtime.random_bytes)

    def announce(
        self, identifier: Identifier, subject: Pseudonym, member: Member | None, now: Instant, *, is_known: bool
    ) -> Write:
        """Announce the notice of a last guess, or a decoy of the same size.

        Args:
            identifier: as it was typed.
            subject: stands for it.
            member: the member, if there is one.
            now: the moment of the guess.
            is_known: whether it is made in a known browser.

        Raises:
            Unavailable: SQS did not answer; the guess must not be counted, and so not be looked at.
        """
        email = EmailRequest.notice(
            new_request_id(self.random_bytes),
            EmailKind.TOO_MANY_TRIES_KNOWN if is_known else EmailKind.TOO_MANY_TRIES,
            identifier,
            subject,
            now,
        )
        is_wanted = credential_of(member).working_hash is not None and member is not None and member.email is not None
        return self.emails.enqueue(email, is_wanted=is_wanted, delay_seconds=_DELAY_SECONDS)
