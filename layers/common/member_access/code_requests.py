"""Sends a one-time code to a member whose requests were read: for a forgotten PIN, and for one that a member disables.

Every request is claimed for its source, for letters cost money. The message goes into its queue before the request is
written (see ``outbox``). Every request has a new handle for the caller's browser; a code by e-mail is good only beside
its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

from member_access.api.cookies import RESET_COOKIE, host_cookie
from member_access.audit_events.codes import CodeRequested, CodeRequestRefused
from member_access.members.store import UNKNOWN_MEMBER, credential_of
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.letter_job_item import LetterRequest
from member_access.outbox.outbox import Outbox, RequestQueue, new_request_id
from member_access.platform.aws import concurrently, transact
from member_access.recovery.codes import Channel
from member_access.recovery.emailed_codes import EmailedCode, EmailedCodes, ResetHandle
from member_access.recovery.policy import Issue, KnownBrowserId, TooSoon, UnderWay
from member_access.recovery.store import put_reset, reset_key
from member_access.throttling.guard import TooManyAttempts

if TYPE_CHECKING:
    from typing import Self

    from aws_lambda_powertools.shared.cookies import Cookie

    from member_access.audit import AuditTrail, Who
    from member_access.members.store import Member
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.recovery.policy import Reset
    from member_access.sessions.records import KnownBrowser
    from member_access.settings.codes import CodeRequestSettings
    from member_access.throttling.sources import Scarce, SeenSource, Sources
    from member_access.values.types import Instant


class ResetContext(NamedTuple):
    """The state of an identifier, and of the caller.

    Attributes:
        who: whom the audit trail names.
        member: the member, if there is one.
        reset: the requests before.
        browser: the caller's, if the member knows it.
        source: the caller's.
        now: the moment of the call.
    """

    who: Who
    member: Member | None
    reset: Reset
    browser: KnownBrowser | None
    source: SeenSource
    now: Instant

    @property
    def credential_version(self) -> int:
        """The member's; that of no credential for an unknown identifier."""
        return credential_of(self.member).version

    @property
    def asker(self) -> KnownBrowserId | None:
        """The browser whose own limit of requests applies; None for a stranger."""
        return KnownBrowserId(self.browser.digest.hex()) if self.browser else None

    def limited_source(self, channel: Channel) -> SeenSource | None:
        """Return the source whose limits apply.

        None for codes by e-mail in a known browser, which have limits of their own: a stranger behind the same address
        must not keep the member from a code. Nothing else limits guesses at a letter's code, and letters cost money.
        """
        return None if self.browser and channel is Channel.EMAIL else self.source


class RequestedCode(NamedTuple):
    """A code that was sent, or is under way by letter.

    Attributes:
        channel: how it reaches the member.
        expires_in: seconds before it expires.
        resend_after: seconds before another can be requested.
        handle: what the caller's browser keeps of the request.
    """

    channel: Channel
    expires_in: int
    resend_after: int
    handle: ResetHandle

    def cookie(self, seconds: int) -> Cookie:
        """Return the cookie with the handle.

        Args:
            seconds: how long it lives, the same for all: a letter's answer looks like that of an e-mail, though its
                code needs no handle.
        """
        return host_cookie(RESET_COOKIE, self.handle, seconds)


@dataclass(frozen=True)
class CodeRequests:
    """Decides on requests for codes, and sends them."""

    runtime: Runtime
    settings: CodeRequestSettings
    sources: Sources
    emailed: EmailedCodes
    code_emails: Outbox[EmailRequest]
    notices: Outbox[EmailRequest]
    letters: Outbox[LetterRequest]
    audit: AuditTrail

    @classmethod
    def of(cls, runtime: Runtime, settings: CodeRequestSettings, sources: Sources, audit: AuditTrail) -> Self:
        """Put the requests of a function together."""
        sqs, access = runtime.clients.sqs, settings.access_table
        return cls(
            runtime,
            settings,
            sources,
            EmailedCodes(runtime.clients.dynamodb, access, settings.code_tries),
            Outbox[EmailRequest](RequestQueue(sqs, settings.code_emails_queue_url), access),
            Outbox[EmailRequest](RequestQueue(sqs, settings.emails_queue_url), access),
            Outbox[LetterRequest](RequestQueue(sqs, settings.letters_queue_url), access),
            audit,
        )

    def request(self, context: ResetContext, channel: Channel) -> RequestedCode:
        """Send a code, or say that one is under way.

        Raises:
            TooManyAttempts: codes were asked for too often, of this identifier or from this source.
            TransactionCancelled: another request for the identifier came first; nothing is sent.
            Unavailable: AWS did not answer; nothing is sent.
        """
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
        return RequestedCode(channel, verdict.code.expires_at - context.now, verdict.resend_after, handle)

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
