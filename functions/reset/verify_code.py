"""``POST /reset/verify``: a one-time code is exchanged for a token that sets a PIN.

The guard counts the try while KMS makes the key of the member's codes; only then are they compared. Tries count by
member over all codes (NIST SP 800-63B-4 §3.2.2). Of two right answers at once, one uses the code up.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, CodeRefused, CodeRejected, CodeVerified
from member_access.platform.aws import TransactionCancelled, transact
from member_access.recovery.store import mark_code_used, reset_key
from member_access.values.types import Instant
from reset.contract import InvalidCode
from reset.reset_tokens import ResetGrant, ResetToken, put_reset_token

if TYPE_CHECKING:
    from member_access.errors import Refusal
    from member_access.platform.runtime import Runtime
    from member_access.recovery.codes import Channel, MemberCodes, OneTimeCodes
    from member_access.recovery.policy import IssuedCode
    from member_access.throttling.counters import Counted
    from member_access.throttling.guard import GuessGuard
    from member_access.values.types import OneTimeCode
    from reset.context import ContextReader, ResetContext
    from reset.contract import CodeVerification
    from reset.settings import ResetSettings


@dataclass(frozen=True)
class VerifyCodeFlow:
    """Answers ``POST /reset/verify``."""

    runtime: Runtime
    settings: ResetSettings
    reader: ContextReader
    guard: GuessGuard
    codes: OneTimeCodes
    audit: AuditTrail

    def verify(self, request: Request[CodeVerification]) -> Response:
        """Exchange a code for a token.

        Raises:
            InvalidCode: the code is wrong, used, expired or void.
            TooManyAttempts: this try, or those before it, lead to a wait.
            Unavailable: AWS did not answer; the code stays as it is.
        """
        context = self.reader.read(request, request.body.identifier)
        counted, codes = self.guard.count_beside(
            context.guess,
            lambda: self.codes.of(request.body.identifier),
            lambda limit, refusal: self.audit.record(CodeRefused(who=context.who, limit=limit, answer=refusal.code)),
        )
        match = _matching(context, codes, request.body.code)
        if context.member is None or match is None:
            raise self._rejected(context, counted)
        channel, issued = match
        token = ResetToken.new(self.runtime.random_bytes)
        lifetime = self.settings.reset_token_seconds
        grant = ResetGrant(
            identifier=context.member.identifier,
            credential_version=context.member.credential.version,
            expires_at=Instant(context.now + lifetime),
        )
        access = self.settings.access_table
        try:
            transact(
                self.runtime.clients.dynamodb,
                [
                    mark_code_used(access, reset_key(context.who.subject), channel, issued),
                    put_reset_token(access, token, grant),
                    *self.guard.succeeded(context.guess, counted),
                ],
            )
        except TransactionCancelled:
            # Another right answer came first.
            raise self._rejected(context, counted) from None
        self.audit.record(CodeVerified(who=context.who, channel=channel))
        return Response({"reset_token": token.reveal(), "expires_in": lifetime})

    def _rejected(self, context: ResetContext, counted: Counted) -> Refusal:
        refusal = self.guard.failed(context.guess, counted)
        self.audit.record(CodeRejected(who=context.who, failures=counted[0].failures))
        return refusal or InvalidCode()


def _matching(context: ResetContext, codes: MemberCodes, typed: OneTimeCode) -> tuple[Channel, IssuedCode] | None:
    """Return the open code that was typed, if it is one. Expiry is decided here: DynamoDB's TTL comes days later."""
    matches = [
        (channel, issued)
        for channel, issued in context.reset.open_codes.items()
        if hmac.compare_digest(codes.code(channel, issued.request_id).reveal(), typed.reveal())
        and context.now < issued.expires_at
    ]
    return matches[0] if matches else None
