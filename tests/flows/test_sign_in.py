"""Signing in with an identifier and a PIN of six digits."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from member_access.sessions.item import sign_ins_from_item
from member_access.sessions.sign_ins import known_until
from simulators.clock import NOON
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.codes import last_code
from tests.support.interruption import once_before
from tests.support.members import NEW_PIN
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = "A1234567"
CHEAP = "m=8,t=1,p=1"
"""The present cost of the tests, as an older one."""
DOUBLING_WAITS = [60, 120, 240, 480, 960, 1920, 3600]


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """A function, and one member with a PIN."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    return door


def test_the_right_pin_signs_in(door: FrontDoor) -> None:
    browser = Browser(door)
    reply = browser.sign_in(MEMBER)

    assert reply.status == 200
    assert reply.body.keys() == {"access_token", "token_type", "expires_in"}
    assert reply.body["token_type"] == "Bearer"
    assert reply.body["expires_in"] == 900
    assert browser.cookies.keys() == {"__Host-session", *browser.device_cookies}
    assert [re.sub("[0-9a-f]{16}$", "", name) for name in browser.device_cookies] == ["__Host-device-"]


def test_wrong_pins_count_in_the_item_of_the_sign_ins(door: FrontDoor) -> None:
    Browser(door).sign_in(MEMBER, OTHER_PIN)
    (item,) = items(door.cloud, "SIGN_INS#")
    assert item["pk"]["S"] == f"SIGN_INS#{door.subject(MEMBER)}"
    assert sign_ins_from_item(item).strangers.failures == 1


def test_the_identifier_is_trimmed_and_upper_cased(door: FrontDoor) -> None:
    assert Browser(door).sign_in(" a1234567\u00a0").status == 200


def test_cookies_are_for_this_host_alone_and_out_of_reach_of_scripts(door: FrontDoor) -> None:
    reply = Browser(door).sign_in(MEMBER)
    for line in reply.headers["Set-Cookie"]:
        attributes = {part.strip() for part in line.split(";")[1:]}
        assert attributes >= {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"}
        assert not any(attribute.startswith("Domain") for attribute in attributes)


def test_the_session_cookie_ends_with_the_browser(door: FrontDoor) -> None:
    browser = Browser(door)
    for reply in (browser.sign_in(MEMBER), browser.refresh()):
        (line,) = [line for line in reply.headers["Set-Cookie"] if line.startswith("__Host-session=")]
        assert "Max-Age" not in line
        assert "Expires" not in line


def test_a_third_wrong_pin_makes_the_member_wait_one_minute(door: FrontDoor) -> None:
    browser = Browser(door)
    first, second, third = (browser.sign_in(MEMBER, OTHER_PIN) for _ in range(3))

    assert (first.status, first.code) == (401, "invalid-credentials")
    assert (second.status, second.code) == (401, "invalid-credentials")
    assert (third.status, third.code) == (429, "too-many-attempts")
    assert third.headers["Retry-After"] == ["60"]
    assert third.body["retry_after"] == 60
    assert third.body["detail"] == "Par mesure de sécurité, vous devez patienter 1mn avant une nouvelle tentative"


def test_a_wrong_pin_says_how_many_tries_are_left(door: FrontDoor) -> None:
    """First before the wait, then before the PIN is disabled; a refusal that counts nothing repeats no number."""
    browser = Browser(door)
    told = [browser.sign_in(MEMBER, OTHER_PIN).body.get("tries_left") for _ in range(4)]
    for _ in range(6):
        door.clock.advance(3600)
        told.append(browser.sign_in(MEMBER, OTHER_PIN).body.get("tries_left"))

    assert told == [2, 1, 7, None, 6, 5, 4, 3, 2, 1]


def test_the_right_pin_is_refused_during_the_wait_and_works_after_it(door: FrontDoor) -> None:
    browser = Browser(door)
    for _ in range(3):
        browser.sign_in(MEMBER, OTHER_PIN)

    door.clock.advance(59)
    refused = browser.sign_in(MEMBER)
    assert (refused.status, refused.body["retry_after"]) == (429, 1)

    door.clock.advance(1)
    assert browser.sign_in(MEMBER).status == 200


def test_each_wrong_pin_doubles_the_wait_and_the_tenth_disables_it(door: FrontDoor) -> None:
    browser = Browser(door)
    for _ in range(2):
        browser.sign_in(MEMBER, OTHER_PIN)
    for wait in DOUBLING_WAITS:
        reply = browser.sign_in(MEMBER, OTHER_PIN)
        assert (reply.status, reply.body["retry_after"]) == (429, wait)
        door.clock.advance(wait)

    tenth = browser.sign_in(MEMBER, OTHER_PIN)
    assert (tenth.status, tenth.code) == (403, "pin-disabled")

    door.clock.advance(10 * 86_400)
    assert browser.sign_in(MEMBER).code == "pin-disabled"


def test_success_resets_the_consecutive_failures(door: FrontDoor) -> None:
    stranger = Browser(door)
    for _ in range(2):
        stranger.sign_in(MEMBER, OTHER_PIN)
    assert stranger.sign_in(MEMBER).status == 200
    assert [Browser(door).sign_in(MEMBER, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]


@pytest.mark.slow
def test_a_hundred_failures_in_a_year_disable_the_pin(cloud: Cloud) -> None:
    door = FrontDoor(cloud, NO_SOURCE_LIMITS)
    door.add_member(MEMBER)
    for failures in range(98):
        assert Browser(door).sign_in(MEMBER, OTHER_PIN).status == 401, failures
        if failures % 2:
            assert Browser(door).sign_in(MEMBER).status == 200
            door.clock.advance(3 * 86_400)
    assert Browser(door).sign_in(MEMBER, OTHER_PIN).status == 401
    assert Browser(door).sign_in(MEMBER, OTHER_PIN).code == "pin-disabled"
    assert Browser(door).sign_in(MEMBER).code == "pin-disabled"


def test_failures_older_than_a_year_are_forgotten(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"PinFailuresInAYear": "4"})
    door.add_member(MEMBER)
    for _ in range(2):
        Browser(door).sign_in(MEMBER, OTHER_PIN)
    Browser(door).sign_in(MEMBER)
    door.clock.advance(366 * 86_400)
    assert [Browser(door).sign_in(MEMBER, OTHER_PIN).status for _ in range(2)] == [401, 401]
    assert Browser(door).sign_in(MEMBER).status == 200


def test_a_new_pin_starts_with_no_failures(door: FrontDoor) -> None:
    for _ in range(3):
        Browser(door).sign_in(MEMBER, OTHER_PIN)
    door.add_member(MEMBER, credential_version=2)
    assert Browser(door).sign_in(MEMBER).status == 200


def test_a_sign_in_overtaken_by_a_new_pin_starts_nothing(door: FrontDoor, cloud: Cloud) -> None:
    browser, setter = Browser(door), Browser(door, source="203.0.113.9")

    def set_another_pin() -> None:
        body = {"identifier": MEMBER, "pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
        assert setter.post("/pin", body).status == 204

    once_before(cloud, "TransactWriteItems", set_another_pin)
    reply = browser.sign_in(MEMBER)

    assert (reply.status, reply.code) == (401, "invalid-credentials")
    (item,) = items(cloud, "SIGN_INS#")
    sign_ins = sign_ins_from_item(item)
    assert (sign_ins.sessions, len(sign_ins.browsers)) == ((), 1), "no session, and only the browser that set the PIN"
    assert browser.cookies == {}
    assert setter.sign_in(MEMBER, NEW_PIN).status == 200
    assert len(door.events("login.failed")) == 1
    assert [event["audit"]["known_browser"] for event in door.events("login.succeeded")] == [True]


def test_a_wrong_pin_after_a_new_one_counts_at_the_new_one(door: FrontDoor) -> None:
    for _ in range(3):
        Browser(door).sign_in(MEMBER, OTHER_PIN)
    door.add_member(MEMBER, credential_version=2)
    stranger = Browser(door)
    assert [stranger.sign_in(MEMBER, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]


def test_a_known_browser_is_not_locked_out_by_a_stranger(door: FrontDoor) -> None:
    known = Browser(door)
    known.sign_in(MEMBER)
    stranger = Browser(door, source="198.51.100.7")
    assert [stranger.sign_in(MEMBER, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]

    assert known.sign_in(MEMBER).status == 200
    assert stranger.sign_in(MEMBER).status == 429


def test_a_known_browser_is_not_locked_out_by_its_neighbours_address(door: FrontDoor) -> None:
    known = Browser(door)
    known.sign_in(MEMBER)
    for number in range(30):
        Browser(door).sign_in(f"UNKNOWN{number:02}", OTHER_PIN)
    assert Browser(door).sign_in("UNKNOWN99", OTHER_PIN).status == 429
    assert known.sign_in(MEMBER).status == 200


def test_a_known_browser_signs_in_by_five_calls_after_a_wrong_pin_too(cloud: Cloud) -> None:
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        door.add_member(MEMBER)
        known = Browser(door)
        known.sign_in(MEMBER)
        known.sign_in(MEMBER, OTHER_PIN)
        before = len(calls.calls)
        known.sign_in(MEMBER)
        made = calls.calls[before:]
    assert len(made) == 5
    assert len({call.hop for call in made}) == 3


def test_a_browser_is_known_for_a_time_and_not_a_second_longer(door: FrontDoor) -> None:
    known = Browser(door)
    known.sign_in(MEMBER)
    door.clock.advance(_known_until(door) - door.clock.time)
    for _ in range(3):
        Browser(door, source="198.51.100.7").sign_in(MEMBER, OTHER_PIN)

    assert known.sign_in(MEMBER).status == 429


def test_cookie_and_record_of_a_known_browser_are_renewed_together(
    door: FrontDoor,
) -> None:
    known = Browser(door)
    for _ in range(2):
        reply = known.sign_in(MEMBER)
        (line,) = [line for line in reply.headers["Set-Cookie"] if line.startswith("__Host-device-")]
        assert f"Max-Age={_known_until(door) - door.clock.time}" in line
        door.clock.advance(30 * 86_400)


def test_a_known_browser_has_a_limit_of_its_own(door: FrontDoor) -> None:
    known = Browser(door)
    known.sign_in(MEMBER)
    assert [known.sign_in(MEMBER, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]
    assert Browser(door).sign_in(MEMBER).status == 200


def test_a_browser_known_for_one_member_is_a_stranger_to_another(door: FrontDoor) -> None:
    door.add_member("B7654321")
    browser = Browser(door)
    browser.sign_in(MEMBER)
    for _ in range(3):
        browser.sign_in("B7654321", OTHER_PIN)
    assert browser.sign_in("B7654321").status == 429
    assert Browser(door, cookies=browser.device_cookies).sign_in(MEMBER).status == 200


@pytest.mark.parametrize("cookie", ["", "0" * 64, f"{'0' * 32}.{'0' * 64}", "x", "ffff\x00", "é" * 20])
def test_a_forged_device_cookie_makes_no_browser_known(door: FrontDoor, cookie: str) -> None:
    known = Browser(door)
    known.sign_in(MEMBER)
    for _ in range(3):
        Browser(door, source="198.51.100.7").sign_in(MEMBER, OTHER_PIN)
    forged = dict.fromkeys(known.device_cookies, cookie)
    assert Browser(door, cookies=forged).sign_in(MEMBER).status == 429


def test_of_two_device_cookies_neither_makes_the_browser_known(door: FrontDoor) -> None:
    known = Browser(door)
    known.sign_in(MEMBER)
    for _ in range(3):
        Browser(door, source="198.51.100.7").sign_in(MEMBER, OTHER_PIN)
    ((name, device),) = known.device_cookies.items()
    header = {"Cookie": f"{name}={device}; {name}={device}"}
    assert Browser(door).post("/login", {"identifier": MEMBER, "pin": PIN}, header).status == 429
    assert known.sign_in(MEMBER).status == 200


def test_thirty_failures_of_one_source_make_it_wait_for_any_member(door: FrontDoor) -> None:
    for number in range(30):
        assert Browser(door).sign_in(f"UNKNOWN{number:02}", OTHER_PIN).status == 401
    refused = Browser(door).sign_in(MEMBER)
    assert refused.code == "too-many-attempts"
    assert Browser(door, source="192.0.2.2").sign_in(MEMBER).status == 200

    door.clock.advance(refused.body["retry_after"] - 1)
    assert Browser(door).sign_in(MEMBER).status == 429
    door.clock.advance(1)
    assert Browser(door).sign_in(MEMBER).status == 200


def test_failures_of_one_source_count_together_over_a_quarter_of_an_hour(door: FrontDoor) -> None:
    for number in range(30):
        assert Browser(door).sign_in(f"UNKNOWN{number:02}", OTHER_PIN).status == 401
        door.clock.advance(7)
    assert Browser(door).sign_in(MEMBER).code == "too-many-attempts"


def test_failures_of_a_source_expire_when_they_no_longer_count(door: FrontDoor, cloud: Cloud) -> None:
    Browser(door).sign_in(MEMBER, OTHER_PIN)
    (expires_at,) = [int(item["expires_at"]["N"]) for item in items(cloud, "SOURCE#")]

    assert expires_at == NOON - NOON % 900 + 2 * 900


def test_a_refusal_for_the_source_costs_the_member_no_attempt(door: FrontDoor) -> None:
    for number in range(30):
        Browser(door).sign_in(f"UNKNOWN{number:02}", OTHER_PIN)
    for _ in range(5):
        assert Browser(door).sign_in(MEMBER, OTHER_PIN).status == 429
    assert Browser(door, source="192.0.2.2").sign_in(MEMBER, OTHER_PIN).status == 401


def test_addresses_of_one_ipv6_subscriber_count_as_one(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"SourceFailures": "2"})
    door.add_member(MEMBER)
    for host in (1, 2):
        Browser(door, source=f"2001:db8:1:2::{host}").sign_in("UNKNOWN1", OTHER_PIN)
    assert Browser(door, source="2001:db8:1:2:ffff::3").sign_in(MEMBER).status == 429
    assert Browser(door, source="2001:db8:1:3::1").sign_in(MEMBER).status == 200


def test_sentences_follow_the_language_and_codes_do_not(door: FrontDoor) -> None:
    body = {"identifier": MEMBER, "pin": OTHER_PIN}
    english = Browser(door).post("/login", body, {"Accept-Language": "en-GB, fr;q=0.5"})
    french = Browser(door).post("/login", body, {"Accept-Language": "de, fr;q=0.1"})

    assert english.body["detail"] == "The identifier or the 6-digit PIN is incorrect."
    assert english.headers["Content-Language"] == ["en"]
    assert french.body["detail"] == "L’identifiant ou le mot de passe à 6 chiffres est incorrect."
    assert english.code == french.code
    assert english.body["type"] == "urn:member-access:invalid-credentials"


def test_a_hash_made_at_an_older_cost_is_upgraded_at_sign_in(cloud: Cloud) -> None:
    FrontDoor(cloud).add_member(MEMBER)
    dearer = FrontDoor(cloud, {"Argon2Iterations": "2", "OlderArgon2Costs": CHEAP})
    assert Browser(dearer).sign_in(MEMBER).status == 200
    assert _stored_hash(dearer).partition("$")[2].startswith("argon2id$v=19$m=8,t=2,p=1$")
    assert Browser(dearer).sign_in(MEMBER).status == 200
    assert len(dearer.events("pin.hash-upgraded")) == 1


def test_a_hash_made_with_an_older_key_is_upgraded_at_sign_in(cloud: Cloud) -> None:
    FrontDoor(cloud).add_member(MEMBER)
    newer_key = cloud.keys["CodeKey"]
    door = FrontDoor(cloud, {"CurrentPinKeyArn": newer_key})
    assert Browser(door).sign_in(MEMBER, OTHER_PIN).status == 401
    assert Browser(door).sign_in(MEMBER).status == 200
    assert _stored_hash(door).startswith(f"{newer_key}$")
    assert Browser(door).sign_in(MEMBER).status == 200


def test_a_hash_made_with_any_former_key_is_upgraded_at_sign_in(cloud: Cloud) -> None:
    first, second, newest = (cloud.keys[name] for name in ("IndexKey", "OwnDataKey", "CodeKey"))
    members = {"A0000001": first, "A0000002": second}
    for identifier, key in members.items():
        FrontDoor(cloud, {"CurrentPinKeyArn": key}).add_member(identifier)
    door = FrontDoor(cloud, {"CurrentPinKeyArn": newest, "FormerPinKeyArns": f"{first},{second}"})

    for identifier in members:
        assert Browser(door).sign_in(identifier, OTHER_PIN).status == 401
        assert Browser(door).sign_in(identifier).status == 200
    assert len(door.events("pin.hash-upgraded")) == 2


def test_a_hash_of_a_cost_that_no_setting_names_fits_no_pin(cloud: Cloud) -> None:
    FrontDoor(cloud).add_member(MEMBER)
    forgetful = FrontDoor(cloud, {"Argon2Iterations": "2"})
    assert Browser(forgetful).sign_in(MEMBER).code == "invalid-credentials"
    assert [event["audit"]["hash_unusable"] for event in forgetful.events("login.failed")] == [True]
    assert Browser(FrontDoor(cloud)).sign_in(MEMBER).status == 200, "once the settings name it again"


def test_a_hash_of_a_key_out_of_use_fits_no_pin_and_a_reset_replaces_it(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"CurrentPinKeyArn": cloud.keys["CodeKey"]})
    door.add_member(MEMBER, email="member@example.fr")
    later = FrontDoor(cloud, {"CurrentPinKeyArn": cloud.keys["IndexKey"]})
    browser = Browser(later)
    assert browser.sign_in(MEMBER).code == "invalid-credentials"
    assert [event["audit"]["hash_unusable"] for event in later.events("login.failed")] == [True]

    browser.post("/reset", {"identifier": MEMBER})
    code = {"identifier": MEMBER, "code": last_code(cloud, MEMBER)}
    token = browser.post("/reset/verify", code).body["reset_token"]
    new_pin = {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN}
    assert browser.post("/reset/pin", new_pin).status == 204
    assert browser.sign_in(MEMBER, NEW_PIN).status == 200


def test_wrong_pins_at_a_usable_hash_or_at_none_say_so(door: FrontDoor) -> None:
    for identifier in (MEMBER, "UNKNOWN1"):
        Browser(door).sign_in(identifier, OTHER_PIN)
    assert [event["audit"]["hash_unusable"] for event in door.events("login.failed")] == [False, False]


def test_the_discovery_document_leads_to_the_keys(door: FrontDoor) -> None:
    reply = Browser(door).send("GET", "/.well-known/openid-configuration")
    assert reply.body["issuer"] == "https://members.example/v1"
    assert reply.body["jwks_uri"] == "https://members.example/v1/.well-known/jwks.json"
    assert reply.headers["Cache-Control"] == ["public, max-age=300"]


def test_the_discovery_document_states_only_what_exists(door: FrontDoor) -> None:
    # OpenID Connect Discovery 1.0 §4.2 and RFC 8414 §3.2: a claim without elements must be left out. The issuer has no
    # endpoint of these standards.
    document = Browser(door).send("GET", "/.well-known/openid-configuration").body
    assert [name for name, value in document.items() if not value] == []
    assert [name for name in document if name.endswith("_endpoint")] == []
    assert document["id_token_signing_alg_values_supported"] == ["RS256"]


def _known_until(door: FrontDoor) -> int:
    (item,) = items(door.cloud, "SIGN_INS#")
    (browser,) = sign_ins_from_item(item).browsers
    return known_until(browser)


def _stored_hash(door: FrontDoor) -> str:
    item = door.cloud.dynamodb.get_item(
        TableName=door.cloud.tables["MembersTable"], Key={"pk": {"S": f"MEMBER#{MEMBER}"}}
    )["Item"]
    return item["pin_hash"]["S"]
