"""Sign-in: ``POST /login``.

``PinVerification.verify`` reads the member and their sign-ins (one call), counts the guess, in the sign-ins and at its
source, while KMS makes the keyed PIN (three calls at once), and only then checks the PIN. This module then writes the
session and the success into the sign-ins, if they still belong to the same credential, while KMS signs the access token
(two calls at once): six AWS calls in three hops. Where a notice of a new browser is due, SQS gets its message before:
one call and one hop more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.api.cookies import SESSION_COOKIE, host_cookie
from member_access.api.router import Request, Response
from member_access.audit_events.sign_ins import PinHashUpgraded, SignInSucceeded
from member_access.errors import Unavailable
from member_access.platform.aws import concurrently
from member_access.sessions.item import change_sign_ins, nothing_more
from member_access.sessions.methods import Method
from member_access.sessions.policy import start_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from login.contract import Credentials
    from login.new_browser_notice import NewBrowserNotices, Notice
    from member_access.audit import AuditTrail
    from member_access.pin_verification import PinVerification, VerifiedPin
    from member_access.platform.runtime import Runtime
    from member_access.sessions.access_tokens import AccessTokens
    from member_access.sessions.policy import Session, SessionPolicy
    from member_access.sessions.sign_ins import SignIns
    from member_access.values.types import Pin


@dataclass(frozen=True)
class SignInFlow:
    """Answers ``POST /login``.

    Attributes:
        notices: makes the notices of new browsers; None where the insurer sends none.
        asks_for_code: answers a right PIN in a new browser by a code; None where the PIN is enough.
    """

    runtime: Runtime
    access_table: str
    attempts: PinVerification
    session_policy: SessionPolicy
    tokens: AccessTokens
    notices: Callable[[], NewBrowserNotices] | None
    asks_for_code: Callable[[VerifiedPin], Response] | None
    audit: AuditTrail

    def sign_in(self, request: Request[Credentials]) -> Response:
        """Sign a member in, or ask for a code.

        Raises:
            InvalidCredentials: the identifier and the PIN do not belong together, or a new PIN was set in between.
            TooManyAttempts: this guess, or earlier ones, led to a wait, or codes were asked for too often.
            PinDisabled: the member must reset the PIN.
            Unavailable: AWS did not answer; no one is let in.
        """
        credentials = request.body
        verified = self.attempts.verify(request, credentials.identifier, credentials.pin)
        attempt = verified.attempt
        if self.asks_for_code and not attempt.is_known:
            return self.asks_for_code(verified)
        session, refresh_token = start_session(
            attempt.identifier,
            attempt.who.subject,
            Method.PIN_KNOWN_BROWSER if attempt.is_known else Method.PIN,
            attempt.browser.family,
            attempt.guess.now,
            self.runtime.random_bytes,
        )
        notice = self.notices().announce(verified) if self.notices and _may_notice(verified) else None
        is_written, access_token = concurrently(
            self.runtime.executor,
            lambda: self._write(verified, session, notice),
            lambda: self.tokens.issue(session, attempt.guess.now),
        )
        if not is_written:
            # The PIN that was typed is no longer valid.
            raise self.attempts.overtaken(verified)
        self.audit.record(
            SignInSucceeded(
                who=attempt.who,
                known_browser=attempt.is_known,
                failures_before=verified.counted.states[0].failures - 1,
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

    def _write(self, verified: VerifiedPin, session: Session, notice: Notice | None) -> bool:
        """Write the success, the session, the known browser and the notice; return False if a new PIN was set since.

        Raises:
            Unavailable: DynamoDB did not answer, or other writes to the member's sign-ins kept coming first.
        """
        attempt, counted = verified.attempt, verified.counted

        def signed_in(seen: SignIns) -> SignIns | None:
            after = counted.signed_in(seen, attempt.browser.token.digest, attempt.browser.family)
            if after is None:
                return None
            named = after._replace(identifier=attempt.identifier)
            opened = named.with_session(session, self.session_policy, attempt.guess.now)
            return notice.claimed(opened) if notice else opened

        return change_sign_ins(
            self.runtime.clients.dynamodb,
            self.access_table,
            counted.key,
            counted.read,
            signed_in,
            attempt.guess.now,
            self.attempts.taken_back(verified),
            notice.writes if notice else nothing_more,
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


def _may_notice(verified: VerifiedPin) -> bool:
    """Whether this is a new browser, of a member who has an e-mail address and no notice of the day yet."""
    if verified.attempt.is_known or verified.member.email is None:
        return False
    return verified.counted.read.may_notice(verified.attempt.guess.now)
