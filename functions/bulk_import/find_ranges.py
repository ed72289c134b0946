"""The first step of a load by AWS: reads the file once, judges its rows, and divides it into ranges of bytes.

Which rows count depends on the rows before them: of two rows with one identifier the first counts. So one reader
judges all rows in the order of the file, as ``ops import`` does, and each range names the lines that its worker skips.
A row costs some 150 µs and no call of AWS: a million take three of the fifteen minutes that Lambda allows.
"""

from __future__ import annotations

import io
from collections import Counter
from tempfile import TemporaryFile
from typing import TYPE_CHECKING

from bulk_import.csv_records import RecordReader
from bulk_import.dialect import find_dialect
from bulk_import.file_kinds import UnreadableFile
from bulk_import.import_rows import COLUMNS
from bulk_import.load_plan import Place, byte_ranges
from bulk_import.member_import import ImportReport, ImportRules, RowJudge
from bulk_import.row_writer import Outcome
from bulk_import.seen_rows import SeenRows

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bulk_import.load_objects import LoadObjects


def find_ranges(objects: LoadObjects, rules: ImportRules, key: bytes, most_rows: int) -> int:
    """Write the plan of a load, its ranges, and its report as far as it is known before a row is written.

    Args:
        objects: the objects of the load.
        rules: the rules for rows.
        key: 32 random bytes.
        most_rows: the number of rows at which a range ends.

    Returns:
        The number of ranges; 0 also if the file cannot be read. The plan says why.

    Raises:
        Unavailable: S3 does not respond.
    """
    file = objects.open_file()
    try:
        dialect = find_dialect(file, COLUMNS)
    except UnreadableFile as error:
        objects.put("plan", {"unreadable": str(error)})
        objects.put("rounds/1", [])
        return 0
    outcomes: Counter[Outcome] = Counter()
    count = 0
    file.seek(dialect.start)
    with TemporaryFile() as report, SeenRows(key) as seen:
        text = io.TextIOWrapper(report, "utf-8", newline="")
        judge = RowJudge(rules, seen, ImportReport(text), outcomes)
        reader = RecordReader(file, dialect, line=dialect.first_line)
        for found in byte_ranges(_places(reader, judge), dialect.start, dialect.first_line, most_rows=most_rows):
            objects.put(f"ranges/{count}", found.as_json())
            count += 1
        text.detach()
        report.seek(0)
        objects.put_judged(report)
    objects.put("rounds/1", [{"range": number} for number in range(count)])
    plan = {
        "dialect": dialect.dump(),
        "now": rules.now,
        "strict": rules.strict,
        "rejected": outcomes[Outcome.REJECTED],
    }
    objects.put("plan", plan)
    return count


def _places(reader: RecordReader, judge: RowJudge) -> Iterator[Place]:
    for record in reader.records():
        good = judge.good_row(record)
        if good and good.row.remarks:
            judge.report.remark(good.line, good.row.details.identifier, good.row.remarks)
        yield Place(record.line, reader.position, reader.line, is_good=good is not None)
