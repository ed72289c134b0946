"""``POST /reset/verify``: a one-time code is exchanged for a token that sets a PIN.

The try is counted while KMS makes what the member's codes follow from; only then are they compared. Tries count by
member over all codes (NIST SP 800-63B-4 §3.2.2), and of two right answers at once one uses the code up.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, CodeRefused, CodeRejected, CodeVerified
from member_access.platform.aws import TransactionCancelled, concurrently, transact
from member_access.recovery.store import code_tries_key, mark_code_used, reset_key
from member_access.throttling.guard import TooManyAttempts
from member_access.throttling.policy import Attempts, Claimed, Disabled, Wait
from member_access.values.types import Instant
from reset.contract import InvalidCode
from reset.reset_tokens import ResetGrant, ResetToken, put_reset_token

if TYPE_CHECKING:
    from member_access.errors import Refusal
    from member_access.platform.runtime import Runtime
    from member_access.recovery.codes import Channel, MemberCodes, OneTimeCodes
    from member_access.recovery.policy import IssuedCode
    from member_access.throttling.counters import AttemptStore
    from member_access.throttling.sources import Sources
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
    sources: Sources
    counters: AttemptStore
    codes: OneTimeCodes
    audit: AuditTrail

    def verify(self, request: Request[CodeVerification]) -> Response:
        """Exchange a code for a token.

        Raises:
            InvalidCode: the code is wrong, used, expired or void.
            TooManyAttempts: this try, or those before it, lead to a wait.
            Unavailable: AWS did not answer; the code stays as it is.
        """
        standing = self.reader.read(request, request.body.identifier)
        self._refuse_unless_free(standing)
        key = code_tries_key(standing.who.subject)
        verdict, codes = concurrently(
            self.runtime.executor,
            lambda: self.counters.claim(key, standing.tries, standing.reset.generation, standing.now),
            lambda: self.codes.of(request.body.identifier),
        )
        if not isinstance(verdict, Claimed):
            raise self._refused(standing, "attempts", _refusal(verdict))
        match = _matching(standing, codes, request.body.code)
        if standing.member is None or match is None:
            raise self._rejected(standing, verdict.attempts)
        channel, issued = match
        token = ResetToken.new(self.runtime.random_bytes)
        lifetime = self.settings.reset_token_seconds
        permission = ResetGrant(
            identifier=standing.member.identifier,
            credential_version=standing.member.credential.version,
            expires_at=Instant(standing.now + lifetime),
        )
        access = self.settings.access_table
        try:
            transact(
                self.runtime.clients.dynamodb,
                [
                    mark_code_used(access, reset_key(standing.who.subject), channel, issued),
                    put_reset_token(access, token, permission),
                    self.counters.clear(key, verdict.attempts),
                ],
            )
        except TransactionCancelled:
            # Another right answer came first.
            raise self._rejected(standing, verdict.attempts) from None
        self.audit.record(CodeVerified(who=standing.who, channel=channel))
        return Response({"reset_token": token.reveal(), "expires_in": lifetime})

    def _refuse_unless_free(self, standing: ResetContext) -> None:
        if standing.source_wait:
            raise self._refused(standing, "source", TooManyAttempts(retry_after=standing.source_wait))
        verdict = self.counters.policy.decide(standing.tries, standing.reset.generation, standing.now)
        if not isinstance(verdict, Claimed):
            raise self._refused(standing, "attempts", _refusal(verdict))

    def _refused(self, standing: ResetContext, limit: Literal["source", "attempts"], refusal: Refusal) -> Refusal:
        self.audit.record(CodeRefused(who=standing.who, limit=limit, answer=refusal.code))
        return refusal

    def _rejected(self, standing: ResetContext, claimed: Attempts) -> Refusal:
        self.sources.record_failure(standing.who.source, standing.now)
        self.audit.record(CodeRejected(who=standing.who, failures=claimed.failures))
        verdict = self.counters.policy.consequence(claimed, standing.now)
        return _refusal(verdict) if verdict else InvalidCode()


def _matching(standing: ResetContext, codes: MemberCodes, typed: OneTimeCode) -> tuple[Channel, IssuedCode] | None:
    """The open code that was typed, if it is one. Expiry is decided here: the table's own comes days later."""
    matches = [
        (channel, issued)
        for channel, issued in standing.reset.open_codes.items()
        if hmac.compare_digest(codes.code(channel, issued.request_id).reveal(), typed.reveal())
        and standing.now < issued.expires_at
    ]
    return matches[0] if matches else None


def _refusal(verdict: Wait | Disabled) -> Refusal:
    # Ten wrong tries void the codes: there is none left to be right.
    return TooManyAttempts(retry_after=verdict.seconds) if isinstance(verdict, Wait) else InvalidCode()
