"""Bounces and complaints: reports of Amazon SES, through SNS and a queue.

Whose e-mail it was follows from our tag. The flow marks an address that bounced itself, or whose owner reported spam;
the member then gets letters instead. A code that has not arrived is replaced with a letter at once, whether or not its
address is marked: a copy that bounces after forwarding, or an e-mail that SES rejects, says nothing of the address.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emails.feedback import Returned, Unneeded, read_report
from emails.letter_instead import CODES
from emails.store import NoEmail
from member_access.audit import About, AuditTrail
from member_access.audit_events.emails import EmailBounced, EmailComplained, EmailUndelivered
from member_access.errors import NotYet
from member_access.members.store import Members, member_from_item, member_key
from member_access.platform.aws import batch_get
from member_access.values.email_address import EmailState

if TYPE_CHECKING:
    from emails.letter_instead import LetterInstead
    from emails.settings import BounceSettings
    from emails.store import EmailStore
    from member_access.audit_events.emails import EmailReturned
    from member_access.outbox.email_item import EmailRequest
    from member_access.outbox.worker import QueuedMessage
    from member_access.platform.runtime import Runtime

# After this time, a report on an unknown e-mail is not about one of this service.
_UNKNOWN_SECONDS = 300


@dataclass(frozen=True)
class BounceFlow:
    """Handles one report."""

    runtime: Runtime
    settings: BounceSettings
    members: Members
    emails: EmailStore
    letters: LetterInstead
    audit: AuditTrail

    def handle(self, message: QueuedMessage) -> None:
        """Handle one report; a repeated one changes nothing.

        Raises:
            NotYet: the e-mail is not stored yet.
            InvalidValue: the report does not have the form of SES.
            Unavailable: AWS did not answer.
        """
        report = read_report(message.body)
        if isinstance(report, Unneeded):
            self.runtime.logger.info("email.report-unneeded", extra={"event": report.event})
            return
        request = self.emails.read(report.request_id)
        if isinstance(request, NoEmail):
            if self.runtime.now() < message.sent_at + _UNKNOWN_SECONDS:
                raise NotYet("the e-mail of this report is not stored")
            self.runtime.logger.warning("email.report-of-unknown", extra={"event": report.why})
            return
        self._returned(request, report)

    def _returned(self, request: EmailRequest, report: Returned) -> None:
        now = self.runtime.now()
        table, key = self.members.table, member_key(request.identifier)
        found = batch_get(self.runtime.clients.dynamodb, {table: [key]})
        member = member_from_item(found.get((table, key)), now)
        marked = False
        # A member with another address by now can ask again. If one is marked already, the report is about that one.
        if member is not None and (member.email is None or report.was_sent_to(member.email)):
            if request.kind in CODES and report.is_lost:
                may_have_arrived = member.email is not None and report.may_have_arrived(member.email)
                self.letters.request(request, now, may_have_arrived=may_have_arrived)
            if member.email is not None and report.state is not None and report.is_about(member.email):
                marked = self.members.mark_email(request.identifier, member.email, report.state, now)
        self.audit.record(_event(request, report, marked=marked))


def _event(request: EmailRequest, report: Returned, *, marked: bool) -> EmailReturned:
    who = About(subject=request.subject, member=request.identifier)
    kind = {EmailState.BOUNCED: EmailBounced, EmailState.COMPLAINED: EmailComplained, None: EmailUndelivered}
    event = kind[report.state]
    return event(who=who, request_id=request.request_id, kind=request.kind, marked=marked, why=report.why)
