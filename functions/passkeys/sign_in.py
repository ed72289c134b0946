"""Signing in with a passkey: ``POST /login/passkey/options`` and ``POST /login/passkey``.

One read: the passkey, the claims of the source. Then at once: the source's claim, the challenge is spent, the member is
read. Only then is the signature looked at; for an unknown passkey with a key that no one has. The PIN's counters take
no part: neither a wait nor a disabled PIN stops a passkey.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from member_access.api.router import NoBody, Request, Response
from member_access.audit import Who
from member_access.audit_events.passkeys import (
    PasskeyAnswerRejected,
    PasskeyCloned,
    PasskeyRefused,
    PasskeySignInSucceeded,
)
from member_access.errors import Conflict, Unavailable
from member_access.members.passkeys import passkey_id, passkey_key
from member_access.members.store import UNKNOWN_MEMBER
from member_access.platform.aws import TransactionCancelled, batch_get, concurrently
from member_access.throttling.guard import TooManyAttempts
from passkeys.ceremony import SentAssertion, encode, verified_sign_count
from passkeys.challenges import CHALLENGE_SECONDS, Challenge
from passkeys.contract import PasskeyRejected, SignInOptions
from passkeys.store import passkey_from_item

if TYPE_CHECKING:
    from member_access.audit import AuditTrail
    from member_access.audit_events.passkeys import PasskeyFault
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Member
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.throttling.sources import SeenSource, Sources
    from member_access.values.types import Instant
    from passkeys.ceremony import RelyingParty
    from passkeys.challenges import Challenges
    from passkeys.contract import Assertion
    from passkeys.session_opening import SessionOpener
    from passkeys.store import Passkey, Passkeys

# Each conflict means that another sign-in of this member, or a new PIN, came first.
_MAX_CONFLICTS = 5

_NO_ONES_KEY: Final = bytes.fromhex(
    "a5010203262001215820"
    "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296"
    "225820"
    "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5"
)
"""The generator of P-256 as a COSE key, which a signature with an unknown passkey is compared with."""


def is_cloned(stored: int, presented: int) -> bool:
    """Return whether a count of signatures has been seen already. Zero is the count of those who do not count."""
    return 0 < presented <= stored


@dataclass(frozen=True)
class PasskeySignInFlow:
    """Answers ``POST /login/passkey/options`` and ``POST /login/passkey``."""

    runtime: Runtime
    access_table: str
    party: RelyingParty
    pseudonyms: Pseudonyms
    sources: Sources
    challenges: Challenges
    passkeys: Passkeys
    sessions: SessionOpener
    audit: AuditTrail

    def options(self, _: Request[NoBody]) -> Response:
        """Give a challenge to anyone.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        challenge = Challenge.new(self.runtime.random_bytes)
        self.challenges.put_challenge(challenge, self.runtime.now())
        options = SignInOptions(
            challenge=encode(challenge.to_bytes()),
            timeout=1000 * CHALLENGE_SECONDS,
            rpId=self.party.domain,
            allowCredentials=[],
            userVerification="required",
        )
        return Response(options.model_dump())

    def sign_in(self, request: Request[Assertion]) -> Response:
        """Sign a member in.

        Raises:
            PasskeyRejected: the answer signs no one in.
            TooManyAttempts: the source must wait.
            Unavailable: AWS did not answer; no one is let in.
        """
        sent, now = SentAssertion.of(request.body), self.runtime.now()
        passkey, seen = self._read(sent, request.source, now)
        wait, is_ours, member = self._claim(sent, passkey, seen, now)
        subject = self.pseudonyms.of("passkey", passkey_id(sent.credential_id))
        nameless = Who(subject=subject, member=None, source=seen.networks[0])
        if wait:
            self.audit.record(PasskeyRefused(who=nameless, limit="source"))
            raise TooManyAttempts(retry_after=wait)
        if not is_ours:
            raise self._rejected(nameless, "challenge")
        count = verified_sign_count(sent, passkey.public_key if passkey else _NO_ONES_KEY, self.party)
        if passkey is None or member is None:
            raise self._rejected(nameless, "unknown")
        who = Who.of(self.pseudonyms, passkey.identifier, request.source, passkey.identifier)
        if count is None or sent.user_handle not in {b"", passkey.user_handle}:
            raise self._rejected(who, "signature")
        if is_cloned(passkey.sign_count, count):
            self.audit.record(PasskeyCloned(who=who, passkey=passkey.id))
            raise PasskeyRejected
        success = [self.passkeys.use_passkey(passkey, count, now), self.sources.take_back(seen)]
        return self._open(request, who, passkey, member, success)

    def _read(self, sent: SentAssertion, source: str, now: Instant) -> tuple[Passkey | None, SeenSource]:
        networks, members = self.pseudonyms.of_source(source), self.passkeys.table
        key = passkey_key(passkey_id(sent.credential_id))
        found = batch_get(
            self.runtime.clients.dynamodb,
            {members: [key], self.access_table: self.sources.keys(networks, now)},
        )
        return passkey_from_item(found.get((members, key))), self.sources.seen(found, networks, now)

    def _claim(
        self, sent: SentAssertion, passkey: Passkey | None, seen: SeenSource, now: Instant
    ) -> tuple[int, bool, Member | None]:
        """Count the guess at its source and spend its challenge, before anything is compared.

        Returns:
            The seconds that the source must wait, or 0; whether the challenge was good; the member.
        """
        if wait := self.sources.wait(seen):
            return wait, False, None
        return concurrently(
            self.runtime.executor,
            lambda: self.sources.claim(seen),
            lambda: self.challenges.spend_for_sign_in(sent.challenge, now),
            lambda: self.passkeys.member(passkey.identifier if passkey else UNKNOWN_MEMBER, now),
        )

    def _open(
        self, request: Request[Assertion], who: Who, passkey: Passkey, member: Member | None, success: list[Write]
    ) -> Response:
        for _ in range(_MAX_CONFLICTS):
            if member is None:
                raise self._rejected(who, "gone")
            now = self.runtime.now()
            try:
                opened = self.sessions.open(request, who, member, now, success)
            except TransactionCancelled:
                # Deleted since the read, or another sign-in has used this count.
                raise self._rejected(who, "gone") from None
            except Conflict:
                member = self.passkeys.member(passkey.identifier, now)
            else:
                self.audit.record(
                    PasskeySignInSucceeded(who=who, passkey=passkey.id, known_browser=opened.known_browser)
                )
                return opened.response
        raise Unavailable("sign-in with a passkey: too many conflicts")

    def _rejected(self, who: Who, fault: PasskeyFault) -> PasskeyRejected:
        self.audit.record(PasskeyAnswerRejected(who=who, fault=fault))
        return PasskeyRejected()
