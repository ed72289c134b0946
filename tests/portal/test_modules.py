"""The portal's modules that know neither page nor clock, by Node.js's own test runner (`npm test`)."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from simulators.template import ROOT


@pytest.mark.needs("node")
def test_the_modules_do_what_their_tests_say() -> None:
    files = sorted((ROOT / "tests" / "portal" / "modules").glob("*.test.js"))
    node = shutil.which("node") or "node"
    done = subprocess.run([node, "--test", *files], capture_output=True, text=True, check=False)  # noqa: S603 - node as found on PATH

    assert files
    assert done.returncode == 0, done.stdout
