"""Every secret of the flows is searched for in all that the function writes: logs, metrics, tables, answers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from botocore.exceptions import ClientError

from ops.invitations import Sender, Wave
from ops.invite_command import Choice, invite
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor
from tests.flows.test_letters import printed_code
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom
from tests.support.members import import_members, member_row
from tests.support.operator_desk import desk_of, stack_in_process
from tests.support.table import stored_text

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER, UNKNOWN = "A1234567", "Z7654321"


def test_no_secret_is_logged_counted_or_stored_in_clear(cloud: Cloud, capfd: pytest.CaptureFixture[str]) -> None:
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    browser = Browser(door)
    secrets = {PIN, OTHER_PIN, UNKNOWN, "192.0.2.1"}

    def keep() -> None:
        for cookie in browser.cookies.values():
            # The first part is a pseudonym, by which the log names members too.
            secrets.update((cookie, *cookie.split(".")[1:]))

    secrets.add(browser.sign_in(MEMBER).body["access_token"])
    keep()
    secrets.add(browser.refresh().body["access_token"])
    keep()
    Browser(door).sign_in(MEMBER, OTHER_PIN)
    Browser(door).sign_in(UNKNOWN, PIN)
    Browser(door).sign_in(PIN, PIN)
    Browser(door).post("/login", {"identifier": MEMBER, "pin": PIN, OTHER_PIN: PIN})
    Browser(door).send("POST", "/login", f'{{"pin": "{PIN}', {"Content-Type": "application/json"})
    for _ in range(12):
        Browser(door).sign_in(UNKNOWN, OTHER_PIN)
    stolen = Browser(door, cookies=dict(browser.cookies))
    browser.refresh()
    keep()
    door.clock.advance(60)
    stolen.refresh()
    browser.sign_out()

    captured = capfd.readouterr()
    written = door.log.getvalue() + captured.out + captured.err
    stored = stored_text(cloud)
    assert {event["message"] for event in door.events()} == {
        "argon2 engine",
        "login.succeeded",
        "login.failed",
        "login.refused",
        "session.refreshed",
        "session.ended",
    }
    assert "login.succeeded" in captured.out, "the metrics were not captured"
    assert [secret for secret in secrets if secret in written] == []
    assert [secret for secret in secrets if secret in stored] == []


def test_an_invitation_tells_its_code_and_its_address_to_its_member_alone(
    cloud: Cloud, capfd: pytest.CaptureFixture[str]
) -> None:
    door, address = FrontDoor(cloud), "someone@courriel.example"
    import_members(cloud, member_row(1, email=address), member_row(2, email=""))
    mailroom, room, stack = Mailroom(door), LetterRoom(door), stack_in_process(door)
    invite(desk_of(stack, door), Choice(Wave(), send=True, agreed=True), Sender(stack, Wave(), pause=lambda _: None))
    mailroom.emails.deliver_for(60)
    room.queue.deliver_for(3600)

    (letter,), (email,) = room.fake.letters(), mailroom.sent
    codes = [printed_code(letter.pdf), *re.findall(r"\b\d{10}\b", email["Content"]["Simple"]["Body"]["Text"]["Data"])]
    secrets = {spelt for code in codes for spelt in (code, " ".join(re.findall("..", code)))} | {address}
    assert len(secrets) == 5
    captured = capfd.readouterr()
    queued = "".join(body for _, body in cloud.queues.sent)
    written = door.log.getvalue() + captured.out + captured.err + repr(stack.trail) + queued
    assert [secret for secret in secrets if secret in written] == []
    assert [secret for secret in secrets - {address} if secret in stored_text(cloud)] == []


def test_a_failure_behind_the_api_says_what_failed_and_no_value(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    cloud.dynamodb.delete_table(TableName=cloud.tables["AccessTable"])
    try:
        reply = Browser(door).sign_in(MEMBER)
    finally:
        cloud.dynamodb.create_table(
            TableName=cloud.tables["AccessTable"],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            BillingMode="PAY_PER_REQUEST",
        )

    assert (reply.status, reply.code) == (503, "try-later")
    assert reply.headers["Retry-After"] == ["5"]
    (failure,) = door.events("request.failed")
    assert failure["why"] == "BatchGetItem: ResourceNotFoundException"
    assert PIN not in door.log.getvalue()


def test_a_missing_key_lets_no_one_in(cloud: Cloud) -> None:
    member = FrontDoor(cloud).add_member(MEMBER)
    lost_key = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-0000-0000-000000000000"
    door = FrontDoor(cloud, {"CurrentPinKeyArn": lost_key})
    with pytest.raises(ClientError):
        cloud.kms.describe_key(KeyId=lost_key)
    cloud.dynamodb.update_item(
        TableName=cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{member}"}},
        UpdateExpression="SET pin_hash = :hash",
        ExpressionAttributeValues={":hash": {"S": f"{lost_key}$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA"}},
    )
    for identifier in (MEMBER, "Z9999999"):
        assert Browser(door).sign_in(identifier).code == "try-later"
    assert {event["why"] for event in door.events("request.failed")} == {"GenerateMac: NotFoundException"}
