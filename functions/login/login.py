"""Sign-in: ``POST /login``, from top to bottom.

1. One read: the member, the counter of attempts, the browser's own, the failures of the source.
2. The attempt is counted while KMS makes the keyed hash of the PIN. Only then is the PIN looked at.
3. The session is written and the failures in a row are cleared, while KMS signs the access token.

That is five AWS calls in three hops. An identifier that nobody has, or whose member has no PIN yet, takes the same
way up to the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

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
from member_access.attempt_store import KEPT_SECONDS, AttemptStore, attempts_from_item
from member_access.attempts import Attempts, Claimed, Disabled, Wait
from member_access.audit import AuditTrail, PinHashUpgraded, SignInFailed, SignInRefused, SignInSucceeded, Who
from member_access.aws import batch_get, together, transact
from member_access.cookies import DEVICE_COOKIE, SESSION_COOKIE, host_cookie
from member_access.devices import DeviceToken, device_key, known_browser, new_device_token, remembered
from member_access.errors import InvalidCredentials, PinDisabled, Refusal, TooManyAttempts, Unavailable
from member_access.http import Answer, Api, Request, Route
from member_access.members import Members, credential_from_item, member_key
from member_access.pins import PinHasher, argon2id
from member_access.pseudonyms import Pseudonyms
from member_access.runtime import LambdaHandler, Runtime
from member_access.session_store import Sessions
from member_access.sessions import start_session
from member_access.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher
    from member_access.devices import KnownBrowser
    from member_access.members import Credential
    from member_access.pins import Argon2Cost
    from member_access.types import Identifier, Instant, Pin


@dataclass(frozen=True)
class SignIn:
    """Who tries to sign in, with what is known before the PIN is looked at.

    Attributes:
        who: whom the audit trail names.
        identifier: as it was typed, in the insurer's form.
        credential: the member's; ``NO_CREDENTIAL`` where there is no such member.
        counter: the partition key of the counter of attempts that applies.
        attempts: what that counter says.
        browser: the browser, where the member has signed in with it before.
        device: what the browser's cookie holds, or a new token.
        source_wait: seconds that this source must wait, 0 for none.
        now: the moment of the attempt.
    """

    who: Who
    identifier: Identifier
    credential: Credential
    counter: str
    attempts: Attempts
    browser: KnownBrowser | None
    device: DeviceToken
    source_wait: int
    now: Instant


@dataclass(frozen=True)
class SignInFlow:
    """Answers ``POST /login``."""

    runtime: Runtime
    settings: LoginSettings
    pseudonyms: Pseudonyms
    counters: AttemptStore
    sources: Sources
    hasher: PinHasher
    members: Members
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
        attempt = self._read(request)
        self._refuse_unless_free(attempt)

        verdict, pepper = together(
            self.runtime.executor,
            lambda: self.counters.claim(attempt.counter, attempt.attempts, attempt.credential.version, attempt.now),
            lambda: self.hasher.pepper(attempt.identifier, request.body.pin, attempt.credential.pin_hash),
        )
        if not isinstance(verdict, Claimed):
            raise self._refused(attempt, "attempts", _refusal(verdict))
        if not self.hasher.verify(pepper, attempt.credential.pin_hash):
            raise self._failed(attempt, verdict.attempts)
        return self._succeeded(attempt, verdict.attempts, request.body.pin)

    def _read(self, request: Request[Credentials]) -> SignIn:
        now = self.runtime.now()
        identifier = request.body.identifier
        subject = self.pseudonyms.of("identifier", identifier)
        source = self.pseudonyms.of_source(request.source)
        sent = request.cookies.get(DEVICE_COOKIE)
        device = DeviceToken(sent.reveal()) if sent else new_device_token(self.runtime.random_bytes)

        members, access = self.settings.members_table, self.settings.access_table
        own, shared = device_key(device), f"ATTEMPTS#pin#{subject}"
        window_before, window = self.sources.keys(source, now)
        found = batch_get(
            self.runtime.clients.dynamodb,
            {members: [member_key(identifier)], access: [shared, own, window_before, window]},
        )
        member = found.get((members, member_key(identifier)))
        browser = known_browser(found.get((access, own)), identifier, now)
        return SignIn(
            who=Who(subject=subject, member=identifier if member else None, source=source),
            identifier=identifier,
            credential=credential_from_item(member),
            counter=browser.key if browser else shared,
            attempts=browser.attempts if browser else attempts_from_item(found.get((access, shared))),
            browser=browser,
            # A cookie that is not this member's is replaced: its number may be anybody's.
            device=device if browser else new_device_token(self.runtime.random_bytes),
            # A stranger behind the same address must not lock a member out of the browser they use.
            source_wait=0
            if browser
            else self.sources.wait(found.get((access, window_before)), found.get((access, window)), now),
            now=now,
        )

    def _refuse_unless_free(self, attempt: SignIn) -> None:
        # What was read already says no: neither a write nor a KMS call is spent on it. Only the claim can say yes.
        if attempt.source_wait:
            raise self._refused(attempt, "source", TooManyAttempts(retry_after=attempt.source_wait))
        verdict = self.counters.policy.decide(attempt.attempts, attempt.credential.version, attempt.now)
        if not isinstance(verdict, Claimed):
            raise self._refused(attempt, "attempts", _refusal(verdict))

    def _refused(self, attempt: SignIn, limit: Literal["source", "attempts"], refusal: Refusal) -> Refusal:
        known = attempt.browser is not None
        self.audit.record(SignInRefused(who=attempt.who, known_browser=known, limit=limit, answer=refusal.code))
        return refusal

    def _failed(self, attempt: SignIn, claimed: Attempts) -> Refusal:
        self.sources.record_failure(attempt.who.source, attempt.now)
        known = attempt.browser is not None
        self.audit.record(SignInFailed(who=attempt.who, known_browser=known, failures=claimed.failures))
        verdict = self.counters.policy.standing(claimed, attempt.now)
        return _refusal(verdict) if verdict else InvalidCredentials()

    def _succeeded(self, attempt: SignIn, claimed: Attempts, pin: Pin) -> Answer:
        now, version = attempt.now, attempt.credential.version
        session, refresh_token = start_session(attempt.identifier, version, now, self.runtime.random_bytes)
        writes = [self.sessions.started(session), self.counters.cleared(attempt.counter, claimed)]
        if not attempt.browser:
            access = self.settings.access_table
            writes.append(remembered(access, attempt.device, attempt.identifier, version, now))
        _, access_token = together(
            self.runtime.executor,
            lambda: transact(self.runtime.clients.dynamodb, writes),
            lambda: self.tokens.issue(attempt.identifier, now, now),
        )
        known = attempt.browser is not None
        self.audit.record(SignInSucceeded(who=attempt.who, known_browser=known, failures_before=claimed.failures - 1))
        self._upgrade_hash(attempt, pin)
        return Answer(
            body=self.tokens.answer(access_token),
            cookies=(
                host_cookie(SESSION_COOKIE, refresh_token, self.sessions.policy.longest),
                host_cookie(DEVICE_COOKIE, attempt.device, KEPT_SECONDS),
            ),
        )

    def _upgrade_hash(self, attempt: SignIn, pin: Pin) -> None:
        stored = attempt.credential.pin_hash
        if stored is None or not self.hasher.is_outdated(stored):
            return
        try:
            self.members.upgrade_pin_hash(attempt.identifier, stored, self.hasher.hash(attempt.identifier, pin))
        except Unavailable as error:
            # The older hash is still good: the next sign-in tries again.
            self.runtime.logger.warning("pin.hash-not-upgraded", extra={"why": str(error)})
        else:
            self.audit.record(PinHashUpgraded(who=attempt.who))


def _refusal(verdict: Wait | Disabled) -> Refusal:
    return TooManyAttempts(retry_after=verdict.seconds) if isinstance(verdict, Wait) else PinDisabled()


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
    members = Members(dynamodb, settings.members_table)
    sessions = Sessions(dynamodb, settings.access_table, settings.session_policy)
    tokens = AccessTokens(kms, settings.signing_key_arn, settings.token_profile, runtime.random_bytes)
    sign_in = SignInFlow(
        runtime=runtime,
        settings=settings,
        pseudonyms=pseudonyms,
        counters=AttemptStore(dynamodb, settings.access_table, settings.attempt_policy),
        sources=Sources(dynamodb, settings.access_table, settings.source_policy),
        hasher=PinHasher(kms, settings.pin_key_arn, argon2(settings.argon2_cost), runtime.random_bytes),
        members=members,
        sessions=sessions,
        tokens=tokens,
        audit=audit,
    )
    session = SessionFlow(runtime.now, pseudonyms, members, sessions, tokens, audit, runtime.executor)
    return Api(
        settings,
        runtime.logger,
        [
            Route(SIGN_IN, sign_in.sign_in),
            Route(REFRESH, session.refresh),
            Route(SIGN_OUT, session.sign_out),
            Route(SIGNING_KEYS, lambda _: Answer({"keys": [tokens.signing_key]})),
            Route(CONFIGURATION, lambda _: Answer(configuration(settings.issuer))),
        ],
    )


handler = LambdaHandler(compose)
