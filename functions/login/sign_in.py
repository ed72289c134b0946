"""Sign-in: ``POST /login``.

``PinVerification.verify`` reads the member and the counters (one call), counts the guess, at its counters and at its
source, while KMS makes the keyed PIN (three calls at once), and only then checks the PIN. This module then writes the
session and the success, if the credential is still the same, while KMS signs the access token (two calls at once): six
AWS calls in three hops.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from member_access.api.cookies import SESSION_COOKIE, host_cookie
from member_access.api.router import Request, Response
from member_access.audit_events.sign_ins import PinHashUpgraded, SignInSucceeded
from member_access.errors import Unavailable
from member_access.platform.aws import CONDITION_FAILED, TransactionCancelled, concurrently, transact
from member_access.sessions.policy import start_session
from member_access.throttling.sign_ins import put_sign_ins, sign_ins_from_item

if TYPE_CHECKING:
    from login.contract import Credentials
    from member_access.audit import AuditTrail
    from member_access.pin_verification import PinVerification, VerifiedPin
    from member_access.platform.runtime import Runtime
    from member_access.sessions.access_tokens import AccessTokens
    from member_access.sessions.policy import Session
    from member_access.sessions.store import Sessions
    from member_access.values.types import Pin

# Each conflict means that another sign-in of this member, or a guess in one of their browsers, came first.
_MAX_CONFLICTS = 5


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
        try:
            _, access_token = concurrently(
                self.runtime.executor,
                lambda: self._write(verified, session),
                lambda: self.tokens.issue(attempt.identifier, attempt.guess.now, attempt.guess.now),
            )
        except TransactionCancelled:
            # A new PIN was set since the read: the one that was typed is no longer valid.
            raise self.attempts.overtaken(verified) from None
        self.audit.record(
            SignInSucceeded(
                who=attempt.who,
                known_browser=attempt.is_known,
                failures_before=verified.counted[0].failures - 1,
            )
        )
        self._upgrade_hash(verified, credentials.pin)
        return Response(
            body=self.tokens.response(access_token),
            cookies=(
                host_cookie(SESSION_COOKIE, refresh_token),
                *attempt.browser.cookies(request.cookies),
            ),
        )

    def _write(self, verified: VerifiedPin, session: Session) -> None:
        """Write the session, the known browser and the success, unless a new PIN was set since the read.

        Raises:
            TransactionCancelled: a new PIN was set.
            Unavailable: DynamoDB did not answer, or other sign-ins of this member kept coming first.
        """
        attempt, dynamodb = verified.attempt, self.runtime.clients.dynamodb
        version, browser, now = verified.member.credential.version, attempt.browser, attempt.guess.now
        seen = replace(attempt.sign_ins, attempts=verified.counted[1]) if attempt.is_known else attempt.sign_ins
        for _ in range(_MAX_CONFLICTS):
            sign_ins, ended = seen.with_browser(browser.token.digest).with_session(session.digest)
            try:
                transact(
                    dynamodb,
                    [
                        self.attempts.members.check_credential(attempt.identifier, version),
                        put_sign_ins(
                            self.access_table,
                            browser.sign_ins_key,
                            seen.attempts.revision,
                            sign_ins.with_success(now) if attempt.is_known else sign_ins,
                            now,
                        ),
                        self.sessions.put_session(session),
                        *self.attempts.cleared(verified),
                        *([] if attempt.is_known else [browser.put(attempt.identifier, version, now)]),
                        *(self.sessions.delete_session(digest) for digest in ended),
                    ],
                )
            except TransactionCancelled as cancelled:
                (of_credential, _), (of_sign_ins, stored), *_ = cancelled.reasons
                if of_credential == CONDITION_FAILED or of_sign_ins != CONDITION_FAILED:
                    raise
                seen = sign_ins_from_item(stored, version)
            else:
                return
        raise Unavailable("sign-in: too many conflicts")

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
