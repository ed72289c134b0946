"""A member's own sessions and browsers: ``/sessions``, ``/devices`` and ``/account``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from member_access.recovery.codes import Channel
from member_access.values.email_address import EmailState
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.codes import last_code
from tests.support.members import NEW_PIN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.cloud import Cloud

MEMBER, OTHER = "A1234567", "B7654321"
FIREFOX = "Mozilla/5.0 (Android 14; Mobile; rv:133.0) Gecko/133.0 Firefox/133.0"
SAFARI = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15"


class Person(Browser):
    """A browser with a name for itself, and the token of the last sign-in."""

    user_agent = ""
    token = ""

    def _exchange(self, method: str, path: str, body: str | None, headers: Mapping[str, str]) -> Any:  # noqa: ANN401 - as the base class
        sent = {"User-Agent": self.user_agent, **({"Authorization": f"Bearer {self.token}"} if self.token else {})}
        return super()._exchange(method, path, body, {**sent, **headers})

    def signed_in(self, identifier: str = MEMBER, pin: str = PIN) -> Person:
        """Sign in, and keep the token."""
        self.token = self.sign_in(identifier, pin).body["access_token"]
        return self

    def sessions(self) -> list[dict[str, Any]]:
        """What the page lists."""
        listed: list[dict[str, Any]] = self.send("GET", "/sessions").body["sessions"]
        return listed

    def devices(self) -> list[dict[str, Any]]:
        """What the page lists."""
        listed: list[dict[str, Any]] = self.send("GET", "/devices").body["devices"]
        return listed


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The service, with two members."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    door.add_member(OTHER)
    return door


def person(door: FrontDoor, user_agent: str = FIREFOX) -> Person:
    """Someone at a browser of their own."""
    someone = Person(door)
    someone.user_agent = user_agent
    return someone


def test_a_member_sees_their_sessions_by_browser_and_time(door: FrontDoor) -> None:
    phone = person(door).signed_in()
    door.clock.advance(600)
    computer = person(door, SAFARI).signed_in()
    door.clock.advance(60)
    assert phone.refresh().status == 200

    at_computer, at_phone = computer.sessions()
    assert at_phone == {
        "id": at_phone["id"],
        "since": "2027-01-15T12:00:00Z",
        "last_used_at": "2027-01-15T12:11:00Z",
        "browser": "firefox",
        "system": "android",
        "is_present": False,
    }
    assert (at_computer["browser"], at_computer["system"], at_computer["is_present"]) == ("safari", "mac", True)


def test_a_member_sees_the_browsers_that_know_them(door: FrontDoor) -> None:
    phone, computer = person(door).signed_in(), person(door, SAFARI).signed_in()
    door.clock.advance(86_400)
    computer.signed_in()

    at_computer, at_phone = computer.devices()
    assert (at_computer["since"], at_computer["last_used_at"]) == ("2027-01-15T12:00:00Z", "2027-01-16T12:00:00Z")
    assert [one["is_present"] for one in (at_computer, at_phone)] == [True, False]
    assert (at_phone["browser"], at_phone["system"]) == ("firefox", "android")
    assert phone.send("GET", "/devices").status == 401, "its token has expired"


def test_an_ended_session_cannot_go_on_while_the_others_do(door: FrontDoor) -> None:
    phone, computer = person(door).signed_in(), person(door, SAFARI).signed_in()
    (ended,) = [one for one in computer.sessions() if not one["is_present"]]

    for _ in range(2):
        assert computer.send("DELETE", f"/sessions/{ended['id']}").status == 204
    assert phone.refresh().code == "session-expired"
    assert phone.send("GET", "/sessions").code == "invalid-token"
    assert [one["is_present"] for one in computer.sessions()] == [True]
    assert computer.refresh().status == 200
    assert [event["audit"]["reason"] for event in door.events("session.ended")] == ["by-member"]


def test_ending_all_ends_the_present_session_too(door: FrontDoor) -> None:
    phone, computer = person(door).signed_in(), person(door, SAFARI).signed_in()

    assert computer.send("DELETE", "/sessions").status == 204
    assert "__Host-session" not in computer.cookies
    assert [one.refresh().status for one in (phone, computer)] == [401, 401]
    assert len(computer.signed_in().devices()) == 2, "the browsers stay known"


def test_a_forgotten_browser_counts_as_a_strangers(door: FrontDoor) -> None:
    phone, computer = person(door).signed_in(), person(door, SAFARI).signed_in()
    (forgotten,) = [one for one in computer.devices() if not one["is_present"]]

    for _ in range(2):
        assert computer.send("DELETE", f"/devices/{forgotten['id']}").status == 204
    assert [one["is_present"] for one in computer.devices()] == [True]
    assert phone.sign_in(MEMBER, OTHER_PIN).status == 401
    assert [event["audit"]["known_browser"] for event in door.events("login.failed")] == [False]
    assert len(door.events("browser.forgotten")) == 1


def test_what_belongs_to_another_member_looks_like_what_does_not_exist(door: FrontDoor) -> None:
    own, other = person(door).signed_in(), person(door).signed_in(OTHER)
    (session,), (device,) = other.sessions(), other.devices()

    for kind, theirs in (("sessions", session["id"]), ("devices", device["id"])):
        replies = [own.send("DELETE", f"/{kind}/{name}") for name in (theirs, "0" * 32, "%")]
        assert {(one.status, one.text) for one in replies} == {(204, "")}
    assert [len(other.sessions()), len(other.devices())] == [1, 1]


def test_two_members_at_one_browser_see_their_own(door: FrontDoor) -> None:
    shared = person(door).signed_in()
    own = shared.sessions()
    shared.signed_in(OTHER)

    assert [one["is_present"] for one in shared.sessions()] == [True]
    assert shared.sessions()[0]["id"] not in {one["id"] for one in own}
    assert [one["is_present"] for one in shared.devices()] == [True]


def test_a_new_pin_leaves_no_session_and_the_browser_that_set_it(door: FrontDoor) -> None:
    phone, computer = person(door).signed_in(), person(door, SAFARI).signed_in()
    changed = {"identifier": MEMBER, "pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    assert computer.post("/pin", changed).status == 204

    assert [one.send("GET", "/sessions").code for one in (phone, computer)] == ["invalid-token"] * 2
    computer.signed_in(pin=NEW_PIN)
    assert len(computer.sessions()) == 1
    assert [(one["browser"], one["is_present"]) for one in computer.devices()] == [("safari", True)]


def test_a_reset_leaves_no_session_and_the_browser_that_made_it(door: FrontDoor) -> None:
    phone, computer = person(door).signed_in(), person(door, SAFARI).signed_in()
    assert computer.post("/reset", {"identifier": MEMBER}).status == 202
    code = {"identifier": MEMBER, "code": last_code(door.cloud, MEMBER, Channel.LETTER)}
    reset_token = computer.post("/reset/verify", code).body["reset_token"]
    pin = {"reset_token": reset_token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN}
    assert computer.post("/reset/pin", pin).status == 204

    assert [one.send("GET", "/devices").code for one in (phone, computer)] == ["invalid-token"] * 2
    computer.signed_in(pin=NEW_PIN)
    assert [(one["browser"], one["is_present"]) for one in computer.devices()] == [("safari", True)]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/sessions"),
        ("DELETE", "/sessions"),
        ("DELETE", "/sessions/0"),
        ("GET", "/devices"),
        ("DELETE", "/devices/0"),
        ("GET", "/account"),
        ("POST", "/account/not-me"),
    ],
)
def test_every_call_needs_a_token_whose_session_has_not_ended(door: FrontDoor, method: str, path: str) -> None:
    signed_out = person(door).signed_in()
    assert signed_out.sign_out().status == 204

    for someone in (person(door), signed_out):
        reply = someone.send(method, path)
        assert (reply.status, reply.code) == (401, "invalid-token")
        assert reply.headers["WWW-Authenticate"] == ['Bearer realm="member-access", error="invalid_token"']


def test_a_removed_member_has_no_account(door: FrontDoor) -> None:
    removed = person(door).signed_in()
    door.cloud.dynamodb.delete_item(TableName=door.cloud.tables["MembersTable"], Key={"pk": {"S": f"MEMBER#{MEMBER}"}})

    assert removed.send("GET", "/sessions").code == "invalid-token"


@pytest.mark.parametrize("state", [None, *EmailState])
def test_the_account_says_whether_emails_arrive(cloud: Cloud, state: EmailState | None) -> None:
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    if state:
        cloud.dynamodb.update_item(
            TableName=cloud.tables["MembersTable"],
            Key={"pk": {"S": f"MEMBER#{MEMBER}"}},
            UpdateExpression="SET email_state = :state, email_state_at = :now",
            ExpressionAttributeValues={":state": {"S": state}, ":now": {"N": str(door.clock.time)}},
        )

    assert person(door).signed_in().send("GET", "/account").body == {"email": state or "works"}


def test_the_account_of_a_member_without_address_says_so(door: FrontDoor) -> None:
    assert person(door).signed_in().send("GET", "/account").body == {"email": "none"}


def test_the_table_keeps_a_family_and_nothing_else_of_a_browser(door: FrontDoor) -> None:
    person(door).signed_in()

    stored = str(door.cloud.dynamodb.scan(TableName=door.cloud.tables["AccessTable"])["Items"])
    assert "Firefox" not in stored
    assert "Mozilla" not in stored
    assert "192.0.2.1" not in stored
