"""Writes valid rows into the Members table, with as few calls to AWS as a batch of rows allows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING

from bulk_import.member_store import IdentityTaken, MemberHashes, MemberRecord
from member_access.errors import Conflict, MemberAccessError
from member_access.pins.own_data import own_data
from member_access.platform.aws import retrying

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bulk_import.import_rows import MemberRow
    from bulk_import.member_store import MemberStore
    from member_access.members.keyed_hashes import KeyedHashes, SourceHash
    from member_access.members.own_data_hashes import OwnDataHasher
    from member_access.values.types import Instant

_TRIES = 5
_FIRST_PAUSE_SECONDS = 0.05
_MOST_NEW_MEMBERS = 50
"""A transaction has at most a hundred writes, and a new member is two."""


class KeptOut(MemberAccessError):
    """A tombstone keeps the person out."""


class Outcome(Enum):
    """The outcome of a row."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    REJECTED = "rejected"


class Obstacle(Enum):
    """Why a valid row is not written, as the report says it; another row may remove the first."""

    IDENTITY_TAKEN = "nir, birth_date and postcode: already used by another identifier"
    KEPT_OUT = "identifier: this member was erased, and imports keep the person out for some time"


@dataclass
class Written:
    """What became of a batch.

    Attributes:
        outcomes: by the row's place in the batch, of every row that was done.
        error: why the rest was not done, or None.
    """

    outcomes: dict[int, Outcome | Obstacle] = field(default_factory=dict)
    error: Exception | None = None


@dataclass(frozen=True)
class RowWriter:
    """Writes batches of rows; safe to share between threads.

    Attributes:
        hashes: hashes identities and IBANs.
        own_data: hashes the PINs that members' own data give.
        store: the Members table.
        clock: the present time.
        pause: waits a number of seconds before a conflicting write is tried again.
    """

    hashes: KeyedHashes
    own_data: OwnDataHasher
    store: MemberStore
    clock: Callable[[], Instant]
    pause: Callable[[float], None]

    def foresee(self, rows: Sequence[MemberRow]) -> list[Outcome]:
        """Return what writing a batch would make of each row if no identity belonged to another member.

        Raises:
            Unavailable: KMS or DynamoDB did not respond.
        """
        stored = self.store.fetch([row.details.identifier for row in rows])
        return [self._foreseen(row, stored.get(row.details.identifier)) for row in rows]

    def _foreseen(self, row: MemberRow, was: Mapping[str, str] | None) -> Outcome:
        if was is None:
            return Outcome.NEW
        return Outcome.UNCHANGED if was == self._record(row, was).attributes() else Outcome.CHANGED

    def write(self, rows: Sequence[MemberRow]) -> Written:
        """Write a batch of at most a hundred rows with different members. A row may be written again at any time."""
        written = Written()
        try:
            stored = self.store.fetch([row.details.identifier for row in rows])
            new = [place for place, row in enumerate(rows) if row.details.identifier not in stored]
            for start in range(0, len(new), _MOST_NEW_MEMBERS):
                places = new[start : start + _MOST_NEW_MEMBERS]
                if self._add_all([rows[place] for place in places]):
                    written.outcomes |= dict.fromkeys(places, Outcome.NEW)
            for place, row in enumerate(rows):
                if place not in written.outcomes:
                    written.outcomes[place] = self._save(row, stored.get(row.details.identifier))
        except Exception as error:  # noqa: BLE001 - the caller raises it once the rows that were done are counted
            written.error = error
        return written

    def _add_all(self, rows: Sequence[MemberRow]) -> bool:
        """Write new members together.

        Returns:
            Whether they were written. If not, one of them stands in the way of all.
        """
        try:
            self._add(rows)
        except (Conflict, IdentityTaken, KeptOut):
            return False
        return True

    def _add(self, rows: Sequence[MemberRow]) -> None:
        removed = self.store.fetch_removed([row.details.identifier for row in rows])
        if any(tombstone.keeps_out(self.clock()) for tombstone in removed.values()):
            raise KeptOut
        self.store.add([self._record(row, None) for row in rows], removed)

    def _save(self, row: MemberRow, was: Mapping[str, str] | None) -> Outcome | Obstacle:
        """Write a row, again if another write came first.

        Raises:
            Unavailable: KMS or DynamoDB did not respond.
        """
        identifier = row.details.identifier
        read: list[Mapping[str, str] | None] = [was]

        @retrying(_TRIES, pause=lambda tried: self.pause(_FIRST_PAUSE_SECONDS * 2**tried))
        def save() -> Outcome:
            stored = read.pop() if read else self.store.fetch([identifier]).get(identifier)
            if stored is None:
                self._add([row])
                return Outcome.NEW
            record = self._record(row, stored)
            if stored == record.attributes():
                return Outcome.UNCHANGED
            self.store.change(stored, record)
            return Outcome.CHANGED

        try:
            return save()
        except IdentityTaken:
            return Obstacle.IDENTITY_TAKEN
        except KeptOut:
            return Obstacle.KEPT_OUT

    def _record(self, row: MemberRow, stored: Mapping[str, str] | None) -> MemberRecord:
        source = self._source(row)
        hashes = MemberHashes.stored(stored, source) if stored else None
        return MemberRecord(row.details, hashes or self._hashes(row, source))

    def _source(self, row: MemberRow) -> SourceHash:
        identity = row.identity
        return self.own_data.source(
            row.details.identifier,
            identity.nir.reveal(),
            identity.birth_date.reveal(),
            identity.postcode.normalised,
            row.iban.reveal() if row.iban else "",
            self.hashes.key_arn,
        )

    def _hashes(self, row: MemberRow, source: SourceHash) -> MemberHashes:
        identifier, identity, iban = row.details.identifier, row.identity, row.iban
        return MemberHashes(
            self.hashes.of_identity(identity.nir, identity.birth_date, identity.postcode),
            self.hashes.of_iban(identifier, iban.last_six) if iban else None,
            self.own_data.hash(identifier, own_data(identity.birth_date, identity.nir, iban)),
            source,
        )
