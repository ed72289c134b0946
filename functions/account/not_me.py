"""``POST /account/not-me``, for a member whose space someone else has opened.

First one transaction, all or nothing: the PIN is disabled under the next credential version, and the member's sign-ins
start again without a session, without a browser, and with a counter that allows no guess, so every sign-in is refused
as after too many failures. Codes by e-mail and reset tokens of before belong to the earlier version, so they are void.
Only then a code for a new PIN is sent, as ``POST /reset`` does; if that fails, the PIN stays disabled.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from account.contract import NotMeDone
from member_access.api.callers_browser import CallersBrowser
from member_access.api.cookies import SESSION_COOKIE, expired_cookie
from member_access.api.router import NoBody, Request, Response
from member_access.audit_events.codes import PinDisabledByMember
from member_access.code_requests import ResetContext
from member_access.errors import Unavailable, describe
from member_access.members.store import Credential
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.outbox import new_request_id
from member_access.platform.aws import TransactionCancelled, batch_get, retrying, transact
from member_access.recovery.codes import Channel
from member_access.recovery.store import reset_from_item, reset_key
from member_access.sessions.item import restart_sign_ins
from member_access.sessions.sign_ins import SignIns
from member_access.throttling.guard import TooManyAttempts
from member_access.throttling.policy import disabled

if TYPE_CHECKING:
    from aws_lambda_powertools.shared.cookies import Cookie

    from account.settings import AccountSettings
    from member_access.audit import AuditTrail
    from member_access.callers import Caller, Callers
    from member_access.code_requests import CodeRequests, RequestedCode
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Members
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.sessions.records import KnownBrowser

_MAX_CONFLICTS: Final = 3


@dataclass(frozen=True)
class NotMeFlow:
    """Answers ``POST /account/not-me``."""

    runtime: Runtime
    settings: AccountSettings
    pseudonyms: Pseudonyms
    callers: Callers
    members: Members
    requests: CodeRequests
    audit: AuditTrail

    def not_me(self, request: Request[NoBody]) -> Response:
        """Disable the PIN, end every session, forget every browser, and send a code.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            Unavailable: AWS did not answer, so the PIN may still work.
        """
        caller = self._disable(request)
        over = expired_cookie(SESSION_COOKIE)
        try:
            sent = self._send_code(caller, request)
        except TooManyAttempts as refused:
            return _done(NotMeDone(resend_after=refused.retry_after or 0), over)
        except Unavailable as error:
            self.runtime.logger.warning("not-me.no-code", extra=describe(error))
            return _done(NotMeDone(resend_after=0), over)
        answer = NotMeDone(channel=sent.channel.value, expires_in=sent.expires_in, resend_after=sent.resend_after)
        return _done(answer, sent.cookie(self.settings.email_code_seconds), over)

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def _disable(self, request: Request[NoBody]) -> Caller:
        """Disable the PIN of the caller, and return the caller, with the sign-ins as they were before."""
        caller = self.callers.of(request)
        credential, identifier, now = caller.member.credential, caller.member.identifier, caller.now
        version = credential.next_version(now)
        none = SignIns(credential_version=version, identifier=identifier, strangers=disabled(now, version))
        transact(
            self.runtime.clients.dynamodb,
            [
                self.members.disable_pin(identifier, credential, now),
                restart_sign_ins(self.settings.access_table, caller.key, none, now),
                *self._notice(caller),
            ],
        )
        before = caller.sign_ins
        self.audit.record(
            PinDisabledByMember(who=caller.who, sessions=len(before.sessions), browsers=len(before.browsers))
        )
        return replace(caller, member=caller.member._replace(credential=Credential(None, version)))

    def _notice(self, caller: Caller) -> list[Write]:
        now = caller.now
        notice = EmailRequest.notice(
            new_request_id(self.runtime.random_bytes),
            EmailKind.PIN_DISABLED,
            caller.member.identifier,
            caller.who.subject,
            now,
        )
        try:
            return [self.requests.notices.enqueue(notice, is_wanted=caller.member.email is not None)]
        except Unavailable as error:
            # A queue that fails must not keep the PIN working.
            self.runtime.logger.warning("not-me.no-notice", extra=describe(error))
            return []

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def _send_code(self, caller: Caller, request: Request[NoBody]) -> RequestedCode:
        networks, access, now = self.pseudonyms.of_source(request.source), self.settings.access_table, caller.now
        key, sources = reset_key(caller.who.subject), self.requests.sources
        found = batch_get(self.runtime.clients.dynamodb, {access: [key, *sources.keys(networks, now)]})
        context = ResetContext(
            who=caller.who,
            member=caller.member,
            reset=reset_from_item(found.get((access, key))),
            browser=self._browser(caller, request),
            source=sources.seen(found, networks, now),
            now=now,
        )
        return self.requests.request(context, Channel.EMAIL if caller.member.email else Channel.LETTER)

    def _browser(self, caller: Caller, request: Request[NoBody]) -> KnownBrowser | None:
        """Return the caller's browser if it was known: it has codes of its own, which strangers cannot use up."""
        identifier, random_bytes = caller.member.identifier, self.runtime.random_bytes
        browser = CallersBrowser.of(request, self.pseudonyms, caller.who.subject, identifier, random_bytes)
        return caller.sign_ins.known_browser(browser.token.digest, caller.now)


def _done(answer: NotMeDone, *cookies: Cookie) -> Response:
    return Response(answer.model_dump(mode="json", exclude_none=True), cookies)
