"""Removes members: what the tables hold of them, at once or after a crash at any step.

First a tombstone takes the member's place, in one transaction; from then on the identifier is unknown to every flow.
Then the items go whose keys follow from the identifier, those of the sign-ins last. One search of the
Access table finds the others, for any number of members. A decoy takes the place of each e-mail and letter, so that
the message that names it ends quietly.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from member_access.errors import Conflict
from member_access.members.removal import bury
from member_access.outbox.outbox import DECOY_KEPT_SECONDS, decoy_key
from member_access.platform.aws import (
    ConditionFailed,
    Item,
    TransactionInTheWay,
    batch_get,
    retrying,
    transact,
    translate_errors,
)
from member_access.sessions.item import sign_ins_from_item
from ops.access_search import search
from ops.desk import ChangedMeanwhile
from ops.member_keys import own_searches_key
from ops.member_state import OF_ACCESS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.platform.aws import Write
    from member_access.values.types import Instant
    from ops.member_keys import MemberKeys
    from ops.stack import Stack

_MOST_CONFLICTS = 5

_SEARCHED = ("pk", "identifier", "subject", "letter_state", "provider", "provider_reference")
_WITH_MESSAGE = ("EMAIL#", "LETTER#")


@dataclass(frozen=True)
class PrintedLetter:
    """A letter that a print provider has; it keeps its own copy."""

    provider: str
    reference: str


@dataclass
class Swept:
    """What a search has deleted.

    Attributes:
        items: the number of items.
        letters: those that a print provider has.
    """

    items: int = 0
    letters: list[PrintedLetter] = field(default_factory=list)


@dataclass(frozen=True)
class Removal:
    """Removes members from the tables of a stack."""

    stack: Stack
    dynamodb: DynamoDBClient
    members_table: str
    access_table: str

    @classmethod
    def of(cls, stack: Stack) -> Removal:
        """Return the removal for a stack.

        Raises:
            StackNotFound: the stack was deployed from another template.
        """
        return cls(stack, stack.dynamodb(), stack.output("MembersTable"), stack.output("AccessTable"))

    def remove(self, keys: MemberKeys, now: Instant, kept_out_until: Instant | None) -> int:
        """Remove a member, and the items whose keys follow from the identifier; a repetition does what is left.

        Args:
            keys: the member's.
            now: the moment of the removal.
            kept_out_until: until then an import does not add the person again; None if it may at once.

        Returns:
            The number of items that were deleted.

        Raises:
            ChangedMeanwhile: others kept changing the member; nothing has been deleted.
            NotAllowed: the operator lacks a right.
            Unavailable: AWS did not respond.
        """
        removed = self._bury(keys, now, kept_out_until)
        # Those of any credential.
        browsers = [one.digest.hex() for one in sign_ins_from_item(self._sign_ins(keys)).browsers]
        searches = self.stack.pseudonyms((), browsers)["browsers"] if browsers else {}
        derived = [
            *map(own_searches_key, searches.values()),
            *(keys.iban_counter, keys.reset, *keys.former),
            *keys.reminders(now),
            keys.sign_ins,
        ]
        return removed + sum(self._delete(key) for key in derived)

    def sweep(self, removed: Sequence[MemberKeys], now: Instant) -> Swept:
        """Delete all that still names removed members: one search of the Access table for all of them.

        Raises:
            NotAllowed: the operator lacks a right.
            Unavailable: DynamoDB did not respond.
        """
        identifiers = {keys.identifier for keys in removed}
        subjects = {keys.pseudonyms[name] for keys in removed for name in ("subject", "searched")}
        swept = Swept()
        for item in search(self.dynamodb, self.access_table, identifiers, subjects, _SEARCHED):
            if "provider_reference" in item:
                swept.letters.append(PrintedLetter(item["provider"]["S"], item["provider_reference"]["S"]))
            key = item["pk"]["S"]
            if key.startswith(_WITH_MESSAGE):
                transact(self.dynamodb, [self._deletion(key), self._decoy(key, now)])
            else:
                self._delete(key)
            swept.items += 1
        return swept

    def _bury(self, keys: MemberKeys, now: Instant, kept_out_until: Instant | None) -> int:
        """Put a tombstone in a member's place; return how many items went."""
        for _ in range(_MOST_CONFLICTS):
            with suppress(Conflict):
                return bury(self.dynamodb, self.members_table, keys.identifier, keys.tombstone, now, kept_out_until)
        raise ChangedMeanwhile(f"{keys.identifier}: others kept changing the member. Run the same command again.")

    def _sign_ins(self, keys: MemberKeys) -> Item | None:
        table = self.access_table
        return batch_get(self.dynamodb, {table: [keys.sign_ins]}, {table: OF_ACCESS}).get((table, keys.sign_ins))

    def _decoy(self, key: str, now: Instant) -> Write:
        """Put a decoy in the place of an e-mail or a letter; both may have one request id."""
        item: Item = {
            "pk": {"S": decoy_key(key.partition("#")[2])},
            "expires_at": {"N": str(now + DECOY_KEPT_SECONDS)},
        }
        return {"Put": {"TableName": self.access_table, "Item": item}}

    def _deletion(self, key: str) -> Write:
        return {"Delete": {"TableName": self.access_table, "Key": {"pk": {"S": key}}}}

    @retrying(_MOST_CONFLICTS, on=TransactionInTheWay)
    def _delete(self, key: str) -> bool:
        """Delete an item of the Access table, which a call of the member may be writing; return if there was one."""
        try:
            with translate_errors():
                self.dynamodb.delete_item(
                    TableName=self.access_table, Key={"pk": {"S": key}}, ConditionExpression="attribute_exists(pk)"
                )
        except ConditionFailed:
            return False
        return True
