"""``python -m ops import``, as an operator uses it."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import boto3
import openpyxl
import pytest

from ops.__main__ import main
from ops.import_command import terminated_like_interrupted
from simulators.kms import REGION
from simulators.template import ROOT
from tests.support.members import Row, member_row, members, members_csv

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.cloud import Cloud

STACK = "member-access-test"
NO_KEY = "The stack did not respond as expected: GenerateMac: NotFoundException. Run the same command again.\n"


@dataclass(frozen=True)
class Ended:
    """How the command ended."""

    status: int
    out: str
    err: str


class Operator:
    """An operator with a file in a folder, signed in to the account of a deployed stack."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.file = folder / "members.csv"
        self.report = folder / "members.csv.report.csv"
        self._capture = capture

    def saves(self, *rows: Row | str | bytes) -> None:
        self.file.write_bytes(members_csv(*rows))

    def imports(self, *options: str) -> Ended:
        status = main(["import", str(self.file), *(options or ("--stack", STACK))])
        out, err = self._capture.readouterr()
        return Ended(status, out, err)


def deploy(cloud: Cloud, name: str = STACK, **outputs: str) -> None:
    """A stack of the given outputs, or of those that the template has."""
    named = outputs or {
        "MembersTable": cloud.tables["MembersTable"],
        "IndexKeyArn": cloud.keys["IndexKey"],
        "OwnDataKeyArn": cloud.keys["OwnDataKey"],
    }
    template = {
        "Parameters": {"IdentifierPattern": {"Type": "String", "Default": "^[0-9A-Z]{6,12}$"}},
        "Resources": {"Logs": {"Type": "AWS::Logs::LogGroup"}},
        "Outputs": {"OperatorLogs": {"Value": {"Ref": "Logs"}}}
        | {output: {"Value": value} for output, value in named.items()},
    }
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    cloudformation.create_stack(StackName=name, TemplateBody=json.dumps(template))


@pytest.fixture
def operator(cloud: Cloud, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Operator:
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    for stack in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=stack["StackName"])
    deploy(cloud)
    return Operator(tmp_path, capsys)


def test_an_import_of_good_rows_ends_with_status_0_and_counts(operator: Operator, cloud: Cloud) -> None:
    operator.saves(member_row())
    first, second = operator.imports(), operator.imports()

    assert first == Ended(0, f"{operator.file}: 1 row: 1 new, 0 changed, 0 unchanged, 0 rejected.\n", "")
    assert second == Ended(0, f"{operator.file}: 1 row: 0 new, 0 changed, 1 unchanged, 0 rejected.\n", "")
    assert operator.report.read_text() == "line,identifier,outcome,reason\n"
    assert members(cloud).keys() == {"A0000001"}


def test_refused_rows_end_with_status_1_and_a_report_beside_the_file(operator: Operator) -> None:
    operator.saves(member_row(1), member_row(2, birth_date="not-a-date"))
    ended = operator.imports()

    assert ended.status == 1
    assert "2 rows: 1 new, 0 changed, 0 unchanged, 1 rejected" in ended.out
    assert str(operator.report) in ended.out
    assert operator.report.read_text().splitlines()[1:] == [
        '3,A0000002,rejected,"birth_date: a birth date must be YYYY-MM-DD, with 00 for an unknown day or month"'
    ]


def test_rows_with_remarks_end_with_status_0_and_are_counted(operator: Operator) -> None:
    operator.saves(member_row(1), member_row(2, email="néant"))
    ended = operator.imports()

    assert ended == Ended(
        0,
        f"{operator.file}: 2 rows: 2 new, 0 changed, 0 unchanged, 0 rejected. 1 loaded with remarks.\n"
        f"Reasons and remarks: {operator.report}\n",
        "",
    )
    remark = "email: left out, letters instead (an e-mail address must have the form name@domain)"
    assert operator.report.read_text().splitlines()[1:] == [f'3,A0000002,loaded with remarks,"{remark}"']


def test_a_strict_import_rejects_what_it_would_load_with_remarks(operator: Operator, cloud: Cloud) -> None:
    operator.saves(member_row(1), member_row(2, email="néant"))
    assert operator.imports("--strict", "--stack", STACK).status == 1
    assert members(cloud).keys() == {"A0000001"}


def test_what_concerns_the_whole_file_is_said_once(operator: Operator) -> None:
    rows = [member_row(number, first_name="Noé") for number in (1, 2)]
    text = members_csv(*rows).decode().replace(",", ";").replace("\n", ";x\n").replace(";x", ";branch", 1)
    operator.file.write_bytes(text.encode("cp1252"))
    ended = operator.imports()
    assert ended.status == 0
    assert ended.out.splitlines()[:2] == [
        f"{operator.file}: The file is in Windows-1252, not in UTF-8, and is read as such.",
        f"{operator.file}: Columns that the import does not use: branch.",
    ]
    assert "2 rows: 2 new" in ended.out


def test_a_header_alone_is_no_error_but_said(operator: Operator) -> None:
    operator.saves()
    assert operator.imports() == Ended(0, f"{operator.file}: The file has a header and no rows.\n", "")


def test_a_workbook_is_imported_like_a_csv(operator: Operator, cloud: Cloud) -> None:
    book = openpyxl.Workbook()
    for row in (list(member_row()), list(member_row(1).values()), list(member_row(2, town="").values())):
        book.active.append(row)
    book.save(operator.file)
    assert operator.imports().status == 1
    assert members(cloud).keys() == {"A0000001"}
    assert operator.report.read_text().splitlines()[1:] == ["3,A0000002,rejected,town: missing"]


def test_a_signal_to_end_is_like_ctrl_c() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(KeyboardInterrupt), terminated_like_interrupted():
        signal.raise_signal(signal.SIGTERM)
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_report_of_yesterday_does_not_stay(operator: Operator) -> None:
    operator.report.write_text("line,identifier,outcome,reason\n2,A0000001,yesterday\n")
    operator.saves(member_row())
    operator.imports()
    assert "yesterday" not in operator.report.read_text()


def test_the_stack_says_what_an_identifier_looks_like(operator: Operator, cloud: Cloud) -> None:
    operator.saves(member_row(identifier="A" * 13))
    assert operator.imports().status == 1
    assert members(cloud) == {}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "cannot be imported. The file is empty."),
        (b"\x1f\x8b\x08", "cannot be imported. It is a gzip archive."),
        (members_csv().replace(b",iban", b""), "cannot be imported. The header (line 1) lacks iban."),
    ],
)
def test_a_file_that_cannot_be_read_ends_with_status_2_and_one_sentence(
    operator: Operator, content: bytes, sentence: str
) -> None:
    operator.file.write_bytes(content)
    operator.report.write_text("yesterday")
    ended = operator.imports()
    assert (ended.status, ended.out) == (2, "")
    assert f"{operator.file} {sentence}" in ended.err
    assert ended.err.count("\n") == 1
    assert not operator.report.exists()


def test_a_missing_file_ends_with_status_2(operator: Operator) -> None:
    assert operator.imports() == Ended(2, "", f"{operator.file} cannot be used: No such file or directory.\n")


def test_an_unwritable_report_ends_with_status_2_before_loading(operator: Operator, cloud: Cloud) -> None:
    operator.saves(member_row())
    operator.report.mkdir()
    assert operator.imports() == Ended(2, "", f"{operator.report} cannot be used: Is a directory.\n")
    assert members(cloud) == {}


def test_a_stack_that_does_not_exist_ends_with_status_3(operator: Operator) -> None:
    operator.saves(member_row())
    ended = operator.imports("--stack", "nowhere")
    assert ended.status == 3
    assert ended.err.startswith("Stack nowhere was not found: ")


def test_a_stack_of_another_template_ends_with_status_3(operator: Operator, cloud: Cloud) -> None:
    deploy(cloud, "another", SomethingElse="1")
    operator.saves(member_row())
    ended = operator.imports("--stack", "another")
    assert ended.status == 3
    assert ended.err == ("Stack another has no output MembersTable. Deploy this version of the template first.\n")


def test_a_missing_table_ends_with_status_3_and_the_report_so_far(operator: Operator, cloud: Cloud) -> None:
    keys = {"IndexKeyArn": cloud.keys["IndexKey"], "OwnDataKeyArn": cloud.keys["OwnDataKey"]}
    deploy(cloud, "tableless", MembersTable="gone", **keys)
    operator.saves("one column", member_row())
    ended = operator.imports("--stack", "tableless")
    assert ended.status == 3
    assert "BatchGetItem: ResourceNotFoundException. Run the same command again." in ended.err
    assert "1 row: 0 new, 0 changed, 0 unchanged, 1 rejected" in ended.out
    assert "Import the same file again to continue." in ended.out


@pytest.mark.parametrize("missing", ["IndexKeyArn", "OwnDataKeyArn"])
def test_a_missing_key_ends_with_status_3_before_the_first_row(operator: Operator, cloud: Cloud, missing: str) -> None:
    keys = {"IndexKeyArn": cloud.keys["IndexKey"], "OwnDataKeyArn": cloud.keys["OwnDataKey"]}
    deploy(cloud, "keyless", MembersTable=cloud.tables["MembersTable"], **{**keys, missing: "alias/gone"})
    operator.saves("one column", member_row())
    ended = operator.imports("--stack", "keyless")
    assert (ended.status, ended.out, ended.err) == (3, "", NO_KEY)
    assert members(cloud) == {}


@pytest.mark.parametrize("content", [None, "", "[]", '{"region": "eu-west-3"}'])
def test_a_stack_that_is_not_running_is_reported_in_one_sentence(
    operator: Operator, tmp_path: Path, content: str | None
) -> None:
    operator.saves(member_row())
    if content is not None:
        (tmp_path / "cloud.json").write_text(content)
    ended = operator.imports("--local", "--state-dir", str(tmp_path))
    assert ended == Ended(3, "", "The local stack is not running. Start it with `make run` and try again.\n")


def test_a_stack_that_was_stopped_is_reported_too(tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_bytes(members_csv(member_row()))
    # The discard service, which no machine runs.
    state = {"endpoint_url": "http://127.0.0.1:9", "region": REGION, "stack_name": "local"}
    (tmp_path / "cloud.json").write_text(json.dumps(state))

    command = [sys.executable, "-m", "ops", "import", str(file), "--local", "--state-dir", str(tmp_path)]
    # Another process, for in this one the sockets are closed.
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert (ended.returncode, ended.stdout) == (3, "")
    assert ended.stderr == "The local stack is not running. Start it with `make run` and try again.\n"
