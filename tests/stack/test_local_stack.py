"""The local stack: what ``make run`` promises, from the first sentence to the last process."""

from __future__ import annotations

import json
import os
import select
import shutil
import signal
import sys
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from local.api_proxy import ApiProxy
from local.front import HOST, front, listening_socket, serving
from local.inbox import Inbox
from local.inbox_pages import InboxPages
from local.pages import Pages
from local.samples import sample_pins
from simulators.template import ROOT
from tests.support.local_stack import READY, Runner, call, running_stack

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable
    from pathlib import Path

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from tests.support.local_stack import Stack

pytestmark = pytest.mark.timeout(300)

GONE_WITHIN_SECONDS = 30

BROKEN_TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Environment: { Type: String }
  PublicOrigin: { Type: String }
  Runtime: { Type: String }
  Architecture: { Type: String }
Resources:
  Broken:
    Type: AWS::Nothing::OfThisName
"""

linux_only = pytest.mark.skipif(
    sys.platform != "linux", reason="other systems have no /proc, and one loopback address by default"
)


def test_the_addresses_in_stack_json_answer(stack: Stack) -> None:
    addresses = json.loads((stack.runner.state / "stack.json").read_text())

    assert addresses.keys() == {"api_url", "portal_url", "inbox_url", "example_url", "secure_portal_url"}
    assert call("GET", f"{stack.api_url}/.well-known/jwks.json").json()["keys"]
    assert call("GET", stack.portal_url).status == 200
    assert call("GET", stack.inbox_url).status == 200
    assert call("GET", stack.example_url).status == 200
    assert call("GET", f"{stack.inbox_url}/messages.json").json().keys() == {"emails", "letters"}


@linux_only
def test_nothing_listens_for_others_on_the_network(stack: Stack) -> None:
    addresses = stack.runner.listens_on()

    assert len(addresses) == 4, "the front, the example, the local cloud and the print provider"
    assert {address.partition(":")[0] for address in addresses} == {"127.0.0.1"}


def test_the_member_to_try_can_sign_in(stack: Stack) -> None:
    sample = sample_pins()[0]

    answer = call(
        "POST",
        f"{stack.api_url}/login",
        json={"identifier": sample.identifier, "pin": sample.pin.reveal()},
    )

    assert answer.status == 200
    assert [cookie[:14] for cookie in answer.cookies()] == ["__Host-session", "__Host-device-"]
    assert any(sample.identifier in line and sample.pin.reveal() in line for line in stack.runner.said)


def test_an_unknown_path_is_refused_by_api_gateway_in_the_form_of_the_api(stack: Stack) -> None:
    answer = call("GET", f"{stack.api_url}/nowhere")

    assert answer.status == 404
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json()["code"] == "not-found"


def test_another_method_of_a_path_reaches_the_function(stack: Stack) -> None:
    answer = call("DELETE", f"{stack.api_url}/login")

    assert answer.status == 405
    assert answer.headers["Allow"] == "POST"
    assert answer.json()["code"] == "method-not-allowed"


def client_of_role(stack: Stack, role: str, service: str) -> Any:  # noqa: ANN401 - the client of any service
    """A client with the rights of a role."""
    session: Any = stack.cloud.session
    iam, sts = (session.client(name, endpoint_url=stack.cloud.endpoint_url) for name in ("iam", "sts"))
    arn = iam.get_role(RoleName=role)["Role"]["Arn"]
    keys = sts.assume_role(RoleArn=arn, RoleSessionName="test")["Credentials"]
    return session.client(
        service,
        endpoint_url=stack.cloud.endpoint_url,
        aws_access_key_id=keys["AccessKeyId"],
        aws_secret_access_key=keys["SecretAccessKey"],
        aws_session_token=keys["SessionToken"],
    )


def test_an_administrator_sees_a_key_and_can_neither_use_nor_end_it(stack: Stack) -> None:
    iam = stack.cloud.session.client("iam", endpoint_url=stack.cloud.endpoint_url)
    trust = {"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
    rights = {"Effect": "Allow", "Action": "*", "Resource": "*"}
    iam.create_role(RoleName="administrator", AssumeRolePolicyDocument=json.dumps({"Statement": [trust]}))
    iam.put_role_policy(RoleName="administrator", PolicyName="all", PolicyDocument=json.dumps({"Statement": [rights]}))
    kms, key = client_of_role(stack, "administrator", "kms"), stack.outputs()["PinKeyArn"]

    assert kms.describe_key(KeyId=key)["KeyMetadata"]["Enabled"]
    with pytest.raises(ClientError, match="AccessDenied"):
        kms.generate_mac(KeyId=key, Message=b"A1234567", MacAlgorithm="HMAC_SHA_256")
    with pytest.raises(ClientError, match="AccessDenied"):
        kms.schedule_key_deletion(KeyId=key)


def test_functions_may_do_what_their_role_says_and_nothing_else(stack: Stack) -> None:
    cloudformation = stack.cloud.cloudformation
    resource = cloudformation.describe_stack_resources(StackName="local", LogicalResourceId="LoginRole")
    dynamodb = client_of_role(stack, resource["StackResources"][0]["PhysicalResourceId"], "dynamodb")
    table = stack.outputs()["AccessTable"]

    read = dynamodb.batch_get_item(RequestItems={table: {"Keys": [{"pk": {"S": "SIGN_INS#nothing"}}]}})
    assert read["Responses"] == {table: []}
    with pytest.raises(ClientError, match="AccessDenied"):
        dynamodb.scan(TableName=table)


def test_what_is_sent_is_in_the_inbox(stack: Stack) -> None:
    ses = stack.cloud.session.client("sesv2", endpoint_url=stack.cloud.endpoint_url)
    ses.create_email_identity(EmailIdentity="mutuelle.example")
    ses.send_email(
        FromEmailAddress="acces@mutuelle.example",
        Destination={"ToAddresses": ["camille@example.org"]},
        Content={
            "Simple": {"Subject": {"Data": "A subject of this test"}, "Body": {"Text": {"Data": "482 913"}}},
        },
    )

    emails = call("GET", f"{stack.inbox_url}/messages.json").json()["emails"]

    assert ("camille@example.org", "A subject of this test", "482 913") in {
        (email["to"], email["subject"], email["text"]) for email in emails
    }


@pytest.fixture
def echo_url() -> Generator[str]:
    """The front, before an API that answers what it was asked."""

    def echo(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json"), ("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")])
        seen = {name: value for name, value in environ.items() if isinstance(value, str)}
        seen["body"] = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        return [json.dumps(seen).encode()]

    with listening_socket(0) as behind, serving(echo, behind), listening_socket(0) as before:
        api = ApiProxy(f"http://{HOST}:{behind.getsockname()[1]}/stage")
        with serving(front(api, Pages(dict, {}), InboxPages(Inbox("", dict, list, len, len))), before):
            yield f"http://{HOST}:{before.getsockname()[1]}/v1"


@linux_only
@pytest.mark.parametrize("source", ["127.0.0.1", "127.0.0.2", "127.0.0.3"])
def test_the_api_sees_the_address_that_a_call_comes_from(echo_url: str, source: str) -> None:
    assert call("GET", f"{echo_url}/login", source=source).json()["HTTP_X_FORWARDED_FOR"] == source


@linux_only
def test_what_a_caller_says_of_its_address_is_not_believed(echo_url: str) -> None:
    said = {"X-Forwarded-For": "203.0.113.7", "Forwarded": "for=203.0.113.7"}

    seen = call("GET", f"{echo_url}/login", source="127.0.0.2", headers=said).json()

    assert seen["HTTP_X_FORWARDED_FOR"] == "127.0.0.2"
    assert "203.0.113.7" not in str(seen)


def test_path_query_headers_and_body_go_along_unchanged(echo_url: str) -> None:
    seen = call(
        "POST",
        f"{echo_url}/a%20b/é?q=%C3%A9&r=1",
        headers={"Accept-Language": "en", "Origin": "https://adherents.example", "Cookie": "a=1; b=2"},
        json={"pin": "000000"},
    ).json()

    assert seen["REQUEST_METHOD"] == "POST"
    assert seen["REQUEST_URI"] == "/stage/a%20b/%C3%A9?q=%C3%A9&r=1"
    assert seen["HTTP_ACCEPT_LANGUAGE"] == "en"
    assert seen["HTTP_ORIGIN"] == "https://adherents.example"
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert json.loads(seen["body"]) == {"pin": "000000"}


def test_every_cookie_comes_back(echo_url: str) -> None:
    assert call("GET", f"{echo_url}/login").cookies() == ["a=1", "b=2"]


def test_a_body_that_api_gateway_would_refuse_is_refused(echo_url: str) -> None:
    answer = call("POST", f"{echo_url}/login", json="x" * 11_000_000)

    assert answer.status == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_silent_cloud_is_reported_as_a_problem() -> None:
    with listening_socket(0) as unused:
        gone = unused.getsockname()[1]
    with listening_socket(0) as listener, serving(ApiProxy(f"http://{HOST}:{gone}"), listener):
        answer = call("GET", f"http://{HOST}:{listener.getsockname()[1]}/login")

    assert answer.status == 502
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert "is not responding" in answer.json()["detail"]


def test_a_port_in_use_is_reported_with_what_to_do(tmp_path: Path) -> None:
    with listening_socket(0) as taken:
        port = taken.getsockname()[1]
        runner = Runner(tmp_path, arguments=["--port", str(port)])

        assert runner.ended() == 1

    assert runner.said == [
        f"Port {port} is in use. Stop the program that uses it, or choose another port: make run PORT=8080"
    ]


def test_an_invalid_port_is_reported(tmp_path: Path) -> None:
    runner = Runner(tmp_path, arguments=["--port", "80800"])

    assert runner.ended() == 2
    assert runner.said[-1].endswith("80800 is not a port number (0 to 65535)")


def test_a_second_stack_from_the_same_folder_is_refused(stack: Stack) -> None:
    runner = Runner(stack.runner.state)

    assert runner.ended() == 1
    assert runner.said == [
        f"A local stack is already running from {stack.runner.state}. Stop it first, with Ctrl-C in its terminal."
    ]
    assert call("GET", stack.portal_url).status == 200


def test_a_template_that_cannot_be_deployed_is_reported_in_sams_words(tmp_path: Path) -> None:
    project = tmp_path / "project"
    shutil.copytree(ROOT / "local", project / "local")
    shutil.copy(ROOT / "samconfig.toml", project)
    for folder in ("functions", "layers", "portal", "simulators", "tools"):
        (project / folder).symlink_to(ROOT / folder)
    (project / ".local").mkdir()
    (project / ".local" / "cloud").symlink_to(ROOT / ".local" / "cloud")
    (project / "template.yaml").write_text(BROKEN_TEMPLATE)
    runner = Runner(tmp_path / "state", project)

    assert runner.ended() == 1

    reported = "\n".join(runner.said)
    assert f"The deployment failed. The last lines of {tmp_path / 'state' / 'log' / 'deploy.log'} say:" in reported
    assert "Unrecognized resource types: [AWS::Nothing::OfThisName]" in reported
    assert "Traceback" not in reported
    assert runner.processes() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_while_the_stack_is_set_up_stops_what_was_started(tmp_path: Path, number: signal.Signals) -> None:
    runner = Runner(tmp_path)
    runner.wait_for("Deploying the template")

    runner.signal(number)

    assert runner.ended() == 0
    assert runner.said[-1] == "Stopped."
    assert runner.processes() == []


def test_a_signal_that_comes_twice_stops_everything_once(tmp_path: Path) -> None:
    with running_stack(tmp_path) as stack:
        stack.runner.signal(signal.SIGTERM)
        stack.runner.signal(signal.SIGTERM)


@linux_only
def test_everything_goes_even_when_the_runner_is_killed(tmp_path: Path) -> None:
    runner = Runner(tmp_path)
    runner.wait_for(READY)
    watched = [os.pidfd_open(number) for number in runner.processes()]
    assert watched

    runner.signal(signal.SIGKILL)

    assert runner.ended() == -signal.SIGKILL
    for process in watched:
        assert select.select([process], [], [], GONE_WITHIN_SECONDS)[0]
        os.close(process)
