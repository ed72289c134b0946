"""Verifies a PIN, the same way for every call that asks for one.

One read: the member, the sign-ins with every counter of attempts, the claims of the source. Then the guard counts the
attempt while KMS makes the keyed hash of the PIN. Only then is the PIN looked at. An unknown identifier, a member
without a PIN, and one whose hash no setting covers take the same way up to the verdict, with the same work.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from member_access.api.callers_browser import CallersBrowser
from member_access.audit import AuditTrail, Who
from member_access.audit_events.sign_ins import PinRefused, PinRejected
from member_access.errors import Refusal
from member_access.members.store import MEMBER, Credential, Member, Members, credential_of, member_from_item, member_key
from member_access.pins.hashing import PinHasher
from member_access.platform.uniform_reads import UniformReads
from member_access.sessions.item import SIGN_INS, change_sign_ins, sign_ins_from_item, sign_ins_key
from member_access.sessions.pin_counter import PinCounter, PinLimits
from member_access.throttling.guard import Guess, GuessGuard, tries_left, withdrawn

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher

    from member_access.api.router import BodyType, Request
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.pins.pin_hash import Argon2Cost
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.settings import PinSettings
    from member_access.values.types import Identifier, Pin


class InvalidCredentials(Refusal):
    """The identifier and the PIN do not belong together; which of the two is wrong is not said."""

    code = "invalid-credentials"
    status = 401


class SignInFirst(Refusal):
    """The member does not know this browser yet: a sign-in, with its code, comes before."""

    code = "sign-in-first"
    status = 403


class PinDisabled(Refusal):
    """Too many failures: the PIN must be reset by code (NIST SP 800-63B-4 §3.2.2)."""

    code = "pin-disabled"
    status = 403


class PinAttempt(NamedTuple):
    """An attempt at a PIN, before the PIN is looked at.

    Attributes:
        who: whom the audit trail names.
        identifier: as it was typed, in the insurer's form.
        member: the member, if there is one.
        guess: the guess, at the counters that apply.
        browser: the caller's browser.
        is_known: whether it is one of the member's known browsers.
    """

    who: Who
    identifier: Identifier
    member: Member | None
    guess: Guess[PinCounter]
    browser: CallersBrowser
    is_known: bool

    @property
    def credential(self) -> Credential:
        """The member's credential; ``NO_CREDENTIAL`` for an unknown identifier."""
        return credential_of(self.member)


class VerifiedPin(NamedTuple):
    """A PIN that was right.

    Attributes:
        attempt: the attempt.
        member: the member whose PIN it is.
        counted: the sign-ins with the attempt in them; the success is still to be written.
    """

    attempt: PinAttempt
    member: Member
    counted: PinCounter


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
        self._limits = PinLimits(settings.attempt_policy, settings.known_browsers_policy)
        self.guard = GuessGuard(runtime, settings.access_table, settings.source_policy, PinDisabled)
        self.members = Members(dynamodb, settings.members_table)
        self.hasher = PinHasher(
            runtime.clients.kms,
            settings.pin_key_arn,
            argon2(settings.argon2_cost),
            runtime.random_bytes,
            # The key of the pseudonyms made the first hashes.
            older_keys=[settings.pseudonym_key_arn, *settings.former_pin_key_arns],
            older_costs=settings.older_argon2_costs,
        )

    def verify(
        self, request: Request[BodyType], identifier: Identifier, pin: Pin, *, known_only: bool = False
    ) -> VerifiedPin:
        """Count an attempt and look at the PIN.

        Args:
            request: the call.
            identifier: as it was typed.
            pin: the guess.
            known_only: whether it may be made in known browsers alone; in others nothing is counted or looked at.

        Raises:
            SignInFirst: the browser is not known, and has to be.
            InvalidCredentials: the identifier and the PIN do not belong together.
            TooManyAttempts: this attempt, or those before it, lead to a wait.
            PinDisabled: the PIN must be reset.
            Unavailable: AWS did not answer; no one is let in.
        """
        attempt = self._read(request, identifier)
        if known_only and not attempt.is_known:
            raise SignInFirst
        stored = attempt.credential.working_hash
        counted, keyed_pin = self.guard.count_beside(
            attempt.guess,
            lambda: self.hasher.keyed_pin(identifier, pin, stored),
            lambda limit, refusal: self._audit.record(
                PinRefused(who=attempt.who, known_browser=attempt.is_known, limit=limit, answer=refusal.code)
            ),
        )
        fits = self.hasher.verify(keyed_pin, stored)
        if attempt.member is None or not fits:
            raise self._rejected(attempt, counted)
        return VerifiedPin(attempt, attempt.member, counted)

    def write_success(self, verified: VerifiedPin) -> None:
        """Write that the PIN was right, unless another one was set since.

        Raises:
            Unavailable: DynamoDB did not answer, or other writes to the member's sign-ins kept coming first.
        """
        attempt, counted = verified.attempt, verified.counted
        change_sign_ins(
            self._runtime.clients.dynamodb,
            self._settings.access_table,
            counted.key,
            counted.read,
            counted.cleared,
            attempt.guess.now,
            self.taken_back(verified),
        )

    def taken_back(self, verified: VerifiedPin) -> list[Write]:
        """Take back what was written beside the count of a right guess: the claim of its source, and any notice."""
        guess = verified.attempt.guess
        return [*self.guard.source_taken_back(guess), *withdrawn(guess, verified.counted)]

    def overtaken(self, verified: VerifiedPin) -> InvalidCredentials:
        """Return the refusal of a right PIN that a new one has replaced since; the attempt stays counted."""
        self._record_rejection(verified.attempt, verified.counted)
        return self._invalid(verified.attempt, verified.counted)

    def _read(self, request: Request[BodyType], identifier: Identifier) -> PinAttempt:
        now, random_bytes = self._runtime.now(), self._runtime.random_bytes
        subject = self._pseudonyms.of("identifier", identifier)
        networks, sources = self._pseudonyms.of_source(request.source), self.guard.sources
        members, access = self._settings.members_table, self._settings.access_table
        browser = CallersBrowser.of(request, self._pseudonyms, subject, identifier, random_bytes)

        key = sign_ins_key(subject)
        keys = {access: [key, *sources.keys(networks, now)]}
        found = self._reads.batch_get(members, member_key(identifier), MEMBER, keys, {(access, key): SIGN_INS})
        member = member_from_item(found.get((members, member_key(identifier))), now)
        version = credential_of(member).version
        sign_ins = sign_ins_from_item(found.get((access, key)))
        counter = PinCounter(key, sign_ins, version, browser.token.digest, now, self._limits)
        is_known, seen = counter.browser is not None, sources.seen(found, networks, now)

        def announce() -> Write:
            # Imported by the guess that needs it, so that a start takes no longer for it.
            from member_access.too_many_tries import TooManyTries  # noqa: PLC0415 - see above

            notices = TooManyTries.of(self._runtime, access, self._settings.emails_queue_url)
            return notices.announce(identifier, subject, member, now, is_known=is_known)

        return PinAttempt(
            who=Who(subject=subject, member=identifier if member else None, source=networks[0]),
            identifier=identifier,
            member=member,
            guess=Guess(counter, version, None if is_known else seen, now, announce=cache(announce)),
            browser=browser if is_known else browser.renewed(random_bytes),
            is_known=is_known,
        )

    def _rejected(self, attempt: PinAttempt, counted: PinCounter) -> Refusal:
        refusal = self.guard.failed(counted, attempt.guess.now)
        self._record_rejection(attempt, counted)
        return refusal or self._invalid(attempt, counted)

    def _invalid(self, attempt: PinAttempt, counted: PinCounter) -> InvalidCredentials:
        return InvalidCredentials(tries_left=tries_left(counted, attempt.guess.now))

    def _record_rejection(self, attempt: PinAttempt, counted: PinCounter) -> None:
        stored = attempt.credential.working_hash
        self._audit.record(
            PinRejected(
                who=attempt.who,
                known_browser=attempt.is_known,
                failures=counted.states[0].failures,
                hash_unusable=self.hasher.usable(stored) is not stored,
            )
        )
