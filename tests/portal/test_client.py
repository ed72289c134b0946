"""The typed client is what its generator makes of the OpenAPI document, and knows every call of a front-end."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from simulators.template import ROOT
from tests.support import npm

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = ROOT / "portal" / "client"


@pytest.mark.needs("npm")
def test_the_committed_client_is_what_the_document_says(tmp_path: Path) -> None:
    npm.install()
    node = shutil.which("node") or "node"
    subprocess.run([node, ROOT / "tools" / "client.mjs", tmp_path], check=True)  # noqa: S603 - node as found on PATH

    for name in ("api.js", "api.d.ts"):
        assert (CLIENT / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8"), "run make client"


def test_the_client_knows_every_call_of_a_front_end_and_no_other() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    calls = {
        operation["operationId"]: path.startswith("/letters/")
        for path, methods in document["paths"].items()
        for operation in methods.values()
    }
    client = (CLIENT / "api.js").read_text("utf-8")

    assert {name: f"{name}: (" not in client for name in calls} == calls
