"""Follows up letters that came back: their code is void, and no paper goes to the same address any more."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.page.content import address_of
from member_access.audit import About
from member_access.audit_events.letters import AddressReturned
from member_access.members.store import member_key
from member_access.platform.aws import TransactionCancelled, batch_get, retrying, transact
from member_access.postal.address_block import AddressCannotBePrinted
from member_access.recovery.store import forget_letter, reset_from_item, reset_key

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from letters.model.job import LetterJob
    from member_access.audit import AuditTrail
    from member_access.members.store import Members
    from member_access.platform.aws import Item
    from member_access.values.types import Instant

# Each conflict means that the member has asked for another code at the same time.
_MAX_CONFLICTS = 3


@dataclass(frozen=True)
class ReturnedLetters:
    """Follows up returned letters."""

    dynamodb: DynamoDBClient
    members: Members
    access_table: str
    audit: AuditTrail

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def follow_up(self, job: LetterJob, now: Instant) -> None:
        """Void the code of a letter that came back, and mark the address it went to; a repetition changes nothing.

        The letter counts no more, so that the member may ask for another one once the address is corrected.
        An address that has changed since stays unmarked: nothing has come back from it.

        Raises:
            Unavailable: AWS did not answer, or the conflicts went on; a repetition does what is left.
        """
        members, member = self.members.table, member_key(job.identifier)
        key = reset_key(job.subject, job.purpose)
        found = batch_get(self.dynamodb, {members: [member], self.access_table: [key]})
        seen = reset_from_item(found.get((self.access_table, key)))
        if seen.letter and seen.letter.request_id == job.letter_id.request_id:
            transact(self.dynamodb, [forget_letter(self.access_table, key, seen, seen.letter)])
        item = found.get((members, member))
        if item and _went_to(job, item) and self.members.mark_address_returned(job.identifier, now):
            self.audit.record(AddressReturned(who=About(subject=job.subject, member=job.identifier)))


def _went_to(job: LetterJob, item: Item) -> bool:
    """Return whether a letter went to the present address; letters of before marks were kept are taken to have."""
    try:
        return job.address_mark in {None, address_of(item).mark}
    except AddressCannotBePrinted:
        return False
