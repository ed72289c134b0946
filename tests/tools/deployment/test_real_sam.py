"""The pinned sam takes the file of parameters and hands every value to CloudFormation as it was written."""

from __future__ import annotations

import json
import os
import shutil
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

import pytest
from samcli.yamlhelper import yaml_parse

from simulators.template import ROOT
from tests.support.deployment import OWN, TEMPLATES
from tools.deployment.sam import Sam

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = [pytest.mark.enable_socket, pytest.mark.slow]

SENT = {**OWN, "Runtime": "python3.13", "Architecture": "arm64", "OlderArgon2Costs": ""}
TEMPLATE = {
    "Transform": "AWS::Serverless-2016-10-31",
    "Globals": {"Function": {"Environment": {"Variables": {"A": "B"}}}},
    "Parameters": {name: {"Type": "String", "Default": "a default"} for name in SENT},
    "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}},
}
ERROR = """<ErrorResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><Error><Type>Sender</Type>
<Code>ValidationError</Code><Message>{}</Message></Error></ErrorResponse>"""


class CloudFormation(HTTPServer):
    """CloudFormation without any stack, which notes the change set that it is asked for and refuses it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answers)
        self.asked: list[dict[str, str]] = []


class _Answers(BaseHTTPRequestHandler):
    server: CloudFormation

    def do_POST(self) -> None:
        """Answer one call."""
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
        message = f"Stack with id {form.get('StackName')} does not exist"
        if form["Action"] == "CreateChangeSet":
            self.server.asked.append(form)
            message = "not here"
        body = ERROR.format(message).encode()
        self.send_response(400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Print nothing."""


@pytest.fixture
def cloudformation() -> Iterator[CloudFormation]:
    with CloudFormation() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def sam(cloudformation: CloudFormation, tmp_path: Path) -> Sam:
    (tmp_path / "template.yaml").write_text(json.dumps(TEMPLATE))
    (tmp_path / "samconfig.toml").write_text(
        'version = 0.1\n[staging.deploy.parameters]\nstack_name = "access"\nregion = "eu-west-3"\n'
        'capabilities = "CAPABILITY_IAM"\nfail_on_empty_changeset = false\n'
        '[staging.deploy.parameters.parameter_overrides]\nInsurerName = "of the configuration"\n'
    )
    variables = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL_CLOUDFORMATION": f"http://127.0.0.1:{cloudformation.server_port}",
        "SAM_CLI_TELEMETRY": "0",
    }
    return Sam(tmp_path, variables, confirmed=True)


def sent_to(cloudformation: CloudFormation) -> dict[str, str | None]:
    (form,) = cloudformation.asked
    names = {key: value for key, value in form.items() if key.endswith(".ParameterKey")}
    return {name: form.get(key.replace("ParameterKey", "ParameterValue")) for key, name in names.items()}


def test_sam_sends_every_parameter_as_it_was_written(cloudformation: CloudFormation, sam: Sam) -> None:
    assert sam.deploy("staging", SENT) != 0, "the change set is refused"

    assert sent_to(cloudformation) == SENT


@pytest.mark.parametrize("bucket", ["resolve_s3 = true", 's3_bucket = "in-paris"'])
def test_sam_sends_the_template_of_the_edge_without_a_bucket(
    cloudformation: CloudFormation, sam: Sam, bucket: str
) -> None:
    settings = sam.root / "samconfig.toml"
    settings.write_text(settings.read_text().replace("capabilities", f"{bucket}\ncapabilities"))
    shutil.copy(ROOT / "edge.yaml", sam.root)
    parameters = {**TEMPLATES.edge.parameter_defaults(), "AttackMode": "true", "PortalDistribution": "E1"}

    assert sam.deploy_edge("staging", "access-edge", parameters) != 0, "the change set is refused"

    (form,) = cloudformation.asked
    assert sent_to(cloudformation) == parameters
    assert form["StackName"] == "access-edge"
    sent = yaml_parse(form["TemplateBody"])["Resources"]
    assert {name: node["Properties"] for name, node in sent.items()} == {
        name: node["Properties"] for name, node in TEMPLATES.edge.body["Resources"].items()
    }
