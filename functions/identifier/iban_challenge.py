"""``POST /identifier/iban``: the identifier is shown for the end of the IBAN.

Tries count by member, three a day and ten in all; where the data matched nobody they count by the data, so that both
look alike.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from identifier.challenges import Challenged, challenged_from_item, delete_challenge
from identifier.contract import NotRecognised
from member_access.api.router import Request, Response
from member_access.audit import AuditTrail, IbanRefused, IbanRejected, IdentifierShown, Who
from member_access.members.store import IBAN, UNKNOWN_MEMBER, iban_hash_from_item, member_key
from member_access.platform.aws import TransactionCancelled, batch_get, concurrently, transact
from member_access.throttling.counters import attempts_from_item
from member_access.throttling.guard import TooManyAttempts
from member_access.throttling.policy import Claimed, Wait

if TYPE_CHECKING:
    from typing import Literal

    from identifier.contract import IbanAnswer
    from identifier.settings import IdentifierSettings
    from member_access.errors import Refusal
    from member_access.members.keyed_hashes import IbanHash, KeyedHashes
    from member_access.members.pseudonyms import Pseudonym, Pseudonyms
    from member_access.platform.runtime import Runtime
    from member_access.platform.uniform_reads import UniformReads
    from member_access.throttling.counters import AttemptStore
    from member_access.throttling.policy import Attempts, Disabled
    from member_access.throttling.sources import Sources
    from member_access.values.types import Identifier, Instant


@dataclass(frozen=True)
class IbanTry:
    """Who tries the end of an IBAN, with what is known before it is looked at."""

    who: Who
    challenged: Challenged
    tries_key: str
    tries: Attempts
    iban_hash: IbanHash | None
    now: Instant

    @property
    def whose(self) -> Identifier | Pseudonym:
        """The member, or what stands for nobody: the hash is bound to it."""
        return self.challenged.member or self.challenged.tries


@dataclass(frozen=True)
class IbanFlow:
    """Answers ``POST /identifier/iban``."""

    runtime: Runtime
    settings: IdentifierSettings
    pseudonyms: Pseudonyms
    counters: AttemptStore
    sources: Sources
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
        verdict = self.counters.policy.decide(attempt.tries, 0, attempt.now)
        if not isinstance(verdict, Claimed):
            raise self._refused(attempt.who, "attempts", _refusal(verdict))
        verdict, typed = concurrently(
            self.runtime.executor,
            lambda: self.counters.claim(attempt.tries_key, attempt.tries, 0, attempt.now),
            lambda: self.hashes.of_iban(attempt.whose, request.body.iban_last6),
        )
        if not isinstance(verdict, Claimed):
            raise self._refused(attempt.who, "attempts", _refusal(verdict))
        member = attempt.challenged.member
        fits = hmac.compare_digest(typed, attempt.iban_hash or "")
        if member is None or not fits:
            raise self._rejected(attempt, verdict.attempts)
        try:
            self._write_success(request, attempt, verdict.attempts)
        except TransactionCancelled:
            # Another right answer came first.
            raise self._rejected(attempt, verdict.attempts) from None
        self.audit.record(IdentifierShown(who=attempt.who))
        return Response({"identifier": str(member)})

    def _read(self, request: Request[IbanAnswer]) -> IbanTry:
        now, dynamodb = self.runtime.now(), self.runtime.clients.dynamodb
        members, access = self.settings.members_table, self.settings.access_table
        source = self.pseudonyms.of_source(request.source)
        challenge = request.body.challenge.key
        window_before, window = self.sources.keys(source, now)
        found = batch_get(dynamodb, {access: [challenge, window_before, window]})
        stands_for = challenged_from_item(found.get((access, challenge)), now)
        nobody = self.pseudonyms.of("challenge", challenge)
        who = _who(stands_for, nobody, source)
        wait = self.sources.wait(found.get((access, window_before)), found.get((access, window)), now)
        if wait:
            raise self._refused(who, "source", TooManyAttempts(retry_after=wait))
        if stands_for is None:
            self.sources.record_failure(source, now)
            raise self._refused(who, "challenge", NotRecognised())
        tries_key = f"ATTEMPTS#iban#{stands_for.tries}"
        member = member_key(stands_for.member or UNKNOWN_MEMBER)
        found = self.reads.batch_get(members, member, IBAN, {access: [tries_key]})
        return IbanTry(
            who=who,
            challenged=stands_for,
            tries_key=tries_key,
            tries=attempts_from_item(found.get((access, tries_key))),
            iban_hash=iban_hash_from_item(found.get((members, member))),
            now=now,
        )

    def _write_success(self, request: Request[IbanAnswer], attempt: IbanTry, claimed: Attempts) -> None:
        access = self.settings.access_table
        identity_tries = f"ATTEMPTS#identity#{attempt.challenged.identity}"
        transact(
            self.runtime.clients.dynamodb,
            [
                delete_challenge(access, request.body.challenge),
                self.counters.uncount(attempt.tries_key, claimed),
                self.counters.reset_streak(identity_tries),
            ],
        )

    def _rejected(self, attempt: IbanTry, claimed: Attempts) -> Refusal:
        self.sources.record_failure(attempt.who.source, attempt.now)
        self.audit.record(IbanRejected(who=attempt.who, failures=claimed.failures))
        return NotRecognised()

    def _refused(self, who: Who, limit: Literal["source", "attempts", "challenge"], refusal: Refusal) -> Refusal:
        self.audit.record(IbanRefused(who=who, limit=limit, answer=refusal.code))
        return refusal


def _who(stands_for: Challenged | None, nobody: Pseudonym, source: Pseudonym) -> Who:
    if stands_for is None:
        return Who(subject=nobody, member=None, source=source)
    return Who(subject=stands_for.identity, member=stands_for.member, source=source)


def _refusal(verdict: Wait | Disabled) -> Refusal:
    # After ten wrong tries no answer is right any more, until an operator sets the counter back.
    return TooManyAttempts(retry_after=verdict.seconds) if isinstance(verdict, Wait) else NotRecognised()
