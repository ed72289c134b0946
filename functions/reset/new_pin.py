"""A new PIN: ``POST /reset/pin`` with a token, ``POST /pin`` with the present PIN.

A use of the token, or an attempt at the present PIN, is counted before the new PIN is compared with the present one.

Setting it is one transaction: the new hash, the next credential version (every session ends, every failure is
forgotten), the token spent, the codes void, and the notice to the member.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from member_access.api.callers_browser import CallersBrowser
from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, Who
from member_access.audit_events.codes import PinChanged, PinTooWeak
from member_access.errors import FieldError
from member_access.members.store import Member, member_from_item, member_key, own_data_hashes_from_item
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.outbox import new_request_id
from member_access.platform.aws import TransactionCancelled, batch_get, transact
from member_access.recovery.store import reset_key, void_letter
from member_access.settings import NewBrowser
from reset.contract import InvalidResetToken, PinsDiffer, WeakPin
from reset.reset_tokens import claim_use, delete_reset_token

if TYPE_CHECKING:
    from member_access.members.own_data_hashes import OwnDataHasher
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.outbox.outbox import Outbox
    from member_access.pin_verification import PinVerification
    from member_access.pins.blocklist import PinBlocklist, Weakness
    from member_access.pins.pin_hash import PinHash
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.values.types import Identifier, Instant, Pin
    from reset.contract import NewPin, PinChange
    from reset.reset_tokens import ResetGrant
    from reset.settings import ResetSettings


@dataclass(frozen=True)
class NewPinFlow:
    """Answers ``POST /reset/pin`` and ``POST /pin``."""

    runtime: Runtime
    settings: ResetSettings
    pseudonyms: Pseudonyms
    attempts: PinVerification
    weak_pins: PinBlocklist
    own_data: OwnDataHasher
    emails: Outbox[EmailRequest]
    audit: AuditTrail

    def set_by_token(self, request: Request[NewPin]) -> Response:
        """Set a PIN; this browser is known from then on.

        So a stranger who keeps the shared counter of attempts full cannot keep the member from signing in.

        Raises:
            PinsDiffer: the confirmation is another PIN; the token stays as it is.
            WeakPin: others would guess the PIN; the token has one use less.
            InvalidResetToken: the token is wrong, used up or expired, or another PIN was set since.
            Unavailable: AWS did not answer; the PIN has not changed.
        """
        body, now, access = request.body, self.runtime.now(), self.settings.access_table
        _refuse_if_different(body.pin, body.pin_confirmation, "/pin_confirmation")
        member = self._member(claim_use(self.runtime.clients.dynamodb, access, body.reset_token, now))
        who = Who.of(self.pseudonyms, member.identifier, request.source, member.identifier)
        pin_hash = self._strong_hash(who, member, body.pin, "/pin")
        browser = self._browser(request, who, member).renewed(self.runtime.random_bytes)
        try:
            self._write(
                who,
                member,
                pin_hash,
                now,
                [
                    delete_reset_token(access, body.reset_token),
                    browser.put_alone(access, member.identifier, member.credential.next_version(now), now),
                ],
            )
        except TransactionCancelled:
            raise InvalidResetToken from None
        self.audit.record(PinChanged(who=who, by="code"))
        return Response(cookies=browser.cookies(request.cookies))

    def change(self, request: Request[PinChange]) -> Response:
        """Replace the PIN with another; this browser alone is known from then on.

        Raises:
            PinsDiffer: the confirmation is another PIN; the attempt is not counted.
            SignInFirst: a new browser has to be confirmed, and this one is new. Else a PIN alone would make it known.
            InvalidCredentials: the identifier and the present PIN do not belong together.
            TooManyAttempts: this attempt, or those before it, lead to a wait.
            PinDisabled: the PIN must be reset.
            WeakPin: others would guess the new PIN.
            Unavailable: AWS did not answer; nothing has changed.
        """
        body = request.body
        _refuse_if_different(body.new_pin, body.new_pin_confirmation, "/new_pin_confirmation")
        known_only = self.settings.new_browser is NewBrowser.CONFIRM
        verified = self.attempts.verify(request, body.identifier, body.pin, known_only=known_only)
        member, attempt = verified.member, verified.attempt
        try:
            pin_hash = self._strong_hash(attempt.who, member, body.new_pin, "/new_pin")
        except WeakPin:
            self.attempts.write_success(verified)
            raise
        now, browser = attempt.guess.now, attempt.browser
        version = member.credential.next_version(now)
        others = [
            *self.attempts.taken_back(verified),
            browser.put_alone(self.settings.access_table, member.identifier, version, now),
        ]
        try:
            self._write(attempt.who, member, pin_hash, now, others)
        except TransactionCancelled:
            # Another PIN has been set since: the one that was typed is no longer valid.
            raise self.attempts.overtaken(verified) from None
        self.audit.record(PinChanged(who=attempt.who, by="pin"))
        return Response(cookies=browser.cookies(request.cookies))

    def _browser(self, request: Request[NewPin], who: Who, member: Member) -> CallersBrowser:
        return CallersBrowser.of(
            request,
            self.pseudonyms,
            who.subject,
            member.identifier,
            self.runtime.random_bytes,
        )

    def _member(self, grant: ResetGrant | None) -> Member:
        if grant is None:
            raise InvalidResetToken
        members, key = self.settings.members_table, member_key(grant.identifier)
        found = batch_get(self.runtime.clients.dynamodb, {members: [key]})
        member = member_from_item(found.get((members, key)), self.runtime.now())
        if member is None or member.credential.version != grant.credential_version:
            raise InvalidResetToken
        return member

    def _strong_hash(self, who: Who, member: Member, pin: Pin, pointer: str) -> PinHash:
        weakness = self.weak_pins.weakness(pin, member.identifier, member.postcode)
        weakness = weakness or self._own_data(member.identifier, pin)
        reason = weakness.value if weakness else self._previous(member, pin)
        if reason:
            self.audit.record(PinTooWeak(who=who, reason=reason))
            raise WeakPin(fields=(FieldError(pointer, reason),))
        return self.attempts.hasher.hash(member.identifier, pin)

    def _own_data(self, identifier: Identifier, pin: Pin) -> Weakness | None:
        members, key = self.settings.members_table, member_key(identifier)
        # Not part of a member: every sign-in would read it.
        found = batch_get(self.runtime.clients.dynamodb, {members: [key]}, {members: ("pk", "own_data_hashes")})
        return self.own_data.weakness(identifier, pin, own_data_hashes_from_item(found.get((members, key))))

    def _previous(self, member: Member, pin: Pin) -> Literal["pin-previous"] | None:
        hasher, stored = self.attempts.hasher, member.credential.pin_hash
        if stored and hasher.verify(hasher.keyed_pin(member.identifier, pin, stored), stored):
            return "pin-previous"
        return None

    def _write(self, who: Who, member: Member, pin_hash: PinHash, now: Instant, others: list[Write]) -> None:
        notice = EmailRequest.notice(
            new_request_id(self.runtime.random_bytes),
            EmailKind.PIN_CHANGED if member.credential.pin_hash else EmailKind.PIN_CREATED,
            member.identifier,
            who.subject,
            now,
        )
        notify = self.emails.enqueue(notice, is_wanted=member.email is not None)
        transact(
            self.runtime.clients.dynamodb,
            [
                self.attempts.members.put_new_pin(member.identifier, member.credential, pin_hash, now),
                void_letter(self.settings.access_table, reset_key(who.subject), now),
                notify,
                *others,
            ],
        )


def _refuse_if_different(pin: Pin, confirmation: Pin, pointer: str) -> None:
    if pin != confirmation:
        raise PinsDiffer(fields=(FieldError(pointer, "pin-confirmation"),))
