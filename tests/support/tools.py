"""Tests that need more than Python are left out where their tool is missing, and say so.

A test names what it needs (``@pytest.mark.needs("npm")``), or a fixture that it uses says so; each need becomes a
marker, for ``-m``. Where a tool is missing the test is skipped, and the end of the run names the command that would
bring it. Where everything is required (``REQUIRE_ALL=1``) nothing may be left out: a missing tool is an error, and so
is every other skip.
"""

from __future__ import annotations

import shutil
import subprocess
import sysconfig
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulators import dynamodb_local

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping


@dataclass(frozen=True)
class Tool:
    """Something that pip does not bring.

    Attributes:
        name: for people.
        command: what brings it to Debian.
        is_present: whether it is there.
    """

    name: str
    command: str
    is_present: Callable[[], bool]


def _has_java() -> bool:
    # Where there is no Java, macOS has a program of that name which only says so.
    java = shutil.which("java")
    return java is not None and subprocess.run([java, "-version"], capture_output=True, check=False).returncode == 0  # noqa: S603 - as found on PATH


def _has_npm() -> bool:
    return shutil.which("npm") is not None


def _has_dynamodb_local() -> bool:
    return dynamodb_local.is_installed() or _has_npm()


def _has_node() -> bool:
    return shutil.which("node") is not None


def _has_chromium() -> bool:
    return shutil.which("chromium") is not None


def _has_firefox() -> bool:
    return shutil.which("firefox-esr") is not None


def _has_webkit() -> bool:
    return all(shutil.which(name) for name in ("WebKitWebDriver", "Xvfb"))


def _has_c_compiler() -> bool:
    headers = Path(sysconfig.get_path("include"))
    return all(map(shutil.which, ("gcc", "readelf"))) and (headers / "Python.h").exists()


TOOLS: Mapping[str, Tool] = {
    "c-compiler": Tool("gcc with Python's headers", "apt-get install gcc python3-dev", _has_c_compiler),
    "chromium": Tool("Chromium", "apt-get install chromium", _has_chromium),
    "dynamodb-local": Tool("npm, which brings DynamoDB Local", "apt-get install npm", _has_dynamodb_local),
    "firefox": Tool("Firefox", "apt-get install firefox-esr", _has_firefox),
    "java": Tool("Java", "apt-get install default-jre-headless", _has_java),
    "node": Tool("Node.js", "apt-get install nodejs", _has_node),
    "webkit": Tool("WebKit", "apt-get install webkit2gtk-driver xvfb", _has_webkit),
    "npm": Tool("npm", "apt-get install npm", _has_npm),
}

FIXTURES: Mapping[str, tuple[str, ...]] = {
    "headless": ("chromium",),
    "chromium": ("chromium",),
    "dynamodb_local": ("java", "dynamodb-local"),
    "firefox": ("firefox",),
}
"""The tools that a fixture needs."""


class NeededTools:
    """A pytest plugin: the marker ``needs``, and what was left out for want of a tool."""

    def __init__(
        self, tools: Mapping[str, Tool], fixtures: Mapping[str, tuple[str, ...]] | None = None, *, require_all: bool
    ) -> None:
        self._tools = tools
        self._fixtures = fixtures or {}
        self._require_all = require_all
        self._presence: dict[str, bool] = {}
        self._left_out: Counter[tuple[str, ...]] = Counter()

    def pytest_configure(self, config: pytest.Config) -> None:
        """Declare the markers."""
        config.addinivalue_line("markers", f"needs(*tools): the test needs these of {', '.join(self._tools)}")
        for name, tool in self._tools.items():
            config.addinivalue_line("markers", f"{name}: the test needs {tool.name}; follows from needs")

    @pytest.hookimpl(tryfirst=True)
    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Mark the test with each tool that it or one of its fixtures needs."""
        for fixture in getattr(item, "fixturenames", ()):
            if fixture in self._fixtures:
                item.add_marker(pytest.mark.needs(*self._fixtures[fixture]))
        for name in _needed(item):
            item.add_marker(name)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Leave the test out where a tool is missing, or fail it where nothing may be left out."""
        missing = tuple(name for name in _needed(item) if not self._is_present(name))
        if not missing:
            return
        if self._require_all:
            pytest.fail(f"needs {self._described(missing)}", pytrace=False)
        self._left_out[missing] += 1
        pytest.skip(f"needs {self._described(missing)}")

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(self) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Turn a skip into a failure where nothing may be left out."""
        report = yield
        # An expected failure counts as skipped too, but it did run.
        if self._require_all and report.skipped and not hasattr(report, "wasxfail"):
            report.outcome = "failed"
            report.longrepr = f"left out, but nothing may be: {_reason(report)}"
        return report

    @pytest.hookimpl(wrapper=True)
    def pytest_make_collect_report(self) -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
        """The same for modules that skip themselves."""
        report = yield
        if self._require_all and report.skipped:
            report.outcome = "failed"
            report.longrepr = f"left out, but nothing may be: {_reason(report)}"
        return report

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Tell the process that started this worker what the worker left out."""
        if hasattr(session.config, "workeroutput"):
            session.config.workeroutput["left_out"] = [[*missing, count] for missing, count in self._left_out.items()]

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: object) -> None:
        """Hear what a worker left out."""
        for *missing, count in getattr(node, "workeroutput", {}).get("left_out", ()):
            self._left_out[tuple(missing)] += count

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Name what was left out, and how to change that."""
        if not self._left_out:
            return
        terminalreporter.section("Left out")
        for missing, count in sorted(self._left_out.items()):
            terminalreporter.line(f"{count} test{'s' if count > 1 else ''} for want of {self._described(missing)}")

    def _is_present(self, name: str) -> bool:
        if name not in self._presence:
            self._presence[name] = self._tools[name].is_present()
        return self._presence[name]

    def _described(self, missing: tuple[str, ...]) -> str:
        return " and ".join(f"{self._tools[name].name} ({self._tools[name].command})" for name in missing)


def _needed(item: pytest.Item) -> list[str]:
    return sorted({name for marker in item.iter_markers("needs") for name in marker.args})


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    match report.longrepr:
        case (_, _, str() as reason):
            return reason.removeprefix("Skipped: ")
        case other:
            return str(other)
