"""A test member signs in and out at the public address; the metric that the alarm watches says whether it worked."""

from __future__ import annotations

import itertools
import json
import socket
import threading
from contextlib import contextmanager
from dataclasses import replace
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext
from werkzeug.serving import make_server

from canary import sign_in_handler
from canary.sign_in import Answer, CanaryFailed, post_over_network
from member_access.api.cookies import SESSION_COOKIE
from simulators.alarms import Alarm
from simulators.metrics import Metric, Metrics
from simulators.secrets_manager import CANARY_SECRET
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor, api_event
from simulators.template import LogicalNames, project_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from simulators.cloud import Cloud

MEMBER = "T0000001"
ORIGIN = "https://members.example"
Call = tuple[str, int]


class Scene:
    """The canary in front of the functions, without a network."""

    def __init__(self, cloud: Cloud) -> None:
        self.cloud = cloud
        self.door = FrontDoor(cloud)
        self.door.add_member(MEMBER)
        self.calls: list[Call] = []
        cloud.secrets.canary = {"identifier": MEMBER, "pin": PIN}

    def run(self, post: Callable[[str, bytes, Mapping[str, str]], Answer] | None = None) -> str:
        """Run the canary once."""
        environment = self.cloud.environment("CanaryFunction", {"CanarySecretArn": CANARY_SECRET})
        run = sign_in_handler.compose(replace(self.door.runtime, environment=environment), post or self.post)
        outcome: str = run({}, LambdaContext())
        return outcome

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Hand a request to the function of its path."""
        assert url.startswith(f"{ORIGIN}/v1/")
        path = urlsplit(url).path.removeprefix("/v1")
        reply = self.door.call(api_event("POST", path, body.decode(), headers, "192.0.2.1"))
        self.calls.append((path, reply.status))
        return Answer(reply.status, reply.headers.get("Set-Cookie", []))

    def why(self) -> str:
        """Why it failed, as the log says it."""
        (event,) = self.door.events(sign_in_handler.FAILED)
        return str(event["why"])


@pytest.fixture
def scene(cloud: Cloud) -> Scene:
    """A service that works, and a test member in it."""
    return Scene(cloud)


def counted(printed: str) -> list[tuple[str, str, str]]:
    """The metrics on standard output, with their namespace and service (CloudWatch embedded metric format)."""
    lines = [json.loads(line) for line in printed.splitlines()]
    return [
        (directive["Namespace"], metric["Name"], line["service"])
        for line in lines
        for directive in line["_aws"]["CloudWatchMetrics"]
        for metric in directive["Metrics"]
        if metric["Name"].startswith("canary.")
    ]


def test_the_test_member_signs_in_and_out(scene: Scene) -> None:
    assert scene.run() == "canary.succeeded"
    assert scene.calls == [("/login", 200), ("/logout", 204)]
    assert [event["audit"]["reason"] for event in scene.door.events("session.ended")] == ["signed-out"]


def test_a_known_browser_s_cookie_lets_it_in_where_new_ones_are_confirmed(scene: Scene) -> None:
    browser = Browser(scene.door)
    browser.sign_in(MEMBER)
    ((name, value),) = browser.device_cookies.items()
    scene.door = FrontDoor(scene.cloud, {"NewBrowser": "confirm"})
    assert scene.run() == sign_in_handler.FAILED

    scene.cloud.secrets.canary["device"] = f"{name}={value}"
    assert scene.run() == sign_in_handler.SUCCEEDED
    assert value not in scene.door.log.getvalue()


def test_runs_from_ever_new_browsers_meet_no_limit(scene: Scene) -> None:
    for _ in range(24):
        assert scene.run() == "canary.succeeded"
        scene.door.clock.advance(300)


def test_the_alarm_watches_what_the_canary_counts(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    template = project_template()
    alarm = template.resolve(template.body["Resources"]["CanaryFails"]["Properties"], LogicalNames())
    variables = template.body["Resources"]["CanaryFunction"]["Properties"]["Environment"]["Variables"]
    capsys.readouterr()
    scene.run()

    counts = counted(capsys.readouterr().out)
    assert [metric for _, metric, _ in counts] == ["canary.succeeded", "canary.answered"]
    assert (alarm["Namespace"], alarm["MetricName"]) in {(namespace, metric) for namespace, metric, _ in counts}
    assert alarm["Dimensions"] == [{"Name": "service", "Value": variables["POWERTOOLS_SERVICE_NAME"]}]


BEGIN = 1_795_413_600
RUNS = 12
NOT_PROMISED = [0, 2]
"""How many periods CloudWatch reads besides those of the alarm: "somewhat more", and the alarm needs none of them."""


def the_alarm(**changed: int) -> Alarm:
    template = project_template()
    resolved = template.resolve(template.body["Resources"]["CanaryFails"]["Properties"], LogicalNames())
    return Alarm.of({**resolved, **changed})


def hours(answers: Sequence[int | None], late: Sequence[int] = (0,)) -> Metrics:
    """The metric after runs in every five minutes, each some seconds late, with their answers; None is no run."""
    metrics = Metrics()
    for number, (answer, seconds) in enumerate(zip(answers, itertools.cycle(late), strict=False)):
        if answer is not None:
            metrics.put(Metric.of(the_alarm().properties), BEGIN + 300 * number + seconds, answer)
    return metrics


def rings(alarm: Alarm, metrics: Metrics, more: int, seconds: Iterable[int]) -> list[int]:
    return [at for at in seconds if alarm.rings(metrics, BEGIN + at, more)]


@pytest.mark.parametrize("more", NOT_PROMISED)
@pytest.mark.parametrize("late", [(0,), (0, 2), (2, 0), (0, 3, 1)])
def test_no_alarm_rings_while_runs_come_a_little_early_or_late(late: tuple[int, ...], more: int) -> None:
    seconds = [300 * run + phase for run in range(6, RUNS) for phase in range(5)]

    assert rings(the_alarm(), hours([1] * RUNS, late), more, seconds) == []


def test_two_of_three_periods_would_ring_where_every_second_one_has_two_runs() -> None:
    two_of_three = the_alarm(EvaluationPeriods=3, DatapointsToAlarm=2)

    assert rings(two_of_three, hours([1] * RUNS, (2, 0)), 0, [300 * run + 1 for run in range(6, RUNS)]) != []


@pytest.mark.parametrize("more", NOT_PROMISED)
def test_an_alarm_rings_after_two_failed_runs(more: int) -> None:
    fails_from = 300 * 6
    metrics = hours([1] * 6 + [0] * 6, (0, 2))

    (first, *_) = rings(the_alarm(), metrics, more, range(fails_from, 300 * RUNS, 10))
    assert first - fails_from <= 610


@pytest.mark.parametrize("more", NOT_PROMISED)
def test_an_alarm_rings_when_the_canary_does_not_run(more: int) -> None:
    ends_at = 300 * 6
    metrics = hours([1] * 6 + [None] * 6)

    (first, *_) = rings(the_alarm(), metrics, more, range(ends_at, 300 * RUNS, 10))
    assert first - ends_at <= 1500


def test_a_refused_sign_in_is_counted_as_a_failure(scene: Scene, capsys: pytest.CaptureFixture[str]) -> None:
    scene.cloud.secrets.canary["pin"] = OTHER_PIN
    capsys.readouterr()

    assert scene.run() == "canary.failed"
    assert [metric for _, metric, _ in counted(capsys.readouterr().out)] == ["canary.failed", "canary.answered"]
    assert scene.why() == "/login answers 401 instead of 200"


@pytest.mark.parametrize(
    ("answers", "why"),
    [
        ([Answer(202)], "/login answers 202 instead of 200"),
        ([Answer(301)], "/login answers 301 instead of 200"),
        ([Answer(200)], "the sign-in sets no cookie __Host-session"),
        ([Answer(200, [f"{SESSION_COOKIE}=x; Path=/"]), Answer(503)], "/logout answers 503 instead of 204"),
    ],
)
def test_a_failure_names_its_step(scene: Scene, answers: list[Answer], why: str) -> None:
    scripted = iter(answers)

    assert scene.run(lambda *_: next(scripted)) == "canary.failed"
    assert scene.why() == why


@pytest.mark.parametrize(
    ("answer", "outcome", "metrics"),
    [
        # AWS WAF API reference, ChallengeAction: the header x-amzn-waf-action, and 202.
        (Answer(202, waf_action="challenge"), "canary.challenged", ["canary.challenged", "canary.answered"]),
        (Answer(405, waf_action="captcha"), "canary.failed", ["canary.failed", "canary.answered"]),
        (Answer(202), "canary.failed", ["canary.failed", "canary.answered"]),
    ],
)
def test_the_challenge_of_attack_mode_is_no_failure_and_no_sign_in(
    scene: Scene, capsys: pytest.CaptureFixture[str], answer: Answer, outcome: str, metrics: list[str]
) -> None:
    capsys.readouterr()

    assert scene.run(lambda *_: answer) == outcome
    assert [metric for _, metric, _ in counted(capsys.readouterr().out)] == metrics


@pytest.mark.parametrize("content", [{}, {"identifier": MEMBER}, {"identifier": MEMBER, "pin": "12345"}, {"pin": PIN}])
def test_a_secret_in_another_form_is_a_failure_that_says_so(scene: Scene, content: dict[str, str]) -> None:
    scene.cloud.secrets.canary = content

    assert scene.run() == "canary.failed"
    assert "identifier and PIN" in scene.why()


def test_a_secret_that_cannot_be_read_is_a_failure(scene: Scene) -> None:
    scene.cloud.secrets.fails_with = "AccessDeniedException"

    assert scene.run() == "canary.failed"


def test_the_log_holds_no_pin_and_no_cookie(scene: Scene) -> None:
    scene.run()
    scene.cloud.secrets.canary["pin"] = OTHER_PIN
    scene.run()

    logged = scene.door.log.getvalue()
    assert PIN not in logged
    assert OTHER_PIN not in logged
    assert SESSION_COOKIE not in logged


@contextmanager
def listening(application: Callable[..., list[bytes]]) -> Iterator[str]:
    """A real HTTP server of this machine."""
    server = make_server("127.0.0.1", 0, application)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@contextmanager
def served(scene: Scene) -> Iterator[str]:
    """The functions behind a real HTTP server of this machine."""

    def application(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0)).decode()
        headers = {"Content-Type": environ["CONTENT_TYPE"], "Cookie": environ.get("HTTP_COOKIE", "")}
        path = environ["PATH_INFO"].removeprefix("/v1")
        reply = scene.door.call(api_event("POST", path, body, headers, environ["REMOTE_ADDR"]))
        pairs = [(name, text) for name, texts in reply.headers.items() for text in texts]
        start_response(f"{reply.status} Answer", pairs)
        return [reply.text.encode()]

    with listening(application) as origin:
        yield origin


@pytest.mark.enable_socket
def test_it_signs_in_over_a_real_connection(scene: Scene) -> None:
    with served(scene) as origin:
        answer = post_over_network(
            f"{origin}/v1/login",
            json.dumps({"identifier": MEMBER, "pin": PIN}).encode(),
            {"Content-Type": "application/json"},
        )

    assert answer.status == 200
    assert any(SESSION_COOKIE in SimpleCookie(line) for line in answer.set_cookies)


@pytest.mark.enable_socket
def test_a_challenge_is_read_from_a_real_answer() -> None:
    def challenge(_: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
        start_response("202 Request Accepted", [("x-amzn-waf-action", "challenge")])
        return [b""]

    with listening(challenge) as origin:
        assert post_over_network(f"{origin}/v1/login", b"", {}) == Answer(202, [], "challenge")


@pytest.mark.enable_socket
def test_no_answer_at_all_is_a_failure_too() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]

        with pytest.raises(CanaryFailed, match="NewConnectionError"):
            post_over_network(f"http://127.0.0.1:{port}/v1/login", b"", {})
