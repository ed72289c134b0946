"""Forgotten PIN: ``POST /reset`` asks for a one-time code, by e-mail or by letter.

One read: the member, the codes already asked for, the wrong tries, the source. Every request is claimed for its source,
for letters cost money. The message goes into its queue before the request is written (see ``outbox``): four hops, the
same for an unknown identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, CodeRequested, CodeRequestRefused
from member_access.members.store import UNKNOWN_MEMBER
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.letter_job_item import LetterRequest
from member_access.outbox.outbox import Outbox, new_request_id
from member_access.platform.aws import TransactionCancelled, concurrently, retrying, transact
from member_access.recovery.codes import Channel
from member_access.recovery.policy import Issue, TooSoon, UnderWay, are_void, channel_of
from member_access.recovery.store import put_reset, reset_key
from member_access.throttling.guard import TooManyAttempts

if TYPE_CHECKING:
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.throttling.sources import Scarce, Sources
    from reset.context import ContextReader, ResetContext
    from reset.contract import CodeRequest
    from reset.settings import ResetSettings

# Each conflict means that another request for the same identifier went through, which limits this one.
_MAX_CONFLICTS = 3


@dataclass(frozen=True)
class RequestFlow:
    """Answers ``POST /reset``."""

    runtime: Runtime
    settings: ResetSettings
    pseudonyms: Pseudonyms
    reader: ContextReader
    sources: Sources
    emails: Outbox[EmailRequest]
    letters: Outbox[LetterRequest]
    audit: AuditTrail

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def request(self, request: Request[CodeRequest]) -> Response:
        """Send a code, or say that one is under way.

        Raises:
            TooManyAttempts: codes were asked for too often, of this identifier or from this source.
            Unavailable: AWS did not answer; nothing is sent.
        """
        context = self.reader.read(request, request.body.identifier)
        source = context.guess.source
        if source and (wait := self.sources.wait(source)):
            raise self._refused(context, "source", wait)
        channel = self._channel(context, request.body)
        verdict = self._decide(context, channel)
        if isinstance(verdict, TooSoon):
            raise self._refused(context, "requests", verdict.seconds)
        if source and (wait := self.sources.claim(source, *_scarce(channel, verdict))):
            raise self._refused(context, "source", wait)
        self._carry_out(context, channel, verdict)
        self.audit.record(CodeRequested(who=context.who, channel=channel, sent=isinstance(verdict, Issue)))
        return Response(
            {
                "channel": channel.value,
                "expires_in": verdict.code.expires_at - context.now,
                "resend_after": verdict.resend_after,
            }
        )

    def _channel(self, context: ResetContext, wanted: CodeRequest) -> Channel:
        member = context.member
        return channel_of(
            wanted.channel,
            is_member=member is not None,
            has_email=member is not None and member.email is not None,
            decoy_share=self.settings.email_share_percent,
            decoy_draw=int(self.pseudonyms.of("channel", wanted.identifier), 16) % 100,
        )

    def _decide(self, context: ResetContext, channel: Channel) -> Issue | UnderWay | TooSoon:
        return self.settings.reset_policy.request(
            context.reset,
            channel,
            new_request_id(self.runtime.random_bytes),
            context.now,
            voided=are_void(context.reset, context.guess.counters[0].seen, self.settings.code_policy, context.now),
        )

    def _refused(self, context: ResetContext, limit: Literal["source", "requests"], wait: int) -> TooManyAttempts:
        self.audit.record(CodeRequestRefused(who=context.who, limit=limit, retry_after=wait))
        return TooManyAttempts(retry_after=wait)

    def _carry_out(self, context: ResetContext, channel: Channel, verdict: Issue | UnderWay) -> None:
        """Send a code, or nothing.

        Raises:
            TransactionCancelled: another request came first; its message, if any, is of no effect.
        """
        if isinstance(verdict, Issue):
            transact(self.runtime.clients.dynamodb, self._enqueue(context, channel, verdict))

    def _enqueue(self, context: ResetContext, channel: Channel, issue: Issue) -> list[Write]:
        code, subject, member, now = issue.code, context.who.subject, context.member, context.now
        record = put_reset(self.settings.access_table, reset_key(subject), context.reset, issue.reset, now)
        identifier = member.identifier if member else UNKNOWN_MEMBER
        has_email = member is not None and member.email is not None
        if channel is Channel.EMAIL:
            email = EmailRequest(code.request_id, EmailKind.RESET_CODE, identifier, subject, now, code.expires_at)
            return [record, self.emails.enqueue(email, is_wanted=has_email)]
        notice_id = new_request_id(self.runtime.random_bytes)
        notice = EmailRequest(notice_id, EmailKind.LETTER_REQUESTED, identifier, subject, now, code.expires_at)
        letter = LetterRequest.with_code(code, identifier, subject, self.settings.letter_post_within_seconds)
        sent = concurrently(
            self.runtime.executor,
            lambda: self.letters.enqueue(letter, is_wanted=member is not None),
            lambda: self.emails.enqueue(notice, is_wanted=has_email),
        )
        return [record, *sent]


def _scarce(channel: Channel, verdict: Issue | UnderWay) -> tuple[Scarce, ...]:
    # A letter is announced by e-mail.
    if isinstance(verdict, UnderWay):
        return ()
    return ("emails", "letters") if channel is Channel.LETTER else ("emails",)
