"""The layer carries what every function needs of botocore, and no more than Lambda has to load."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from packaging.utils import canonicalize_name

from simulators.kms import REGION
from simulators.template import ROOT, project_template
from tests.support.requirements import pins
from tools.sbom import bill_of_materials, carried

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.cloud import Cloud

SERVICES = (ROOT / "layers" / "common" / "aws_services.txt").read_text("utf-8").split()
MOST_BYTES = 40_000_000
FUNCTIONS = project_template().resources("AWS::Serverless::Function")
COMPOSES = """
import importlib, json, sys

paths, entry, services = json.loads(sys.argv[1])
sys.path[:0] = paths
importlib.import_module(entry)
assert "boto3" not in sys.modules

import botocore.session

for service in services:
    client = botocore.session.get_session().create_client(service)
    client.meta.endpoint_url
    for operation in client.meta.method_to_api_mapping.values():
        client.meta.service_model.operation_model(operation).input_shape
"""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The layer and every function, as ``sam build`` makes them."""
    folder = tmp_path_factory.mktemp("built") / "sam"
    folder.mkdir()
    make("layers/common", "build-CommonLayer", folder / "CommonLayer")
    for name in FUNCTIONS:
        make("functions", f"build-{name}", folder / name)
    return folder


def made_clients() -> set[str]:
    """The services whose clients the code of the layer and of the functions makes."""
    made = set()
    for folder in ("layers/common/member_access", "functions"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text("utf-8"))):
                match node:
                    case ast.Call(
                        func=ast.Attribute(attr="client" | "create_client"), args=[ast.Constant(value=str(service)), *_]
                    ):
                        made.add(service)
    return made


def test_the_layer_keeps_the_services_whose_clients_functions_make_and_no_others() -> None:
    assert made_clients() == set(SERVICES)
    assert sorted(SERVICES) == SERVICES


class Kms(BaseHTTPRequestHandler):
    """Answers what a function asks of KMS at its start."""

    def do_POST(self) -> None:
        """Give an HMAC."""
        assert self.headers["X-Amz-Target"] == "TrentService.GenerateMac"
        self.rfile.read(int(self.headers["Content-Length"]))
        body = json.dumps({"Mac": "A" * 43 + "="}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep the output of tests clean."""


@contextmanager
def kms() -> Iterator[str]:
    """The address of such a KMS."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Kms) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()


def make(folder: str, target: str, into: Path) -> None:
    """Build as ``sam build`` does."""
    into.mkdir()
    variables = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LAMBDA_RUNTIME": sys.executable,
        "LAMBDA_PLATFORM": f"{os.uname().machine}-manylinux_2_28",
        "ARTIFACTS_DIR": str(into),
        "ARGON2_ENGINE": "wheel",
    }
    subprocess.run(["make", "--silent", "-C", ROOT / folder, target], check=True, env={**os.environ, **variables})  # noqa: S603, S607 - as make is found


@pytest.mark.slow
@pytest.mark.enable_socket
def test_every_function_starts_from_the_built_layer_of_at_most_40_megabytes(cloud: Cloud, built: Path) -> None:
    layer = built / "CommonLayer"
    carried_files = [file for file in layer.rglob("*") if file.is_file()]

    assert sum(file.stat().st_size for file in carried_files) <= MOST_BYTES
    assert [file for file in carried_files if file.name == "RECORD" or "tests" in file.parts] == []
    with kms() as endpoint:
        for name, function in FUNCTIONS.items():
            entry = function["Properties"]["Handler"].rpartition(".")[0]
            paths = [str(built / name), str(layer / "python")]
            variables = {
                "PATH": os.defpath,
                "AWS_ACCESS_KEY_ID": "testing",
                "AWS_SECRET_ACCESS_KEY": "testing",
                "AWS_DEFAULT_REGION": REGION,
                "AWS_ENDPOINT_URL": endpoint,
                "AWS_LAMBDA_FUNCTION_NAME": name,
                "AWS_LAMBDA_FUNCTION_VERSION": "1",
            }
            started = subprocess.run(  # noqa: S603 - this interpreter, and the program above
                [sys.executable, "-I", "-S", "-B", "-c", COMPOSES, json.dumps([paths, entry, SERVICES])],
                env={**cloud.environment(name), **variables},
                capture_output=True,
                text=True,
                check=False,
            )
            assert started.returncode == 0, f"{name}: {started.stderr}"


@pytest.mark.slow
def test_the_bill_of_materials_lists_each_built_distribution_and_nothing_else(built: Path) -> None:
    bill = json.loads(bill_of_materials(carried(built), "1", datetime.now(UTC)))
    listed = {(one["name"], one["version"]) for one in bill["components"] if one["type"] == "library"}
    installed = {
        (canonicalize_name(name), version)
        for folder in built.rglob("*.dist-info")
        for name, _, version in [folder.name.removesuffix(".dist-info").rpartition("-")]
    }
    locks = (ROOT / "layers/common/requirements.txt", *ROOT.glob("functions/*/requirements.txt"))
    pinned = {(pin.name, str(pin.version)) for lock in locks for pin in pins(lock)}

    assert listed == installed
    assert listed <= pinned
