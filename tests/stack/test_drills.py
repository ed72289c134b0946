"""The drills of an operator on the local stack: the template deployed by sam, calls over HTTP, the real commands."""

from __future__ import annotations

import subprocess
import sys

import pytest

from simulators.template import ROOT
from tools.drills.__main__ import TARGET, output_in, sentences


# The others take as long again, and differ only in the parameters that they deploy.
@pytest.mark.timeout(600)
def test_a_leak_and_a_return_end_on_the_local_stack_as_the_page_says() -> None:
    names = ["leak", "return"]
    done = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-m", "tools.drills", *names], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout + done.stderr
    page = TARGET.read_text(encoding="utf-8")
    shown = [sentence for name in names for sentence in sentences(output_in(page, name))]
    assert sentences(done.stdout.splitlines()) == shown, "run: python -m tools.drills --write"
