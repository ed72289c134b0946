"""Opens the insurer's file, and writes the files beside it: the report, and the list of missing members."""

from __future__ import annotations

from contextlib import contextmanager
from io import FileIO, TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from bulk_import.csv_records import CsvFile
from bulk_import.file_kinds import UnreadableFile
from bulk_import.import_rows import COLUMNS
from ops.workbook import is_workbook, read_workbook

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from typing import BinaryIO, TextIO


class MembersFile(NamedTuple):
    """An open file of members.

    Attributes:
        records: the file, or the workbook's first sheet, as a CSV.
        rows: its bytes.
        notes: sentences about the whole file that an operator should read once.
        size: the number of bytes of the CSV.
    """

    records: CsvFile
    rows: BinaryIO
    notes: tuple[str, ...]
    size: int


def report_path(file: Path) -> Path:
    """Return the path of a file's report, in the same folder."""
    return Path(f"{file}.report.csv")


def missing_path(file: Path) -> Path:
    """Return the path of the list of members whom a file lacks, in the same folder."""
    return Path(f"{file}.missing.csv")


@contextmanager
def opened_members(path: Path) -> Generator[MembersFile]:
    """Open a CSV or a workbook.

    Raises:
        UnreadableFile: it is neither, or no file of members.
        OSError: it cannot be opened.
    """
    if not path.is_file():
        path.open("rb").close()
        raise UnreadableFile("It is not a regular file. Save it to a file first.")
    if is_workbook(path):
        rows, notes = read_workbook(path)
    else:
        rows, notes = path.open("rb"), ()
    with rows:
        records = CsvFile(rows, COLUMNS)
        rows.seek(0, 2)
        yield MembersFile(records, rows, (*notes, *records.dialect.notes), rows.tell())


class _Beside(TextIOWrapper):
    """A file whose errors name it: a full disk raises one that names no file."""

    def __init__(self, path: Path) -> None:
        # Each row is written at once, so that the file is true after a crash.
        super().__init__(FileIO(path, "w"), encoding="utf-8", newline="", write_through=True)
        self._path = str(path)

    def write(self, text: str, /) -> int:
        with self._named():
            return super().write(text)

    def close(self) -> None:
        with self._named():
            super().close()

    @contextmanager
    def _named(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            error.filename = self._path
            raise


def beside(path: Path) -> TextIO:
    """Create a file beside the insurer's.

    Raises:
        OSError: it cannot be written; the error names it.
    """
    return _Beside(path)
