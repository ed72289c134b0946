"""A forgotten PIN: the code, the token, the new PIN."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from member_access.recovery.codes import Channel
from member_access.wording.texts import PROBLEMS
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, PIN, Browser, FrontDoor, Reply
from tests.support import codes
from tests.support.codes import wrong
from tests.support.members import NEW_PIN
from tests.support.table import Item, items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER, POSTAL, FIRST_TIMER, UNKNOWN = "A1234567", "B7654321", "C5555555", "Z9999999"
DAY = 86_400
WRONG = PROBLEMS["invalid-code"].detail.fr
ELSEWHERE = "Saisissez ce code dans le navigateur où vous l’avez demandé, ou demandez un nouveau code."
SPENT = "Ce code n’est plus valable. Demandez un nouveau code."


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """Functions, and three members: with an e-mail address, without, and with one but without a PIN."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    door.add_member(POSTAL)
    door.add_member(FIRST_TIMER, pin=None, email="first@example.fr")
    return door


@pytest.fixture
def browser(door: FrontDoor) -> Browser:
    """A browser that no one has signed in with."""
    return Browser(door)


def request(browser: Browser, identifier: str = MEMBER, **body: str) -> Reply:
    return browser.post("/reset", {"identifier": identifier, **body})


def last_code(door: FrontDoor, identifier: str = MEMBER, channel: Channel = Channel.EMAIL) -> str:
    return codes.last_code(door.cloud, identifier, channel)


def verify(browser: Browser, code: str, identifier: str = MEMBER) -> Reply:
    return browser.post("/reset/verify", {"identifier": identifier, "code": code})


def set_pin(browser: Browser, token: str, pin: str = NEW_PIN, confirmation: str | None = None) -> Reply:
    body = {"reset_token": token, "pin": pin, "pin_confirmation": confirmation or pin}
    return browser.post("/reset/pin", body)


def token_for(browser: Browser, identifier: str = MEMBER) -> str:
    request(browser, identifier)
    token: str = verify(browser, last_code(browser.door, identifier), identifier).body["reset_token"]
    return token


def test_a_reset_by_email_from_end_to_end(browser: Browser) -> None:
    asked = request(browser)
    assert (asked.status, asked.body) == (202, {"channel": "email", "expires_in": 600, "resend_after": 60})

    verified = verify(browser, last_code(browser.door))
    assert verified.status == 200
    assert verified.body["expires_in"] == 600

    done = set_pin(browser, verified.body["reset_token"])
    assert (done.status, done.text) == (204, "")
    assert Browser(browser.door).sign_in(MEMBER, NEW_PIN).status == 200
    assert Browser(browser.door).sign_in(MEMBER, PIN).status == 401


@pytest.mark.parametrize("form", ["{} {}", " {}\u00a0{}\n", "{}-{}", "{}.{}", "\u200b{}\u2009{}"])
def test_a_code_is_taken_as_members_copy_it(browser: Browser, form: str) -> None:
    request(browser, f" {MEMBER[:3]} {MEMBER[3:]}\u200b")
    code = last_code(browser.door)
    assert verify(browser, form.format(code[:3], code[3:])).status == 200


def test_a_member_without_an_email_address_gets_a_letter(browser: Browser) -> None:
    asked = request(browser, POSTAL)
    assert asked.body == {"channel": "letter", "expires_in": 21 * DAY, "resend_after": 8 * DAY}
    browser.door.clock.advance(6 * DAY)
    code = last_code(browser.door, POSTAL, Channel.LETTER)
    token = verify(browser, code, POSTAL).body["reset_token"]
    assert set_pin(browser, token).status == 204
    assert Browser(browser.door).sign_in(POSTAL, NEW_PIN).status == 200


def test_a_member_whose_mailbox_is_gone_can_ask_for_a_letter(browser: Browser) -> None:
    asked = request(browser, MEMBER, channel="letter")
    assert asked.body["channel"] == "letter"
    (job,) = items(browser.door.cloud, "LETTER#")
    assert (job["identifier"]["S"], job["letter_state"]["S"]) == (MEMBER, "requested")
    (notice,) = items(browser.door.cloud, "EMAIL#")
    assert notice["kind"]["S"] == "letter-requested"


def test_only_a_letter_can_be_chosen(browser: Browser) -> None:
    reply = request(browser, MEMBER, channel="email")
    assert (reply.status, reply.body["errors"][0]["pointer"]) == (422, "/channel")


def test_a_member_whose_address_has_bounced_gets_a_letter(browser: Browser) -> None:
    cloud = browser.door.cloud
    cloud.dynamodb.update_item(
        TableName=cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{MEMBER}"}},
        UpdateExpression="SET email_state = :bounced",
        ExpressionAttributeValues={":bounced": {"S": "bounced"}},
    )
    assert request(browser).body["channel"] == "letter"


def test_a_first_timer_sets_a_pin_the_same_way(browser: Browser) -> None:
    assert set_pin(browser, token_for(browser, FIRST_TIMER)).status == 204
    assert Browser(browser.door).sign_in(FIRST_TIMER, NEW_PIN).status == 200


def test_another_code_within_a_minute_is_refused_with_the_seconds_left(browser: Browser) -> None:
    request(browser)
    browser.door.clock.advance(20)
    reply = request(browser)
    assert (reply.status, reply.code, reply.body["retry_after"]) == (429, "too-many-attempts", 40)
    assert len(browser.door.cloud.messages("CodeEmailsQueue")) == 1


def test_a_sixth_code_in_a_day_is_refused_to_strangers(browser: Browser) -> None:
    for _ in range(5):
        assert request(browser).status == 202
        browser.door.clock.advance(60)
    assert request(browser).body["retry_after"] == DAY - 300


def test_in_one_browser_only_the_latest_code_works(browser: Browser) -> None:
    request(browser)
    older = last_code(browser.door)
    browser.door.clock.advance(60)
    request(browser)
    assert verify(browser, older).code == "invalid-code"
    assert verify(browser, last_code(browser.door)).status == 200


def test_a_code_by_email_leaves_the_letters_code_good(browser: Browser) -> None:
    request(browser, MEMBER, channel="letter")
    browser.door.clock.advance(DAY)
    request(browser)
    assert verify(browser, last_code(browser.door, MEMBER, Channel.LETTER)).status == 200


def test_asking_again_for_a_letter_under_way_sends_nothing(browser: Browser) -> None:
    request(browser, POSTAL)
    browser.door.clock.advance(DAY)
    again = request(browser, POSTAL)
    assert again.body == {"channel": "letter", "expires_in": 20 * DAY, "resend_after": 7 * DAY}
    assert len(browser.door.cloud.messages("LettersQueue")) == 1
    assert verify(browser, last_code(browser.door, POSTAL, Channel.LETTER), POSTAL).status == 200


def test_a_code_works_once(browser: Browser) -> None:
    request(browser)
    code, handle = last_code(browser.door), dict(browser.cookies)
    assert verify(browser, code).status == 200
    assert verify(Browser(browser.door, cookies=handle), code).code == "invalid-code"


@pytest.mark.parametrize("channel", Channel)
def test_a_right_code_deletes_the_handle_from_the_browser(browser: Browser, channel: Channel) -> None:
    request(browser, POSTAL if channel is Channel.LETTER else MEMBER)
    identifier = POSTAL if channel is Channel.LETTER else MEMBER
    assert verify(browser, last_code(browser.door, identifier, channel), identifier).status == 200
    assert "__Host-reset" not in browser.cookies


def test_a_code_belongs_to_its_member(browser: Browser) -> None:
    request(browser)
    reply = verify(browser, last_code(browser.door), FIRST_TIMER)
    assert (reply.code, reply.body["detail"]) == ("invalid-code", ELSEWHERE)
    assert verify(browser, last_code(browser.door)).status == 200


@pytest.mark.parametrize("asked", [False, True], ids=["no handle", "the handle of another request"])
def test_a_code_by_email_is_refused_in_another_browser(browser: Browser, asked: bool) -> None:
    request(browser)
    code, other = last_code(browser.door), Browser(browser.door, source="198.51.100.7")
    if asked:
        request(other, FIRST_TIMER)
    replies = [verify(other, code) for _ in range(9)]
    assert {(reply.status, reply.code, reply.body["detail"]) for reply in replies} == {(401, "invalid-code", ELSEWHERE)}
    english = other.post("/reset/verify", {"identifier": MEMBER, "code": code}, {"Accept-Language": "en"})
    assert english.body["detail"] == "Enter this code in the browser where you asked for it, or ask for a new code."

    assert [verify(browser, wrong(code)).body["detail"] for _ in range(4)] == [WRONG] * 4, "all tries were left"
    assert verify(browser, code).status == 200


def test_the_fifth_wrong_code_voids_the_code_of_this_browser_alone(browser: Browser) -> None:
    other = Browser(browser.door)
    request(other)
    others_code = last_code(browser.door)
    browser.door.clock.advance(60)
    request(browser)
    code = last_code(browser.door)
    replies = [verify(browser, typed) for typed in (*[wrong(code)] * 5, code)]
    assert [reply.body["detail"] for reply in replies] == [WRONG] * 4 + [SPENT] * 2
    assert {reply.code for reply in replies} == {"invalid-code"}
    assert len(browser.door.events("code.rejected")) == 5
    assert verify(other, others_code).status == 200

    browser.door.clock.advance(60)
    request(browser)
    assert verify(browser, last_code(browser.door)).status == 200


def test_no_guess_and_no_request_by_email_of_a_stranger_voids_a_members_codes(cloud: Cloud) -> None:
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    door.add_member(MEMBER, email="member@example.fr")
    browser, stranger = Browser(door), Browser(door, source="198.51.100.7")
    request(browser, MEMBER, channel="letter")
    request(browser)
    letter, email = last_code(door, MEMBER, Channel.LETTER), last_code(door)
    for _ in range(9):
        door.clock.advance(60)
        request(stranger)
        for _ in range(10):
            assert verify(stranger, wrong(email)).code == "invalid-code"
            assert verify(stranger, wrong(letter)).code == "invalid-code"
    assert verify(browser, email).status == 200
    assert verify(Browser(door), letter).status == 200


def test_strangers_keep_no_member_from_a_code_in_a_known_browser(cloud: Cloud) -> None:
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    door.add_member(MEMBER, email="member@example.fr")
    browser, stranger = Browser(door), Browser(door, source="198.51.100.7")
    assert browser.sign_in(MEMBER).status == 200
    for _ in range(5):
        assert request(stranger).status == 202
        door.clock.advance(60)
    assert [request(stranger).status, request(Browser(door)).status] == [429, 429]

    assert [request(browser).status, request(browser).status] == [202, 429]
    assert verify(browser, last_code(door)).status == 200


def test_a_neighbours_address_keeps_no_member_from_a_code_in_a_known_browser(browser: Browser) -> None:
    browser.sign_in(MEMBER)
    neighbour = Browser(browser.door)
    for number in range(30):
        verify(neighbour, "000000", f"UNKNOWN{number:02}")
    assert request(neighbour).code == "too-many-attempts"

    assert request(browser).status == 202
    assert verify(browser, last_code(browser.door)).status == 200
    assert verify(browser, "0000000000").code == "too-many-attempts", "nothing else limits guesses at a letter"


def test_a_browser_known_for_another_member_is_a_stranger(browser: Browser) -> None:
    other = Browser(browser.door)
    other.sign_in(POSTAL)
    request(browser)
    assert request(other).status == 429


def test_each_guess_is_compared_with_one_code_only(browser: Browser) -> None:
    request(browser, MEMBER, channel="letter")
    request(browser)
    letter, email = last_code(browser.door, MEMBER, Channel.LETTER), last_code(browser.door)
    for typed in (letter[-6:], letter[:6], f"0000{email}", f"{email}0000"):
        assert verify(browser, typed).code == "invalid-code"
    assert [event["audit"]["channel"] for event in browser.door.events("code.rejected")] == [
        *["email"] * 2,
        *["letter"] * 2,
    ]
    assert verify(browser, letter).status == 200


@pytest.mark.parametrize("code", ["", "12345", "1234567", "123456789", "12345678901", "12345a"])
def test_a_code_of_another_length_is_no_try(browser: Browser, code: str) -> None:
    reply = verify(browser, code)
    assert (reply.status, reply.code) == (422, "invalid-request")
    assert reply.body["errors"] == [
        {
            "pointer": "/code",
            "detail": "Un code reçu par e-mail comporte 6 chiffres, un code reçu par courrier 10 chiffres.",
        }
    ]


@pytest.mark.slow
def test_a_letters_code_works_after_a_thousand_wrong_ones(cloud: Cloud) -> None:
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    door.add_member(POSTAL)
    request(Browser(door), POSTAL)
    code, stranger = last_code(door, POSTAL, Channel.LETTER), Browser(door, source="198.51.100.7")
    assert {verify(stranger, wrong(code), POSTAL).code for _ in range(1000)} == {"invalid-code"}
    assert verify(Browser(door), code, POSTAL).status == 200


@pytest.mark.parametrize(("channel", "detail"), [(Channel.EMAIL, "SPENT"), (Channel.LETTER, "WRONG")])
def test_an_expired_code_is_refused_though_the_table_still_holds_it(
    browser: Browser, channel: Channel, detail: str
) -> None:
    identifier = POSTAL if channel is Channel.LETTER else MEMBER
    validity = request(browser, identifier).body["expires_in"]
    code = last_code(browser.door, identifier, channel)
    browser.door.clock.advance(validity)
    assert verify(browser, code, identifier).body["detail"] == {"SPENT": SPENT, "WRONG": WRONG}[detail]
    browser.door.clock.advance(-1)
    assert verify(browser, code, identifier).status == 200


def test_a_member_who_is_locked_out_can_still_reset_and_is_let_in(browser: Browser) -> None:
    stranger = Browser(browser.door, source="198.51.100.7")
    for _ in range(3):
        stranger.sign_in(MEMBER, OTHER_PIN)
    assert set_pin(browser, token_for(browser)).status == 204
    for _ in range(3):
        stranger.sign_in(MEMBER, OTHER_PIN)
    assert browser.sign_in(MEMBER, NEW_PIN).status == 200, "the browser that set the PIN is known"


def test_a_disabled_pin_is_enabled_by_a_new_one(browser: Browser) -> None:
    stranger = Browser(browser.door, source="198.51.100.7")
    for _ in range(10):
        stranger.sign_in(MEMBER, OTHER_PIN)
        browser.door.clock.advance(3600)
    assert stranger.sign_in(MEMBER).code == "pin-disabled"
    set_pin(browser, token_for(browser))
    assert Browser(browser.door).sign_in(MEMBER, NEW_PIN).status == 200


def test_setting_a_pin_ends_every_session(browser: Browser) -> None:
    signed_in = Browser(browser.door)
    signed_in.sign_in(MEMBER)
    set_pin(browser, token_for(browser))
    assert signed_in.refresh().code == "session-expired"


def test_a_new_pin_after_a_restore_brings_no_counter_back(browser: Browser) -> None:
    before = _members(browser.door.cloud)
    set_pin(browser, token_for(browser))
    for _ in range(10):
        Browser(browser.door).sign_in(MEMBER, OTHER_PIN)
        browser.door.clock.advance(3600)
    assert Browser(browser.door).sign_in(MEMBER, NEW_PIN).code == "pin-disabled"

    _restore(browser.door.cloud, before)
    set_pin(browser, token_for(browser))
    assert Browser(browser.door).sign_in(MEMBER, NEW_PIN).status == 200


def test_a_new_pin_after_a_restore_brings_no_session_or_token_back(browser: Browser) -> None:
    before = _members(browser.door.cloud)
    set_pin(browser, token_for(browser))
    signed_in = Browser(browser.door)
    assert signed_in.sign_in(MEMBER, NEW_PIN).status == 200
    browser.door.clock.advance(60)
    token = token_for(browser)

    _restore(browser.door.cloud, before)
    browser.door.clock.advance(60)
    set_pin(browser, token_for(browser))
    assert signed_in.refresh().code == "session-expired"
    assert set_pin(browser, token, OTHER_PIN).code == "invalid-reset-token"


def _members(cloud: Cloud) -> list[Item]:
    return items(cloud, table="MembersTable")


def _restore(cloud: Cloud, members: list[Item]) -> None:
    for member in members:
        cloud.dynamodb.put_item(TableName=cloud.tables["MembersTable"], Item=member)


def test_setting_a_pin_voids_the_codes_that_are_still_open(browser: Browser) -> None:
    other = Browser(browser.door)
    request(other, MEMBER, channel="letter")
    request(other)
    letter, email = last_code(browser.door, MEMBER, Channel.LETTER), last_code(browser.door)
    browser.door.clock.advance(60)
    set_pin(browser, token_for(browser))
    assert verify(other, letter).code == "invalid-code"
    assert verify(other, email).code == "invalid-code"


def test_setting_a_pin_notifies_the_member_by_email(browser: Browser) -> None:
    set_pin(browser, token_for(browser))
    notice = json.loads(browser.door.cloud.messages("EmailsQueue")[-1])
    (item,) = items(browser.door.cloud, f"EMAIL#{notice['request_id']}")
    assert (item["kind"]["S"], item["identifier"]["S"]) == ("pin-changed", MEMBER)


def test_a_token_works_once_and_for_ten_minutes(browser: Browser) -> None:
    token = token_for(browser)
    assert set_pin(browser, token).status == 204
    assert set_pin(browser, token, OTHER_PIN).code == "invalid-reset-token"

    browser.door.clock.advance(60)
    late = token_for(browser)
    browser.door.clock.advance(600)
    assert set_pin(browser, late, OTHER_PIN).code == "invalid-reset-token"


def test_a_token_is_worthless_once_another_pin_was_set(browser: Browser) -> None:
    first = token_for(browser)
    browser.door.clock.advance(60)
    second = token_for(browser)
    assert set_pin(browser, second).status == 204
    assert set_pin(browser, first, OTHER_PIN).code == "invalid-reset-token"


@pytest.mark.parametrize("token", ["0" * 64, "f" * 64, "", " ", "x", "0" * 63, "F" * 64, "é", "x" * 7000])
def test_an_invented_token_sets_nothing(browser: Browser, token: str) -> None:
    reply = set_pin(browser, token)
    assert (reply.status, reply.code) == (401, "invalid-reset-token")


@pytest.mark.parametrize(
    ("pin", "reason"),
    [
        ("123456", "parmi les plus utilisés"),
        ("147258", "parmi les plus utilisés"),
        ("928374", "devine vite"),
        ("607403", "code postal"),
        (PIN, "déjà"),
    ],
)
def test_a_weak_pin_is_refused_with_its_reason_and_the_token_survives(browser: Browser, pin: str, reason: str) -> None:
    token = token_for(browser)
    reply = set_pin(browser, token, pin)
    assert (reply.status, reply.code) == (422, "weak-pin")
    assert reply.body["errors"][0]["pointer"] == "/pin"
    assert reason in reply.body["errors"][0]["detail"]
    assert set_pin(browser, token).status == 204


def test_a_pin_that_stands_in_the_identifier_is_weak(browser: Browser) -> None:
    browser.door.add_member("Q4816302", email="q@example.fr")
    reply = set_pin(browser, token_for(browser, "Q4816302"), "481630")
    assert "identifiant" in reply.body["errors"][0]["detail"]


def test_the_sixth_weak_pin_of_a_token_is_not_compared(browser: Browser) -> None:
    token = token_for(browser)
    assert [set_pin(browser, token, PIN).code for _ in range(5)] == ["weak-pin"] * 5
    assert set_pin(browser, token, PIN).code == "invalid-reset-token"
    assert set_pin(browser, token).code == "invalid-reset-token"
    assert browser.door.argon2.verifications == 5


def test_a_confirmation_that_differs_costs_no_use_of_the_token(browser: Browser) -> None:
    token = token_for(browser)
    assert [set_pin(browser, token, NEW_PIN, OTHER_PIN).code for _ in range(9)] == ["pins-differ"] * 9
    assert set_pin(browser, token).status == 204


def test_a_confirmation_that_differs_is_refused_and_the_token_survives(browser: Browser) -> None:
    token = token_for(browser)
    reply = set_pin(browser, token, NEW_PIN, OTHER_PIN)
    assert (reply.status, reply.code) == (422, "pins-differ")
    assert reply.body["errors"][0]["pointer"] == "/pin_confirmation"
    assert set_pin(browser, token).status == 204


def change(browser: Browser, pin: str, new_pin: str, identifier: str = MEMBER) -> Reply:
    body = {"identifier": identifier, "pin": pin, "new_pin": new_pin, "new_pin_confirmation": new_pin}
    return browser.post("/pin", body)


def test_the_present_pin_allows_to_set_another(browser: Browser) -> None:
    assert change(browser, PIN, NEW_PIN).status == 204
    assert browser.sign_in(MEMBER, NEW_PIN).status == 200
    assert Browser(browser.door).sign_in(MEMBER, PIN).status == 401


def test_changing_the_pin_voids_the_codes_that_are_still_open(browser: Browser) -> None:
    request(browser)
    assert change(browser, PIN, NEW_PIN).status == 204
    assert verify(browser, last_code(browser.door)).code == "invalid-code"


def test_a_code_can_be_asked_for_after_the_pin_was_changed(browser: Browser) -> None:
    change(browser, PIN, NEW_PIN)
    request(browser)
    assert verify(browser, last_code(browser.door)).status == 200


def test_changing_the_pin_counts_wrong_ones_like_a_sign_in(browser: Browser) -> None:
    assert [change(browser, OTHER_PIN, NEW_PIN).status for _ in range(2)] == [401, 401]
    assert browser.sign_in(MEMBER, OTHER_PIN).status == 429
    assert change(browser, PIN, NEW_PIN).status == 429


def test_a_weak_new_pin_leaves_the_present_one_and_costs_no_attempt(browser: Browser) -> None:
    for _ in range(4):
        assert change(browser, PIN, "123456").code == "weak-pin"
        assert change(browser, PIN, PIN).body["errors"][0]["pointer"] == "/new_pin"
    assert browser.sign_in(MEMBER).status == 200


@pytest.mark.parametrize("identifier", [FIRST_TIMER, UNKNOWN])
def test_no_pin_can_be_changed_where_there_is_none(browser: Browser, identifier: str) -> None:
    assert change(browser, PIN, NEW_PIN, identifier).code == "invalid-credentials"


@pytest.mark.parametrize("code", ["000000", "0000000000"])
def test_thirty_wrong_codes_of_one_source_make_it_wait(browser: Browser, code: str) -> None:
    for number in range(30):
        assert verify(browser, code, f"UNKNOWN{number:02}").code == "invalid-code"
    assert verify(browser, code).code == "too-many-attempts"
    assert len(browser.door.events("code.refused")) == (31 if code == "000000" else 1)
    assert verify(Browser(browser.door, source="192.0.2.9"), code).code == "invalid-code"


def test_thirty_requests_of_one_source_make_it_wait(cloud: Cloud, browser: Browser) -> None:
    browser = Browser(FrontDoor(cloud, {"EmailSharePercent": "100"}))
    for number in range(30):
        assert request(browser, f"UNKNOWN{number:02}").status == 202
    assert request(browser).code == "too-many-attempts"
    assert request(Browser(browser.door, source="192.0.2.9")).status == 202
