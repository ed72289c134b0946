"""The notice of a first sign-in from a new browser: at most one a day, to members who have an e-mail address.

The message goes into its queue before the sign-in is written, the e-mail is part of that write: a notice is never lost,
and two sign-ins at once send one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.outbox import Outbox, RequestQueue, new_request_id

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from member_access.pin_verification import VerifiedPin
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.sessions.sign_ins import SignIns
    from member_access.values.types import Instant


@dataclass(frozen=True)
class Notice:
    """A notice that is announced; ``put`` writes it.

    Attributes:
        put: belongs into the transaction of the sign-in.
        now: the moment of the sign-in.
    """

    put: Write
    now: Instant

    def claimed(self, sign_ins: SignIns) -> SignIns:
        """Claim the notice of the day, unless another sign-in has it."""
        return sign_ins._replace(noticed_at=self.now) if sign_ins.may_notice(self.now) else sign_ins

    def writes(self, seen: SignIns, new: SignIns) -> Sequence[Write]:
        """Return the write of the e-mail, if this change of the sign-ins has claimed the notice."""
        return [self.put] if new.noticed_at != seen.noticed_at else []


@dataclass(frozen=True)
class NewBrowserNotices:
    """Announces notices.

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

    def announce(self, verified: VerifiedPin) -> Notice:
        """Announce a notice to a member whose PIN was right in a new browser.

        Raises:
            Unavailable: SQS did not answer.
        """
        attempt, now = verified.attempt, verified.attempt.guess.now
        email = EmailRequest.notice(
            new_request_id(self.random_bytes),
            EmailKind.NEW_BROWSER,
            verified.member.identifier,
            attempt.who.subject,
            now,
            browser=attempt.browser.family,
        )
        return Notice(self.emails.enqueue(email, is_wanted=True), now)
