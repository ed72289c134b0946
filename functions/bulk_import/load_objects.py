"""The objects of a load in its bucket. Nothing else of a load is kept: the state of an execution holds its name alone.

=============================  =====================================================  ===================
key                            content                                                is kept
=============================  =====================================================  ===================
``files/LOAD.csv``             the insurer's file                                     until the end, or a day
``loads/LOAD/plan.json``       how the file is written, and when it was read          a day
``loads/LOAD/judged.csv``      the report before any row is written                   a day
``loads/LOAD/ranges/N.json``   a range of bytes, and the lines in it to skip          a day
``loads/LOAD/rounds/R.json``   the ranges of a round, which the engine hands out      a day
``loads/LOAD/intents/N.json``  what a range's rows are, before the first is written   a day
``loads/LOAD/parts/R/N.json``  the outcome of a range in a round                      a day
``reports/LOAD/report.csv``    the report                                             30 days
``reports/LOAD/outcome.json``  the counts, or why the file cannot be read             30 days
=============================  =====================================================  ===================
"""

from __future__ import annotations

import json
import re
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Final

from botocore.exceptions import ClientError

from bulk_import.s3_file import open_object
from member_access.errors import InvalidValue
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

_LOAD: Final = re.compile(r"[0-9a-f]{40}-[1-9][0-9]{0,5}")


def file_key(load: str) -> str:
    """Return the key of a load's file."""
    return f"files/{load}.csv"


def report_key(load: str) -> str:
    """Return the key of a load's report."""
    return f"reports/{load}/report.csv"


def outcome_key(load: str) -> str:
    """Return the key of a load's counts."""
    return f"reports/{load}/outcome.json"


def judged_key(load: str) -> str:
    """Return the key of the report before any row is written."""
    return f"loads/{load}/judged.csv"


def load_of_outcome(key: str) -> str | None:
    """Return the name of the load whose counts have this key: it has ended; None if the key is another."""
    load = key.removeprefix("reports/").partition("/")[0]
    return load if key == outcome_key(load) else None


def fetched_key(load: str) -> str:
    """Return the key of an empty object that notes that the report was fetched."""
    return f"reports/{load}/fetched"


class LoadObjects:
    """Reads and writes the objects of one load.

    Args:
        s3: the client.
        bucket: the bucket of loads.
        load: the name of the load.

    Raises:
        InvalidValue: this is no name of a load. Its methods raise ``Unavailable`` if S3 does not respond.
    """

    def __init__(self, s3: S3Client, bucket: str, load: str) -> None:
        if not _LOAD.fullmatch(load):
            raise InvalidValue("a load is named by forty hexadecimal digits and a number")
        self._s3 = s3
        self._bucket = bucket
        self._load = load

    def open_file(self, start: int = 0, end: int | None = None) -> BinaryIO:
        """Open a part of the insurer's file."""
        return open_object(self._s3, self._bucket, file_key(self._load), start=start, end=end)

    def delete_file(self) -> None:
        """Delete the insurer's file."""
        with translate_errors():
            self._s3.delete_object(Bucket=self._bucket, Key=file_key(self._load))

    def put_judged(self, report: IO[bytes]) -> None:
        """Write the report as far as it is known before any row is written."""
        self._put(judged_key(self._load), report)

    def open_judged(self) -> BinaryIO:
        """Open what ``put_judged`` wrote."""
        return open_object(self._s3, self._bucket, judged_key(self._load))

    def put_report(self, report: IO[bytes]) -> None:
        """Write the report."""
        self._put(report_key(self._load), report)

    def put_outcome(self, outcome: object) -> None:
        """Write the counts."""
        self._put(outcome_key(self._load), json.dumps(outcome).encode())

    def put(self, name: str, value: object) -> None:
        """Write an object of the work under way, as JSON."""
        self._put(f"loads/{self._load}/{name}.json", json.dumps(value).encode())

    def get(self, name: str) -> Any:  # noqa: ANN401 - JSON has no narrower type
        """Read what ``put`` wrote.

        Raises:
            Unavailable: there is no such object.
        """
        with translate_errors():
            answer = self._s3.get_object(Bucket=self._bucket, Key=f"loads/{self._load}/{name}.json")
            return json.loads(answer["Body"].read())

    def put_first(self, name: str, value: object) -> Any:  # noqa: ANN401 - JSON has no narrower type
        """Write an object of the work under way unless it exists.

        Returns:
            What it holds: the value, or that of the worker that came first.
        """
        key = f"loads/{self._load}/{name}.json"
        with translate_errors():
            try:
                self._s3.put_object(Bucket=self._bucket, Key=key, Body=json.dumps(value).encode(), IfNoneMatch="*")
            except ClientError as error:
                # 409: another writer was under way (S3 User Guide, "How to prevent object overwrites").
                if error.response["Error"]["Code"] not in {"PreconditionFailed", "ConditionalRequestConflict"}:
                    raise
                return self.get(name)
        return value

    def _put(self, key: str, body: bytes | IO[bytes]) -> None:
        with translate_errors():
            self._s3.put_object(Bucket=self._bucket, Key=key, Body=body)
