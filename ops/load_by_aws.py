"""Loads a file of members by AWS: puts it into the stack's bucket, follows the state machine, fetches the report.

A load is named by the digest of its file and of its options, so a second operator, or the same command after Ctrl-C,
finds the load that runs instead of starting another one (StartExecution: "idempotent for STANDARD workflows").
"""

from __future__ import annotations

import codecs
import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, BinaryIO, Final, NamedTuple, cast

from botocore.exceptions import ClientError

from bulk_import.file_kinds import UnreadableFile
from bulk_import.load_objects import fetched_key, file_key, outcome_key, report_key
from bulk_import.row_writer import Outcome
from member_access.platform.aws import translate_errors
from ops.desk import CommandFailed, ExitStatus

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

    from mypy_boto3_s3 import S3Client
    from mypy_boto3_stepfunctions import SFNClient
    from mypy_boto3_stepfunctions.type_defs import DescribeExecutionOutputTypeDef

_POLL_SECONDS: Final = 2.0
_REDRIVABLE_FOR: Final = timedelta(hours=20)
"""The bucket keeps the work of a load for a day."""
_PIECE: Final = 65_536


class LoadFailed(CommandFailed):
    """AWS did not finish the load. The message says what to do."""

    status = ExitStatus.STACK_UNAVAILABLE


class StillLoading(CommandFailed):
    """The command was interrupted, but not the load."""

    status = ExitStatus.INTERRUPTED


class Loaded(NamedTuple):
    """The end of a load.

    Attributes:
        outcomes: the number of rows by outcome.
        remarked: the number of rows loaded with remarks.
        notes: sentences about the whole file.
    """

    outcomes: Counter[Outcome]
    remarked: int
    notes: list[str]


@dataclass(frozen=True)
class LoadByAws:
    """Loads files into one stack.

    Attributes:
        s3: a client of the bucket.
        engine: a client of the state machine.
        bucket: the output ``ImportBucket``.
        machine: the output ``ImportStateMachineArn``.
        now: the clock.
        pause: waits a number of seconds.
    """

    s3: S3Client
    engine: SFNClient
    bucket: str
    machine: str
    now: Callable[[], datetime]
    pause: Callable[[float], None]

    def run(
        self, file: BinaryIO, progress: Callable[[str, int, int], None], *, strict: bool, report: Callable[[], TextIO]
    ) -> Loaded:
        """Load a file, or follow the load of the same file that runs.

        Args:
            file: a CSV.
            progress: is called with the step, what is done of it, and all of it.
            strict: whether rows with remarks are rejected.
            report: creates the file for the report.

        Raises:
            UnreadableFile: the first step could not read the file.
            LoadFailed: another load runs, or the load failed.
            StillLoading: Ctrl-C was pressed while AWS was loading.
            OSError: the report cannot be written.
            Unavailable: AWS does not respond.
        """
        digest = _digest(file, strict=strict)
        known = list(self._executions(digest))
        load = self._under_way(known) or self._not_fetched(known)
        if not load:
            self._check_alone()
            load = self._begin(file, digest, known, progress, strict=strict)
        try:
            self._follow(load, progress)
        except KeyboardInterrupt:
            raise StillLoading("Interrupted. AWS goes on loading: run the same command again to follow it.") from None
        return self._fetch(load, report)

    def _executions(self, digest: str) -> Iterator[DescribeExecutionOutputTypeDef]:
        number = 1
        while found := self._described(f"{digest}-{number}"):
            yield found
            number += 1

    def _described(self, load: str) -> DescribeExecutionOutputTypeDef | None:
        with translate_errors():
            try:
                return self.engine.describe_execution(executionArn=self._arn(load))
            except self.engine.exceptions.ExecutionDoesNotExist:
                return None

    def _arn(self, load: str) -> str:
        return f"{self.machine.replace(':stateMachine:', ':execution:')}:{load}"

    @staticmethod
    def _under_way(known: list[DescribeExecutionOutputTypeDef]) -> str | None:
        return next((one["name"] for one in known if one["status"] == "RUNNING"), None)

    def _not_fetched(self, known: list[DescribeExecutionOutputTypeDef]) -> str | None:
        if known and known[-1]["status"] == "SUCCEEDED" and not self._exists(fetched_key(known[-1]["name"])):
            return known[-1]["name"]
        return None

    def _exists(self, key: str) -> bool:
        with translate_errors():
            try:
                self.s3.head_object(Bucket=self.bucket, Key=key)
            except ClientError as error:
                # S3 answers 403 about a missing object to someone who may not list the bucket.
                if error.response["Error"]["Code"] in {"403", "404"}:
                    return False
                raise
        return True

    def _check_alone(self) -> None:
        with translate_errors():
            answer = self.engine.list_executions(stateMachineArn=self.machine, statusFilter="RUNNING", maxResults=1)
        if answer["executions"]:
            raise LoadFailed("Another file is being loaded into this stack. Wait for its end, and try again.")

    def _begin(
        self,
        file: BinaryIO,
        digest: str,
        known: list[DescribeExecutionOutputTypeDef],
        progress: Callable[[str, int, int], None],
        *,
        strict: bool,
    ) -> str:
        """Upload the file, and start its load or continue the one that failed."""
        failed = known[-1] if known and self._can_continue(known[-1]) else None
        load = failed["name"] if failed else f"{digest}-{len(known) + 1}"
        size, done = file.seek(0, 2), Counter[str]()
        file.seek(0)

        def sent(number: int) -> None:
            done["bytes"] += number
            progress("upload", done["bytes"], size)

        with translate_errors():
            self.s3.upload_fileobj(cast("BinaryIO", _Lent(file)), self.bucket, file_key(load), Callback=sent)
            if failed:
                self.engine.redrive_execution(executionArn=failed["executionArn"])
            else:
                given = json.dumps({"load": load, "strict": strict})
                self.engine.start_execution(stateMachineArn=self.machine, name=load, input=given)
        return load

    def _can_continue(self, execution: DescribeExecutionOutputTypeDef) -> bool:
        ended = execution.get("stopDate")
        return (
            execution["status"] in {"FAILED", "TIMED_OUT", "ABORTED"}
            and execution.get("redriveStatus") == "REDRIVABLE"
            and execution.get("error") != "OtherRules"
            and ended is not None
            and self.now() - ended.astimezone(UTC) < _REDRIVABLE_FOR
        )

    def _follow(self, load: str, progress: Callable[[str, int, int], None]) -> None:
        while (execution := self._described(load)) and execution["status"] == "RUNNING":
            counts = self._counts(load)
            if counts:
                progress("load", counts["succeeded"], counts["total"])
            self.pause(_POLL_SECONDS)
        if not execution or execution["status"] != "SUCCEEDED":
            why = execution.get("error", execution["status"]) if execution else "the execution is gone"
            raise LoadFailed(
                f"The load failed ({why}). The rows loaded so far are kept. Run the same command again to continue it; "
                "if it fails again, see ImportFails in docs/alarms.md."
            )

    def _counts(self, load: str) -> Any:  # noqa: ANN401 - a part of a response
        """Return the numbers of ranges of the first round: the others are few and short."""
        with translate_errors():
            runs = self.engine.list_map_runs(executionArn=self._arn(load))["mapRuns"]
            if not runs:
                return None
            first = min(runs, key=lambda run: run["startDate"])
            return self.engine.describe_map_run(mapRunArn=first["mapRunArn"])["itemCounts"]

    def _fetch(self, load: str, report: Callable[[], TextIO]) -> Loaded:
        with translate_errors():
            outcome = json.loads(self.s3.get_object(Bucket=self.bucket, Key=outcome_key(load))["Body"].read())
            if "unreadable" not in outcome:
                body = self.s3.get_object(Bucket=self.bucket, Key=report_key(load))["Body"]
                with report() as written:
                    for text in codecs.iterdecode(body.iter_chunks(_PIECE), "utf-8"):
                        written.write(text)
            self.s3.put_object(Bucket=self.bucket, Key=fetched_key(load), Body=b"")
        if "unreadable" in outcome:
            raise UnreadableFile(outcome["unreadable"])
        counts = Counter({Outcome(name): number for name, number in outcome["outcomes"].items()})
        return Loaded(counts, outcome["remarked"], outcome["notes"])


class _Lent:
    """A file that the upload reads and does not close, as it closes files that it can seek in."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int = -1) -> bytes:
        return self._file.read(size)


def _digest(file: BinaryIO, *, strict: bool) -> str:
    file.seek(0)
    digest = hashlib.sha256(b"strict\0" if strict else b"")
    while piece := file.read(_PIECE):
        digest.update(piece)
    return digest.hexdigest()[:40]
