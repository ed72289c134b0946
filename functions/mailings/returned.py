"""Notes letters that came back to the insurer, by the identifiers of their members."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailings.contract import ReturnAnswer, ReturnOutcome
from mailings.invitations import MEMBER_ATTRIBUTES
from member_access.audit import About, AddressReturned
from member_access.members.store import member_key
from member_access.platform.aws import TransactionCancelled, batch_get, transact
from member_access.recovery.store import mark_letter_used, reset_from_item, reset_key
from member_access.values.types import Identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from member_access.audit import AuditTrail
    from member_access.members.pseudonyms import Pseudonym
    from member_access.members.store import Members
    from member_access.platform.aws import Item
    from member_access.platform.runtime import Runtime


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
        known = [Identifier(identifier) for identifier in identifiers]
        members, access = self.members.table, self.access_table
        keys = {
            members: [member_key(identifier) for identifier in known],
            access: [reset_key(self.subject_of(identifier)) for identifier in known],
        }
        found = batch_get(self.runtime.clients.dynamodb, keys, {members: MEMBER_ATTRIBUTES})
        return ReturnAnswer(outcomes={identifier: self._note(identifier, found) for identifier in known})

    def _note(self, identifier: Identifier, found: Mapping[tuple[str, str], Item]) -> ReturnOutcome:
        if (self.members.table, member_key(identifier)) not in found:
            return ReturnOutcome.UNKNOWN
        subject, now = self.subject_of(identifier), self.runtime.now()
        letter = reset_from_item(found.get((self.access_table, reset_key(subject)))).letter
        if letter:
            # Cancelled if the member has just used the code, or has asked for another letter.
            with suppress(TransactionCancelled):
                write = mark_letter_used(self.access_table, reset_key(subject), letter)
                transact(self.runtime.clients.dynamodb, [write])
        if not self.members.mark_address_returned(identifier, now):
            return ReturnOutcome.MARKED_BEFORE
        self.audit.record(AddressReturned(who=About(subject=subject, member=identifier)))
        return ReturnOutcome.MARKED
