"""The flows that are measured, recorded once on moto with the sample members."""

from __future__ import annotations

import contextlib
import io
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from bench.artifact import lambda_environment
from bench.letters import record_letter
from bench.recording import CONTEXT, Recorded, Recorder
from emails import send_handler
from member_access.pins.pin_hash import Argon2Cost
from simulators.cloud import queue_url
from simulators.kms import REGION
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, PIN, Browser, api_event
from simulators.template import project_template
from tools.drills.mocked_stage import MockedStage
from tools.drills.stage import CAMILLE, CAMILLES_DATA, NOE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.cloud import Cloud
    from simulators.queues import Message
    from simulators.sign_in_driver import Reply

SIGN_IN, KNOWN, FAILED = "sign-in", "sign-in in a known browser", "failed sign-in"
FUNCTIONS = {
    SIGN_IN: "LoginFunction",
    KNOWN: "LoginFunction",
    FAILED: "LoginFunction",
    "refresh": "LoginFunction",
    "reset": "ResetFunction",
    "verify": "ResetFunction",
    "search": "IdentifierFunction",
    "e-mail": "EmailsFunction",
    "letter": "LettersFunction",
}
"""The function that answers each flow."""
MEMBERS = (SIGN_IN, KNOWN, FAILED, "refresh", "reset", "verify", "search")
"""The flows in which a member waits."""


@dataclass(frozen=True)
class Script:
    """What the measured processes repeat.

    Attributes:
        flows: by name.
        common: the calls of every function's start.
        environments: the settings of each function.
    """

    flows: Mapping[str, Recorded]
    common: list[dict[str, Any]]
    environments: Mapping[str, Mapping[str, str]]

    def setup(self, function: str, entry: str) -> dict[str, Any]:
        """Return what a worker needs of one function."""
        flows = {name: asdict(flow) for name, flow in self.flows.items() if FUNCTIONS[name] == function}
        of_provider = [call for flow in flows.values() for call in flow["tape"] if "headers" in call]
        return {"do": "start", "entry": entry, "common": self.common + of_provider, "flows": flows}

    def environment(self, function: str) -> dict[str, str]:
        """Return the environment of a function's process."""
        return lambda_environment(function, self.environments[function])


def argon2_parameters() -> dict[str, str]:
    """Return the template's own parameters of a PIN hash."""
    defaults = project_template().parameter_defaults()
    return {name: str(defaults[name]) for name in ("Argon2MemoryKib", "Argon2Iterations", "Argon2Lanes")}


def argon2_cost() -> Argon2Cost:
    """Return the template's cost of a PIN hash."""
    return Argon2Cost(*map(int, argon2_parameters().values()))


def recorded_script(cloud: Cloud) -> Script:
    """Record every flow.

    Args:
        cloud: an empty one on moto, at the present time.
    """
    parameters = {**argon2_parameters(), **NO_SOURCE_LIMITS, "LetterProvider": "maileva"}
    with contextlib.redirect_stdout(io.StringIO()):
        stage = MockedStage(cloud, lambda _: None)
        with Recorder(stage.cloud).recording() as common:
            stage.deploy(parameters)
        # A deployment has queues of its own here.
        recorder = Recorder(stage.cloud)
        give_pin(stage)
        flows = _of_members(recorder, stage) | _of_queues(recorder, stage)
        functions = project_template().resources("AWS::Serverless::Function")
        environments = {function: stage.cloud.environment(function, parameters) for function in functions}
        return Script(flows, common.calls, environments)


def give_pin(stage: MockedStage) -> None:
    """Give the sample member a PIN by the template's cost."""
    from member_access.values.types import Identifier, Pin  # noqa: PLC0415

    member = Identifier(CAMILLE)
    hashed = stage.door.hasher(cost=argon2_cost()).hash(member, Pin.parse(PIN))
    stage.dynamodb.update_item(
        TableName=stage.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{member}"}},
        UpdateExpression="SET pin_hash = :hash, credential_version = :one",
        ExpressionAttributeValues={":hash": {"S": hashed.encode()}, ":one": {"N": "1"}},
    )


def _of_members(recorder: Recorder, stage: MockedStage) -> dict[str, Recorded]:
    found: dict[str, Recorded] = {}

    def call(name: str, browser: Browser, path: str, body: Mapping[str, str] | None = None) -> Reply:
        replies: list[Reply] = []
        cookies = "; ".join(f"{cookie}={value}" for cookie, value in browser.cookies.items())
        headers = {"Content-Type": "application/json", **({"Cookie": cookies} if cookies else {})}
        event = api_event("POST", path, json.dumps(body) if body else None, headers, browser.source)

        def work() -> int:
            replies.append(browser.post(path, body))
            return replies[-1].status

        found[name] = recorder.record(event, work)
        return replies[-1]

    known = Browser(stage.door)
    credentials = {"identifier": CAMILLE, "pin": PIN}
    with contextlib.redirect_stdout(io.StringIO()):
        known.post("/login", credentials)
    call(SIGN_IN, Browser(stage.door), "/login", credentials)
    call(KNOWN, known, "/login", credentials)
    call(FAILED, Browser(stage.door), "/login", {**credentials, "pin": OTHER_PIN})
    call("refresh", known, "/login/refresh")
    browser = Browser(stage.door)
    call("reset", browser, "/reset", {"identifier": CAMILLE})
    stage.wait()
    code = stage.request_code(browser, CAMILLE)
    call("verify", browser, "/reset/verify", {"identifier": CAMILLE, "code": code})
    call("search", Browser(stage.door), "/identifier", CAMILLES_DATA)
    return found


def _of_queues(recorder: Recorder, stage: MockedStage) -> dict[str, Recorded]:
    cloud = stage.cloud
    runtime = replace(stage.door.runtime, environment=cloud.environment("EmailsFunction"))
    emails = send_handler.compose(runtime)
    stage.browser().post("/reset", {"identifier": NOE})
    email, letter = (_event(cloud, queue) for queue in ("CodeEmailsQueue", "LettersQueue"))
    return {
        "e-mail": recorder.record(email, lambda: emails(email, CONTEXT)["batchItemFailures"]),
        "letter": record_letter(recorder, stage.door, letter),
    }


def _event(cloud: Cloud, queue: str) -> dict[str, Any]:
    message: Message = cloud.queues.in_queue(queue_url(queue))[-1]
    return {
        "Records": [
            {
                "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{queue}",
                "messageId": str(message.number),
                "receiptHandle": "receipt",
                "body": message.body,
                "attributes": {"ApproximateReceiveCount": "1", "SentTimestamp": str(message.sent_at * 1000)},
            }
        ]
    }
