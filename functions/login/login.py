"""Sign-in: ``POST /login``, from top to bottom.

``PinAttempts.verify`` reads what is known (one call), counts the attempt while KMS makes the keyed hash of the PIN
(two calls at once) and only then looks at the PIN. Here the session is written and the failures in a row are cleared
while KMS signs the access token (two calls at once). That is five AWS calls in three hops.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from login_contract import (
    CONFIGURATION,
    REFRESH,
    SIGN_IN,
    SIGN_OUT,
    SIGNING_KEYS,
    Credentials,
    configuration,
)
from login_session import SessionFlow
from login_settings import LoginSettings
from member_access.access_tokens import AccessTokens
from member_access.audit import AuditTrail, PinHashUpgraded, SignInSucceeded
from member_access.aws import together, transact
from member_access.cookies import DEVICE_COOKIE, SESSION_COOKIE, host_cookie
from member_access.devices import REMEMBERED_SECONDS, remembered
from member_access.errors import Unavailable
from member_access.http import Answer, Api, Request, Route
from member_access.pin_attempts import PinAttempts, VerifiedPin
from member_access.pins import argon2id
from member_access.pseudonyms import Pseudonyms
from member_access.runtime import LambdaHandler, Runtime
from member_access.session_store import Sessions
from member_access.sessions import start_session

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher

    from member_access.pins import Argon2Cost
    from member_access.types import Pin


@dataclass(frozen=True)
class SignInFlow:
    """Answers ``POST /login``."""

    runtime: Runtime
    access_table: str
    attempts: PinAttempts
    sessions: Sessions
    tokens: AccessTokens
    audit: AuditTrail

    def sign_in(self, request: Request[Credentials]) -> Answer:
        """Sign a member in, or refuse.

        Raises:
            InvalidCredentials: the identifier and the PIN do not belong together.
            TooManyAttempts: this attempt, or those before it, lead to a wait.
            PinDisabled: the PIN must be reset.
            Unavailable: AWS did not answer; nobody is let in.
        """
        credentials = request.body
        verified = self.attempts.verify(request, credentials.identifier, credentials.pin)
        attempt, version = verified.attempt, verified.member.credential.version

        session, refresh_token = start_session(attempt.identifier, version, attempt.now, self.runtime.random_bytes)
        writes = [
            self.sessions.started(session),
            self.attempts.counters.cleared(attempt.counter, verified.claimed),
        ]
        if not attempt.browser:
            writes.append(remembered(self.access_table, attempt.device, attempt.identifier, version, attempt.now))
        _, access_token = together(
            self.runtime.executor,
            lambda: transact(self.runtime.clients.dynamodb, writes),
            lambda: self.tokens.issue(attempt.identifier, attempt.now, attempt.now),
        )
        self.audit.record(
            SignInSucceeded(
                who=attempt.who,
                known_browser=attempt.browser is not None,
                failures_before=verified.claimed.failures - 1,
            )
        )
        self._upgrade_hash(verified, credentials.pin)
        return Answer(
            body=self.tokens.answer(access_token),
            cookies=(
                host_cookie(SESSION_COOKIE, refresh_token, self.sessions.policy.longest),
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
            # The older hash is still good: the next sign-in tries again.
            self.runtime.logger.warning("pin.hash-not-upgraded", extra={"why": str(error)})
        else:
            self.audit.record(PinHashUpgraded(who=verified.attempt.who))


def compose(runtime: Runtime, argon2: Callable[[Argon2Cost], PasswordHasher] = argon2id) -> Api:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not give the key of the pseudonyms.
    """
    settings = LoginSettings.from_environment(runtime.environment)
    dynamodb, kms = runtime.clients.dynamodb, runtime.clients.kms
    pseudonyms = Pseudonyms.from_kms(kms, settings.pseudonym_key_arn)
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    attempts = PinAttempts(runtime, settings, pseudonyms, audit, argon2)
    sessions = Sessions(dynamodb, settings.access_table, settings.session_policy)
    tokens = AccessTokens(kms, settings.signing_key_arn, settings.token_profile, runtime.random_bytes)
    sign_in = SignInFlow(runtime, settings.access_table, attempts, sessions, tokens, audit)
    session = SessionFlow(runtime.now, pseudonyms, attempts.members, sessions, tokens, audit, runtime.executor)
    return Api(
        settings,
        runtime,
        [
            Route(SIGN_IN, sign_in.sign_in),
            Route(REFRESH, session.refresh),
            Route(SIGN_OUT, session.sign_out),
            Route(SIGNING_KEYS, lambda _: Answer({"keys": [tokens.signing_key]})),
            Route(CONFIGURATION, lambda _: Answer(configuration(settings.issuer))),
        ],
    )


handler = LambdaHandler(compose)
