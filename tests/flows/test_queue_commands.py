"""``python -m ops queues`` and ``python -m ops redrive``, as an operator uses them."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from member_access.errors import Unavailable
from ops import redrive_command
from ops.__main__ import main
from ops.dead_letters import age
from ops.redrive_command import NothingToRedrive, RedriveFailed, chosen_queues
from ops.stack import Stack
from ops.stack_queues import read_queues
from simulators.aws_calls import failing
from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_sqs import SQSClient

    from simulators.cloud import Cloud

STACK = "member-access-test"
GIVEN_UP = {
    "RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["LettersDeadLetters", "Arn"]}, "maxReceiveCount": 20}
}
RESOURCES = {
    "LettersQueue": {"Type": "AWS::SQS::Queue", "Properties": GIVEN_UP},
    "LettersDeadLetters": {"Type": "AWS::SQS::Queue"},
    "Logs": {"Type": "AWS::Logs::LogGroup"},
}

OUTPUTS = {"OperatorLogs": {"Value": {"Ref": "Logs"}}}


@pytest.fixture(autouse=True)
def stack(cloud: Cloud) -> None:
    """A deployed stack with a queue and its dead letters."""
    del cloud  # it mocks AWS
    cloudformation = session().client("cloudformation")
    for found in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=found["StackName"])
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps({"Resources": RESOURCES, "Outputs": OUTPUTS}))


@cache
def session() -> boto3.Session:
    """One session: each has to read the descriptions of the services."""
    return boto3.Session(region_name=REGION)


def deployed() -> Stack:
    return Stack.describe(session(), STACK)


@pytest.fixture
def sqs() -> SQSClient:
    return session().client("sqs")


def url(sqs: SQSClient, name: str) -> str:
    stack = deployed()
    return next(queue.url for queue in read_queues(stack, sqs) if queue.name == name)


def put(sqs: SQSClient, name: str, *bodies: str) -> None:
    for body in bodies:
        sqs.send_message(QueueUrl=url(sqs, name), MessageBody=body)


@dataclass
class Moves:
    """The move tasks of SQS, which moto lacks ("StartMessageMoveTask", Amazon SQS API Reference).

    Attributes:
        statuses: of the task, one for each look at it, the last one for ever.
        started: the parameters of each start.
    """

    statuses: list[str]
    started: list[dict[str, Any]] = field(default_factory=list)

    @contextmanager
    def of(self, sqs: SQSClient) -> Iterator[None]:
        events = sqs.meta.events
        handlers = {
            "before-call.sqs.StartMessageMoveTask": self._start,
            "before-call.sqs.ListMessageMoveTasks": self._list,
        }
        for name, handler in handlers.items():
            # Botocore's stubs do not know that these handlers may return a response.
            events.register_first(name, handler)  # type: ignore[arg-type]
        yield
        for name, handler in handlers.items():
            events.unregister(name, handler)  # type: ignore[arg-type]

    def _start(self, params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        self.started.append(json.loads(params["body"]))
        return self._answer(params, {"TaskHandle": "handle"})

    def _list(self, params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status == "none":
            return self._answer(params, {"Results": []})
        task = {"Status": status, "ApproximateNumberOfMessagesMoved": 3, "FailureReason": "AccessDenied"}
        return self._answer(params, {"Results": [task]})

    @staticmethod
    def _answer(params: dict[str, Any], parsed: dict[str, Any]) -> tuple[AWSResponse, dict[str, Any]]:
        metadata = {"ResponseMetadata": {"HTTPStatusCode": 200}}
        return AWSResponse(params["url"], HTTPStatus.OK, HTTPHeaders(), None), {**parsed, **metadata}


def redrive(sqs: SQSClient, moves: Moves) -> tuple[int, list[float]]:
    pauses: list[float] = []
    stack = deployed()
    queue, dead_letters = chosen_queues(read_queues(stack, sqs), "LettersQueue")
    with moves.of(sqs):
        return redrive_command.redrive(sqs, queue, dead_letters, pauses.append), pauses


def test_queues_without_dead_letters_end_with_status_0(sqs: SQSClient, capsys: pytest.CaptureFixture[str]) -> None:
    put(sqs, "LettersQueue", "one", "two")
    sqs.receive_message(QueueUrl=url(sqs, "LettersQueue"))

    assert main(["queues", "--stack", STACK]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "queue               waiting  hidden  oldest",
        "LettersDeadLetters  0        0       -",
        "LettersQueue        1        1       -",
    ]


def test_dead_letters_end_with_status_1_and_name_their_queue(
    sqs: SQSClient, capsys: pytest.CaptureFixture[str]
) -> None:
    put(sqs, "LettersDeadLetters", "one")

    assert main(["queues", "--stack", STACK]) == 1
    assert f"LettersDeadLetters: 1 given up. {url(sqs, 'LettersDeadLetters')}" in capsys.readouterr().out


def test_the_age_of_the_oldest_message_is_the_latest_that_sqs_reported(
    sqs: SQSClient, capsys: pytest.CaptureFixture[str]
) -> None:
    name = url(sqs, "LettersQueue").rpartition("/")[2]
    session().client("cloudwatch").put_metric_data(
        Namespace="AWS/SQS",
        MetricData=[
            {
                "MetricName": "ApproximateAgeOfOldestMessage",
                "Dimensions": [{"Name": "QueueName", "Value": name}],
                "Timestamp": datetime.now(UTC) - timedelta(minutes=5),
                "Value": 321,
            }
        ],
    )

    assert main(["queues", "--stack", STACK]) == 0
    assert "321 s" in capsys.readouterr().out


def test_a_redrive_moves_dead_letters_to_their_queue_and_waits(sqs: SQSClient) -> None:
    put(sqs, "LettersDeadLetters", "one", "two", "three")
    moves = Moves(["none", "RUNNING", "RUNNING", "COMPLETED"])

    assert redrive(sqs, moves) == (3, [2, 2])
    (started,) = moves.started
    assert started["SourceArn"].rpartition(":")[2] == url(sqs, "LettersDeadLetters").rpartition("/")[2]
    assert started["DestinationArn"].rpartition(":")[2] == url(sqs, "LettersQueue").rpartition("/")[2]
    assert started["MaxNumberOfMessagesPerSecond"] == 10


def test_a_redrive_on_a_laptop_moves_the_messages_itself(sqs: SQSClient) -> None:
    put(sqs, "LettersDeadLetters", *(str(number) for number in range(12)))
    queue, dead_letters = chosen_queues(read_queues(deployed(), sqs), "LettersDeadLetters")

    assert redrive_command.redrive_locally(sqs, queue, dead_letters) == 12
    counts = {queue.name: queue.visible for queue in read_queues(deployed(), sqs)}
    assert counts == {"LettersQueue": 12, "LettersDeadLetters": 0}


def test_a_running_redrive_is_not_started_again(sqs: SQSClient) -> None:
    put(sqs, "LettersDeadLetters", "one")
    moves = Moves(["RUNNING"])

    with pytest.raises(NothingToRedrive, match="already"):
        redrive(sqs, moves)
    assert moves.started == []


def test_a_redrive_that_sqs_stops_says_why(sqs: SQSClient) -> None:
    put(sqs, "LettersDeadLetters", "one")

    with pytest.raises(RedriveFailed, match="after 3 messages: AccessDenied"):
        redrive(sqs, Moves(["COMPLETED", "FAILED"]))


def test_a_redrive_that_sqs_does_not_answer_is_unavailable(sqs: SQSClient) -> None:
    put(sqs, "LettersDeadLetters", "one")

    chosen = chosen_queues(read_queues(deployed(), sqs), "LettersQueue")
    with failing(sqs, "ListMessageMoveTasks", "ServiceUnavailable"), pytest.raises(Unavailable):
        redrive_command.redrive(sqs, *chosen)


def test_a_redrive_shows_kinds_and_ages_first_and_asks(sqs: SQSClient, capsys: pytest.CaptureFixture[str]) -> None:
    put(sqs, "LettersDeadLetters", *(json.dumps({"request_id": str(number)}) for number in range(12)))
    put(sqs, "LettersDeadLetters", json.dumps({"eventType": "Bounce"}), '{"eventType": "a@b.fr"}', "?")

    assert main(["redrive", "LettersQueue", "--stack", STACK]) == 1

    shown = capsys.readouterr()
    assert [line.partition(", ")[0] for line in shown.out.splitlines()] == [
        "Messages that go from LettersDeadLetters to LettersQueue again: 15",
        "  1 reports of Amazon SES (Bounce)",
        "  12 requests",
        "  2 unreadable messages",
    ]
    assert "no terminal to ask on. Add --yes." in shown.err
    counts = {queue.name: queue.visible for queue in read_queues(deployed(), sqs)}
    assert counts["LettersQueue"] == 0

    assert main(["redrive", "LettersQueue", "--stack", STACK]) == 6
    said = "Someone looks at the messages of LettersDeadLetters. Run the same command again in 5 seconds.\n"
    assert capsys.readouterr().err == said


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 seconds"), (119, "119 seconds"), (120, "2 minutes"), (7200, "2 hours"), (172_800, "2 days")],
)
def test_an_age_is_told_by_its_largest_unit(seconds: int, words: str) -> None:
    assert age(seconds) == words


@pytest.mark.parametrize(
    ("queue", "sentence"),
    [
        ("LettersQueue", "LettersQueue has given no message up."),
        ("LettersDeadLetters", "LettersQueue has given no message up."),
        ("letters", "There is no queue letters that gives messages up. Choose one of LettersQueue."),
    ],
)
def test_nothing_to_redrive_ends_with_status_1(capsys: pytest.CaptureFixture[str], queue: str, sentence: str) -> None:
    assert main(["redrive", queue, "--stack", STACK]) == 1
    assert sentence in capsys.readouterr().err


@pytest.mark.parametrize("command", [["queues"], ["redrive", "LettersQueue"]])
def test_a_missing_stack_ends_with_status_3(capsys: pytest.CaptureFixture[str], command: list[str]) -> None:
    assert main([*command, "--stack", "another"]) == 3
    assert "another" in capsys.readouterr().err
