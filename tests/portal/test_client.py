"""The typed client is what its generator makes of the document, knows every call, and packs as an npm package."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import tomllib
from typing import TYPE_CHECKING

import pytest

from simulators.template import ROOT
from tests.support import npm

if TYPE_CHECKING:
    from pathlib import Path

CLIENT = ROOT / "portal" / "client"
PACKAGE = json.loads((CLIENT / "package.json").read_text("utf-8"))
HALF_OF_THE_GENERATORS_OWN = 10_323 // 2


@pytest.mark.needs("npm")
def test_the_committed_client_is_what_the_document_says(tmp_path: Path) -> None:
    npm.install()
    node = shutil.which("node") or "node"
    subprocess.run([node, ROOT / "tools" / "client.mjs", tmp_path], check=True)  # noqa: S603 - node as found on PATH

    for name in ("api.js", "api.d.ts", "session-plan.d.ts"):
        assert (CLIENT / name).read_text("utf-8") == (tmp_path / name).read_text("utf-8"), "run make client"


def test_the_client_knows_every_call_of_a_front_end_and_no_other() -> None:
    document = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
    calls = {
        operation["operationId"]
        for path, methods in document["paths"].items()
        for operation in methods.values()
        if not path.startswith("/letters/")
    }
    client = (CLIENT / "api.js").read_text("utf-8")

    assert set(re.findall(r"^\t(\w+) = \(", client, re.MULTILINE)) == calls
    assert len(client.encode()) < HALF_OF_THE_GENERATORS_OWN


@pytest.mark.needs("npm")
def test_the_package_holds_what_it_exports_and_nothing_else() -> None:
    packed = subprocess.run(  # noqa: S603 - npm as found on PATH, and constants
        [shutil.which("npm") or "npm", "pack", "--dry-run", "--json", "--offline", "./portal/client"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    (package,) = json.loads(packed.stdout)
    exported = {target.removeprefix("./") for entry in PACKAGE["exports"].values() for target in entry.values()}

    assert {file["path"] for file in package["files"]} == exported | {"package.json", "README.md"}


def test_the_package_has_the_version_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]

    assert (PACKAGE["version"], PACKAGE["license"]) == (project["version"], project["license"])
