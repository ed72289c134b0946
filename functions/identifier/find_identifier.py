"""The identifier found again: ``POST /identifier``, from top to bottom.

Reads the tries of the number, the source and the browser; counts the try while KMS makes the keyed hash of the data;
reads the pointer and the member. Where an e-mail address is known, sends the identifier to it. Where none is, or where
the data match no member, gives a challenge. All three make the same calls, the message to the queue included.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from identifier.challenges import Challenge, Challenged, put_challenge
from identifier.own_searches import own_searches, sent_devices
from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, Who
from member_access.audit_events.identities import IdentityLookedUp, IdentityRefused
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
from member_access.platform.aws import batch_get, transact
from member_access.throttling.counters import SingleCounter, attempts_from_item, counter_key
from member_access.throttling.guard import Guess, TooManyAttempts
from member_access.throttling.policy import Wait
from member_access.values.types import Instant

if TYPE_CHECKING:
    from identifier.contract import IdentityData
    from identifier.own_searches import OwnSearches
    from identifier.settings import IdentifierSettings
    from member_access.errors import Refusal
    from member_access.members.keyed_hashes import IdentityHash, KeyedHashes
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Member
    from member_access.platform.runtime import Runtime
    from member_access.platform.uniform_reads import UniformReads
    from member_access.throttling.guard import GuessGuard, Limit
    from member_access.values.email_address import EmailAddress

_EMAIL_WORTH_SECONDS = 86_400


class Lookup(NamedTuple):
    """A search for an identifier, before the data are looked up.

    Attributes:
        who: whom the audit trail names.
        guess: the search, at the counter that applies.
        own: the allowance of the browser; it applies where the searches by this number must wait.
        wait: the seconds that searches by this number must wait.
    """

    who: Who
    guess: Guess[SingleCounter]
    own: OwnSearches | None
    wait: int


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
            lambda limit, refusal: self._record_refused(lookup, limit, refusal),
        )
        member, is_known = self._member(lookup, identity)
        if lookup.own and not is_known:
            refusal = TooManyAttempts(retry_after=lookup.wait)
            self._record_refused(lookup, "attempts", refusal)
            raise refusal
        return self._answer(lookup, identity, member)

    def _record_refused(self, lookup: Lookup, limit: Limit, refusal: Refusal) -> None:
        self.audit.record(IdentityRefused(who=lookup.who, limit=limit, retry_after=refusal.retry_after or 0))

    def _read(self, request: Request[IdentityData]) -> Lookup:
        now = self.runtime.now()
        number = self.pseudonyms.of("nir", request.body.nir.reveal())
        networks, sources = self.pseudonyms.of_source(request.source), self.guard.sources
        access, policy = self.settings.access_table, self.settings.identity_policy
        key, sent = counter_key("identity", number), sent_devices(request.cookies, self.pseudonyms)
        keys = [key, *sources.keys(networks, now), *(key for device in sent for key in device.keys)]
        found = batch_get(self.runtime.clients.dynamodb, {access: keys})
        shared = SingleCounter(key, attempts_from_item(found.get((access, key))), policy)
        verdict = policy.decide(shared.seen, 0, now)
        wait = verdict.seconds if isinstance(verdict, Wait) else 0
        own = own_searches(sent, found, access, policy, now) if wait else None
        counter, seen = own.counter if own else shared, sources.seen(found, networks, now)
        who = Who(subject=number, member=None, source=networks[0])
        return Lookup(who, Guess(counter, 0, seen, now, scarce=("emails",)), own, wait)

    def _member(self, lookup: Lookup, identity: IdentityHash) -> tuple[Member | None, bool]:
        """Return the member whom the data match, and whether they know the browser, if its own allowance applies."""
        members, pointer = self.settings.members_table, identity_key(identity)
        pointed_at = member_from_pointer(
            self.reads.batch_get(members, pointer, POINTER, {}).get((members, pointer)),
        )
        whose = pointed_at or UNKNOWN_MEMBER
        key = member_key(whose)
        found = self.reads.batch_get(members, key, MEMBER, {})
        member = member_from_item(found.get((members, key)), lookup.guess.now)
        return member, lookup.own is not None and lookup.own.are_known_to(member)

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
        transact(self.runtime.clients.dynamodb, writes)
        who = Who(subject=lookup.who.subject, member=stands_for.member, source=lookup.who.source)
        self.audit.record(IdentityLookedUp(who=who, delivery="email" if email else "screen"))
        if email:
            return Response({"delivery": "email", "masked_email": masked(email)})
        return Response({"delivery": "screen", "challenge": challenge.reveal(), "expires_in": lifetime})


def masked(email: EmailAddress) -> str:
    """Mask an address as the insurer promises its members, at one length for all: ``s****@c****.fr``.

    A front-end may put it into a page: no character of it has a meaning in HTML.
    """
    local, _, domain = email.reveal().partition("@")
    first = local[0] if local[0].isalnum() else "*"
    return f"{first}****@{domain[0]}****.{domain.rpartition('.')[2]}"
