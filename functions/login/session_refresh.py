"""The calls of a session: ``POST /login/refresh`` and ``POST /logout``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from login.contract import SessionExpired
from member_access.api.cookies import SESSION_COOKIE, expired_cookie, host_cookie
from member_access.api.router import NoBody, Request, Response
from member_access.audit import Who
from member_access.audit_events.sign_ins import SessionEnded, SessionRefreshed
from member_access.errors import InvalidValue
from member_access.platform.aws import concurrently, retrying
from member_access.sessions.policy import End, RefreshToken, Repeat, Rotate, refresh, session_id_hash
from member_access.sessions.store import CREDENTIAL_CHANGED

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from member_access.audit import AuditTrail
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Members
    from member_access.sessions.access_tokens import AccessToken, AccessTokens
    from member_access.sessions.policy import Session
    from member_access.sessions.store import CredentialChanged, Sessions
    from member_access.values.types import Instant

# Each conflict means that another refresh came first; reading the session again decides about this one.
_MAX_CONFLICTS = 5


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

    @retrying(_MAX_CONFLICTS)
    def refresh(self, request: Request[NoBody]) -> Response:
        """Issue a new access token and replace the refresh token.

        Raises:
            SessionExpired: the session has ended.
            Unavailable: AWS did not answer.
        """
        presented = _presented(request)
        session = self.sessions.find(session_id_hash(presented)) if presented else None
        if presented is None or session is None:
            raise SessionExpired
        now = self.now()
        verdict = refresh(session, presented, self.sessions.policy, now)
        if isinstance(verdict, End):
            raise self._ended(session, request, verdict.reason.value)
        changed, access_token = self._continue(session, verdict, now)
        if changed is CREDENTIAL_CHANGED:
            raise self._ended(session, request, "pin-changed")
        repeated = isinstance(verdict, Repeat) or verdict.is_resumed
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
        session = self.sessions.end(session_id_hash(presented)) if presented else None
        if session:
            self.audit.record(SessionEnded(who=self._who(session, request), reason="signed-out"))
        return Response(cookies=(expired_cookie(SESSION_COOKIE),))

    def _continue(
        self, session: Session, verdict: Rotate | Repeat, now: Instant
    ) -> tuple[CredentialChanged | None, AccessToken]:
        credential_check = self.members.check_credential(session.identifier, session.credential_version)
        return concurrently(
            self.executor,
            lambda: (
                self.sessions.rotate(session, verdict.session, credential_check)
                if isinstance(verdict, Rotate)
                else self.sessions.confirm(session, credential_check)
            ),
            lambda: self.tokens.issue(session.identifier, session.started_at, now),
        )

    def _ended(
        self,
        session: Session,
        request: Request[NoBody],
        reason: Literal["idle", "longest", "reuse", "pin-changed"],
    ) -> SessionExpired:
        self.sessions.end(session.id_hash)
        self.audit.record(SessionEnded(who=self._who(session, request), reason=reason))
        return SessionExpired()

    def _who(self, session: Session, request: Request[NoBody]) -> Who:
        return Who.of(self.pseudonyms, session.identifier, request.source, session.identifier)


def _presented(request: Request[NoBody]) -> RefreshToken | None:
    sent = request.cookies.get(SESSION_COOKIE)
    if sent is None:
        return None
    token = RefreshToken(sent.reveal())
    try:
        token.parts()
    except InvalidValue:
        return None
    return token
