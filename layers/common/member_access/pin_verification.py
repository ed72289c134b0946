"""Attempts at a PIN, the same for every call that asks for one.

One read: the member, the counter of attempts, the browser's own, the failures of the source. Then the attempt is
counted while KMS makes the keyed hash of the PIN. Only then is the PIN looked at. An identifier that nobody has, or
whose member has no PIN yet, takes the same way up to the verdict.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from member_access.api.cookies import DEVICE_COOKIE
from member_access.audit import AuditTrail, PinRefused, PinRejected, Who
from member_access.errors import Refusal
from member_access.members.store import MEMBER, NO_CREDENTIAL, Credential, Member, Members, member_from_item, member_key
from member_access.pins.hashing import PinHasher
from member_access.platform.aws import concurrently
from member_access.platform.uniform_reads import UniformReads
from member_access.throttling.counters import AttemptStore, attempts_from_item
from member_access.throttling.guard import TooManyAttempts
from member_access.throttling.known_browsers import DeviceToken, device_key, known_browser, new_device_token
from member_access.throttling.policy import Attempts, Claimed, Disabled, Wait
from member_access.throttling.sources import Sources

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher

    from member_access.api.router import BodyType, Request
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.pins.hashing import Argon2Cost
    from member_access.platform.runtime import Runtime
    from member_access.settings import PinSettings
    from member_access.throttling.known_browsers import KnownBrowser
    from member_access.values.types import Identifier, Instant, Pin


class InvalidCredentials(Refusal):
    """The identifier and the PIN do not belong together; which of the two is wrong is not said."""

    code = "invalid-credentials"
    status = 401


class PinDisabled(Refusal):
    """Too many failures: the PIN must be reset by code (NIST SP 800-63B-4 §3.2.2)."""

    code = "pin-disabled"
    status = 403


@dataclass(frozen=True)
class PinAttempt:
    """Who tries a PIN, with what is known before it is looked at.

    Attributes:
        who: whom the audit trail names.
        identifier: as it was typed, in the insurer's form.
        member: the member, if there is one.
        counter: the partition key of the counter of attempts that applies.
        attempts: what that counter says.
        browser: the browser, where the member has signed in with it before.
        device: what the browser's cookie holds, or a new token.
        source_wait: seconds that this source must wait, 0 for none.
        now: the moment of the attempt.
    """

    who: Who
    identifier: Identifier
    member: Member | None
    counter: str
    attempts: Attempts
    browser: KnownBrowser | None
    device: DeviceToken
    source_wait: int
    now: Instant

    @property
    def credential(self) -> Credential:
        """The member's credential; ``NO_CREDENTIAL`` where there is no such member."""
        return self.member.credential if self.member else NO_CREDENTIAL


@dataclass(frozen=True)
class VerifiedPin:
    """A PIN that was right.

    Attributes:
        attempt: the attempt.
        member: the member whose PIN it is.
        claimed: the counter as the attempt left it; the success is still to be written.
    """

    attempt: PinAttempt
    member: Member
    claimed: Attempts


class PinAttempts:
    """Claims and verifies attempts at PINs."""

    def __init__(
        self,
        runtime: Runtime,
        settings: PinSettings,
        pseudonyms: Pseudonyms,
        audit: AuditTrail,
        argon2: Callable[[Argon2Cost], PasswordHasher],
    ) -> None:
        dynamodb = runtime.clients.dynamodb
        self._runtime = runtime
        self._settings = settings
        self._pseudonyms = pseudonyms
        self._audit = audit
        self._reads = UniformReads(dynamodb)
        self._sources = Sources(dynamodb, settings.access_table, settings.source_policy)
        self.counters = AttemptStore(dynamodb, settings.access_table, settings.attempt_policy)
        self.members = Members(dynamodb, settings.members_table)
        self.hasher = PinHasher(
            runtime.clients.kms, settings.pin_key_arn, argon2(settings.argon2_cost), runtime.random_bytes
        )

    def verify(self, request: Request[BodyType], identifier: Identifier, pin: Pin) -> VerifiedPin:
        """Count an attempt and look at the PIN.

        Raises:
            InvalidCredentials: the identifier and the PIN do not belong together.
            TooManyAttempts: this attempt, or those before it, lead to a wait.
            PinDisabled: the PIN must be reset.
            Unavailable: AWS did not answer; nobody is let in.
        """
        attempt = self._read(request, identifier)
        self._refuse_unless_free(attempt)

        stored = attempt.credential.pin_hash
        verdict, pepper = concurrently(
            self._runtime.executor,
            lambda: self.counters.claim(attempt.counter, attempt.attempts, attempt.credential.version, attempt.now),
            lambda: self.hasher.keyed_pin(identifier, pin, stored),
        )
        if not isinstance(verdict, Claimed):
            raise self._refused(attempt, "attempts", _refusal(verdict))
        fits = self.hasher.verify(pepper, stored)
        if attempt.member is None or not fits:
            raise self._rejected(attempt, verdict.attempts)
        return VerifiedPin(attempt, attempt.member, verdict.attempts)

    def _read(self, request: Request[BodyType], identifier: Identifier) -> PinAttempt:
        now = self._runtime.now()
        subject = self._pseudonyms.of("identifier", identifier)
        source = self._pseudonyms.of_source(request.source)
        sent = request.cookies.get(DEVICE_COOKIE)
        device = DeviceToken(sent.reveal()) if sent else new_device_token(self._runtime.random_bytes)

        members, access = self._settings.members_table, self._settings.access_table
        own, shared = device_key(device), f"ATTEMPTS#pin#{subject}"
        window_before, window = self._sources.keys(source, now)
        found = self._reads.batch_get(
            members, member_key(identifier), MEMBER, {access: [shared, own, window_before, window]}
        )
        member = member_from_item(found.get((members, member_key(identifier))))
        browser = known_browser(found.get((access, own)), identifier, now)
        wait = self._sources.wait(found.get((access, window_before)), found.get((access, window)), now)
        return PinAttempt(
            who=Who(subject=subject, member=identifier if member else None, source=source),
            identifier=identifier,
            member=member,
            counter=browser.key if browser else shared,
            attempts=browser.attempts if browser else attempts_from_item(found.get((access, shared))),
            browser=browser,
            # A cookie that is not this member's is replaced: its number may be anybody's.
            device=device if browser else new_device_token(self._runtime.random_bytes),
            # A stranger behind the same address must not lock a member out of the browser they use.
            source_wait=0 if browser else wait,
            now=now,
        )

    def _refuse_unless_free(self, attempt: PinAttempt) -> None:
        # What was read already says no: neither a write nor a KMS call is spent on it. Only the claim can say yes.
        if attempt.source_wait:
            raise self._refused(attempt, "source", TooManyAttempts(retry_after=attempt.source_wait))
        verdict = self.counters.policy.decide(attempt.attempts, attempt.credential.version, attempt.now)
        if not isinstance(verdict, Claimed):
            raise self._refused(attempt, "attempts", _refusal(verdict))

    def _refused(self, attempt: PinAttempt, limit: Literal["source", "attempts"], refusal: Refusal) -> Refusal:
        known = attempt.browser is not None
        self._audit.record(PinRefused(who=attempt.who, known_browser=known, limit=limit, answer=refusal.code))
        return refusal

    def _rejected(self, attempt: PinAttempt, claimed: Attempts) -> Refusal:
        self._sources.record_failure(attempt.who.source, attempt.now)
        known = attempt.browser is not None
        self._audit.record(PinRejected(who=attempt.who, known_browser=known, failures=claimed.failures))
        verdict = self.counters.policy.consequence(claimed, attempt.now)
        return _refusal(verdict) if verdict else InvalidCredentials()


def _refusal(verdict: Wait | Disabled) -> Refusal:
    return TooManyAttempts(retry_after=verdict.seconds) if isinstance(verdict, Wait) else PinDisabled()
