"""Each role allows the calls of its function and no more: actions, resources, and kinds of items.

Each function is played through, its ways of failing included. A function that is new in ``template.yaml`` needs a
scenario here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from account import handler as account
from canary import check_handler, sign_in_handler
from canary.sign_in import Answer
from emails import bounce_handler, send_handler
from identifier import handler as identifier
from letters import notification_handler, sweep_handler
from letters import send_handler as letter_send_handler
from letters.model.job import ProviderName
from login import handler as login
from mailings import handler as mailings
from member_access.outbox.email_item import EmailKind
from member_access.recovery.codes import Purpose
from passkeys import handler as passkeys
from pseudonyms import handler as pseudonyms_handler
from reset import handler as reset
from simulators.authenticator import Authenticator
from simulators.aws_calls import recorded_calls
from simulators.code_deploy import EVENT, FakeCodeDeploy
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.faults import Fault, FaultKind
from simulators.secrets_manager import CANARY_SECRET
from simulators.ses import SesError
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor
from simulators.template import ROOT, project_template
from tests.support.codes import last_code, sent_codes
from tests.support.event_source import Context, EventSource, EventSources
from tests.support.iam import allows, unused
from tests.support.letter_room import LetterRoom
from tests.support.loads import Loads
from tests.support.mailroom import Mailroom, bounce
from tests.support.members import NEW_PIN, import_members, member_row
from tests.support.passkeys import add_passkey, bearer, sign_in_with
from tests.support.permissions import Stage, allowed, as_roles_name_them, made_by_lambda, statements_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from botocore.client import BaseClient

    from simulators.aws_calls import Permission, RecordedRequest
    from simulators.cloud import Cloud
    from simulators.template import Statement

MEMBER, POSTAL, FORMER, UNKNOWN = "A1234567", "B7654321", "C1111111", "Z9999999"
WEAK_PIN = "123456"
DEARER = "2"
HOUR, DAY = 3600, 86_400
WITH_OTHER_KEYS = ("AccountFunction", "LoginFunction", "PasskeysFunction", "ResetFunction")


@dataclass(frozen=True)
class Played:
    """What a function's role allows, and what was called: by the function, and by Lambda in its name."""

    statements: list[Statement]
    requests: list[RecordedRequest]
    by_lambda: set[Permission]

    @property
    def allowed(self) -> set[Permission]:
        """What the role allows on at least one item."""
        return allowed(self.statements)

    @property
    def called(self) -> set[Permission]:
        """What was called on at least one item."""
        return {request.permission for request in self.requests} | self.by_lambda


def members_with_one_try(stage: Stage) -> Iterator[tuple[str, FrontDoor]]:
    door = stage.door(PinConsecutiveFailures="1")
    for member, email in (("D1111111", "one@example.fr"), ("D2222222", None)):
        door.add_member(member, email=email)
        yield member, door


def login_scenario(stage: Stage) -> None:
    door = stage.door(Argon2Iterations=DEARER, OlderArgon2Costs="m=8,t=1,p=1")
    stage.composed(login.compose, replace(door.runtime, environment=environment(stage)))
    door.add_member(MEMBER, email="member@example.fr")
    browser, other = Browser(door), Browser(door)

    assert other.sign_in(UNKNOWN).status == 401
    assert other.sign_in(MEMBER, OTHER_PIN).status == 401
    assert browser.sign_in(MEMBER).status == 200
    assert browser.sign_in(MEMBER).status == 200, "from a browser that is known now"
    before = browser.cookies["__Host-session"]
    assert browser.refresh().status == 200
    assert Browser(door, cookies={"__Host-session": before}).refresh().status == 200, "again within the grace"
    assert browser.sign_out().status == 204
    assert browser.refresh().status == 401

    for one, strict in members_with_one_try(stage):
        assert Browser(strict).sign_in(one).status == 200, "and no notice"
    assert Browser(strict).sign_in("Y9999999", OTHER_PIN).status == 403

    if add_member_of_a_former_key(stage, FORMER):
        assert other.sign_in(FORMER).status == 200
    other.sign_in(MEMBER)
    door.add_member(MEMBER, credential_version=2)
    assert other.refresh().status == 401, "the PIN has changed"
    for document in ("jwks.json", "openid-configuration"):
        assert other.send("GET", f"/.well-known/{document}").status == 200

    confirming = stage.door(NewBrowser="confirm")
    confirming.add_member(MEMBER, email="member@example.fr", credential_version=3)
    confirming.add_member(POSTAL)
    assert Browser(confirming).sign_in(POSTAL).status == 202, "by letter"
    browser = Browser(confirming)
    assert browser.sign_in(MEMBER).status == 202
    assert browser.confirm(last_code(stage.cloud, MEMBER, purpose=Purpose.CONFIRM)).status == 200
    assert browser.step_up().status == 202
    assert browser.step_up(last_code(stage.cloud, MEMBER, purpose=Purpose.CONFIRM)).status == 200


def account_scenario(stage: Stage) -> None:
    door = stage.door()
    stage.composed(account.compose, replace(door.runtime, environment=environment(stage)))
    door.add_member(MEMBER, email="member@example.fr")
    door.add_member(POSTAL)
    for one in (MEMBER, POSTAL):
        browser = Browser(door)
        Browser(door).sign_in(one)
        headers = {"Authorization": f"Bearer {browser.sign_in(one).body['access_token']}"}
        (_, other), (_, device) = (
            browser.send("GET", f"/{kind}", headers=headers).body[kind] for kind in ("sessions", "devices")
        )
        for path in (f"/sessions/{other['id']}", f"/devices/{device['id']}"):
            assert browser.send("DELETE", path, headers=headers).status == 204
        assert browser.send("GET", "/account", headers=headers).status == 200
        assert browser.post("/account/not-me", headers=headers).status == 202
    door.add_member(FORMER)
    headers = {"Authorization": f"Bearer {Browser(door).sign_in(FORMER).body['access_token']}"}
    assert Browser(door).send("DELETE", "/sessions", headers=headers).status == 204


def passkeys_scenario(stage: Stage) -> None:
    door, authenticator = stage.door(), Authenticator()
    stage.composed(passkeys.compose, replace(door.runtime, environment=environment(stage)))
    door.add_member(MEMBER, email="member@example.fr")
    door.add_member(POSTAL)
    browser = Browser(door)
    for one in (POSTAL, MEMBER):
        headers = bearer(browser, one)
        assert add_passkey(browser, authenticator, headers).status == 201
    assert sign_in_with(browser, authenticator).status == 200
    assert sign_in_with(Browser(door), authenticator).status == 200, "in a browser that is not known"
    (listed,) = browser.send("GET", "/passkeys", headers=headers).body["passkeys"]
    assert browser.send("DELETE", f"/passkeys/{listed['id']}", headers=headers).status == 204
    assert sign_in_with(browser, authenticator).status == 401


def reset_scenario(stage: Stage) -> None:
    door = stage.door()
    stage.composed(reset.compose, replace(door.runtime, environment=environment(stage)))
    door.add_member(MEMBER, email="member@example.fr")
    door.add_member(POSTAL)
    browser, other = Browser(door), Browser(door)

    assert [browser.post("/reset", {"identifier": MEMBER}).status for _ in range(2)] == [202, 429]
    assert [other.post("/reset", {"identifier": POSTAL}).status for _ in range(2)] == [202, 202]
    assert other.post("/reset", {"identifier": MEMBER, "channel": "letter"}).status == 202
    assert other.post("/reset", {"identifier": UNKNOWN}).status == 202
    code = email_code(door)
    assert browser.post("/reset/verify", {"identifier": UNKNOWN, "code": code}).status == 401
    verified = browser.post("/reset/verify", {"identifier": MEMBER, "code": code})
    assert browser.post("/reset/verify", {"identifier": MEMBER, "code": code}).status == 401

    for pin, status in ((WEAK_PIN, 422), (NEW_PIN, 204), (NEW_PIN, 401)):
        body = {"reset_token": verified.body["reset_token"], "pin": pin, "pin_confirmation": pin}
        assert browser.post("/reset/pin", body).status == status
    for pin, new_pin, status in ((OTHER_PIN, "605138", 401), (NEW_PIN, WEAK_PIN, 422), (NEW_PIN, "605138", 204)):
        body = {"identifier": MEMBER, "pin": pin, "new_pin": new_pin, "new_pin_confirmation": new_pin}
        assert browser.post("/pin", body).status == status
    body = {"identifier": MEMBER, "pin": OTHER_PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    assert Browser(door).post("/pin", body).status == 401, "from a browser that is not known"
    for one, strict in members_with_one_try(stage):
        right = body | {"identifier": one, "pin": PIN}
        assert Browser(strict).post("/pin", right).status == 204, "and no notice"
    if add_member_of_a_former_key(stage, FORMER):
        assert Browser(door).post("/pin", body | {"identifier": FORMER}).status == 401


def identifier_scenario(stage: Stage) -> None:
    door = stage.door()
    stage.composed(identifier.compose, replace(door.runtime, environment=environment(stage)))
    by_email, by_screen, unknown_row = member_row(1), member_row(2, email=""), member_row(3)
    import_members(stage.cloud, by_email, by_screen)
    browser = Browser(door)
    challenges: dict[str, str] = {}
    for row in (by_email, by_screen, unknown_row):
        asked = {name: row[name] for name in ("nir", "birth_date", "postcode")}
        challenges[row["identifier"]] = browser.post("/identifier", asked).body.get("challenge", "")

    def solve(challenge: str, end: str) -> int:
        return browser.post("/identifier/iban", {"challenge": challenge, "iban_last6": end}).status

    screen, end = challenges[by_screen["identifier"]], by_screen["iban"][-6:]
    assert solve(challenges[unknown_row["identifier"]], end) == 401
    assert solve(screen, "000000") == 401
    assert solve(screen, end) == 200
    assert solve(screen, end) == 401, "it is used up"

    # Its own allowance, in a browser in which the member has signed in.
    door.give_pin(by_email["identifier"])
    assert browser.sign_in(by_email["identifier"]).status == 200
    asked = {name: by_email[name] for name in ("nir", "birth_date", "postcode")}
    assert [browser.post("/identifier", asked).status for _ in range(3)] == [200, 200, 200]


def emails_scenario(stage: Stage) -> None:
    door, cloud = stage.door(), stage.cloud
    door.add_member(MEMBER, email="member@example.fr")
    runtime = replace(door.runtime, environment=environment(stage), now=cloud.clock)
    send = stage.composed(send_handler.compose, runtime)
    queue = EventSources(cloud, EventSource(cloud, "CodeEmailsQueue", send), EventSource(cloud, "EmailsQueue", send))
    mailroom = Mailroom(door)

    Browser(door).post("/reset", {"identifier": MEMBER})
    cloud.sent_emails.fault = SesError("TooManyRequestsException", 429)
    queue.deliver_for(3)
    cloud.sent_emails.fault = None
    queue.deliver_for(60)
    assert len(mailroom.sent) == 1, "the code, when SES takes it again"

    cloud.sent_emails.fault = SesError("TooManyRequestsException", 429)
    mailroom.decide(MEMBER, EmailKind.IDENTIFIER_REMINDER)
    queue.deliver_for(3)
    cloud.sent_emails.fault = None
    queue.deliver_for(60)
    assert len(mailroom.sent) == 2, "the reminder, from the other queue"

    Browser(door).post("/reset", {"identifier": MEMBER})
    cloud.sent_emails.fault = SesError("MessageRejected")
    queue.deliver_for(3)
    assert cloud.messages("LettersQueue"), "a letter goes in the place of a code that SES refuses"

    cloud.sent_emails.fault = None
    confirming = stage.door(NewBrowser="confirm")
    Browser(confirming).sign_in(MEMBER)
    queue.deliver_for(3)
    assert len(mailroom.sent) == 3, "the code of a second step"

    cloud.sent_emails.fault = SesError("MessageRejected")
    confirming.add_member(POSTAL, email="other@example.fr")
    Browser(confirming).sign_in(POSTAL)
    queue.deliver_for(3)
    assert len(cloud.messages("LettersQueue")) == 2, "a letter goes in the place of its code too"


def bounces_scenario(stage: Stage) -> None:
    door, cloud = stage.door(), stage.cloud
    door.add_member(MEMBER, email="member@example.fr")
    runtime = replace(door.runtime, environment=environment(stage), now=cloud.clock)
    queue = EventSource(cloud, "BouncesQueue", stage.composed(bounce_handler.compose, runtime))
    mailroom = Mailroom(door)

    Browser(door).post("/reset", {"identifier": MEMBER})
    mailroom.emails.deliver_for(3)
    (email,) = mailroom.sent
    mailroom.report(bounce({**email, "EmailTags": [{"Name": "request_id", "Value": "0" * 32}]}))
    mailroom.report(bounce(email))
    queue.deliver_for(3)
    assert cloud.messages("LettersQueue"), "a letter goes in the place of a code that came back"

    door.add_member(POSTAL, email="other@example.fr")
    Browser(stage.door(NewBrowser="confirm")).sign_in(POSTAL)
    mailroom.emails.deliver_for(3)
    mailroom.report(bounce(mailroom.sent[-1]))
    queue.deliver_for(3)
    assert len(cloud.messages("LettersQueue")) == 2, "and of that of a second step"


def letters_scenario(stage: Stage) -> None:
    door, cloud = stage.door(), stage.cloud
    room = LetterRoom(door)
    runtime, sent = replace(door.runtime, environment=environment(stage)), in_process(room.fake)
    queue = EventSource(
        cloud, "LettersQueue", stage.composed(lambda it: letter_send_handler.compose(it, lambda: sent), runtime)
    )
    import_members(cloud, *(member_row(number, email="") for number in (1, 2)))

    room.enqueue("0" * 32)
    room.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE))
    Browser(door).post("/reset", {"identifier": "A0000001"})
    queue.deliver_for(HOUR)
    assert len(room.fake.letters()) == 1, "one letter, when the provider takes it again"

    Browser(door).post("/reset", {"identifier": "A0000002"})
    door.clock.advance(11 * DAY)
    queue.deliver()
    assert sorted(room.states()) == ["rejected", "submitted"], "the other one is too late"

    Browser(door).post("/reset", {"identifier": "A0000002"})
    queue.deliver_for(HOUR)
    room.fake.advance(room.fake.letters()[-1].reference, "PROCESSED")
    room.fake.advance(room.fake.letters()[-1].reference, "N10")
    queue.deliver_for(HOUR)
    assert "undelivered" in room.states(), "it came back"

    confirming = stage.door(NewBrowser="confirm")
    confirming.give_pin("A0000001")
    assert Browser(confirming).sign_in("A0000001").status == 202
    door.clock.advance(11 * DAY)
    queue.deliver()
    assert room.states().count("rejected") == 2, "a letter of a second step is too late"


def letter_status_scenario(stage: Stage) -> None:
    door = stage.door()
    runtime = replace(door.runtime, environment=environment(stage))
    stage.composed(notification_handler.compose, runtime)
    import_members(stage.cloud, *(member_row(number, email="") for number in (1, 2)))
    for number, provider in enumerate(ProviderName, start=1):
        room = LetterRoom(door, provider)
        Browser(door).post("/reset", {"identifier": f"A{number:07}"})
        room.queue.deliver_for(HOUR)
        with stage.watched():
            for _ in range(4):
                room.fake.advance(room.fake.letters()[0].reference)
        assert room.states() == ["posted"] * number
    import_members(stage.cloud, member_row(3, email=""))
    room = LetterRoom(door)
    Browser(door).post("/reset", {"identifier": "A0000003"})
    room.queue.deliver_for(HOUR)
    with stage.watched():
        room.fake.advance(room.fake.letters()[0].reference, "REJECTED")
    assert room.states() == ["posted", "posted", "rejected"]


def letter_sweep_scenario(stage: Stage) -> None:
    door = stage.door()
    stage.composed(sweep_handler.compose, replace(door.runtime, environment=environment(stage)))
    room = LetterRoom(door)
    import_members(stage.cloud, *(member_row(number, email="") for number in (1, 2)))
    Browser(door).post("/reset", {"identifier": "A0000001"})
    room.queue.deliver_for(60)
    room.fake.advance(room.fake.letters()[0].reference, "PROCESSED", webhook="none")
    room.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE, "submit_sending"))
    Browser(door).post("/reset", {"identifier": "A0000002"})
    room.queue.deliver_for(10)
    stage.cloud.queues.waiting.clear()
    door.clock.advance(DAY + HOUR)
    with stage.watched():
        report = room.sweep()
    assert (report["moved"], report["queued_again"]) == (1, 1), "one was posted, the other's message was lost"
    operators = sweep_handler.compose(
        replace(door.runtime, environment=environment(stage)), lambda: in_process(room.fake)
    )
    with stage.watched():
        assert operators({"action": "count", "days": 7}, Context())["counts"]["posted"] == 1


def mailings_scenario(stage: Stage) -> None:
    door = stage.door()
    runtime = replace(door.runtime, environment=environment(stage))
    call = stage.composed(mailings.compose, runtime)
    room = LetterRoom(door)
    import_members(stage.cloud, *(member_row(number, email="") for number in (1, 2, 4)), member_row(3))
    seen = [{"identifier": f"A{number:07}", "credential_version": 0} for number in (1, 3, 9)]
    answer = call({"action": "invite", "members": seen}, Context())
    assert answer["outcomes"] == {"A0000001": "letter", "A0000003": "email", "A0000009": "unknown"}

    Browser(door).post("/reset", {"identifier": "A0000002"})
    confirming = stage.door(NewBrowser="confirm")
    confirming.give_pin("A0000004")
    Browser(confirming).sign_in("A0000004")
    door.clock.advance(11 * DAY)
    room.queue.deliver_for(HOUR)
    for member in ("A0000002", "A0000004"):
        given_up = next(job["pk"].removeprefix("LETTER#") for job in room.jobs() if job["identifier"] == member)
        assert call({"action": "retry", "letter_id": given_up}, Context())["outcome"] == "requested"
    noted = call({"action": "return", "identifiers": ["A0000002", "A0000004", "A0000009"]}, Context())
    assert noted["outcomes"] == {"A0000002": "marked", "A0000004": "marked", "A0000009": "unknown"}


def pseudonyms_scenario(stage: Stage) -> None:
    stage.door().add_member(MEMBER)
    runtime = replace(stage.door().runtime, environment=environment(stage))
    answer = stage.composed(pseudonyms_handler.compose, runtime)
    assert answer({"identifiers": [MEMBER, UNKNOWN], "browsers": []}, LambdaContext())["members"].keys() == {MEMBER}


def version_check_scenario(stage: Stage) -> None:
    code_deploy = FakeCodeDeploy()
    client, deployments = code_deploy.lambda_client(), code_deploy.deployments()
    check = check_handler.compose(
        replace(stage.door().runtime, environment=environment(stage)), lambda: client, lambda: deployments
    )
    with recorded_calls(client, cast("BaseClient", deployments)) as log:
        assert check(EVENT, LambdaContext()) == "Failed", "no version starts"
    stage.requests += as_roles_name_them(log.requests())


def canary_scenario(stage: Stage) -> None:
    stage.parameters = {**stage.parameters, "CanarySecretArn": CANARY_SECRET}
    runtime = replace(stage.door().runtime, environment=environment(stage))
    run = stage.composed(lambda it: sign_in_handler.compose(it, lambda *_: Answer(503)), runtime)
    stage.cloud.secrets.canary.update(identifier=MEMBER, pin=OTHER_PIN)
    assert run({}, LambdaContext()) == sign_in_handler.FAILED


class WatchedLoads(Loads):
    """Loads, with one function watched."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.cloud)
        self._stage = stage

    def call(self, name: str, event: dict[str, Any]) -> Any:  # noqa: ANN401 - JSON
        if name != self._stage.function:
            return super().call(name, event)
        with self._stage.watched():
            return super().call(name, event)


def import_steps_scenario(stage: Stage) -> None:
    loads = WatchedLoads(stage)
    first = member_row(1)
    same_identity = member_row(2, nir=first["nir"], birth_date=first["birth_date"])
    assert loads.load(first).status == "SUCCEEDED"

    assert loads.load(same_identity, member_row(3), "broken", load=f"{'0' * 40}-2").status == "SUCCEEDED"
    assert loads.counts(f"{'0' * 40}-2") == {"new": 1, "changed": 0, "unchanged": 0, "rejected": 2}


def import_load_scenario(stage: Stage) -> None:
    loads = WatchedLoads(stage)
    lines = {f"address_{line}": f"LIGNE {line}" for line in (2, 3, 4, 5)}
    everything = {**lines, "country": "BE", "language": "en", "postcode": "1000", "town": "BRUXELLES"}
    everything |= {"first_name": "Dominique", "last_name": "AUTRE", "iban": member_row(9)["iban"]}
    first = member_row(1)
    taken = {name: first[name] for name in ("nir", "birth_date")}
    files = (
        [first, member_row(2), member_row(4, **everything), member_row(5)],
        [member_row(3, **taken), member_row(1, birth_date="1986-01-01"), member_row(5, **everything)],
        [member_row(4, email="")],
    )
    for number, rows in enumerate(files, start=1):
        assert loads.load(*rows, load=f"{'0' * 40}-{number}").status == "SUCCEEDED"


SCENARIOS: dict[str, Callable[[Stage], None]] = {
    "AccountFunction": account_scenario,
    "BouncesFunction": bounces_scenario,
    "CanaryFunction": canary_scenario,
    "EmailsFunction": emails_scenario,
    "IdentifierFunction": identifier_scenario,
    "ImportLoadFunction": import_load_scenario,
    "ImportRangesFunction": import_steps_scenario,
    "ImportReportFunction": import_steps_scenario,
    "LetterStatusFunction": letter_status_scenario,
    "LetterSweepFunction": letter_sweep_scenario,
    "LettersFunction": letters_scenario,
    "LoginFunction": login_scenario,
    "MailingsFunction": mailings_scenario,
    "PasskeysFunction": passkeys_scenario,
    "PseudonymsFunction": pseudonyms_scenario,
    "ResetFunction": reset_scenario,
    "VersionCheckFunction": version_check_scenario,
}


def environment(stage: Stage) -> dict[str, str]:
    """The environment of the function under test."""
    return stage.cloud.environment(stage.function, stage.parameters)


def email_code(door: FrontDoor) -> str:
    """The code of the first e-mail that was asked for."""
    return sent_codes(door.cloud, MEMBER)[0]


def other_keys(cloud: Cloud) -> dict[str, str]:
    """Parameters that name keys besides the stack's own."""
    newer, former = (cloud.kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC") for _ in range(2))
    next_signer, former_signer = (cloud.kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY") for _ in range(2))
    return {
        "CurrentPinKeyArn": newer["KeyMetadata"]["Arn"],
        "FormerPinKeyArns": former["KeyMetadata"]["Arn"],
        "NextSigningKeyArn": next_signer["KeyMetadata"]["Arn"],
        "FormerSigningKeyArn": former_signer["KeyMetadata"]["Arn"],
    }


def add_member_of_a_former_key(stage: Stage, identifier: str) -> bool:
    """Add a member whose PIN hash names a former key, if the stage has one."""
    former = stage.parameters.get("FormerPinKeyArns")
    if former:
        FrontDoor(stage.cloud, {"CurrentPinKeyArn": former}).add_member(identifier)
    return former is not None


FUNCTIONS = sorted(project_template().resources("AWS::Serverless::Function"))
CASES = [(function, False) for function in FUNCTIONS] + [(function, True) for function in WITH_OTHER_KEYS]


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-other-keys" if case[1] else case[0])
def played(request: pytest.FixtureRequest, cloud: Cloud) -> Played:
    """One function of the template, played through."""
    function, has_other_keys = request.param
    if function not in SCENARIOS:
        pytest.fail(
            f"{function} is in template.yaml and has no scenario: write one in {Path(__file__).relative_to(ROOT)}"
        )
    parameters = other_keys(cloud) if has_other_keys else {}
    stage = Stage(function, cloud, parameters)
    SCENARIOS[function](stage)
    return Played(statements_of(cloud, function, stage.parameters), stage.requests, made_by_lambda(cloud, function))


def test_a_role_allows_every_call_of_its_function(played: Played) -> None:
    assert sorted(played.called - played.allowed) == []


def test_a_function_uses_every_action_that_its_role_allows(played: Played) -> None:
    assert sorted(played.allowed - played.called) == []


def test_a_role_allows_every_item_that_its_function_touches(played: Played) -> None:
    assert [request for request in played.requests if not allows(played.statements, request)] == []


def test_a_function_touches_every_kind_of_item_of_its_role(played: Played) -> None:
    assert unused(played.statements, played.requests) == []


def test_no_scenario_is_left_of_a_function_that_is_gone() -> None:
    assert sorted(SCENARIOS.keys() - FUNCTIONS) == []
