"""The drills of an operator on the local stack: the template deployed by sam, calls over HTTP, the real commands."""

from __future__ import annotations

import subprocess
import sys

import pytest

from simulators.template import ROOT
from tools.drills.__main__ import TARGET, output_in, sentences


# The others take minutes more, and tests/tools/test_drills.py plays them on a mocked AWS.
@pytest.mark.timeout(600)
def test_a_return_ends_on_the_local_stack_as_the_page_says() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tools.drills", "return"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    shown = sentences(output_in(TARGET.read_text(encoding="utf-8"), "return"))
    assert sentences(done.stdout.splitlines()) == shown, "run: python -m tools.drills --write return"
