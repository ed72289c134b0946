"""Lambda starts a function without searches for garbage, and answers with them."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from member_access.platform.runtime import AwsClients, Handler, LambdaHandler, Runtime

START = """
import gc, json

import member_access

states = [gc.isenabled()]

from member_access.platform.runtime import LambdaHandler

def fails(runtime):
    states.append(gc.isenabled())
    raise ValueError

try:
    LambdaHandler(fails)({}, None)
except ValueError:
    pass
print(json.dumps([*states, gc.isenabled(), gc.get_freeze_count() > 0]))
"""


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"AWS_LAMBDA_FUNCTION_NAME": "one", "AWS_LAMBDA_FUNCTION_VERSION": "1"}, [False, False, True, True]),
        ({}, [True, True, True, False]),
    ],
    ids=["in-lambda", "elsewhere"],
)
def test_python_searches_for_garbage_except_while_a_function_starts_in_lambda(
    variables: dict[str, str], expected: list[bool]
) -> None:
    environment = {name: text for name, text in os.environ.items() if not name.startswith("AWS_LAMBDA")}
    path = os.pathsep.join(sys.path)

    output = subprocess.run(  # noqa: S603 - this interpreter, and the program above
        [sys.executable, "-c", START],
        env={**environment, **variables, "PYTHONPATH": path},
        capture_output=True,
        check=True,
        text=True,
    ).stdout

    assert json.loads(output) == expected


class CountedClients(AwsClients):
    """Clients that count how often their connections are closed."""

    closed = 0

    def disconnect(self) -> None:
        """Count, and close."""
        self.closed += 1
        super().disconnect()


@pytest.mark.parametrize(("kind", "closed"), [("snap-start", 1), ("on-demand", 0), ("provisioned-concurrency", 0)])
def test_no_connection_goes_into_a_snapshot(monkeypatch: pytest.MonkeyPatch, kind: str, closed: int) -> None:
    # Lambda developer guide, "Using Lambda environment variables": AWS_LAMBDA_INITIALIZATION_TYPE.
    monkeypatch.setenv("AWS_LAMBDA_INITIALIZATION_TYPE", kind)
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-3")
    clients = CountedClients()

    def compose(runtime: Runtime) -> Handler:
        assert runtime.clients.kms.meta.service_model.service_name == "kms"
        return lambda event, _: event

    assert LambdaHandler(compose, lambda: clients)({}, LambdaContext()) == {}
    assert clients.closed == closed
