"""Verifies a PIN, the same way for every call that asks for one.

One read: the member, the counter of attempts, the browser's own, the failures of the source. Then the guard counts
the attempt while KMS makes the keyed hash of the PIN. Only then is the PIN looked at. An unknown identifier, a member
without a PIN, and one whose hash no setting covers take the same way up to the verdict, with the same work.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.api.cookies import DEVICE_COOKIE
from member_access.audit import AuditTrail, PinRefused, PinRejected, Who
from member_access.errors import Refusal
from member_access.members.store import MEMBER, NO_CREDENTIAL, Credential, Member, Members, member_from_item, member_key
from member_access.pins.hashing import PinHasher
from member_access.platform.uniform_reads import UniformReads
from member_access.throttling.counters import attempts_from_item, counter_key
from member_access.throttling.guard import Guess, GuessGuard
from member_access.throttling.known_browsers import DeviceToken, device_key, known_browser, new_device_token

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher

    from member_access.api.router import BodyType, Request
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.pins.hashing import Argon2Cost
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.settings import PinSettings
    from member_access.throttling.known_browsers import KnownBrowser
    from member_access.throttling.policy import Attempts
    from member_access.values.types import Identifier, Pin


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
    """An attempt at a PIN, before the PIN is looked at.

    Attributes:
        who: whom the audit trail names.
        identifier: as it was typed, in the insurer's form.
        member: the member, if there is one.
        guess: the guess, at the counter that applies.
        browser: the browser, where the member has signed in with it before.
        device: the token in the browser's cookie, or a new one.
    """

    who: Who
    identifier: Identifier
    member: Member | None
    guess: Guess
    browser: KnownBrowser | None
    device: DeviceToken

    @property
    def credential(self) -> Credential:
        """The member's credential; ``NO_CREDENTIAL`` for an unknown identifier."""
        return self.member.credential if self.member else NO_CREDENTIAL


@dataclass(frozen=True)
class VerifiedPin:
    """A PIN that was right.

    Attributes:
        attempt: the attempt.
        member: the member whose PIN it is.
        counted: the counter with the attempt in it; the success is still to be written.
    """

    attempt: PinAttempt
    member: Member
    counted: Attempts


class PinVerification:
    """Counts and verifies attempts at PINs."""

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
        self._guard = GuessGuard(
            runtime, settings.access_table, settings.attempt_policy, settings.source_policy, PinDisabled
        )
        self.members = Members(dynamodb, settings.members_table)
        self.hasher = PinHasher(
            runtime.clients.kms,
            settings.pin_key_arn,
            argon2(settings.argon2_cost),
            runtime.random_bytes,
            # The key of the pseudonyms is the stack's own, which made the first hashes.
            older_keys=[settings.pseudonym_key_arn],
            older_costs=settings.older_argon2_costs,
        )

    def verify(self, request: Request[BodyType], identifier: Identifier, pin: Pin) -> VerifiedPin:
        """Count an attempt and look at the PIN.

        Raises:
            InvalidCredentials: the identifier and the PIN do not belong together.
            TooManyAttempts: this attempt, or those before it, lead to a wait.
            PinDisabled: the PIN must be reset.
            Unavailable: AWS did not answer; no one is let in.
        """
        attempt = self._read(request, identifier)
        stored = attempt.credential.pin_hash
        counted, keyed_pin = self._guard.count_beside(
            attempt.guess,
            lambda: self.hasher.keyed_pin(identifier, pin, stored),
            lambda limit, refusal: self._audit.record(
                PinRefused(who=attempt.who, known_browser=attempt.browser is not None, limit=limit, answer=refusal.code)
            ),
        )
        fits = self.hasher.verify(keyed_pin, stored)
        if attempt.member is None or not fits:
            raise self._rejected(attempt, counted)
        return VerifiedPin(attempt, attempt.member, counted)

    def clear(self, verified: VerifiedPin) -> Write:
        """Write the success: take the attempt back, and end the consecutive failures."""
        return self._guard.counters.clear(verified.attempt.guess.key, verified.counted)

    def overtaken(self, verified: VerifiedPin) -> InvalidCredentials:
        """Return the refusal of a right PIN that a new one has replaced since; the attempt stays counted."""
        self._record_rejection(verified.attempt, verified.counted)
        return InvalidCredentials()

    def _read(self, request: Request[BodyType], identifier: Identifier) -> PinAttempt:
        now = self._runtime.now()
        subject = self._pseudonyms.of("identifier", identifier)
        source = self._pseudonyms.of_source(request.source)
        sent = request.cookies.get(DEVICE_COOKIE)
        device = DeviceToken(sent.reveal()) if sent else new_device_token(self._runtime.random_bytes)

        members, access = self._settings.members_table, self._settings.access_table
        own, shared = device_key(device), counter_key("pin", subject)
        keys = [shared, own, *self._guard.sources.keys(source, now)]
        found = self._reads.batch_get(members, member_key(identifier), MEMBER, {access: keys})
        member = member_from_item(found.get((members, member_key(identifier))), now)
        browser = known_browser(found.get((access, own)), identifier, now)
        credential = member.credential if member else NO_CREDENTIAL
        wait = self._guard.sources.wait(found, source, now)
        guess = Guess(
            key=browser.key if browser else shared,
            attempts=browser.attempts if browser else attempts_from_item(found.get((access, shared))),
            credential_version=credential.version,
            source=source,
            # A stranger behind the same address must not lock a member out of the browser they use.
            source_wait=0 if browser else wait,
            now=now,
        )
        return PinAttempt(
            who=Who(subject=subject, member=identifier if member else None, source=source),
            identifier=identifier,
            member=member,
            guess=guess,
            browser=browser,
            # A cookie that is not this member's is replaced: anyone may know its number.
            device=device if browser else new_device_token(self._runtime.random_bytes),
        )

    def _rejected(self, attempt: PinAttempt, counted: Attempts) -> Refusal:
        refusal = self._guard.failed(attempt.guess, counted)
        self._record_rejection(attempt, counted)
        return refusal or InvalidCredentials()

    def _record_rejection(self, attempt: PinAttempt, counted: Attempts) -> None:
        stored = attempt.credential.pin_hash
        self._audit.record(
            PinRejected(
                who=attempt.who,
                known_browser=attempt.browser is not None,
                failures=counted.failures,
                hash_unusable=self.hasher.usable(stored) is not stored,
            )
        )
