"""Files of members as French tools write them: every one has the same three good rows in whichever form."""

from __future__ import annotations

import io
import itertools

import pytest

from bulk_import.csv_records import CsvFile
from bulk_import.import_rows import COLUMNS, parse_row
from member_access.values.types import Identifier
from tests.support.members import NOW, member_row

ROWS = [
    member_row(1, first_name="Noé", last_name="Garçon", language="fr"),
    member_row(2, address_4="2 rue de l’Exemple", email="", language="en"),
    member_row(3, address_2="Bâtiment B", iban="", town="Saint-Denis", postcode="93200"),
]


def written(  # noqa: PLR0913 - the ways that files differ in
    *,
    separator: str = ",",
    line_end: str = "\n",
    encoding: str = "utf-8",
    quoted: bool = False,
    first_lines: tuple[str, ...] = (),
    columns: tuple[str, ...] = COLUMNS,
    between: str | None = None,
) -> bytes:
    """The three rows in one of the ways that programs write them."""

    def line(fields: list[str]) -> str:
        return separator.join(f'"{field}"' if quoted else field for field in fields)

    lines = [*first_lines, line(list(columns))]
    for row in ROWS:
        lines.append(line([row.get(column.strip().lower(), "x") for column in columns]))
        if between is not None:
            lines.append(between)
    return "".join(f"{one}{line_end}" for one in lines).encode(encoding)


FILES = {
    **{
        f"{separator!r} {line_end!r} {encoding} {'quoted' if quoted else 'plain'}": written(
            separator=separator, line_end=line_end, encoding=encoding, quoted=quoted
        )
        for separator, line_end, encoding, quoted in itertools.product(
            (",", ";", "\t", "|"), ("\n", "\r\n", "\r"), ("utf-8", "utf-8-sig", "cp1252"), (False, True)
        )
    },
    "sep=; in UTF-8": written(separator=";", first_lines=("sep=;",)),
    "sep=; with a byte order mark": written(separator=";", encoding="utf-8-sig", first_lines=("sep=;",)),
    "sep=, in Windows-1252": written(encoding="cp1252", first_lines=("SEP=,",)),
    "sep=^": written(separator="^", first_lines=("sep=^",)),
    "blank lines first": written(first_lines=("", "   ", "")),
    "a comment first": written(first_lines=("# exported on 1 November, by hand, for tests, of all members",)),
    "a title of Excel first": written(separator=";", first_lines=("Adhérents" + ";" * 14, ";" * 14)),
    "columns in another order": written(columns=tuple(reversed(COLUMNS))),
    "columns in capitals": written(columns=tuple(map(str.upper, COLUMNS))),
    "blanks around columns": written(columns=tuple(f" {column} " for column in COLUMNS)),
    "further columns": written(columns=("branch", *COLUMNS, "remark")),
    "blank lines between": written(between=""),
    "rows of separators between": written(between="," * 14),
    "longer rows of separators between": written(separator=";", between=";" * 30),
    "quoted empty rows between": written(between=",".join(['""'] * 15)),
    "no line break at the end": written().rstrip(b"\n"),
    "blank lines at the end": written() + b"\n\r\n  \n",
    "separators at the ends of rows": written().replace(b"\n", b",,,\n"),
}


@pytest.mark.parametrize("content", FILES.values(), ids=FILES)
def test_every_way_to_write_a_file_gives_the_same_members(content: bytes) -> None:
    file = CsvFile(io.BytesIO(content), COLUMNS)
    rows = [parse_row(record.fields, Identifier.DEFAULT_PATTERN, NOW) for record in file.records()]
    assert rows == [parse_row(list(row.values()), Identifier.DEFAULT_PATTERN, NOW) for row in ROWS]


BROKEN = {
    "a line too long": b"x" * 70_000,
    "a record too long": b'A0000009,"' + b"y" * 40_000 + b"\n" + b"y" * 40_000 + b'",x',
    "an open quotation mark": b'A0000009,"1850375',
    "a misplaced quotation mark": b'A0000009,"1850375"x,1985',
    "a NUL": b"A0000009,\x00,1985-03-14",
    "too few fields": b"A0000009,1850375000009",
    "too many fields": b",".join([b"A0000009"] * 16),
    "bytes that are not UTF-8": b"A0000009,\xff\xfe,1985-03-14",
    "a lone carriage return": b"A0000009,1\r2,1985-03-14",
    "a binary line": bytes(range(1, 9)) + bytes(range(11, 13)) + bytes(range(14, 256)),
}


@pytest.mark.parametrize("place", [1, 2, 3, 4])
@pytest.mark.parametrize("broken", BROKEN.values(), ids=BROKEN)
def test_a_broken_record_costs_no_row_around_it(broken: bytes, place: int) -> None:
    lines = written().splitlines(keepends=True)
    lines.insert(place, broken + b"\n")
    records = list(CsvFile(io.BytesIO(b"".join(lines)), COLUMNS).records())
    good = [record for record in records if not record.problem]
    for record in good:
        parse_row(record.fields, Identifier.DEFAULT_PATTERN, NOW)
    assert (len(good), len(records)) == (3, 4)
