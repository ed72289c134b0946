"""Tools run to their end or to a sentence, and take their children with them."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from local.cloud import LocalCloud
from local.errors import CloudFailed, Stopped, ToolFailed
from local.processes import Tools, process_group
from local.stack import keep_running
from local.stopping import StopRequest

if TYPE_CHECKING:
    from pathlib import Path


def tools(logs: Path, stop: StopRequest | None = None) -> Tools:
    return Tools({"PATH": os.environ["PATH"]}, logs, stop or StopRequest())


def test_what_a_tool_writes_goes_to_its_log(tmp_path: Path) -> None:
    tools(tmp_path / "log").run("The tool failed", ["sh", "-c", "echo out; echo err >&2"], log="tool.log")

    assert (tmp_path / "log" / "tool.log").read_text().split() == ["out", "err"]


def test_a_tool_gets_the_environment_it_is_given_and_no_other(tmp_path: Path) -> None:
    tools(tmp_path).run("The tool failed", ["env"], log="tool.log", variables={"MORE": "yes"})

    names = {line.partition("=")[0] for line in (tmp_path / "tool.log").read_text().splitlines()}
    assert names == {"PATH", "MORE"}


def test_a_failure_is_one_sentence_with_the_last_lines_and_the_log_to_read(tmp_path: Path) -> None:
    script = "seq 40; echo; echo 'Error: no such thing'; exit 3"

    with pytest.raises(ToolFailed) as raised:
        tools(tmp_path).run("The build failed", ["sh", "-c", script], log="build.log")

    first, *quoted = str(raised.value).splitlines()
    assert first == f"The build failed. The last lines of {tmp_path / 'build.log'} say:"
    assert [line.strip() for line in quoted] == [*map(str, range(27, 41)), "Error: no such thing"]


def test_a_tool_ends_when_asked_to_stop(tmp_path: Path) -> None:
    stop = StopRequest()
    stop.request()

    with pytest.raises(Stopped):
        tools(tmp_path, stop).run("The tool failed", ["sleep", "600"], log="tool.log")


def test_a_process_takes_its_children_with_it() -> None:
    # The children write to a pipe that ends when the last of them is gone, and not before.
    reading, writing = os.pipe()
    with (
        os.fdopen(writing, "wb") as output,
        process_group(["sh", "-c", "sleep 600 & echo; sleep 600"], environment=os.environ, output=output) as process,
    ):
        assert os.read(reading, 1) == b"\n"
        assert process.poll() is None

    with os.fdopen(reading, "rb") as pipe:
        assert pipe.read() == b""


def test_a_stopped_cloud_is_reported_with_its_last_words(tmp_path: Path) -> None:
    log = tmp_path / "cloud.log"
    with log.open("wb") as output, process_group(["echo", "out of memory"], environment={}, output=output) as process:
        process.wait()

        with pytest.raises(CloudFailed, match=r"stopped unexpectedly(.|\n)*out of memory"):
            keep_running(LocalCloud("http://127.0.0.1:1", process, log), StopRequest())
