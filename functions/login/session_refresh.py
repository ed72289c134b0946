"""The calls of a session: ``POST /login/refresh`` and ``POST /logout``.

A refresh reads the item of the member's sign-ins; then, at once, it replaces the session's token there, reads whether
the member still has the credential that opened the session, and lets KMS sign the access token. A new PIN ends sessions
in the same item; the read of the member ends those of a member who was removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from login.contract import SessionExpired
from member_access.api.cookies import SESSION_COOKIE, expired_cookie, host_cookie
from member_access.api.router import NoBody, Request, Response
from member_access.audit import Who
from member_access.audit_events.sign_ins import SessionEnded, SessionRefreshed
from member_access.errors import InvalidValue
from member_access.platform.aws import concurrently
from member_access.sessions.policy import End, RefreshToken, Rotate, session_digest

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from member_access.audit import AuditTrail
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Members
    from member_access.sessions.access_tokens import AccessTokens
    from member_access.sessions.policy import Session, TokenParts
    from member_access.sessions.sign_ins import SignIns
    from member_access.sessions.store import Sessions
    from member_access.values.types import Instant


@dataclass(frozen=True)
class SessionFlow:
    """Answers ``POST /login/refresh`` and ``POST /logout``."""

    now: Callable[[], Instant]
    pseudonyms: Pseudonyms
    members: Members
    sessions: Sessions
    tokens: AccessTokens
    audit: AuditTrail
    executor: Executor

    def refresh(self, request: Request[NoBody]) -> Response:
        """Issue a new access token and replace the refresh token.

        Raises:
            SessionExpired: the session has ended.
            Unavailable: AWS did not answer.
        """
        presented = _presented(request)
        if presented is None:
            raise SessionExpired
        now, seen = self.now(), self.sessions.read(presented.whose)
        session, verdict = (
            seen.session(session_digest(presented.session_id)),
            self.sessions.decide(seen, presented, now),
        )
        if session is None:
            raise SessionExpired
        if isinstance(verdict, End):
            raise self._ended(seen, presented, request, verdict.reason.value)
        verdict, access_token, version = concurrently(
            self.executor,
            lambda: self.sessions.rotate(seen, presented, now),
            lambda: self.tokens.issue(session, now),
            lambda: self.members.credential_version(session.identifier),
        )
        if verdict is None:
            raise SessionExpired
        if isinstance(verdict, End):
            raise self._ended(seen, presented, request, verdict.reason.value)
        if version != seen.credential_version:
            raise self._ended(seen, presented, request, "pin-changed")
        repeated = not isinstance(verdict, Rotate) or verdict.is_resumed
        self.audit.record(SessionRefreshed(who=self._who(session, request), repeated=repeated))
        return Response(
            body=self.tokens.response(access_token),
            cookies=(host_cookie(SESSION_COOKIE, verdict.token),),
        )

    def sign_out(self, request: Request[NoBody]) -> Response:
        """End the session, if there is one.

        Raises:
            Unavailable: AWS did not answer; the session may still exist.
        """
        presented = _presented(request)
        if presented:
            self._end(self.sessions.read(presented.whose), presented, request, "signed-out")
        return Response(cookies=(expired_cookie(SESSION_COOKIE),))

    def _ended(
        self,
        seen: SignIns,
        presented: TokenParts,
        request: Request[NoBody],
        reason: Literal["idle", "longest", "reuse", "pin-changed"],
    ) -> SessionExpired:
        self._end(seen, presented, request, reason)
        return SessionExpired()

    def _end(
        self,
        seen: SignIns,
        presented: TokenParts,
        request: Request[NoBody],
        reason: Literal["idle", "longest", "reuse", "pin-changed", "signed-out"],
    ) -> None:
        if session := self.sessions.end(seen, presented, self.now()):
            self.audit.record(SessionEnded(who=self._who(session, request), reason=reason))

    def _who(self, session: Session, request: Request[NoBody]) -> Who:
        return Who.of(self.pseudonyms, session.identifier, request.source, session.identifier)


def _presented(request: Request[NoBody]) -> TokenParts | None:
    sent = request.cookies.get(SESSION_COOKIE)
    if sent is None:
        return None
    try:
        return RefreshToken(sent.reveal()).parts()
    except InvalidValue:
        return None
