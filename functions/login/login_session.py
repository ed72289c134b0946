"""What comes after a sign-in: ``POST /login/refresh`` and ``POST /logout``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from member_access.audit import SessionEnded, SessionRefreshed, Who
from member_access.aws import together
from member_access.cookies import SESSION_COOKIE, expired_cookie, host_cookie
from member_access.errors import Conflict, InvalidValue, SessionExpired, Unavailable
from member_access.http import Answer, NoBody, Request
from member_access.session_store import CREDENTIAL_CHANGED
from member_access.sessions import End, RefreshToken, Repeat, Rotate, refresh, session_id_hash

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Executor

    from member_access.access_tokens import AccessToken, AccessTokens
    from member_access.audit import AuditTrail
    from member_access.members import Members
    from member_access.pseudonyms import Pseudonyms
    from member_access.session_store import CredentialChanged, Sessions
    from member_access.sessions import Session
    from member_access.types import Instant

# Each conflict means that another refresh went through, which makes ours a repetition: one more look settles it.
_MOST_CONFLICTS = 5


@dataclass(frozen=True)
class SessionFlow:
    """Answers for sessions."""

    now: Callable[[], Instant]
    pseudonyms: Pseudonyms
    members: Members
    sessions: Sessions
    tokens: AccessTokens
    audit: AuditTrail
    executor: Executor

    def refresh(self, request: Request[NoBody]) -> Answer:
        """Answer a new access token and replace the refresh token.

        Raises:
            SessionExpired: there is no such session any more.
            Unavailable: AWS did not answer.
        """
        now = self.now()
        presented = _presented(request)
        if presented is None:
            raise SessionExpired
        for _ in range(_MOST_CONFLICTS):
            session = self.sessions.find(session_id_hash(presented))
            if session is None:
                raise SessionExpired
            verdict = refresh(session, presented, self.sessions.policy, now)
            if isinstance(verdict, End):
                raise self._ended(session, request, verdict.reason.value)
            try:
                changed, access_token = self._continue(session, verdict, now)
            except Conflict:
                continue
            if changed is CREDENTIAL_CHANGED:
                raise self._ended(session, request, "pin-changed")
            repeated = isinstance(verdict, Repeat)
            self.audit.record(SessionRefreshed(who=self._who(session, request), repeated=repeated))
            return Answer(
                body=self.tokens.answer(access_token),
                cookies=(host_cookie(SESSION_COOKIE, verdict.token, self.sessions.policy.longest),),
            )
        raise Unavailable("refresh: too many conflicts")

    def sign_out(self, request: Request[NoBody]) -> Answer:
        """End the session, if there is one.

        Raises:
            Unavailable: AWS did not answer; the session may still stand.
        """
        presented = _presented(request)
        session = self.sessions.end(session_id_hash(presented)) if presented else None
        if session:
            self.audit.record(SessionEnded(who=self._who(session, request), reason="signed-out"))
        return Answer(cookies=(expired_cookie(SESSION_COOKIE),))

    def _continue(
        self, session: Session, verdict: Rotate | Repeat, now: Instant
    ) -> tuple[CredentialChanged | None, AccessToken]:
        unchanged = self.members.unchanged_credential(session.identifier, session.credential_version)
        return together(
            self.executor,
            lambda: (
                self.sessions.rotate(session, verdict.session, unchanged)
                if isinstance(verdict, Rotate)
                else self.sessions.confirm(session, unchanged)
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
        return Who(
            subject=self.pseudonyms.of("identifier", session.identifier),
            member=session.identifier,
            source=self.pseudonyms.of_source(request.source),
        )


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
