"""``POST /login/confirm``: the code of the second step opens the session, and makes the browser known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from login.second_step import Asked
from member_access.api.callers_browser import CallersBrowser
from member_access.api.cookies import CONFIRM_COOKIE, SESSION_COOKIE, expired_cookie, host_cookie
from member_access.api.router import Request, Response
from member_access.audit_events.sign_ins import SecondStepTaken, SignInSucceeded
from member_access.platform.aws import OtherConditionFailed, concurrently
from member_access.recovery.invalid_code import InvalidCode
from member_access.sessions.item import change_sign_ins, sign_ins_key
from member_access.sessions.methods import Method
from member_access.sessions.policy import start_session
from member_access.sessions.records import KnownBrowser
from member_access.throttling.policy import Attempts

if TYPE_CHECKING:
    from login.contract import CodeOfStep
    from login.second_step import Passed, SecondSteps
    from member_access.pin_verification import PinVerification, VerifiedPin
    from member_access.sessions.access_tokens import AccessTokens
    from member_access.sessions.policy import Session
    from member_access.sessions.sign_ins import SignIns
    from member_access.sessions.store import Sessions


@dataclass(frozen=True)
class BrowserConfirmation:
    """Asks a new browser for a code, and answers ``POST /login/confirm``."""

    steps: SecondSteps
    attempts: PinVerification
    sessions: Sessions
    tokens: AccessTokens

    def ask(self, verified: VerifiedPin) -> Response:
        """Ask for a code after a right PIN, which counts as a success; there is no session yet.

        Raises:
            TooManyAttempts: codes were asked for too often.
            Unavailable: AWS did not answer; nothing is sent.
        """
        attempt = verified.attempt
        self.attempts.write_success(verified)
        return self.steps.ask(Asked(attempt.who, verified.member, attempt.guess.source, None, b"", attempt.guess.now))

    def confirm(self, request: Request[CodeOfStep]) -> Response:
        """Sign the member in, and know this browser from now on.

        Raises:
            InvalidCode: the code is wrong, spent or expired, another PIN was set since, or no code was asked for.
            TooManyAttempts: the source must wait.
            Unavailable: AWS did not answer; no one is let in.
        """
        passed, runtime = self.steps.check(request, request.body.code), self.steps.runtime
        step = passed.step
        seen, version = concurrently(
            runtime.executor,
            lambda: self.sessions.read(passed.whose),
            lambda: self.attempts.members.credential_version(step.identifier),
        )
        if version != step.credential_version:
            raise self.steps.rejected(passed.who, step, InvalidCode())
        browser = CallersBrowser.of(
            request, self.steps.pseudonyms, passed.whose, step.identifier, runtime.random_bytes
        ).renewed(runtime.random_bytes)
        session, refresh_token = start_session(
            step.identifier, passed.whose, Method.PIN_CODE, browser.family, passed.now, runtime.random_bytes
        )
        try:
            is_written, access_token = concurrently(
                runtime.executor,
                lambda: self._write(passed, seen, session, browser),
                lambda: self.tokens.issue(session, passed.now),
            )
        except OtherConditionFailed:
            # Another right code came first.
            is_written = False
        if not is_written:
            raise self.steps.rejected(passed.who, step, InvalidCode())
        self.steps.audit.record(SecondStepTaken(who=passed.who, channel=step.channel, opens=True))
        self.steps.audit.record(SignInSucceeded(who=passed.who, known_browser=False, failures_before=0))
        return Response(
            self.tokens.response(access_token),
            (
                host_cookie(SESSION_COOKIE, refresh_token),
                expired_cookie(CONFIRM_COOKIE),
                *browser.cookies(request.cookies),
            ),
        )

    def _write(self, passed: Passed, seen: SignIns, session: Session, browser: CallersBrowser) -> bool:
        """Take the step, and write the session and the known browser; return False if a new PIN was set.

        Raises:
            OtherConditionFailed: another right code came first.
            Unavailable: DynamoDB did not answer, or other writes to the member's sign-ins kept coming first.
        """
        version = passed.step.credential_version
        fresh = Attempts(credential_version=version)
        known = KnownBrowser(browser.token.digest, passed.now, passed.now, fresh, browser.family)

        def opened(stored: SignIns) -> SignIns | None:
            if stored.credential_version != version:
                return None
            named = stored._replace(identifier=passed.step.identifier)
            return named.with_browser(known).with_session(session, self.sessions.policy, passed.now)

        settings, dynamodb = self.steps.settings, self.steps.runtime.clients.dynamodb
        key = sign_ins_key(passed.whose)
        return change_sign_ins(dynamodb, settings.access_table, key, seen, opened, passed.now, passed.writes)
