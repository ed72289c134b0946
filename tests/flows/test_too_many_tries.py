"""The notice of a PIN that wrong tries have disabled: once, told truly, and neither lost nor sent for a right PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.aws_calls import failing
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor, OneAfterTheOther, Result
from tests.support.mailroom import Mailroom
from tests.support.members import NEW_PIN
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from concurrent.futures import Future

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

MEMBER, POSTAL, PINLESS, UNKNOWN = "A1234567", "B7654321", "C1111111", "Z9999999"
HOUR, DAY = 3600, 86_400
NEW = "Trop d’essais avec un mauvais mot de passe"


def door_of(cloud: Cloud, **parameters: str) -> FrontDoor:
    """The functions, a member with an e-mail address, one without, and one without a PIN."""
    door = FrontDoor(cloud, parameters)
    door.add_member(MEMBER, email="member@example.fr")
    door.add_member(POSTAL)
    door.add_member(PINLESS, pin=None, email="first@example.fr")
    return door


def wrong_tries(browser: Browser, number: int, identifier: str = MEMBER) -> Iterator[Reply]:
    """Wrong tries, each as soon as it is allowed."""
    for _ in range(number):
        browser.door.clock.advance(HOUR)
        yield browser.sign_in(identifier, OTHER_PIN)


def texts(door: FrontDoor) -> list[str]:
    """The e-mails that go out in the next minutes."""
    room = Mailroom(door)
    before = len(room.sent)
    room.emails.deliver_for(120)
    return [email["Content"]["Simple"]["Body"]["Text"]["Data"] for email in room.sent[before:]]


def test_the_tenth_wrong_pin_alone_sends_one_notice(cloud: Cloud) -> None:
    door = door_of(cloud)
    known, stranger = Browser(door, source="203.0.113.9"), Browser(door)
    known.sign_in(MEMBER)
    texts(door)

    assert [reply.code for reply in wrong_tries(stranger, 9)][-1] == "too-many-attempts"
    assert texts(door) == []
    assert [reply.code for reply in wrong_tries(stranger, 3)] == ["pin-disabled"] * 3
    (text,) = texts(door)
    assert NEW in text
    assert "un navigateur que vous n’avez pas encore utilisé n’accepte plus votre mot de passe" in text
    # It is as the e-mail says.
    assert Browser(door).sign_in(MEMBER).code == "pin-disabled"
    assert known.sign_in(MEMBER).status == 200


def test_a_known_browser_that_is_out_of_tries_is_named_as_one(cloud: Cloud) -> None:
    door = door_of(cloud)
    known = Browser(door)
    known.sign_in(MEMBER)
    texts(door)

    assert [reply.code for reply in wrong_tries(known, 10)][-1] == "pin-disabled"
    (text,) = texts(door)
    assert "dans un navigateur où vous vous étiez déjà connecté" in text
    assert known.sign_in(MEMBER).code == "pin-disabled"
    assert Browser(door, source="203.0.113.9").sign_in(MEMBER).status == 200


def test_the_last_failure_of_a_year_sends_the_notice(cloud: Cloud) -> None:
    door = door_of(cloud, PinFailuresInAYear="4", NewBrowser="allow")
    for _ in range(2):
        browser = Browser(door)
        for pin in (OTHER_PIN, OTHER_PIN, PIN):
            browser.sign_in(MEMBER, pin)

    assert len(texts(door)) == 1


@pytest.mark.parametrize("identifier", [POSTAL, PINLESS, UNKNOWN])
def test_no_notice_goes_out_where_none_can_arrive_or_be_true(cloud: Cloud, identifier: str) -> None:
    door = door_of(cloud)

    assert [reply.code for reply in wrong_tries(Browser(door), 10, identifier)][-1] == "pin-disabled"
    assert len(cloud.messages("EmailsQueue")) == 1
    assert texts(door) == []
    (decoy,) = items(cloud, "NOBODY#")
    assert identifier not in repr(decoy)


def test_ten_wrong_pins_at_the_change_of_a_pin_send_the_notice(cloud: Cloud) -> None:
    door = door_of(cloud)
    body = {"identifier": MEMBER, "pin": OTHER_PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    for _ in range(10):
        door.clock.advance(HOUR)
        reply = Browser(door).post("/pin", body)

    assert reply.code == "pin-disabled"
    assert len(texts(door)) == 1


@pytest.mark.parametrize("value", ["allow", "notify", "confirm"])
def test_a_right_pin_at_the_tenth_try_takes_its_notice_back(cloud: Cloud, value: str) -> None:
    door = door_of(cloud, NewBrowser=value)
    for member in (MEMBER, POSTAL):
        browser = Browser(door)
        assert [reply.code for reply in wrong_tries(browser, 9, member)][-1] == "too-many-attempts"
        door.clock.advance(HOUR)
        assert browser.sign_in(member).status == (202 if value == "confirm" else 200)

    assert [text for text in texts(door) if NEW in text] == []
    assert items(cloud, "NOBODY#") == []


def test_a_right_pin_at_the_tenth_try_of_a_change_takes_its_notice_back(cloud: Cloud) -> None:
    door = door_of(cloud)
    for new_pin, status in (("123456", 422), (NEW_PIN, 204)):
        for _ in wrong_tries(Browser(door), 9):
            pass
        door.clock.advance(HOUR)
        body = {"identifier": MEMBER, "pin": PIN, "new_pin": new_pin, "new_pin_confirmation": new_pin}
        assert Browser(door).post("/pin", body).status == status

    assert [text for text in texts(door) if NEW in text] == []


class InBetween(OneAfterTheOther):
    """Lets something else happen once, between the read and the claims of the next call."""

    def __init__(self) -> None:
        self.happens: Callable[[], object] | None = None

    def submit(self, fn: Callable[..., Result], /, *args: object, **kwargs: object) -> Future[Result]:
        """Run a task, after what else happens."""
        happens, self.happens = self.happens, None
        if happens:
            happens()
        return super().submit(fn, *args, **kwargs)


def test_a_last_try_that_its_source_may_not_make_sends_no_notice(cloud: Cloud) -> None:
    executor, limit = InBetween(), {"SourceFailures": "1"}
    door = door_of(cloud, **limit)
    for number in range(9):
        door.clock.advance(HOUR)
        Browser(door, source=f"198.51.100.{number}").sign_in(MEMBER, OTHER_PIN)
    door.clock.advance(HOUR)
    late = Browser(FrontDoor(cloud, limit, executor=executor), source="203.0.113.9")
    executor.happens = lambda: Browser(door, source="203.0.113.9").sign_in(UNKNOWN)

    assert late.sign_in(MEMBER, OTHER_PIN).code == "too-many-attempts"
    assert len(cloud.messages("EmailsQueue")) == 1, "it was announced"
    assert texts(door) == []
    door.clock.advance(HOUR)
    assert Browser(door, source="198.51.100.77").sign_in(MEMBER).status == 200, "and it is not counted"


def test_no_try_is_looked_at_while_its_notice_cannot_be_announced(cloud: Cloud) -> None:
    door = door_of(cloud)
    browser = Browser(door)
    for _ in wrong_tries(browser, 9):
        pass
    door.clock.advance(HOUR)
    before = door.argon2.verifications
    with failing(cloud.sqs, "SendMessage", "ServiceUnavailable"):
        replies = [browser.sign_in(MEMBER, pin) for pin in (OTHER_PIN, PIN, OTHER_PIN)]
        unknown = [browser.sign_in(UNKNOWN, OTHER_PIN).status]

    assert [reply.status for reply in replies] == [503] * 3
    assert unknown == [401], "a first try announces nothing"
    assert door.argon2.verifications == before + 1
    assert [browser.sign_in(MEMBER, OTHER_PIN).code for _ in range(2)] == ["pin-disabled"] * 2
    assert len(texts(door)) == 1


def test_a_last_try_that_breaks_off_sends_its_notice(cloud: Cloud) -> None:
    door = door_of(cloud)
    browser = Browser(door)
    for _ in wrong_tries(browser, 9):
        pass
    door.clock.advance(HOUR)
    with failing(cloud.kms, "GenerateMac", "KMSInternalException"):
        assert browser.sign_in(MEMBER).status == 503

    assert browser.sign_in(MEMBER).code == "pin-disabled", "it counts as failed"
    assert len(texts(door)) == 1


def test_a_last_try_that_is_not_counted_sends_no_notice(cloud: Cloud) -> None:
    door = door_of(cloud)
    browser = Browser(door)
    for _ in wrong_tries(browser, 9):
        pass
    door.clock.advance(HOUR)
    with failing(cloud.dynamodb, "TransactWriteItems", "InternalServerError"):
        assert browser.sign_in(MEMBER, OTHER_PIN).status == 503

    assert len(cloud.messages("EmailsQueue")) == 1
    assert texts(door) == []
    assert browser.sign_in(MEMBER).status == 200


def test_a_new_pin_overtakes_the_notice_of_the_one_before(cloud: Cloud) -> None:
    door = door_of(cloud)
    for _ in wrong_tries(Browser(door), 10):
        pass
    door.clock.advance(5)
    door.add_member(MEMBER, credential_version=door.clock.time, email="member@example.fr")

    assert texts(door) == []
    (dropped,) = [one["audit"] for one in door.events("email.dropped")]
    assert (dropped["kind"], dropped["reason"]) == ("too-many-tries", "void")


def test_the_notice_leaves_once_no_try_can_be_under_way(cloud: Cloud) -> None:
    door = door_of(cloud)
    for _ in wrong_tries(Browser(door), 10):
        pass
    room = Mailroom(door)
    door.clock.advance(14)
    assert room.emails.deliver() == 0
    door.clock.advance(1)
    assert room.emails.deliver() == 1
    assert len(room.sent) == 1
