"""The flows count what the alarms look at, under the very names and dimensions of the template."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from letters.model.job import ProviderName
from member_access.outbox.email_item import EmailKind
from simulators.authenticator import Authenticator
from simulators.aws_calls import failing
from simulators.metrics import Metric
from simulators.ses import SesError
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.alarm_watch import STACK, AlarmWatch, resolved, service_of
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom, bounce
from tests.support.members import import_members, member_row
from tests.support.passkeys import NO_PASSKEY, add_passkey, bearer, sign_in_with

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud

MEMBER, POSTAL, SOURCE_LIMIT = "A1234567", "A0000002", {"SourceFailures": "3", "SourceFailuresOf56": "3"}
OTHER_PIN = "604183"
HOUR, DAY = 3600, 86_400
PAUSED = SesError("SendingPausedException")
THROTTLED = SesError("TooManyRequestsException", 429)

Scene = tuple[str, "Callable[[Cloud], FrontDoor]"]
"""A function, and what makes it count a metric."""


def opened(cloud: Cloud, **parameters: str) -> FrontDoor:
    """The functions, a member with an e-mail address and a PIN, and members without either."""
    door = FrontDoor(cloud, parameters)
    import_members(cloud, *(member_row(number, email="") for number in range(2, 8)))
    import_members(cloud, *(member_row(number, email="m@courriel.example") for number in (11, 12, 13)))
    door.add_member(MEMBER, email="member@courriel.example")
    return door


def search(browser: Browser, number: int = 2) -> None:
    row = member_row(number)
    browser.post("/identifier", {name: row[name] for name in ("nir", "birth_date", "postcode")})


def passkey_while_the_key_is_throttled(cloud: Cloud) -> FrontDoor:
    door, authenticator = opened(cloud), Authenticator()
    browser = Browser(door)
    assert add_passkey(browser, authenticator, bearer(browser, MEMBER)).status == 201
    with failing(cloud.kms, "Sign", "ThrottlingException"):
        assert sign_in_with(browser, authenticator).status == 503
    return door


def passkey_whose_count_went_back(cloud: Cloud) -> FrontDoor:
    door, authenticator = opened(cloud), Authenticator(counts=True)
    browser = Browser(door)
    assert add_passkey(browser, authenticator, bearer(browser, MEMBER)).status == 201
    assert sign_in_with(browser, authenticator).status == 200
    authenticator.sign_count = 0
    assert sign_in_with(browser, authenticator).status == 401
    return door


def not_me_from_a_source_that_must_wait(cloud: Cloud) -> FrontDoor:
    door = opened(cloud)
    headers = bearer(Browser(door), MEMBER)
    guesser = Browser(door)
    for number in range(30):
        guesser.sign_in(f"Z{number:07}")
    assert guesser.post("/account/not-me", headers=headers).body.keys() == {"resend_after"}
    return door


def account_without_its_keys(cloud: Cloud) -> FrontDoor:
    door = opened(cloud)
    headers = bearer(Browser(door), MEMBER)
    with failing(cloud.kms, "GetPublicKey", "ThrottlingException"):
        assert Browser(door).send("GET", "/sessions", headers=headers).status == 503
    return door


def sign_in(cloud: Cloud) -> FrontDoor:
    door = opened(cloud)
    assert Browser(door).sign_in(MEMBER).status == 200
    return door


def wrong_pin_in_a_known_browser(cloud: Cloud) -> FrontDoor:
    door = sign_in(cloud)
    browser = Browser(door)
    browser.sign_in(MEMBER)
    assert browser.sign_in(MEMBER, OTHER_PIN).status == 401
    return door


def wrong_pin(cloud: Cloud) -> FrontDoor:
    door = opened(cloud)
    assert Browser(door).sign_in(MEMBER, OTHER_PIN).status == 401
    return door


def refused_pin(cloud: Cloud) -> FrontDoor:
    door = opened(cloud)
    assert {Browser(door).sign_in(MEMBER, OTHER_PIN).status for _ in range(5)} == {401, 429}
    return door


def forgotten_cost(cloud: Cloud) -> FrontDoor:
    opened(cloud)
    door = FrontDoor(cloud, {"Argon2Iterations": "2"})
    assert Browser(door).sign_in(MEMBER).status == 401
    return door


def refused_source(call: Callable[[Browser, int], object]) -> Callable[[Cloud], FrontDoor]:
    def scene(cloud: Cloud) -> FrontDoor:
        door = opened(cloud, **SOURCE_LIMIT)
        for number in range(5):
            call(Browser(door), number)
        return door

    return scene


def throttled_key(call: Callable[[Browser], object], operation: str = "GenerateMac") -> Callable[[Cloud], FrontDoor]:
    def scene(cloud: Cloud) -> FrontDoor:
        door = opened(cloud)
        with failing(cloud.kms, operation, "ThrottlingException"):
            call(Browser(door))
        return door

    return scene


def code_requested(cloud: Cloud) -> FrontDoor:
    door = opened(cloud)
    assert Browser(door).post("/reset", {"identifier": MEMBER}).status == 202
    return door


def search_answered_on_screen(cloud: Cloud) -> FrontDoor:
    door = opened(cloud)
    search(Browser(door))
    return door


def emailed(fault: SesError | None, seconds: int = 60, **environment: str) -> Callable[[Cloud], FrontDoor]:
    """A code and two notices, sent while SES answers with a fault."""

    def scene(cloud: Cloud) -> FrontDoor:
        door = code_requested(cloud)
        mailroom = Mailroom(door, environment)
        for _ in range(2):
            mailroom.decide(MEMBER, EmailKind.PIN_CHANGED)
        cloud.sent_emails.fault = fault
        mailroom.emails.deliver_for(seconds)
        return door

    return scene


def code_without_its_key(cloud: Cloud) -> FrontDoor:
    door = code_requested(cloud)
    with failing(cloud.kms, "GenerateMac", "ThrottlingException"):
        Mailroom(door).emails.deliver_for(3)
    return door


def report_while_the_table_fails(cloud: Cloud) -> FrontDoor:
    door = emailed(None)(cloud)
    mailroom = Mailroom(door)
    mailroom.report(bounce(mailroom.sent[0]))
    with failing(cloud.dynamodb, "BatchGetItem", "InternalServerError"):
        mailroom.bounces.deliver()
    return door


def letters(door: FrontDoor, *numbers: int, channel: str = "letter") -> None:
    for number in numbers:
        body = {"identifier": f"A{number:07}", "channel": channel}
        assert Browser(door, source=f"192.0.2.{number}").post("/reset", body).status == 202


def letter_without_its_key(cloud: Cloud) -> FrontDoor:
    door = opened(cloud)
    room = LetterRoom(door)
    letters(door, 2)
    with failing(cloud.kms, "GenerateMac", "ThrottlingException"):
        room.queue.deliver_for(3)
    return door


def letters_over_the_budget(*numbers: int) -> Callable[[Cloud], FrontDoor]:
    def scene(cloud: Cloud) -> FrontDoor:
        door = opened(cloud)
        room = LetterRoom(door, parameters={"LettersADay": "5"})
        letters(door, *numbers)
        room.queue.deliver_for(HOUR)
        return door

    return scene


def sweep(cloud: Cloud) -> FrontDoor:
    door = FrontDoor(cloud)
    LetterRoom(door).sweep()
    return door


def letter_with_status(status: str, provider: ProviderName) -> Callable[[Cloud], FrontDoor]:
    def scene(cloud: Cloud) -> FrontDoor:
        door = opened(cloud)
        room = LetterRoom(door, provider)
        letters(door, 2)
        room.queue.deliver_for(HOUR)
        (letter,) = room.fake.letters()
        room.fake.advance(letter.reference, status, webhook="none")
        door.clock.advance(5 * DAY)
        room.sweep()
        return door

    return scene


def resets(call: str, **body: str) -> Callable[[Browser, int], object]:
    return lambda browser, number: browser.post(call, {"identifier": f"Z000000{number}", **body})


SCENES: dict[tuple[str, str], Callable[[Cloud], FrontDoor]] = {
    ("LoginFunction", "login.succeeded"): sign_in,
    ("LoginFunction", "login.failed"): wrong_pin,
    ("LoginFunction", "login.refused"): refused_pin,
    ("LoginFunction", "login.failed-known-browser"): wrong_pin_in_a_known_browser,
    ("LoginFunction", "pin.hash-unusable"): forgotten_cost,
    ("LoginFunction", "source.refused"): refused_source(lambda browser, number: browser.sign_in(f"Z000000{number}")),
    ("LoginFunction", "kms.throttled"): throttled_key(lambda browser: browser.sign_in(MEMBER), "Sign"),
    ("ResetFunction", "reset.requested"): code_requested,
    ("ResetFunction", "source.refused"): refused_source(resets("/reset")),
    ("ResetFunction", "kms.throttled"): throttled_key(
        lambda browser: browser.post("/reset/verify", {"identifier": MEMBER, "code": "0123456789"})
    ),
    ("AccountFunction", "source.refused"): not_me_from_a_source_that_must_wait,
    ("AccountFunction", "kms.throttled"): account_without_its_keys,
    ("IdentifierFunction", "identity.looked-up"): search_answered_on_screen,
    ("IdentifierFunction", "identity.screen"): search_answered_on_screen,
    ("IdentifierFunction", "source.refused"): refused_source(lambda browser, number: search(browser, 20 + number)),
    ("IdentifierFunction", "kms.throttled"): throttled_key(search),
    ("PasskeysFunction", "source.refused"): refused_source(
        lambda browser, _: browser.post("/login/passkey", NO_PASSKEY)
    ),
    ("PasskeysFunction", "passkey.cloned"): passkey_whose_count_went_back,
    ("PasskeysFunction", "kms.throttled"): passkey_while_the_key_is_throttled,
    ("EmailsFunction", "email.refused"): emailed(PAUSED),
    ("EmailsFunction", "email.deferred"): emailed(THROTTLED),
    ("EmailsFunction", "email.code-expired"): emailed(PAUSED, HOUR),
    ("EmailsFunction", "email.half-budget"): emailed(None, EMAIL_BUDGET_A_DAY="4"),
    ("EmailsFunction", "email.over-budget"): emailed(None, EMAIL_BUDGET_A_DAY="2"),
    ("EmailsFunction", "message.failed"): emailed(PAUSED),
    ("EmailsFunction", "kms.throttled"): code_without_its_key,
    ("BouncesFunction", "message.failed"): report_while_the_table_fails,
    ("LettersFunction", "message.failed"): letter_without_its_key,
    ("LettersFunction", "kms.throttled"): letter_without_its_key,
    ("LettersFunction", "letters.over-budget"): letters_over_the_budget(2, 3, 4, 5, 6, 7),
    ("LettersFunction", "letters.over-share"): letters_over_the_budget(11, 12, 13),
    ("LettersFunction", "letters.stuck"): letter_with_status("PENDING", ProviderName.MAILEVA),
    ("LettersFunction", "letters.unknown-status"): letter_with_status("teleported", ProviderName.MAILEVA),
    ("LetterSweepFunction", "letters.swept"): sweep,
    ("LettersFunction", "letters.no-credit"): letter_with_status("awaiting_credits", ProviderName.PINGEN),
}


@pytest.mark.parametrize(("function", "name"), SCENES)
def test_a_flow_counts_its_metric(function: str, name: str, cloud: Cloud, capfd: pytest.CaptureFixture[str]) -> None:
    scene = SCENES[function, name]
    with cloud.recorded_calls():
        door = scene(cloud)

    counted = AlarmWatch(door, lambda: capfd.readouterr().out).note(function)

    by_filter = name in counted_by_filters()
    dimensions = frozenset() if by_filter else frozenset({("service", service_of(function))})
    assert Metric(STACK, name, dimensions) in counted


def counted_by_filters() -> dict[str, set[str]]:
    """The functions whose log metric filters count, by the name of the metric."""
    functions = {
        node["LoggingConfig"]["LogGroup"]: name for name, node in resolved("AWS::Serverless::Function").items()
    }
    found: dict[str, set[str]] = {}
    for one in resolved("AWS::Logs::MetricFilter").values():
        (metric,) = one["MetricTransformations"]
        found.setdefault(metric["MetricName"], set()).add(functions[one["LogGroupName"]])
    return found


def test_every_metric_of_an_alarm_has_its_scene() -> None:
    looked_at = set()
    for alarm in resolved("AWS::CloudWatch::Alarm").values():
        stats = [one["MetricStat"]["Metric"] for one in alarm.get("Metrics", []) if "MetricStat" in one] or [alarm]
        for metric in map(Metric.of, stats):
            if metric.namespace == STACK and metric.dimensions:
                looked_at.add((metric.name, dict(metric.dimensions)["service"]))
            elif metric.namespace == STACK:
                looked_at |= {(metric.name, service_of(function)) for function in counted_by_filters()[metric.name]}

    assert {(name, service_of(function)) for function, name in SCENES} == looked_at
