"""The second step after a right PIN: sends a code, and checks the code that is typed.

A right PIN counts as a success at its counters: someone who has it needs no more guesses. Only then is the member's
second step read, and a message put into its queue before the step is written (see ``outbox``). A try is counted, at the
step and at its source, before the code is compared.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final

from member_access.api.cookies import CONFIRM_COOKIE, host_cookie
from member_access.api.router import BodyType, Request, Response
from member_access.audit import Who
from member_access.audit_events.codes import CodeRefused, CodeRejected
from member_access.audit_events.sign_ins import SecondStepAsked, SecondStepRefused
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.letter_job_item import LetterRequest
from member_access.outbox.outbox import Outbox, RequestQueue, new_request_id
from member_access.platform.aws import TransactionCancelled, batch_get, concurrently, retrying, transact
from member_access.recovery.codes import Channel, Purpose
from member_access.recovery.invalid_code import CodeElsewhere, CodeSpent, InvalidCode
from member_access.recovery.policy import Issue, TooSoon
from member_access.recovery.second_steps import (
    SecondStep,
    StepHandle,
    claim_try,
    mark_step_taken,
    put_step,
    step_from_item,
    step_key,
)
from member_access.recovery.store import reset_from_item
from member_access.throttling.guard import TooManyAttempts
from member_access.values.types import EmailCode

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Literal

    from login.settings import LoginSettings
    from member_access.audit import AuditTrail
    from member_access.members.pseudonyms import Pseudonym, Pseudonyms
    from member_access.members.store import Member
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.recovery.codes import MemberCodes, OneTimeCodes
    from member_access.recovery.policy import IssuedCode, KnownBrowserId
    from member_access.throttling.sources import Scarce, SeenSource, Sources
    from member_access.values.types import Instant, OneTimeCode

# Each conflict means that another right PIN of the same member went through, which limits this one.
_MAX_CONFLICTS = 3
_SCARCE: Final[Mapping[Channel, Scarce]] = {Channel.EMAIL: "emails", Channel.LETTER: "letters"}


@dataclass(frozen=True)
class Asked:
    """Someone who has shown the PIN, and is asked for more.

    Attributes:
        who: whom the audit trail names.
        member: the member.
        source: the caller's, whose share of the day a code uses up.
        asker: the session whose own limit of requests applies; None for new browsers, which have one together.
        session: the digest of the session whose level is to be raised; empty for a new browser.
        now: the moment.
    """

    who: Who
    member: Member
    source: SeenSource | None
    asker: KnownBrowserId | None
    session: bytes
    now: Instant


@dataclass(frozen=True)
class Passed:
    """A second step whose code was right; ``writes`` belong into the transaction that grants what it allows.

    Attributes:
        who: whom the audit trail names.
        whose: the pseudonym of the member's identifier.
        step: the step.
        writes: take the step, and take the claim of its source back. They fail if another right code came first.
        now: the moment.
    """

    who: Who
    whose: Pseudonym
    step: SecondStep
    writes: list[Write]
    now: Instant


@dataclass(frozen=True)
class SecondSteps:
    """Asks for second steps, and checks them."""

    runtime: Runtime
    settings: LoginSettings
    pseudonyms: Pseudonyms
    sources: Sources
    codes: OneTimeCodes
    audit: AuditTrail

    @cached_property
    def _emails(self) -> Outbox[EmailRequest]:
        # Made at the first code: a function that starts needs no client of SQS.
        queue = RequestQueue(self.runtime.clients.sqs, self.settings.code_emails_queue_url)
        return Outbox[EmailRequest](queue, self.settings.access_table)

    @cached_property
    def _letters(self) -> Outbox[LetterRequest]:
        queue = RequestQueue(self.runtime.clients.sqs, self.settings.letters_queue_url)
        return Outbox[LetterRequest](queue, self.settings.access_table)

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def ask(self, asked: Asked) -> Response:
        """Send a code by e-mail, or by letter to a member without an address, and ask for it.

        Raises:
            TooManyAttempts: codes were asked for too often, of this member or from this source. A step that was asked
                for before stays good.
            Unavailable: AWS did not answer, or other requests kept coming first; nothing is sent.
        """
        dynamodb, access, now = self.runtime.clients.dynamodb, self.settings.access_table, asked.now
        key = step_key(asked.who.subject)
        seen = reset_from_item(batch_get(dynamodb, {access: [key]}).get((access, key)))
        channel = Channel.EMAIL if asked.member.email else Channel.LETTER
        request_id = new_request_id(self.runtime.random_bytes)
        verdict = self.settings.reset_policy.request(seen, channel, request_id, now, asked.asker)
        if isinstance(verdict, TooSoon):
            raise self._refused(asked, "requests", verdict.seconds)
        is_sent, scarce = isinstance(verdict, Issue), _SCARCE[channel]
        if is_sent and asked.source and (wait := self.sources.claim_scarce(asked.source, scarce)):
            raise self._refused(asked, "source", wait)
        handle = StepHandle.new(asked.who.subject, self.runtime.random_bytes)
        step = SecondStep(
            handle.digest,
            asked.member.identifier,
            asked.member.credential.version,
            channel,
            verdict.code.request_id,
            verdict.code.expires_at,
            asked.session,
        )
        counted = verdict.reset if isinstance(verdict, Issue) else seen.next_revision
        sent = [self._enqueued(asked, channel, verdict.code, key)] if is_sent else []
        transact(dynamodb, [put_step(access, key, seen, counted, step, now), *sent])
        self.audit.record(SecondStepAsked(who=asked.who, channel=channel, opens=not asked.session, sent=is_sent))
        lifetime = verdict.code.expires_at - now
        return Response(
            {"channel": channel.value, "expires_in": lifetime, "resend_after": verdict.resend_after},
            (host_cookie(CONFIRM_COOKIE, handle, lifetime),),
            status=202,
        )

    def check(self, request: Request[BodyType], typed: OneTimeCode, session: bytes = b"") -> Passed:
        """Check the code of the step that this browser is asked for.

        Args:
            request: has the handle of the step in a cookie.
            typed: the code.
            session: the digest of the session whose level the step raises; empty if it opens one.

        Raises:
            InvalidCode: the code is wrong, spent or expired, or this browser is asked for none.
            TooManyAttempts: the source must wait.
            Unavailable: AWS did not answer; the code stays as it is.
        """
        dynamodb, access, now = self.runtime.clients.dynamodb, self.settings.access_table, self.runtime.now()
        sent = request.cookies.get(CONFIRM_COOKIE)
        handle = StepHandle(sent.reveal() if sent else "")
        if handle.whose is None:
            raise CodeElsewhere
        key, networks = step_key(handle.whose), self.pseudonyms.of_source(request.source)
        found = batch_get(dynamodb, {access: [key, *self.sources.keys(networks, now)]})
        source, step = self.sources.seen(found, networks, now), step_from_item(found.get((access, key)))
        who = Who(subject=handle.whose, member=step.identifier if step else None, source=networks[0])
        self._go_on(who, self.sources.wait(source))
        if step is None or step.handle != handle.digest or step.session != session:
            self.audit.record(CodeRefused(who=who, limit="handle"))
            raise CodeElsewhere
        most = self.settings.code_tries
        tried, codes, wait = concurrently(
            self.runtime.executor,
            lambda: claim_try(dynamodb, access, key, handle.digest, most, now),
            lambda: self.codes.of(step.identifier),
            lambda: self.sources.claim(source),
        )
        self._go_on(who, wait)
        if tried is None:
            self.audit.record(CodeRefused(who=who, limit="tries"))
            raise CodeSpent
        if not _fits(codes, tried, typed):
            tries_left = most - tried.tries
            raise self.rejected(who, tried, InvalidCode(tries_left=tries_left) if tries_left else CodeSpent())
        writes = [mark_step_taken(access, key, tried), self.sources.take_back(source)]
        return Passed(who, handle.whose, tried, writes, now)

    def rejected(self, who: Who, step: SecondStep, refusal: InvalidCode) -> InvalidCode:
        """Record that a code was wrong, or that another right one or a new PIN came first."""
        self.audit.record(CodeRejected(who=who, channel=step.channel))
        return refusal

    def _enqueued(self, asked: Asked, channel: Channel, code: IssuedCode, key: str) -> Write:
        identifier, subject = asked.member.identifier, asked.who.subject
        if channel is Channel.EMAIL:
            kind = EmailKind.CONFIRM_CODE
            email = EmailRequest(code.request_id, kind, identifier, subject, asked.now, code.expires_at, key)
            return self._emails.enqueue(email, is_wanted=True)
        within = self.settings.letter_post_within_seconds
        letter = LetterRequest.with_code(code, identifier, subject, within, purpose=Purpose.CONFIRM)
        return self._letters.enqueue(letter, is_wanted=True)

    def _refused(self, asked: Asked, limit: Literal["source", "requests"], wait: int) -> TooManyAttempts:
        self.audit.record(SecondStepRefused(who=asked.who, limit=limit, retry_after=wait))
        return TooManyAttempts(retry_after=wait)

    def _go_on(self, who: Who, wait: int) -> None:
        if wait:
            self.audit.record(CodeRefused(who=who, limit="source"))
            raise TooManyAttempts(retry_after=wait)


def _fits(codes: MemberCodes, step: SecondStep, typed: OneTimeCode) -> bool:
    by_email = step.channel is Channel.EMAIL
    code = (codes.by_email if by_email else codes.by_letter)(step.request_id, Purpose.CONFIRM)
    return isinstance(typed, EmailCode) is by_email and hmac.compare_digest(code.reveal(), typed.reveal())
