"""Forgotten PIN: ``POST /reset`` asks for a one-time code, by e-mail or by letter.

One read: the member, the codes already asked for, the wrong tries, the source. The message goes into its queue before
the request is written (see ``outgoing``): three hops, the same for an identifier that nobody has.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from code_verification import CodeVerification
from member_access.attempt_store import AttemptStore
from member_access.audit import AuditTrail, CodeRequested, CodeRequestRefused
from member_access.aws import TransactionCancelled, together, transact
from member_access.errors import TooManyAttempts, Unavailable
from member_access.even_reads import EvenReads
from member_access.http import Answer, Api, Request, Route
from member_access.letter_requests import LetterRequests
from member_access.members import NOBODY
from member_access.one_time_codes import Channel, OneTimeCodes
from member_access.outgoing import (
    EmailKind,
    EmailRequest,
    OutgoingQueue,
    email_requested,
    new_request_id,
    nothing_requested,
)
from member_access.pin_attempts import PinAttempts
from member_access.pins import argon2id
from member_access.pseudonyms import Pseudonyms
from member_access.reset_store import replaced, reset_key
from member_access.resets import Issue, TooSoon, UnderWay, are_void, channel_of
from member_access.runtime import LambdaHandler, Runtime
from member_access.sources import Sources
from member_access.weak_pins import WeakPins
from new_pin import NewPinFlow
from reset_contract import CHANGE_PIN, REQUEST_CODE, SET_PIN, VERIFY_CODE, CodeWanted
from reset_reading import Standing, StandingReader
from reset_settings import ResetSettings

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from member_access.one_time_codes import RequestId
    from member_access.pins import Argon2Cost
    from member_access.types import Instant

# Each conflict means that another request for the same identifier went through, which limits ours.
_MOST_CONFLICTS = 3


@dataclass(frozen=True)
class RequestFlow:
    """Answers ``POST /reset``."""

    runtime: Runtime
    settings: ResetSettings
    pseudonyms: Pseudonyms
    reader: StandingReader
    sources: Sources
    emails: OutgoingQueue
    letters: LetterRequests
    audit: AuditTrail

    def request(self, request: Request[CodeWanted]) -> Answer:
        """Send a code, or say that one is under way.

        Raises:
            TooManyAttempts: codes were asked for too often, of this identifier or from this source.
            Unavailable: AWS did not answer; nothing is sent.
        """
        identifier = request.body.identifier
        for _ in range(_MOST_CONFLICTS):
            standing = self.reader.read(request, identifier)
            if standing.source_wait:
                raise self._refused(standing, "source", standing.source_wait)
            channel = self._channel(standing, request.body)
            verdict = self._decide(standing, channel)
            if isinstance(verdict, TooSoon):
                raise self._refused(standing, "requests", verdict.seconds)
            try:
                self._carry_out(standing, channel, verdict)
            except TransactionCancelled:
                continue
            self.audit.record(CodeRequested(who=standing.who, channel=channel, sent=isinstance(verdict, Issue)))
            return Answer(
                {
                    "channel": channel.value,
                    "expires_in": verdict.code.expires_at - standing.now,
                    "resend_after": verdict.resend_after,
                }
            )
        raise Unavailable("reset: too many conflicts")

    def _channel(self, standing: Standing, wanted: CodeWanted) -> Channel:
        member = standing.member
        return channel_of(
            wanted.channel,
            is_member=member is not None,
            has_email=member is not None and member.email is not None,
            decoy_share=self.settings.email_share_percent,
            decoy_draw=int(self.pseudonyms.of("channel", wanted.identifier), 16) % 100,
        )

    def _decide(self, standing: Standing, channel: Channel) -> Issue | UnderWay | TooSoon:
        return self.settings.reset_policy.request(
            standing.reset,
            channel,
            new_request_id(self.runtime.random_bytes),
            standing.now,
            voided=are_void(standing.reset, standing.tries, self.settings.code_policy, standing.now),
        )

    def _refused(self, standing: Standing, limit: Literal["source", "requests"], wait: int) -> TooManyAttempts:
        self.audit.record(CodeRequestRefused(who=standing.who, limit=limit, retry_after=wait))
        return TooManyAttempts(retry_after=wait)

    def _carry_out(self, standing: Standing, channel: Channel, verdict: Issue | UnderWay) -> None:
        """Send a code, or nothing; every request counts against its source, for letters cost money.

        Raises:
            TransactionCancelled: another request came first; its message, if any, is of no effect.
        """
        writes = self._announce(standing, channel, verdict) if isinstance(verdict, Issue) else []
        together(
            self.runtime.executor,
            lambda: transact(self.runtime.clients.dynamodb, writes) if writes else None,
            lambda: self.sources.record_failure(standing.who.source, standing.now),
        )

    def _announce(self, standing: Standing, channel: Channel, issue: Issue) -> list[TransactWriteItemTypeDef]:
        code, access = issue.code, self.settings.access_table
        record = replaced(access, reset_key(standing.who.subject), standing.reset, issue.reset, standing.now)
        if channel is Channel.EMAIL:
            self.emails.announce(code.request_id)
            return [record, self._email(standing, code.request_id, EmailKind.RESET_CODE, code.expires_at)]
        notice_id = new_request_id(self.runtime.random_bytes)
        together(
            self.runtime.executor,
            lambda: self.letters.announce(code.request_id),
            lambda: self.emails.announce(notice_id),
        )
        return [
            record,
            self.letters.requested(code, standing.who.member, standing.who.subject),
            self._email(standing, notice_id, EmailKind.LETTER_REQUESTED, code.expires_at),
        ]

    def _email(
        self, standing: Standing, request_id: RequestId, kind: EmailKind, not_after: Instant
    ) -> TransactWriteItemTypeDef:
        access, member, now = self.settings.access_table, standing.member, standing.now
        identifier = member.identifier if member else NOBODY
        request = EmailRequest(request_id, kind, identifier, standing.who.subject, now, not_after)
        asked_for = email_requested(access, request)
        nothing = nothing_requested(asked_for, now)
        return asked_for if member and member.email else nothing


def compose(runtime: Runtime, argon2: Callable[[Argon2Cost], PasswordHasher] = argon2id) -> Api:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not give the key of the pseudonyms.
    """
    settings = ResetSettings.from_environment(runtime.environment)
    dynamodb, kms, sqs = runtime.clients.dynamodb, runtime.clients.kms, runtime.clients.sqs
    pseudonyms = Pseudonyms.from_kms(kms, settings.pseudonym_key_arn)
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    sources = Sources(dynamodb, settings.access_table, settings.source_policy)
    emails = OutgoingQueue(sqs, settings.emails_queue_url)
    letters = LetterRequests.under(settings, sqs)
    reader = StandingReader(runtime, settings, pseudonyms, sources, EvenReads(dynamodb))
    request = RequestFlow(runtime, settings, pseudonyms, reader, sources, emails, letters, audit)
    verification = CodeVerification(
        runtime,
        settings,
        reader,
        sources,
        AttemptStore(dynamodb, settings.access_table, settings.code_policy),
        OneTimeCodes(kms, settings.code_key_arn),
        audit,
    )
    attempts = PinAttempts(runtime, settings, pseudonyms, audit, argon2)
    new_pin = NewPinFlow(runtime, settings, pseudonyms, attempts, WeakPins.load(), emails, audit)
    return Api(
        settings,
        runtime,
        [
            Route(REQUEST_CODE, request.request),
            Route(VERIFY_CODE, verification.verify),
            Route(SET_PIN, new_pin.set_by_token),
            Route(CHANGE_PIN, new_pin.change),
        ],
    )


handler = LambdaHandler(compose)
