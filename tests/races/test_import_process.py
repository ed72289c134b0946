"""The process of ``python -m ops import`` on DynamoDB Local: how fast it is, and what a kill leaves."""

from __future__ import annotations

import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bulk_import.member_import import BATCH
from simulators.cloud import create_tables, delete_tables
from simulators.template import ROOT
from tests.support.members import member_row, members_csv
from tests.support.operators_aws import STACK, operators_aws

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.dynamodb_local import DynamoDBLocal
    from tests.races.conftest import LocalAws
    from tests.support.operators_aws import OperatorsAws

pytestmark = [pytest.mark.needs("java", "dynamodb-local"), pytest.mark.timeout(1_200)]

ROWS = int(os.environ.get("IMPORT_ROWS", "600"))
"""The rows of the file; decision 54 shows a run of 20,000."""


@dataclass(frozen=True)
class Ended:
    """How an import ended.

    Attributes:
        counts: by outcome.
        report: the lines of the report; their order depends on the threads.
        seconds: with the start of the process.
        processor_seconds: of them, those of this process.
    """

    status: int
    counts: dict[str, int]
    report: list[str]
    seconds: float
    processor_seconds: float


@dataclass(frozen=True)
class Operator:
    """An operator with a file, signed in to an account with an empty stack."""

    local: LocalAws
    aws: OperatorsAws
    endpoint: str
    table: str
    file: Path

    def starts(self) -> subprocess.Popen[str]:
        """Start the command."""
        variables = {"AWS_ENDPOINT_URL": self.aws.endpoint, "AWS_ENDPOINT_URL_DYNAMODB": self.endpoint}
        return subprocess.Popen(  # noqa: S603 - our own words
            [sys.executable, "-m", "ops", "import", str(self.file), "--stack", STACK, "--json"],
            cwd=ROOT,
            env={**os.environ, **variables},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def imports(self) -> Ended:
        """Import the file."""
        began, used = time.monotonic(), _processor_seconds()
        process = self.starts()
        out, err = process.communicate()
        assert out, err
        data: dict[str, Any] = json.loads(out)
        with Path(data.pop("report")).open(encoding="utf-8") as report:
            lines = sorted(report)
        return Ended(process.returncode, data, lines, time.monotonic() - began, _processor_seconds() - used)

    def is_killed(self) -> None:
        """Import the file, and be killed at a random call of KMS: after the first transaction, before the last."""
        calls, last = 0, random.randrange(ROWS + BATCH, 2 * ROWS)  # noqa: S311 - when the process dies
        process = self.starts()

        def strike() -> None:
            nonlocal calls
            calls += 1
            if calls >= last:
                process.kill()

        self.aws.hashed = strike
        out, err = process.communicate()
        self.aws.hashed = lambda: None
        assert (process.returncode, out) == (-signal.SIGKILL, ""), err

    def items(self) -> dict[str, object]:
        """All items of the Members table."""
        pages = self.local.dynamodb.get_paginator("scan").paginate(TableName=self.table, ConsistentRead=True)
        return {item["pk"]["S"]: item for page in pages for item in page["Items"]}


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


@contextmanager
def operator(name: str, local: LocalAws, server: DynamoDBLocal, folder: Path) -> Iterator[Operator]:
    """An operator in an account of their own; every account has the same keys."""
    tables = create_tables(local.dynamodb, name)
    outputs = {
        "MembersTable": tables["MembersTable"],
        "IndexKeyArn": "index",
        "OwnDataKeyArn": "own",
        "OperatorLogs": "logs",
    }
    file = folder / f"{name}.csv"
    rows = [member_row(number) for number in range(ROWS - 2)]
    rejected, remarked = member_row(ROWS, nir=rows[0]["nir"]), member_row(ROWS + 1, email="néant")
    file.write_bytes(members_csv(*rows, rejected, remarked))
    with operators_aws(outputs) as aws:
        yield Operator(local, aws, server.endpoint, tables["MembersTable"], file)
    delete_tables(local.dynamodb, tables)


def test_an_import_that_was_killed_ends_as_one_that_was_not(
    local_aws: LocalAws, dynamodb_local: DynamoDBLocal, tmp_path: Path
) -> None:
    with operator("whole", local_aws, dynamodb_local, tmp_path) as careful:
        new, unchanged, whole = careful.imports(), careful.imports(), careful.items()
    with operator("killed", local_aws, dynamodb_local, tmp_path) as unlucky:
        unlucky.is_killed()
        found = len(unlucky.items()) // 2
        again, after = unlucky.imports(), unlucky.items()
        events = [(event["message"], event["audit"]["outcome"]) for event in unlucky.aws.trail]

    for what, ended in (("new", new), ("unchanged", unchanged)):
        print(  # noqa: T201 - the speed of this machine
            f"{ROWS:,} rows, {what}: {ROWS / ended.seconds:,.0f} rows a second; {ended.processor_seconds:.1f} s of one "
            f"processor: {ROWS / ended.processor_seconds:,.0f} rows each second"
        )
    good = ROWS - 1
    assert new.counts == {"new": good, "changed": 0, "unchanged": 0, "rejected": 1, "with_remarks": 1, "removed": 0}
    assert unchanged.counts == {**new.counts, "new": 0, "unchanged": good}
    assert after == whole
    assert (again.status, again.report) == (new.status, new.report)
    known = again.counts["unchanged"]
    assert again.counts == {**new.counts, "new": good - known, "unchanged": known}
    # What the process had sent when it died is written after its death.
    assert 0 < found <= known < good
    assert events == [("operator.import", outcome) for outcome in ("begun", "begun", "done")]
