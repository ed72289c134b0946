"""``POST /reset/verify``: a one-time code is exchanged for a token that sets a PIN.

The number of digits says how a code was sent, so one guess is compared with one code only. A guess is claimed for its
source, and one at a code by e-mail beside the handle of its request too, while KMS makes the key of the codes; only
then are they compared. A code by letter has ten digits, so no number of wrong guesses needs to void it. Of two right
answers at once, one is taken.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from member_access.api.cookies import RESET_COOKIE, expired_cookie
from member_access.api.router import Request, Response
from member_access.audit_events.codes import CodeRefused, CodeRejected, CodeVerified
from member_access.platform.aws import TransactionCancelled, concurrently, transact
from member_access.recovery.codes import Channel
from member_access.recovery.emailed_codes import ResetHandle, Untried
from member_access.recovery.invalid_code import CodeElsewhere, CodeSpent, InvalidCode
from member_access.recovery.store import mark_letter_used, reset_key
from member_access.throttling.guard import TooManyAttempts
from member_access.values.types import EmailCode, Instant
from reset.reset_tokens import ResetGrant, ResetToken, put_reset_token

if TYPE_CHECKING:
    from member_access.audit import AuditTrail
    from member_access.code_requests import ResetContext
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.recovery.codes import OneTimeCodes
    from member_access.recovery.emailed_codes import EmailedCodes
    from member_access.throttling.sources import SeenSource, Sources
    from member_access.values.types import LetterCode
    from reset.context import ContextReader
    from reset.contract import CodeVerification
    from reset.settings import ResetSettings


class CodeUse(NamedTuple):
    """What a typed code leads to.

    Attributes:
        write: uses the code up; None if another was typed.
        tries_left: wrong tries before a code by e-mail ends; None for a code by letter, which has no such limit.
    """

    write: Write | None
    tries_left: int | None = None


@dataclass(frozen=True)
class VerifyCodeFlow:
    """Answers ``POST /reset/verify``."""

    runtime: Runtime
    settings: ResetSettings
    reader: ContextReader
    sources: Sources
    emailed: EmailedCodes
    codes: OneTimeCodes
    audit: AuditTrail

    def verify(self, request: Request[CodeVerification]) -> Response:
        """Exchange a code for a token.

        Raises:
            InvalidCode: the code is wrong, used, expired or void, or was requested in another browser.
            TooManyAttempts: the source must wait.
            Unavailable: AWS did not answer; the code stays as it is.
        """
        context, typed = self.reader.read(request, request.body.identifier), request.body.code
        channel = Channel.EMAIL if isinstance(typed, EmailCode) else Channel.LETTER
        source = context.limited_source(channel)
        self._go_on(context, self.sources.wait(source) if source else 0)
        if isinstance(typed, EmailCode):
            use = self._emailed(context, request, typed, source)
        else:
            use = self._posted(context, request, typed, source)
        if context.member is None or use.write is None:
            raise self._rejected(context, channel, InvalidCode(tries_left=use.tries_left))
        token = ResetToken.new(self.runtime.random_bytes)
        lifetime = self.settings.reset_token_seconds
        grant = ResetGrant(
            identifier=context.member.identifier,
            credential_version=context.credential_version,
            expires_at=Instant(context.now + lifetime),
        )
        put_token = put_reset_token(self.settings.access_table, token, grant)
        taken_back = [self.sources.take_back(source)] if source else []
        try:
            transact(self.runtime.clients.dynamodb, [use.write, put_token, *taken_back])
        except TransactionCancelled:
            # Another right answer came first.
            raise self._rejected(context, channel, InvalidCode(tries_left=use.tries_left)) from None
        self.audit.record(CodeVerified(who=context.who, channel=channel))
        return Response({"reset_token": token.reveal(), "expires_in": lifetime}, (expired_cookie(RESET_COOKIE),))

    def _emailed(
        self, context: ResetContext, request: Request[CodeVerification], typed: EmailCode, source: SeenSource | None
    ) -> CodeUse:
        """Return the use of the code of this browser's request.

        Raises:
            CodeElsewhere: this browser did not ask for a code of this identifier; no try is used.
            CodeSpent: the code has no try left, or has expired.
            TooManyAttempts: the source must wait.
            Unavailable: AWS did not answer.
        """
        sent = request.cookies.get(RESET_COOKIE)
        handle = ResetHandle(sent.reveal() if sent else "")
        tried, codes, wait = concurrently(
            self.runtime.executor,
            lambda: self.emailed.claim_try(handle, context.who.subject, context.now),
            lambda: self.codes.of(request.body.identifier),
            lambda: self.sources.claim(source) if source else 0,
        )
        self._go_on(context, wait)
        if tried is Untried.ELSEWHERE:
            self.audit.record(CodeRefused(who=context.who, limit="handle"))
            raise CodeElsewhere
        if tried is Untried.SPENT:
            self.audit.record(CodeRefused(who=context.who, limit="tries"))
            raise CodeSpent
        fits = hmac.compare_digest(codes.by_email(tried.request_id).reveal(), typed.reveal())
        tries_left = self.emailed.tries - tried.tries
        if fits and tried.credential_version == context.credential_version:
            return CodeUse(self.emailed.delete_code(handle), tries_left)
        if not tries_left:
            raise self._rejected(context, Channel.EMAIL, CodeSpent())
        return CodeUse(None, tries_left)

    def _posted(
        self, context: ResetContext, request: Request[CodeVerification], typed: LetterCode, source: SeenSource | None
    ) -> CodeUse:
        """Return the use of the code of the letter.

        Expiry is decided here: DynamoDB's TTL comes days later.

        Raises:
            TooManyAttempts: the source must wait.
            Unavailable: AWS did not answer.
        """
        codes, wait = concurrently(
            self.runtime.executor,
            lambda: self.codes.of(request.body.identifier),
            lambda: self.sources.claim(source) if source else 0,
        )
        self._go_on(context, wait)
        letter = context.reset.letter
        if letter is None or context.now >= letter.expires_at:
            return CodeUse(None)
        fits = hmac.compare_digest(codes.by_letter(letter.request_id).reveal(), typed.reveal())
        key = reset_key(context.who.subject)
        return CodeUse(mark_letter_used(self.settings.access_table, key, letter) if fits else None)

    def _go_on(self, context: ResetContext, wait: int) -> None:
        """Refuse a source that must wait, else do nothing."""
        if wait:
            self.audit.record(CodeRefused(who=context.who, limit="source"))
            raise TooManyAttempts(retry_after=wait)

    def _rejected(self, context: ResetContext, channel: Channel, refusal: InvalidCode) -> InvalidCode:
        self.audit.record(CodeRejected(who=context.who, channel=channel))
        return refusal
