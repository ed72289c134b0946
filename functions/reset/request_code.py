"""Forgotten PIN: ``POST /reset`` asks for a one-time code, by e-mail or by letter.

One read: the member, the requests before, the browser, the source. Every request is claimed for its source, for letters
cost money. The message goes into its queue before the request is written (see ``outbox``): four hops, the same for an
unknown identifier. Every answer has a new handle in a cookie; a code by e-mail is good only beside its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from member_access.api.cookies import RESET_COOKIE, host_cookie
from member_access.api.router import Request, Response
from member_access.audit_events.codes import CodeRequested, CodeRequestRefused
from member_access.members.store import UNKNOWN_MEMBER
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.letter_job_item import LetterRequest
from member_access.outbox.outbox import Outbox, new_request_id
from member_access.platform.aws import TransactionCancelled, concurrently, retrying, transact
from member_access.recovery.codes import Channel
from member_access.recovery.emailed_codes import EmailedCode, ResetHandle
from member_access.recovery.policy import Issue, TooSoon, UnderWay, channel_of
from member_access.recovery.store import put_reset, reset_key
from member_access.throttling.guard import TooManyAttempts

if TYPE_CHECKING:
    from member_access.audit import AuditTrail
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.recovery.emailed_codes import EmailedCodes
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
    emailed: EmailedCodes
    code_emails: Outbox[EmailRequest]
    notices: Outbox[EmailRequest]
    letters: Outbox[LetterRequest]
    audit: AuditTrail

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def request(self, request: Request[CodeRequest]) -> Response:
        """Send a code, or say that one is under way.

        Raises:
            TooManyAttempts: codes were asked for too often, of this identifier or from this source.
            Unavailable: AWS did not answer, or other requests kept coming first; nothing is sent.
        """
        context = self.reader.read(request, request.body.identifier)
        channel = self._channel(context, request.body)
        source = context.limited_source(channel)
        if source and (wait := self.sources.wait(source)):
            raise self._refused(context, "source", wait)
        verdict = self._decide(context, channel)
        if isinstance(verdict, TooSoon):
            raise self._refused(context, "requests", verdict.seconds)
        if source and (wait := self.sources.claim(source, *_scarce(channel, verdict))):
            raise self._refused(context, "source", wait)
        handle = ResetHandle.new(self.runtime.random_bytes)
        if isinstance(verdict, Issue):
            transact(self.runtime.clients.dynamodb, self._enqueue(context, channel, verdict, handle))
        self.audit.record(CodeRequested(who=context.who, channel=channel, sent=isinstance(verdict, Issue)))
        return Response(
            {
                "channel": channel.value,
                "expires_in": verdict.code.expires_at - context.now,
                "resend_after": verdict.resend_after,
            },
            # Of one life for all: a letter's answer looks like that of an e-mail, though its code needs no handle.
            (host_cookie(RESET_COOKIE, handle, self.settings.email_code_seconds),),
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
        request_id = new_request_id(self.runtime.random_bytes)
        return self.settings.reset_policy.request(context.reset, channel, request_id, context.now, context.asker)

    def _refused(self, context: ResetContext, limit: Literal["source", "requests"], wait: int) -> TooManyAttempts:
        self.audit.record(CodeRequestRefused(who=context.who, limit=limit, retry_after=wait))
        return TooManyAttempts(retry_after=wait)

    def _enqueue(self, context: ResetContext, channel: Channel, issue: Issue, handle: ResetHandle) -> list[Write]:
        code, subject, member, now = issue.code, context.who.subject, context.member, context.now
        access = self.settings.access_table
        record = put_reset(access, reset_key(subject), context.reset, issue.reset, now)
        identifier = member.identifier if member else UNKNOWN_MEMBER
        has_email = member is not None and member.email is not None
        if channel is Channel.EMAIL:
            emailed = EmailedCode(subject, code.request_id, context.credential_version, code.expires_at)
            kind, key = EmailKind.RESET_CODE, handle.key
            email = EmailRequest(code.request_id, kind, identifier, subject, now, code.expires_at, key)
            sent = self.code_emails.enqueue(email, is_wanted=has_email)
            return [record, self.emailed.put_code(handle, emailed), sent]
        notice_id = new_request_id(self.runtime.random_bytes)
        notice = EmailRequest(notice_id, EmailKind.LETTER_REQUESTED, identifier, subject, now, code.expires_at)
        letter = LetterRequest.with_code(code, identifier, subject, self.settings.letter_post_within_seconds)
        announced = concurrently(
            self.runtime.executor,
            lambda: self.letters.enqueue(letter, is_wanted=member is not None),
            lambda: self.notices.enqueue(notice, is_wanted=has_email),
        )
        return [record, *announced]


def _scarce(channel: Channel, verdict: Issue | UnderWay) -> tuple[Scarce, ...]:
    # A letter is announced by e-mail.
    if isinstance(verdict, UnderWay):
        return ()
    return ("emails", "letters") if channel is Channel.LETTER else ("emails",)
