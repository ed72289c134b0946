"""Sign-in: ``POST /login``.

``PinVerification.verify`` reads the member and the counters (one call), counts the guess while KMS makes the keyed PIN
(two calls at once) and only then checks the PIN. This module then writes the session and resets the consecutive
failures, if the credential is still the same, while KMS signs the access token (two calls at once): five AWS calls in
three hops.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from login.sessions import start_session
from member_access.api.cookies import DEVICE_COOKIE, SESSION_COOKIE, host_cookie
from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, PinHashUpgraded, SignInSucceeded
from member_access.errors import Unavailable
from member_access.platform.aws import TransactionCancelled, concurrently, transact
from member_access.throttling.known_browsers import REMEMBERED_SECONDS, put_known_browser

if TYPE_CHECKING:
    from login.access_tokens import AccessTokens
    from login.contract import Credentials
    from login.session_store import Sessions
    from member_access.pin_verification import PinVerification, VerifiedPin
    from member_access.platform.runtime import Runtime
    from member_access.values.types import Pin


@dataclass(frozen=True)
class SignInFlow:
    """Answers ``POST /login``."""

    runtime: Runtime
    access_table: str
    attempts: PinVerification
    sessions: Sessions
    tokens: AccessTokens
    audit: AuditTrail

    def sign_in(self, request: Request[Credentials]) -> Response:
        """Sign a member in.

        Raises:
            InvalidCredentials: the identifier and the PIN do not belong together, or a new PIN was set in between.
            TooManyAttempts: this guess, or earlier ones, led to a wait.
            PinDisabled: the member must reset the PIN.
            Unavailable: AWS did not answer; no one is let in.
        """
        credentials = request.body
        verified = self.attempts.verify(request, credentials.identifier, credentials.pin)
        attempt, version = verified.attempt, verified.member.credential.version

        session, refresh_token = start_session(
            attempt.identifier, version, attempt.guess.now, self.runtime.random_bytes
        )
        writes = [
            self.attempts.members.check_credential(attempt.identifier, version),
            self.sessions.put_session(session),
            self.attempts.clear(verified),
        ]
        if not attempt.browser:
            writes.append(
                put_known_browser(self.access_table, attempt.device, attempt.identifier, version, attempt.guess.now)
            )
        try:
            _, access_token = concurrently(
                self.runtime.executor,
                lambda: transact(self.runtime.clients.dynamodb, writes),
                lambda: self.tokens.issue(attempt.identifier, attempt.guess.now, attempt.guess.now),
            )
        except TransactionCancelled:
            # A new PIN was set since the read: the one that was typed is no longer valid.
            raise self.attempts.overtaken(verified) from None
        self.audit.record(
            SignInSucceeded(
                who=attempt.who,
                known_browser=attempt.browser is not None,
                failures_before=verified.counted.failures - 1,
            )
        )
        self._upgrade_hash(verified, credentials.pin)
        return Response(
            body=self.tokens.response(access_token),
            cookies=(
                host_cookie(SESSION_COOKIE, refresh_token),
                host_cookie(DEVICE_COOKIE, attempt.device, REMEMBERED_SECONDS),
            ),
        )

    def _upgrade_hash(self, verified: VerifiedPin, pin: Pin) -> None:
        hasher, stored = self.attempts.hasher, verified.member.credential.pin_hash
        if stored is None or not hasher.is_outdated(stored):
            return
        identifier = verified.member.identifier
        try:
            self.attempts.members.upgrade_pin_hash(identifier, stored, hasher.hash(identifier, pin))
        except Unavailable as error:
            # The older hash still works, and the next sign-in tries again.
            self.runtime.logger.warning("pin.hash-not-upgraded", extra={"why": str(error)})
        else:
            self.audit.record(PinHashUpgraded(who=verified.attempt.who))
