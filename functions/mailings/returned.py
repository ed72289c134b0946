"""Notes letters that came back to the insurer, by the identifiers of their members."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailings.contract import ReturnAnswer, ReturnOutcome
from mailings.member_reads import read_member
from member_access.audit import About
from member_access.audit_events.letters import AddressReturned
from member_access.platform.aws import TransactionCancelled, batch_get, retrying, transact
from member_access.recovery.codes import Purpose
from member_access.recovery.store import forget_letter, reset_from_item, reset_key
from member_access.values.types import Identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from member_access.audit import AuditTrail
    from member_access.members.pseudonyms import Pseudonym
    from member_access.members.store import Members
    from member_access.platform.runtime import Runtime

# Each conflict means that the member has asked for another code at the same time.
_MAX_CONFLICTS = 3


@dataclass(frozen=True)
class ReturnedMail:
    """Voids the codes of returned letters, and marks the addresses."""

    runtime: Runtime
    members: Members
    access_table: str
    subject_of: Callable[[Identifier], Pseudonym]
    audit: AuditTrail

    def note(self, identifiers: Sequence[str]) -> ReturnAnswer:
        """Note the returned letters of members; a repetition changes nothing.

        The code of a letter that was posted after the returned one is voided too: it goes to the same address.

        Raises:
            Unavailable: AWS did not answer; a repetition does what is left.
        """
        return ReturnAnswer(outcomes={identifier: self._note(Identifier(identifier)) for identifier in identifiers})

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def _note(self, identifier: Identifier) -> ReturnOutcome:
        subject, now = self.subject_of(identifier), self.runtime.now()
        keys, dynamodb = [reset_key(subject, purpose) for purpose in Purpose], self.runtime.clients.dynamodb
        found = batch_get(dynamodb, {self.access_table: keys})
        if read_member(dynamodb, self.members.table, identifier) is None:
            return ReturnOutcome.UNKNOWN
        for key in keys:
            seen = reset_from_item(found.get((self.access_table, key)))
            if seen.letter:
                transact(dynamodb, [forget_letter(self.access_table, key, seen, seen.letter)])
        if not self.members.mark_address_returned(identifier, now):
            return ReturnOutcome.MARKED_BEFORE
        self.audit.record(AddressReturned(who=About(subject=subject, member=identifier)))
        return ReturnOutcome.MARKED
