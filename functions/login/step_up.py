"""``POST /login/step-up``: a code raises the level of a session that is open (RFC 9470).

The session cookie says which one. The first call sends a code; the second one has it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from login.contract import SessionExpired
from login.second_step import Asked
from member_access.api.cookies import CONFIRM_COOKIE, SESSION_COOKIE, expired_cookie
from member_access.api.router import Request, Response
from member_access.audit import Who
from member_access.audit_events.sign_ins import SecondStepTaken
from member_access.errors import InvalidValue
from member_access.members.store import member_from_item, member_key
from member_access.platform.aws import OtherConditionFailed, batch_get, concurrently
from member_access.recovery.invalid_code import InvalidCode
from member_access.recovery.policy import KnownBrowserId
from member_access.sessions.item import change_sign_ins, sign_ins_key
from member_access.sessions.methods import Method
from member_access.sessions.policy import End, RefreshToken, session_digest

if TYPE_CHECKING:
    from login.contract import StepUp
    from login.second_step import SecondSteps
    from member_access.sessions.access_tokens import AccessTokens
    from member_access.sessions.policy import Session, TokenParts
    from member_access.sessions.sign_ins import SignIns
    from member_access.sessions.store import Sessions
    from member_access.values.types import Instant, OneTimeCode


@dataclass(frozen=True)
class StepUpFlow:
    """Answers ``POST /login/step-up``."""

    steps: SecondSteps
    sessions: Sessions
    tokens: AccessTokens

    def step_up(self, request: Request[StepUp]) -> Response:
        """Send a code to the member of a session, or raise its level by the code.

        Raises:
            SessionExpired: the session has ended.
            InvalidCode: the code is wrong, spent or expired, or this browser was asked for none.
            TooManyAttempts: codes were asked for too often, or the source must wait.
            Unavailable: AWS did not answer; the level stays as it is.
        """
        presented, now = _presented(request), self.steps.runtime.now()
        seen = self.sessions.read(presented.whose)
        session, verdict = (
            seen.session(session_digest(presented.session_id)),
            self.sessions.decide(seen, presented, now),
        )
        if session is None or isinstance(verdict, End):
            raise SessionExpired
        if request.body.code is None:
            return self._ask(request, presented, session, seen, now)
        return self._raise(request, request.body.code, session, seen)

    def _ask(
        self, request: Request[StepUp], presented: TokenParts, session: Session, seen: SignIns, now: Instant
    ) -> Response:
        steps, settings = self.steps, self.steps.settings
        networks, key = steps.pseudonyms.of_source(request.source), member_key(session.identifier)
        found = batch_get(
            steps.runtime.clients.dynamodb,
            {settings.members_table: [key], settings.access_table: steps.sources.keys(networks, now)},
        )
        member = member_from_item(found.get((settings.members_table, key)), now)
        if member is None or member.credential.version != seen.credential_version:
            raise SessionExpired
        who = Who(subject=presented.whose, member=member.identifier, source=networks[0])
        source, asker = steps.sources.seen(found, networks, now), KnownBrowserId(session.digest.hex())
        return steps.ask(Asked(who, member, source, asker, session.digest, now))

    def _raise(self, request: Request[StepUp], code: OneTimeCode, session: Session, seen: SignIns) -> Response:
        steps = self.steps
        passed = steps.check(request, code, session.digest)
        step, now = passed.step, passed.now

        def raised(stored: SignIns) -> SignIns | None:
            open_one = stored.session(session.digest)
            if open_one is None or stored.credential_version != step.credential_version:
                return None
            return stored.with_rotated(_raised(open_one, now))

        try:
            is_written, access_token = concurrently(
                steps.runtime.executor,
                lambda: change_sign_ins(
                    steps.runtime.clients.dynamodb,
                    steps.settings.access_table,
                    sign_ins_key(passed.whose),
                    seen,
                    raised,
                    now,
                    passed.writes,
                ),
                lambda: self.tokens.issue(_raised(session, now), now),
            )
        except OtherConditionFailed:
            # Another right code came first.
            raise steps.rejected(passed.who, step, InvalidCode()) from None
        if not is_written:
            raise SessionExpired
        steps.audit.record(SecondStepTaken(who=passed.who, channel=step.channel, opens=False))
        return Response(self.tokens.response(access_token), (expired_cookie(CONFIRM_COOKIE),))


def _raised(session: Session, now: Instant) -> Session:
    """Return a session whose member has just shown who they are: its time starts again (NIST SP 800-63B-4 §5.2)."""
    return session._replace(method=Method.PIN_CODE, started_at=now)


def _presented(request: Request[StepUp]) -> TokenParts:
    sent = request.cookies.get(SESSION_COOKIE)
    try:
        return RefreshToken(sent.reveal() if sent else "").parts()
    except InvalidValue:
        raise SessionExpired from None
