"""Measures an import of new members, as ``ops import`` runs it, up to the wire."""

from __future__ import annotations

import io
import json
import sys
import time
from typing import Any

from bench.inside.memory import peak_mebibytes
from bench.inside.wire import Wire
from bulk_import.aws_clients import WORKERS, LoadClients
from bulk_import.csv_records import CsvFile
from bulk_import.import_rows import COLUMNS
from bulk_import.member_import import ImportReport, ImportRules, MemberImport
from bulk_import.member_store import MemberStore
from bulk_import.row_writer import RowWriter
from bulk_import.seen_rows import SeenRows
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.members.tombstones import TombstoneKeys
from member_access.values.types import Identifier, Instant


def rows(number: int) -> bytes:
    """Return a file of so many members."""
    lines = [",".join(COLUMNS)]
    for one in range(number):
        values = {
            "identifier": f"A{one:07}",
            "nir": f"1850375{one:06}",
            "birth_date": "1985-03-14",
            "last_name": "EXEMPLE",
            "first_name": "Camille",
            "address_4": f"{one} RUE DE L EXEMPLE",
            "postcode": "75011",
            "town": "PARIS",
            "email": f"camille.{one}@example.fr",
        }
        lines.append(",".join(values.get(column, "") for column in COLUMNS))
    return "\n".join(lines).encode()


def import_rows(number: int) -> dict[str, float]:
    """Import so many new members.

    Returns:
        Processor seconds, the number of members that were new, and the peak of memory in MiB.
    """
    aws, now = LoadClients(), Instant(int(time.time()))
    tombstones = TombstoneKeys.from_kms(aws.kms, "index")
    store = MemberStore(aws.dynamodb, "members", tombstones, time.sleep)
    writer = RowWriter(
        KeyedHashes(aws.kms, "index"), OwnDataHasher.from_kms(aws.kms, "own"), store, lambda: now, time.sleep
    )
    file = io.BytesIO(rows(number))
    began = time.process_time()
    with SeenRows(b"a key of a measurement, 32 bytes") as seen:
        run = MemberImport(
            rules=ImportRules(Identifier.DEFAULT_PATTERN, now, WORKERS),
            writer=writer,
            seen=seen,
            report=ImportReport(io.StringIO()),
        )
        run.run(CsvFile(file, COLUMNS), settled=lambda: None)
    seconds = time.process_time() - began
    counts: dict[str, int] = {outcome.value: count for outcome, count in run.outcomes.items()}
    return {"seconds": seconds, "new": counts.get("new", 0), "mebibytes": peak_mebibytes()}


def main() -> None:
    """Answer questions until standard input ends."""
    Wire([]).plug_in()
    for line in sys.stdin:
        question: dict[str, Any] = json.loads(line)
        question.pop("do")
        print(json.dumps(import_rows(**question)), flush=True)
