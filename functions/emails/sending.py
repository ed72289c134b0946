"""The e-mail queue: renders each requested e-mail and sends it with Amazon SES.

A message names a request (see ``outbox``). A crash between sending the e-mail and marking it as sent makes it go out
twice. This does no harm, because the code is derived from the request and stays the same. A crash between counting an
e-mail and marking it as reserved counts it twice: the budget may be used up early, never exceeded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from emails.addressee import addressee_from_item
from emails.letter_instead import CODES
from emails.mailer import AddressRefused, Mailer, SendingRefused
from emails.messages import (
    ConfirmCode,
    IdentifierReminder,
    Invitation,
    LetterGivenUpNotice,
    LetterRequestedNotice,
    NewBrowserNotice,
    PasskeyAddedNotice,
    PasskeyDeletedNotice,
    PinChangedNotice,
    PinCreatedNotice,
    PinDisabledNotice,
    ResetCode,
    TooManyTriesKnownNotice,
    TooManyTriesNotice,
)
from emails.store import NoEmail
from member_access.audit import About, AuditTrail
from member_access.audit_events.emails import (
    CodeExpired,
    EmailBudgetHalfUsed,
    EmailDeferred,
    EmailDropped,
    EmailPostponed,
    EmailSent,
    SenderRefused,
)
from member_access.errors import NotYet, Unavailable, describe
from member_access.members.store import member_from_item, member_key
from member_access.outbox.email_item import EmailKind
from member_access.outbox.outbox import request_id_from_message
from member_access.platform.aws import batch_get
from member_access.recovery.codes import Purpose
from member_access.recovery.emailed_codes import is_open
from member_access.recovery.second_steps import is_asked, step_from_item
from member_access.recovery.store import reset_from_item, reset_key
from member_access.sessions.browser_families import BrowserFamily

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from emails.addressee import Addressee
    from emails.letter_instead import LetterInstead
    from emails.limits import EmailBudget, Reminders
    from emails.messages import Message
    from emails.rendering import EmailRenderer, RenderedEmail
    from emails.settings import EmailSettings
    from emails.store import EmailStore
    from member_access.audit_events.emails import EmailDropReason
    from member_access.members.store import Member
    from member_access.outbox.email_item import EmailRequest
    from member_access.outbox.worker import QueuedMessage
    from member_access.platform.runtime import Runtime
    from member_access.recovery.codes import OneTimeCodes
    from member_access.values.email_address import EmailAddress
    from member_access.values.types import Instant
    from member_access.wording.texts import Language

_NOTICES: Final[Mapping[EmailKind, Callable[[Instant], Message]]] = {
    EmailKind.PIN_CREATED: PinCreatedNotice,
    EmailKind.PIN_CHANGED: PinChangedNotice,
    EmailKind.PIN_DISABLED: PinDisabledNotice,
    EmailKind.TOO_MANY_TRIES: TooManyTriesNotice,
    EmailKind.TOO_MANY_TRIES_KNOWN: TooManyTriesKnownNotice,
    EmailKind.PASSKEY_ADDED: PasskeyAddedNotice,
    EmailKind.PASSKEY_DELETED: PasskeyDeletedNotice,
}
"""The notices of a change, which have no fact but its moment."""

_OF_A_PIN: Final = frozenset({EmailKind.TOO_MANY_TRIES, EmailKind.TOO_MANY_TRIES_KNOWN})
"""The notices that a new PIN overtakes: it has its tries again."""

# The write of a request ends long before: the function that makes it runs for ten seconds at most.
_UNDECIDED_SECONDS = 60


@dataclass(frozen=True)
class EmailFlow:
    """Sends the e-mail that a message names."""

    runtime: Runtime
    settings: EmailSettings
    store: EmailStore
    codes: OneTimeCodes
    renderer: EmailRenderer
    mailer: Mailer
    budget: EmailBudget
    reminders: Reminders
    letters: LetterInstead
    audit: AuditTrail

    def send(self, message: QueuedMessage) -> None:
        """Send one e-mail, or drop it if it is no longer of use.

        Raises:
            NotYet: the request is not written yet, or the budget is used up.
            InvalidValue: the message does not name a request.
            SendingRefused: an operator must act.
            Unavailable: AWS did not answer; the e-mail may still have been sent.
        """
        now = self.runtime.now()
        request_id = request_id_from_message(message.body)
        request = self.store.read(request_id)
        if isinstance(request, NoEmail):
            if request is NoEmail.UNDECIDED and now < message.sent_at + _UNDECIDED_SECONDS:
                raise NotYet("the e-mail of this message is not stored")
            return
        if request.is_sent:
            return
        member, addressee, is_void = self._load(request, now)
        if now >= request.expires_at:
            self._drop(request, "expired")
        elif member is None:
            self._drop(request, "no-member")
        elif is_void:
            self._drop(request, "void")
        elif member.email is None:
            self._undeliverable(request, "no-address", now)
        elif request.kind is EmailKind.IDENTIFIER_REMINDER and not self.reminders.claim(request, now):
            self._drop(request, "too-many")
        else:
            self._reserve(request, now)
            self._deliver(request, self._rendered(request, addressee, member.language), member.email, now)

    def _load(self, request: EmailRequest, now: Instant) -> tuple[Member | None, Addressee, bool]:
        """Return the present member, their name, and whether use or a new PIN has voided the code, or the notice."""
        members, access = self.settings.members_table, self.settings.access_table
        is_invitation = request.kind is EmailKind.INVITATION
        key, code_key = (
            member_key(request.identifier),
            reset_key(request.subject) if is_invitation else request.code_key,
        )
        keys = {members: [key], **({access: [code_key]} if code_key else {})}
        found = batch_get(self.runtime.clients.dynamodb, keys)
        item = found.get((members, key))
        member, addressee = member_from_item(item, now), addressee_from_item(request.identifier, item)
        code = found.get((access, code_key)) if code_key else None
        if is_invitation:
            letter = reset_from_item(code).letter
            # The invitation may have met the first PIN on its way into the table.
            has_pin = member is not None and member.credential.pin_hash is not None
            return member, addressee, has_pin or letter is None or letter.request_id != request.request_id
        if request.kind is EmailKind.CONFIRM_CODE:
            return member, addressee, not is_asked(step_from_item(code), request.request_id, member)
        if request.kind in _OF_A_PIN:
            # The version of a new PIN is the time when it was set.
            return member, addressee, member is not None and member.credential.version > request.requested_at
        return member, addressee, request.kind is EmailKind.RESET_CODE and not is_open(code, member)

    def _reserve(self, request: EmailRequest, now: Instant) -> None:
        """Count an e-mail in the budget of the day, unless an earlier delivery has.

        Raises:
            NotYet: the budget is used up.
        """
        if request.is_reserved:
            return
        who, counted = _about(request), self.budget.count(request.kind, now)
        if counted is None:
            if request.kind is not EmailKind.INVITATION:
                self.audit.record(EmailPostponed(who=who, request_id=request.request_id, kind=request.kind))
            raise NotYet("the budget of e-mails is used up", self.budget.wait(now))
        if counted.is_half:
            self.audit.record(EmailBudgetHalfUsed(who=who, request_id=request.request_id, kind=request.kind))
        self.store.mark_reserved(request.request_id, now)

    def _rendered(self, request: EmailRequest, addressee: Addressee, language: Language) -> RenderedEmail:
        return self.renderer.render(self._message(request), addressee, language)

    def _deliver(self, request: EmailRequest, email: RenderedEmail, to: EmailAddress, now: Instant) -> None:
        try:
            self.mailer.send(request, to, email)
        except AddressRefused:
            self._undeliverable(request, "address-refused", now)
            return
        except (SendingRefused, Unavailable) as error:
            outcome = SenderRefused if isinstance(error, SendingRefused) else EmailDeferred
            self.audit.record(
                outcome(who=_about(request), request_id=request.request_id, kind=request.kind, why=str(error))
            )
            raise
        try:
            self.store.mark_sent(request.request_id, now)
        except Unavailable as error:
            # Do not raise: each retry of the message would send the e-mail again.
            self.runtime.logger.warning("email.not-marked", extra=describe(error))
        self.audit.record(EmailSent(who=_about(request), request_id=request.request_id, kind=request.kind))

    def _undeliverable(self, request: EmailRequest, reason: EmailDropReason, now: Instant) -> None:
        if request.kind in CODES:
            self.letters.request(request, now)
        self._drop(request, reason)

    def _drop(self, request: EmailRequest, reason: EmailDropReason) -> None:
        dropped = CodeExpired if request.kind in CODES and reason == "expired" else EmailDropped
        self.audit.record(dropped(who=_about(request), request_id=request.request_id, kind=request.kind, reason=reason))

    def _message(self, request: EmailRequest) -> Message:
        match request.kind:
            case EmailKind.RESET_CODE | EmailKind.CONFIRM_CODE | EmailKind.INVITATION:
                return self._code(request)
            case (
                EmailKind.PIN_CREATED
                | EmailKind.PIN_CHANGED
                | EmailKind.PIN_DISABLED
                | EmailKind.TOO_MANY_TRIES
                | EmailKind.TOO_MANY_TRIES_KNOWN
                | EmailKind.PASSKEY_ADDED
                | EmailKind.PASSKEY_DELETED as kind
            ):
                return _NOTICES[kind](request.requested_at)
            case EmailKind.LETTER_REQUESTED:
                return LetterRequestedNotice(request.requested_at, request.expires_at)
            case EmailKind.LETTER_GIVEN_UP | EmailKind.IDENTIFIER_REMINDER:
                is_given_up = request.kind is EmailKind.LETTER_GIVEN_UP
                return LetterGivenUpNotice() if is_given_up else IdentifierReminder(request.identifier)
            case EmailKind.NEW_BROWSER:
                return NewBrowserNotice(request.requested_at, request.browser or BrowserFamily())
            case kind:
                assert_never(kind)

    def _code(self, request: EmailRequest) -> Message:
        codes, now = self.codes.of(request.identifier), request.requested_at
        if request.kind is EmailKind.INVITATION:
            return Invitation(codes.by_letter(request.request_id), request.expires_at)
        if request.kind is EmailKind.CONFIRM_CODE:
            return ConfirmCode(codes.by_email(request.request_id, Purpose.CONFIRM), now, request.expires_at)
        return ResetCode(codes.by_email(request.request_id), now, request.expires_at)


def _about(request: EmailRequest) -> About:
    return About(subject=request.subject, member=request.identifier)
