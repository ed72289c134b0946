"""``POST /identifier/iban``: shows the identifier for the end of the IBAN.

Tries count by member, three a day and ten in all. Where the data matched no member they count by the data, so that
both look alike.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from identifier.challenges import Challenged, challenged_from_item, delete_challenge
from identifier.contract import NotRecognised
from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, Who
from member_access.audit_events.identities import IbanRefused, IbanRejected, IdentifierShown
from member_access.members.store import IBAN, UNKNOWN_MEMBER, iban_hash_from_item, member_key
from member_access.platform.aws import TransactionCancelled, batch_get, transact
from member_access.throttling.counters import SingleCounter, attempts_from_item, counter_key
from member_access.throttling.guard import Guess, TooManyAttempts, tries_left

if TYPE_CHECKING:
    from typing import Literal

    from identifier.contract import IbanAnswer
    from identifier.settings import IdentifierSettings
    from member_access.errors import Refusal
    from member_access.members.keyed_hashes import IbanHash, KeyedHashes
    from member_access.members.pseudonyms import Pseudonym, Pseudonyms
    from member_access.platform.runtime import Runtime
    from member_access.platform.uniform_reads import UniformReads
    from member_access.throttling.guard import GuessGuard, Limit
    from member_access.values.types import Identifier


class IbanTry(NamedTuple):
    """A try at the end of an IBAN, before it is looked at."""

    who: Who
    challenged: Challenged
    guess: Guess[SingleCounter]
    iban_hash: IbanHash | None

    @property
    def whose(self) -> Identifier | Pseudonym:
        """The member, or what stands for an unknown one: the hash is bound to it."""
        return self.challenged.member or self.challenged.tries


@dataclass(frozen=True)
class IbanFlow:
    """Answers ``POST /identifier/iban``."""

    runtime: Runtime
    settings: IdentifierSettings
    pseudonyms: Pseudonyms
    guard: GuessGuard
    hashes: KeyedHashes
    reads: UniformReads
    audit: AuditTrail

    def solve(self, request: Request[IbanAnswer]) -> Response:
        """Show the identifier.

        Raises:
            NotRecognised: the end of the IBAN is another, or the challenge is over.
            TooManyAttempts: this member, or this source, was tried too often.
            Unavailable: AWS did not answer; the challenge stays as it is.
        """
        attempt = self._read(request)
        counted, typed = self.guard.count_beside(
            attempt.guess,
            lambda: self.hashes.of_iban(attempt.whose, request.body.iban_last6),
            lambda limit, refusal: self._record_refused(attempt.who, limit, refusal),
        )
        member = attempt.challenged.member
        fits = hmac.compare_digest(typed, attempt.iban_hash or "")
        if member is None or not fits:
            raise self._rejected(attempt, counted)
        try:
            self._write_success(request, attempt, counted)
        except TransactionCancelled:
            # Another right answer came first.
            raise self._rejected(attempt, counted) from None
        self.audit.record(IdentifierShown(who=attempt.who))
        return Response({"identifier": str(member)})

    def _read(self, request: Request[IbanAnswer]) -> IbanTry:
        now, dynamodb = self.runtime.now(), self.runtime.clients.dynamodb
        members, access = self.settings.members_table, self.settings.access_table
        networks, sources = self.pseudonyms.of_source(request.source), self.guard.sources
        challenge = request.body.challenge.key
        found = batch_get(dynamodb, {access: [challenge, *sources.keys(networks, now)]})
        stands_for = challenged_from_item(found.get((access, challenge)), now)
        who = _who(stands_for, self.pseudonyms.of("challenge", challenge), networks[0])
        seen = sources.seen(found, networks, now)
        if wait := sources.wait(seen) if stands_for else sources.claim(seen):
            refusal = TooManyAttempts(retry_after=wait)
            self._record_refused(who, "source", refusal)
            raise refusal
        if stands_for is None:
            self._record_refused(who, "challenge", NotRecognised())
            raise NotRecognised
        key, member = counter_key("iban", stands_for.tries), member_key(stands_for.member or UNKNOWN_MEMBER)
        found = self.reads.batch_get(members, member, IBAN, {access: [key]})
        tries = attempts_from_item(found.get((access, key)))
        return IbanTry(
            who=who,
            challenged=stands_for,
            guess=Guess(SingleCounter(key, tries, self.settings.iban_policy), 0, seen, now),
            iban_hash=iban_hash_from_item(found.get((members, member))),
        )

    def _write_success(self, request: Request[IbanAnswer], attempt: IbanTry, counted: SingleCounter) -> None:
        counters = self.guard.counters
        transact(
            self.runtime.clients.dynamodb,
            [
                delete_challenge(self.settings.access_table, request.body.challenge),
                counters.uncount(counted),
                counters.reset_streak(counter_key("identity", attempt.challenged.identity)),
                *self.guard.source_taken_back(attempt.guess),
            ],
        )

    def _rejected(self, attempt: IbanTry, counted: SingleCounter) -> Refusal:
        # The status is the same whether a wait follows: the tries left say so.
        self.audit.record(IbanRejected(who=attempt.who, failures=counted.seen.failures))
        return NotRecognised(tries_left=tries_left(counted, attempt.guess.now))

    def _record_refused(self, who: Who, limit: Limit | Literal["challenge"], refusal: Refusal) -> None:
        self.audit.record(IbanRefused(who=who, limit=limit, answer=refusal.code))


def _who(stands_for: Challenged | None, unknown: Pseudonym, source: Pseudonym) -> Who:
    if stands_for is None:
        return Who(subject=unknown, member=None, source=source)
    return Who(subject=stands_for.identity, member=stands_for.member, source=source)
