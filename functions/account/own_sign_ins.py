"""A member's own sessions and browsers: ``/sessions``, ``/devices`` and ``/account``.

Each ending is one write to the item of the member's sign-ins, on condition of its revision. An id that is not the
member's is none: the answer is the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from account.contract import AccountAnswer, DeviceAnswer, DevicesAnswer, SessionAnswer, SessionsAnswer
from member_access.api.callers_browser import CallersBrowser
from member_access.api.cookies import SESSION_COOKIE, expired_cookie
from member_access.api.moments import rfc_3339
from member_access.api.router import NoBody, Request, Response
from member_access.audit_events.sign_ins import BrowserForgotten, SessionEnded
from member_access.sessions.item import change_sign_ins
from member_access.sessions.sign_ins import known_until

if TYPE_CHECKING:
    from collections.abc import Callable

    from account.settings import AccountSettings
    from member_access.audit import AuditTrail
    from member_access.callers import Caller, Callers
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.platform.runtime import Runtime
    from member_access.sessions.sign_ins import SignIns


@dataclass(frozen=True)
class OwnSignInsFlow:
    """Answers the calls of a member about their sessions and browsers."""

    runtime: Runtime
    settings: AccountSettings
    pseudonyms: Pseudonyms
    callers: Callers
    audit: AuditTrail

    def sessions(self, request: Request[NoBody]) -> Response:
        """List the member's sessions.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            Unavailable: AWS did not answer.
        """
        caller, policy = self.callers.of(request), self.settings.session_policy
        answer = SessionsAnswer(
            sessions=[
                SessionAnswer(
                    id=one.sid,
                    since=rfc_3339(one.started_at),
                    last_used_at=rfc_3339(one.rotated_at),
                    browser=one.family.product,
                    system=one.family.system,
                    is_present=one.digest == caller.session.digest,
                )
                for one in reversed(caller.sign_ins.sessions)
                if caller.now < one.ends_at(policy)
            ]
        )
        return Response(answer.model_dump(mode="json"))

    def end_session(self, request: Request[NoBody]) -> Response:
        """End one session.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            Unavailable: AWS did not answer; the session may still exist.
        """
        caller, sid = self.callers.of(request), request.path["id"]

        def without(stored: SignIns) -> SignIns | None:
            session = stored.session_named(sid)
            return stored.without_session(session.digest) if session else None

        if self._change(caller, without):
            self.audit.record(SessionEnded(who=caller.who, reason="by-member"))
        return Response()

    def end_sessions(self, request: Request[NoBody]) -> Response:
        """End all sessions; browsers stay known.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            Unavailable: AWS did not answer; the sessions may still exist.
        """
        caller = self.callers.of(request)
        self._change(caller, lambda stored: stored.with_sessions(()))
        for _ in caller.sign_ins.sessions:
            self.audit.record(SessionEnded(who=caller.who, reason="by-member"))
        return Response(cookies=(expired_cookie(SESSION_COOKIE),))

    def devices(self, request: Request[NoBody]) -> Response:
        """List the member's known browsers.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            Unavailable: AWS did not answer.
        """
        caller = self.callers.of(request)
        identifier, random_bytes = caller.member.identifier, self.runtime.random_bytes
        present = CallersBrowser.of(request, self.pseudonyms, caller.who.subject, identifier, random_bytes)
        answer = DevicesAnswer(
            devices=[
                DeviceAnswer(
                    id=one.public_id,
                    since=rfc_3339(one.since),
                    last_used_at=rfc_3339(one.used_at),
                    browser=one.family.product,
                    system=one.family.system,
                    is_present=one.digest == present.token.digest,
                )
                for one in reversed(caller.sign_ins.browsers)
                if caller.now < known_until(one)
            ]
        )
        return Response(answer.model_dump(mode="json"))

    def forget_device(self, request: Request[NoBody]) -> Response:
        """Forget a browser: guesses there count as a stranger's from then on.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            Unavailable: AWS did not answer; the browser may still be known.
        """
        caller, forgotten = self.callers.of(request), request.path["id"]

        def without(stored: SignIns) -> SignIns | None:
            left = tuple(one for one in stored.browsers if one.public_id != forgotten)
            return stored.with_browsers(left) if len(left) < len(stored.browsers) else None

        if self._change(caller, without):
            self.audit.record(BrowserForgotten(who=caller.who))
        return Response()

    def account(self, request: Request[NoBody]) -> Response:
        """Say whether e-mails reach the member.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            Unavailable: AWS did not answer.
        """
        caller = self.callers.of(request)
        state = "works" if caller.member.email else caller.email_state or "none"
        return Response(AccountAnswer.model_validate({"email": state}).model_dump(mode="json"))

    def _change(self, caller: Caller, change: Callable[[SignIns], SignIns | None]) -> bool:
        """Change the sign-ins of the caller's credential; return whether anything was written.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first.
        """
        version = caller.member.credential.version

        def changed(stored: SignIns) -> SignIns | None:
            return change(stored) if stored.credential_version == version else None

        dynamodb, access = self.runtime.clients.dynamodb, self.settings.access_table
        return change_sign_ins(dynamodb, access, caller.key, caller.sign_ins, changed, caller.now)
