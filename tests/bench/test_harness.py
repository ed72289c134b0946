"""The measurements run, and their figures have the form that tables and pictures need."""

from __future__ import annotations

import json
import sysconfig
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from bench import cold_start, costs, members, throughput
from bench.__main__ import Bench, Rounds, machine
from bench.artifact import Artifact
from bench.flows import MEMBERS, Script, recorded_script
from bench.summary import summary
from bench.timing import FLOWS
from bench.written import COMMITTED, rounded
from member_access.values.types import Instant
from simulators.clock import Clock
from simulators.template import ROOT

if TYPE_CHECKING:
    from simulators.cloud import Cloud

pytestmark = pytest.mark.slow

PACKAGES = {"LoginFunction": "login", "ResetFunction": "reset", "IdentifierFunction": "identifier"} | {
    "EmailsFunction": "emails",
    "LettersFunction": "letters",
    "ImportLoadFunction": "bulk_import",
}


@dataclass(frozen=True)
class Unbuilt(Artifact):
    """The sources in the shape of a build, with this environment's packages in place of the layer's."""

    @classmethod
    def in_folder(cls, folder: Path) -> Unbuilt:
        layer = folder / "CommonLayer" / "python"
        layer.mkdir(parents=True)
        for installed in Path(sysconfig.get_path("purelib")).iterdir():
            (layer / installed.name).symlink_to(installed)
        (layer / "member_access").symlink_to(ROOT / "layers" / "common" / "member_access")
        for function, package in PACKAGES.items():
            (folder / function).mkdir()
            (folder / function / package).symlink_to(ROOT / "functions" / package)
        return cls(folder)

    def without_bytecode(self) -> Artifact:
        return self


@pytest.fixture
def artifact(tmp_path: Path) -> Artifact:
    return Unbuilt.in_folder(tmp_path / "sam")


@pytest.fixture
def script(cloud: Cloud) -> Script:
    return recorded_script(replace(cloud, clock=Clock(Instant(int(time.time())))))


def shape(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The names in it and the kinds of its values; a whole number may stand for another."""
    if isinstance(value, dict):
        return {name: shape(one) for name, one in value.items()}
    return "number" if isinstance(value, (int, float)) else type(value).__name__


def test_each_part_measures_what_the_tables_show(artifact: Artifact, script: Script) -> None:
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))
    measured = {
        "members": members.measure(artifact, script, 1),
        "start": cold_start.measure(artifact, script, 1, ["LoginFunction"]),
        "throughput": throughput.measure(artifact, script, 1, rows=20),
        "cost": costs.measure(),
    }

    for part, figures in measured.items():
        of_committed = {name: one for name, one in committed[part].items() if name != "machine"}
        if part == "start":
            of_committed["functions"] = {"LoginFunction": of_committed["functions"]["LoginFunction"]}
        # The profiler finds the parts, and the rarest ones come and go.
        for one in (figures, of_committed):
            one.pop("parts", None)
        assert shape(figures) == shape(of_committed)
    assert all(measured["members"]["calls"][flow] >= 2 for flow in MEMBERS)
    assert measured["members"]["to_the_wheel"]["sign-in"]["median"] > 0.3
    assert summary(rounded(measured)).count("\n") > 20


def test_a_run_of_equal_time_is_shown() -> None:
    run = Bench(Rounds(0.0003), million=False).run("equal-time")

    shown = summary(rounded({"equal-time": {**run, "machine": machine()}}))
    assert all(f"member less unknown: {flow}" in shown for flow in FLOWS)


def test_a_measured_flow_with_another_answer_stops_the_run(artifact: Artifact, script: Script) -> None:
    other = replace(script, flows={**script.flows, "sign-in": replace(script.flows["sign-in"], status=401)})

    with pytest.raises(RuntimeError, match="the measured process ended at run"):
        members.measure(artifact, other, 1)
