"""The identifier found again: ``POST /identifier``, from top to bottom.

Reads the tries of the number and the source; counts the try while KMS makes the keyed hash of the data; reads the
pointer and the member. Where an e-mail address is known, sends the identifier to it. Where none is, or where the data
match no member, gives a challenge. All three make the same calls, the message to the queue included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from identifier.challenges import Challenge, Challenged, put_challenge
from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, IdentityLookedUp, IdentityRefused, Who
from member_access.members.store import (
    MEMBER,
    POINTER,
    UNKNOWN_MEMBER,
    identity_key,
    member_from_item,
    member_from_pointer,
    member_key,
)
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.outbox import Outbox, new_request_id, put_decoy
from member_access.platform.aws import batch_get, concurrently, transact
from member_access.throttling.counters import attempts_from_item, counter_key
from member_access.throttling.guard import Guess
from member_access.values.types import Instant

if TYPE_CHECKING:
    from identifier.contract import IdentityData
    from identifier.settings import IdentifierSettings
    from member_access.members.keyed_hashes import IdentityHash, KeyedHashes
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Member
    from member_access.platform.runtime import Runtime
    from member_access.platform.uniform_reads import UniformReads
    from member_access.throttling.guard import GuessGuard
    from member_access.values.email_address import EmailAddress

_EMAIL_WORTH_SECONDS = 86_400


@dataclass(frozen=True)
class Lookup:
    """A search for an identifier, before the data are looked up."""

    who: Who
    guess: Guess


@dataclass(frozen=True)
class IdentifierFlow:
    """Answers ``POST /identifier``."""

    runtime: Runtime
    settings: IdentifierSettings
    pseudonyms: Pseudonyms
    guard: GuessGuard
    hashes: KeyedHashes
    reads: UniformReads
    emails: Outbox[EmailRequest]
    audit: AuditTrail

    def find(self, request: Request[IdentityData]) -> Response:
        """Send the identifier, or give a challenge.

        Raises:
            TooManyAttempts: this number, or this source, was tried too often.
            Unavailable: AWS did not answer; nothing is sent.
        """
        body = request.body
        lookup = self._read(request)
        _, identity = self.guard.count_beside(
            lookup.guess,
            lambda: self.hashes.of_identity(body.nir, body.birth_date, body.postcode),
            lambda limit, refusal: self.audit.record(
                IdentityRefused(who=lookup.who, limit=limit, retry_after=refusal.retry_after or 0)
            ),
        )
        return self._answer(lookup, identity, self._member(identity))

    def _read(self, request: Request[IdentityData]) -> Lookup:
        now = self.runtime.now()
        number = self.pseudonyms.of("nir", request.body.nir.reveal())
        source = self.pseudonyms.of_source(request.source)
        key = counter_key("identity", number)
        keys = [key, *self.guard.sources.keys(source, now)]
        found = batch_get(self.runtime.clients.dynamodb, {self.settings.access_table: keys})
        tries = attempts_from_item(found.get((self.settings.access_table, key)))
        guess = Guess(key, tries, 0, source, self.guard.sources.wait(found, source, now), now)
        return Lookup(Who(subject=number, member=None, source=source), guess)

    def _member(self, identity: IdentityHash) -> Member | None:
        now, members, pointer = self.runtime.now(), self.settings.members_table, identity_key(identity)
        pointed_at = member_from_pointer(
            self.reads.batch_get(members, pointer, POINTER, {}).get((members, pointer)),
        )
        key = member_key(pointed_at or UNKNOWN_MEMBER)
        return member_from_item(self.reads.batch_get(members, key, MEMBER, {}).get((members, key)), now)

    def _answer(self, lookup: Lookup, identity: IdentityHash, member: Member | None) -> Response:
        email = member.email if member else None
        now, whose = lookup.guess.now, member.identifier if member else UNKNOWN_MEMBER
        reminder = EmailRequest(
            new_request_id(self.runtime.random_bytes),
            EmailKind.IDENTIFIER_REMINDER,
            whose,
            self.pseudonyms.of("identifier", whose),
            now,
            Instant(now + _EMAIL_WORTH_SECONDS),
        )
        challenge = Challenge.new(self.runtime.random_bytes)
        lifetime = self.settings.challenge_seconds
        stands_for = Challenged(
            identity=lookup.who.subject,
            tries=self.pseudonyms.of("iban", member.identifier if member else identity),
            member=member.identifier if member else None,
            expires_at=Instant(now + lifetime),
        )
        sent = self.emails.enqueue(reminder, is_wanted=email is not None)
        asked = put_challenge(self.settings.access_table, challenge, stands_for)
        decoy = put_decoy(asked, now)
        writes = [sent, decoy if email else asked]
        concurrently(
            self.runtime.executor,
            lambda: transact(self.runtime.clients.dynamodb, writes),
            lambda: self.guard.sources.record_failure(lookup.who.source, now),
        )
        who = Who(subject=lookup.who.subject, member=stands_for.member, source=lookup.who.source)
        self.audit.record(IdentityLookedUp(who=who, delivery="email" if email else "screen"))
        if email:
            return Response({"delivery": "email", "masked_email": masked(email)})
        return Response({"delivery": "screen", "challenge": challenge.reveal(), "expires_in": lifetime})


def masked(email: EmailAddress) -> str:
    """Mask an address as the insurer promises its members, at one length for all: ``s****@c****.fr``."""
    local, _, domain = email.reveal().partition("@")
    return f"{local[0]}****@{domain[0]}****.{domain.rpartition('.')[2]}"
