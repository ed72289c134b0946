"""Invented members as rows of the insurer's file, and imports of them."""

from __future__ import annotations

import csv
import io
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.keyed_hashes import KeyedHashes
from member_access.types import Identifier, Instant
from stdnum import iban as stdnum_iban
from stdnum.fr import nir as stdnum_nir

from ops.csv_records import CsvFile
from ops.import_report import ImportReport
from ops.import_rows import COLUMNS
from ops.member_import import ImportRules, MemberImport, Outcome
from ops.member_store import MemberStore
from ops.seen_rows import SeenRows

if TYPE_CHECKING:
    from collections import Counter

    from tests.support.cloud import Cloud

NOW = Instant(1_795_413_600)
"""2026-11-23."""

Row = dict[str, str]


def with_key(nir: str) -> str:
    """Thirteen characters of a NIR, and its key."""
    return nir + stdnum_nir.calc_check_digits(nir)


def french_iban(account: str) -> str:
    """An IBAN at a bank that does not exist."""
    bban = f"9999900001{account:0>11}00"
    return f"FR{stdnum_iban.calc_check_digits('FR00' + bban)}{bban}"


def member_row(number: int = 1, **different: str) -> Row:
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
        """The report's rows: line, identifier, reason."""
        return [
            (int(row["line"]), row["identifier"], row["reason"]) for row in csv.DictReader(io.StringIO(self.report))
        ]


def import_members(cloud: Cloud, *rows: Row | str | bytes, workers: int = 1) -> Imported:
    """Import a file of these rows. One worker, since moto's transactions cannot stand two."""
    return import_with(
        MemberStore(cloud.dynamodb, cloud.tables["MembersTable"]),
        KeyedHashes(cloud.kms, cloud.keys["IndexKey"]),
        io.BytesIO(members_csv(*rows)),
        workers=workers,
    )


def import_with(store: MemberStore, hashes: KeyedHashes, file: io.BufferedIOBase, *, workers: int) -> Imported:
    """Import a file through given storage; nothing ever waits."""
    report = io.StringIO()
    with ExitStack() as opened:
        seen = opened.enter_context(SeenRows(b"a key for tests that is 32 bytes"))
        run = MemberImport(
            rules=ImportRules(Identifier.DEFAULT_PATTERN, NOW, workers),
            hashes=hashes,
            store=store,
            seen=seen,
            report=ImportReport(report),
            pause=lambda _: None,
        )
        run.run(CsvFile(file, COLUMNS), settled=lambda: None)
    return Imported(run.outcomes, report.getvalue())
