"""Invented members as rows of the insurer's file, and imports of them."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, TextIO

from stdnum import iban as stdnum_iban
from stdnum.fr import nir as stdnum_nir

from bulk_import.csv_records import CsvFile
from bulk_import.import_rows import COLUMNS
from bulk_import.member_import import ImportReport, ImportRules, MemberImport
from bulk_import.member_store import MemberStore
from bulk_import.row_writer import Outcome, RowWriter
from bulk_import.seen_rows import SeenRows
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.members.tombstones import TombstoneKeys
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from simulators.cloud import Cloud

NEW_PIN = "927164"
"""A PIN that every member of the tests may choose."""
NOW = Instant(1_795_413_600)
"""2026-11-23."""

Row = dict[str, str]
Table = dict[str, dict[str, str]]


def with_key(nir: str) -> str:
    """Thirteen characters of a NIR, and its key."""
    return nir + stdnum_nir.calc_check_digits(nir)


def french_iban(account: str) -> str:
    """An IBAN at a bank that does not exist."""
    bban = f"9999900001{account:0>11}00"
    return f"FR{stdnum_iban.calc_check_digits('FR00' + bban)}{bban}"


def member_row(number: int = 1, /, **different: str) -> Row:
    """A good row; each number gives another member. Fields named in ``different`` have those values."""
    return {
        "identifier": f"A{number:07}",
        "nir": with_key(f"1850375{number:06}"),
        "birth_date": "1985-03-14",
        "last_name": "EXEMPLE",
        "first_name": "Camille",
        "address_2": "",
        "address_3": "",
        "address_4": "1 RUE DE L EXEMPLE",
        "address_5": "",
        "postcode": "75011",
        "town": "PARIS",
        "country": "",
        "email": f"camille.{number}@example.fr",
        "iban": french_iban(str(number)),
        "language": "",
        **different,
    }


def csv_line(row: Row) -> str:
    """A row as a line of the file, its line break included."""
    line = io.StringIO()
    csv.writer(line, lineterminator="\n").writerow(row.values())
    return line.getvalue()


def members_csv(*rows: Row | str | bytes) -> bytes:
    """A file of members. A row that is given as text or bytes stands in it as it is."""
    file = bytearray(f"{','.join(COLUMNS)}\n".encode())
    for row in rows:
        if isinstance(row, dict):
            file += csv_line(row).encode()
        else:
            file += (row.encode() if isinstance(row, str) else row) + b"\n"
    return bytes(file)


@dataclass(frozen=True)
class Imported:
    """What an import did.

    Attributes:
        outcomes: how many rows ended how.
        report: the report file as text.
    """

    outcomes: Counter[Outcome]
    report: str

    def refusals(self) -> list[tuple[int, str, str]]:
        """The report's rejected rows: line, identifier, reason."""
        return self._reported("rejected")

    def remarks(self) -> list[tuple[int, str, str]]:
        """The report's rows that were loaded with remarks: line, identifier, remarks."""
        return self._reported("loaded with remarks")

    def _reported(self, outcome: str) -> list[tuple[int, str, str]]:
        rows = csv.DictReader(io.StringIO(self.report))
        return [(int(row["line"]), row["identifier"], row["reason"]) for row in rows if row["outcome"] == outcome]


def tombstone_keys(cloud: Cloud) -> TombstoneKeys:
    """The keys of tombstones, as the import and the desk make them."""
    return TombstoneKeys.from_kms(cloud.kms, cloud.keys["IndexKey"])


def import_members(cloud: Cloud, *rows: Row | str | bytes, workers: int = 1, strict: bool = False) -> Imported:
    """Import a file of these rows. One worker, since moto's transactions cannot stand two."""
    report = io.StringIO()
    outcomes = import_with(
        MemberStore(cloud.dynamodb, cloud.tables["MembersTable"], tombstone_keys(cloud), lambda _: None),
        KeyedHashes(cloud.kms, cloud.keys["IndexKey"]),
        OwnDataHasher.from_kms(cloud.kms, cloud.keys["OwnDataKey"]),
        io.BytesIO(members_csv(*rows)),
        report,
        workers=workers,
        strict=strict,
    )
    return Imported(outcomes, report.getvalue())


def import_with(  # noqa: PLR0913 - the parts of an import
    store: MemberStore,
    hashes: KeyedHashes,
    own_data: OwnDataHasher,
    file: BinaryIO,
    report: TextIO,
    *,
    workers: int,
    strict: bool = False,
    outcomes: Counter[Outcome] | None = None,
) -> Counter[Outcome]:
    """Import a file through given storage; nothing ever waits. ``outcomes`` counts until an error, too."""
    with SeenRows(b"a key for tests that is 32 bytes") as seen:
        run = MemberImport(
            rules=ImportRules(Identifier.DEFAULT_PATTERN, NOW, workers, strict),
            writer=RowWriter(hashes, own_data, store, clock=lambda: NOW, pause=lambda _: None),
            seen=seen,
            report=ImportReport(report),
            outcomes=Counter() if outcomes is None else outcomes,
        )
        run.run(CsvFile(file, COLUMNS), settled=lambda: None)
    return run.outcomes


def table(cloud: Cloud) -> Table:
    """The Members table: attributes by partition key."""
    pages = cloud.dynamodb.get_paginator("scan").paginate(TableName=cloud.tables["MembersTable"])
    return {
        item["pk"]["S"]: {name: value.get("S", value.get("N", "")) for name, value in item.items() if name != "pk"}
        for page in pages
        for item in page["Items"]
    }


def members(cloud: Cloud) -> Table:
    """The members by identifier."""
    return {key.removeprefix("MEMBER#"): item for key, item in table(cloud).items() if key.startswith("MEMBER#")}


def assert_identities_lead_to_their_members(cloud: Cloud) -> None:
    """No pointer is missing, too many, or leads to another member."""
    pointers = {
        key.removeprefix("IDENTITY#"): item["identifier"]
        for key, item in table(cloud).items()
        if key.startswith("IDENTITY#")
    }
    assert pointers == {member["identity_hash"]: identifier for identifier, member in members(cloud).items()}
