"""``POST /reset/verify``: a one-time code is exchanged for a token that sets a PIN.

The try is counted while KMS makes what the member's codes follow from; only then are they compared. Tries count by
member over all codes (NIST SP 800-63B-4 §3.2.2), and of two right answers at once one uses the code up.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from member_access.attempts import Attempts, Claimed, Disabled, Wait
from member_access.audit import AuditTrail, CodeRefused, CodeRejected, CodeVerified
from member_access.aws import TransactionCancelled, together, transact
from member_access.errors import InvalidCode, Refusal, TooManyAttempts
from member_access.http import Answer, Request
from member_access.reset_store import code_tries_key, reset_key, used
from member_access.reset_tokens import PinPermission, ResetToken, permitted
from member_access.types import Instant

if TYPE_CHECKING:
    from member_access.attempt_store import AttemptStore
    from member_access.one_time_codes import Channel, MemberCodes, OneTimeCodes
    from member_access.resets import IssuedCode
    from member_access.runtime import Runtime
    from member_access.sources import Sources
    from member_access.types import OneTimeCode
    from reset_contract import CodeTyped
    from reset_reading import Standing, StandingReader
    from reset_settings import ResetSettings


@dataclass(frozen=True)
class CodeVerification:
    """Answers ``POST /reset/verify``."""

    runtime: Runtime
    settings: ResetSettings
    reader: StandingReader
    sources: Sources
    counters: AttemptStore
    codes: OneTimeCodes
    audit: AuditTrail

    def verify(self, request: Request[CodeTyped]) -> Answer:
        """Exchange a code for a token.

        Raises:
            InvalidCode: the code is wrong, used, expired or void.
            TooManyAttempts: this try, or those before it, lead to a wait.
            Unavailable: AWS did not answer; the code stays as it is.
        """
        standing = self.reader.read(request, request.body.identifier)
        self._refuse_unless_free(standing)
        key = code_tries_key(standing.who.subject)
        verdict, codes = together(
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
        permission = PinPermission(
            identifier=standing.member.identifier,
            credential_version=standing.member.credential.version,
            expires_at=Instant(standing.now + lifetime),
        )
        access = self.settings.access_table
        try:
            transact(
                self.runtime.clients.dynamodb,
                [
                    used(access, reset_key(standing.who.subject), channel, issued),
                    permitted(access, token, permission),
                    self.counters.cleared(key, verdict.attempts),
                ],
            )
        except TransactionCancelled:
            # Another right answer came first.
            raise self._rejected(standing, verdict.attempts) from None
        self.audit.record(CodeVerified(who=standing.who, channel=channel))
        return Answer({"reset_token": token.reveal(), "expires_in": lifetime})

    def _refuse_unless_free(self, standing: Standing) -> None:
        if standing.source_wait:
            raise self._refused(standing, "source", TooManyAttempts(retry_after=standing.source_wait))
        verdict = self.counters.policy.decide(standing.tries, standing.reset.generation, standing.now)
        if not isinstance(verdict, Claimed):
            raise self._refused(standing, "attempts", _refusal(verdict))

    def _refused(self, standing: Standing, limit: Literal["source", "attempts"], refusal: Refusal) -> Refusal:
        self.audit.record(CodeRefused(who=standing.who, limit=limit, answer=refusal.code))
        return refusal

    def _rejected(self, standing: Standing, claimed: Attempts) -> Refusal:
        self.sources.record_failure(standing.who.source, standing.now)
        self.audit.record(CodeRejected(who=standing.who, failures=claimed.failures))
        verdict = self.counters.policy.standing(claimed, standing.now)
        return _refusal(verdict) if verdict else InvalidCode()


def _matching(standing: Standing, codes: MemberCodes, typed: OneTimeCode) -> tuple[Channel, IssuedCode] | None:
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
