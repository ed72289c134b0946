"""Loads the state of an identifier before a code is sent or checked: one read, the same for every identifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.audit import Who
from member_access.members.store import MEMBER, member_from_item, member_key
from member_access.recovery.policy import continued
from member_access.recovery.store import reset_from_item, reset_key
from member_access.throttling.counters import Counter, attempts_from_item, counter_key
from member_access.throttling.guard import Guess

if TYPE_CHECKING:
    from member_access.api.router import BodyType, Request
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Member
    from member_access.platform.runtime import Runtime
    from member_access.platform.uniform_reads import UniformReads
    from member_access.recovery.policy import Reset
    from member_access.throttling.guard import GuessGuard
    from member_access.values.types import Identifier, Instant
    from reset.settings import ResetSettings


@dataclass(frozen=True)
class ResetContext:
    """The state of an identifier, and of the caller.

    Attributes:
        who: whom the audit trail names.
        member: the member, if there is one.
        reset: the codes that were asked for.
        guess: a guess at one of them, with the wrong ones before.
    """

    who: Who
    member: Member | None
    reset: Reset
    guess: Guess

    @property
    def now(self) -> Instant:
        """The moment of the call."""
        return self.guess.now


@dataclass(frozen=True)
class ContextReader:
    """Loads reset contexts."""

    runtime: Runtime
    settings: ResetSettings
    pseudonyms: Pseudonyms
    guard: GuessGuard
    reads: UniformReads

    def read(self, request: Request[BodyType], identifier: Identifier) -> ResetContext:
        """Load the context of an identifier, in one strongly consistent read.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        now = self.runtime.now()
        subject = self.pseudonyms.of("identifier", identifier)
        networks, sources = self.pseudonyms.of_source(request.source), self.guard.sources
        members, access = self.settings.members_table, self.settings.access_table
        counter = counter_key("code", subject)
        keys = [reset_key(subject), counter, *sources.keys(networks, now)]
        found = self.reads.batch_get(members, member_key(identifier), MEMBER, {access: keys})
        member = member_from_item(found.get((members, member_key(identifier))), now)
        tries = attempts_from_item(found.get((access, counter)))
        reset = continued(reset_from_item(found.get((access, reset_key(subject)))), tries)
        return ResetContext(
            who=Who(subject=subject, member=identifier if member else None, source=networks[0]),
            member=member,
            reset=reset,
            guess=Guess(
                (Counter(counter, tries, self.settings.code_policy),),
                reset.generation,
                sources.seen(found, networks, now),
                now,
            ),
        )
