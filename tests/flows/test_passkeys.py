"""Passkeys: adding, listing and deleting them, and signing in with one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from joserfc import jwt
from joserfc.jwk import KeySet

from member_access.outbox.email_item import EmailKind
from simulators.authenticator import Authenticator, with_client_data
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.members import NEW_PIN
from tests.support.passkeys import ORIGIN, add_passkey, bearer, sign_in_with, signed_challenge
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER, OTHER = "A1234567", "B7654321"


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """A function, and one member with a PIN."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    return door


@pytest.fixture
def authenticator(door: FrontDoor) -> Authenticator:
    """An authenticator with a passkey of the member."""
    authenticator, browser = Authenticator(), Browser(door)
    assert add_passkey(browser, authenticator, bearer(browser, MEMBER)).status == 201
    return authenticator


def faults(door: FrontDoor) -> list[str]:
    return [event["audit"]["fault"] for event in door.events("passkey.rejected")]


def test_a_passkey_signs_in(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    reply = sign_in_with(browser, authenticator)

    assert reply.status == 200
    assert reply.body.keys() == {"access_token", "token_type", "expires_in"}
    assert browser.cookies.keys() == {"__Host-session", *browser.device_cookies}
    assert browser.refresh().status == 200
    keys = KeySet.import_key_set(browser.send("GET", "/.well-known/jwks.json").body)  # type: ignore[arg-type]  # a key set
    claims = jwt.decode(reply.body["access_token"], keys, algorithms=["RS256"]).claims
    assert [claims[name] for name in ("sub", "acr", "amr")] == [MEMBER, "passkey", ["pop", "user"]]


def test_the_options_of_a_sign_in_are_the_same_for_everyone(door: FrontDoor, authenticator: Authenticator) -> None:
    known, unknown = Browser(door), Browser(door)
    sign_in_with(known, authenticator)
    first, second = (browser.post("/login/passkey/options") for browser in (known, unknown))

    assert first.body.pop("challenge") != second.body.pop("challenge")
    assert first.body | {"challenge": ""} == second.body | {"challenge": ""}
    assert second.body | {"challenge": ""} == {
        "challenge": "",
        "timeout": 300_000,
        "rpId": "members.example",
        "allowCredentials": [],
        "userVerification": "required",
    }


def test_an_authenticator_learns_no_identifier_as_its_handle(door: FrontDoor) -> None:
    browser = Browser(door)
    options = browser.post("/passkeys/options", headers=bearer(browser, MEMBER)).body

    assert len(options["user"]["id"]) == 86, "64 bytes"
    assert options["authenticatorSelection"] == {
        "residentKey": "required",
        "requireResidentKey": True,
        "userVerification": "required",
    }
    assert options["attestation"] == "none"
    assert options["excludeCredentials"] == []


def test_all_passkeys_of_a_member_have_one_handle(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    first, second = (browser.post("/passkeys/options", headers=headers).body for _ in range(2))

    assert first["user"] == second["user"]
    assert len(first["excludeCredentials"]) == 1


def test_a_challenge_signs_in_once(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    signed = signed_challenge(browser, authenticator)

    assert browser.post("/login/passkey", signed).status == 200
    again = browser.post("/login/passkey", signed)
    assert (again.status, again.code) == (401, "invalid-credentials")
    assert "clé d’accès" in again.body["detail"]
    assert faults(door) == ["challenge"]


def test_a_challenge_lasts_five_minutes(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    in_time, late = signed_challenge(browser, authenticator), signed_challenge(browser, authenticator)
    door.clock.advance(299)
    assert browser.post("/login/passkey", in_time).status == 200
    door.clock.advance(1)
    assert browser.post("/login/passkey", late).status == 401


def test_the_table_holds_no_challenge_in_clear(door: FrontDoor, authenticator: Authenticator) -> None:
    challenge = Browser(door).post("/login/passkey/options").body["challenge"]
    (stored,) = items(door.cloud, "CEREMONY#")

    assert stored.keys() == {"pk", "expires_at"}
    assert challenge not in json.dumps(stored)


def test_a_challenge_of_a_new_passkey_signs_no_one_in(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    options = browser.post("/passkeys/options", headers=bearer(browser, MEMBER)).body
    signed = authenticator.get({"rpId": "members.example", "challenge": options["challenge"]}, ORIGIN)

    assert browser.post("/login/passkey", signed).status == 401


def test_a_passkey_signs_in_although_the_pin_waits_or_is_disabled(
    door: FrontDoor, authenticator: Authenticator
) -> None:
    stranger = Browser(door, source="198.51.100.7")
    for _ in range(3):
        stranger.sign_in(MEMBER, OTHER_PIN)
    assert stranger.sign_in(MEMBER).status == 429
    assert sign_in_with(Browser(door), authenticator).status == 200
    for _ in range(7):
        door.clock.advance(3600)
        stranger.sign_in(MEMBER, OTHER_PIN)
    assert stranger.sign_in(MEMBER).code == "pin-disabled"
    assert sign_in_with(Browser(door), authenticator).status == 200


def test_a_passkey_gives_a_guesser_of_pins_no_fresh_start(door: FrontDoor, authenticator: Authenticator) -> None:
    for _ in range(3):
        Browser(door).sign_in(MEMBER, OTHER_PIN)
    sign_in_with(Browser(door), authenticator)

    assert Browser(door).sign_in(MEMBER).status == 429


def test_a_new_pin_keeps_passkeys_but_ends_their_sessions(door: FrontDoor, authenticator: Authenticator) -> None:
    browser, other = Browser(door), Browser(door)
    sign_in_with(browser, authenticator)
    body = {"identifier": MEMBER, "pin": PIN, "new_pin": NEW_PIN, "new_pin_confirmation": NEW_PIN}
    assert other.post("/pin", body).status == 204

    assert browser.refresh().status == 401
    assert sign_in_with(browser, authenticator).status == 200


def test_the_browser_of_a_passkey_is_known(door: FrontDoor, authenticator: Authenticator) -> None:
    browser, stranger = Browser(door, source="192.0.2.7"), Browser(door)
    sign_in_with(browser, authenticator)
    for _ in range(3):
        stranger.sign_in(MEMBER, OTHER_PIN)

    assert stranger.sign_in(MEMBER).status == 429
    assert browser.sign_in(MEMBER).status == 200
    assert [event["audit"]["known_browser"] for event in door.events("passkey.signed-in")] == [False]


def test_an_authenticator_that_did_not_verify_its_user_signs_no_one_in(
    door: FrontDoor, authenticator: Authenticator
) -> None:
    authenticator.verifies_user = False

    assert sign_in_with(Browser(door), authenticator).status == 401
    assert faults(door) == ["signature"]


@pytest.mark.parametrize(
    "origin", ["https://members.example.org", "http://members.example", "https://members.example:8443", "null"]
)
def test_an_answer_for_another_origin_signs_no_one_in(
    door: FrontDoor, authenticator: Authenticator, origin: str
) -> None:
    browser = Browser(door)

    assert browser.post("/login/passkey", signed_challenge(browser, authenticator, origin)).status == 401
    assert faults(door) == ["signature"]


def test_a_signature_by_another_key_signs_no_one_in(door: FrontDoor, authenticator: Authenticator) -> None:
    browser, thief = Browser(door), Authenticator()
    thief.create(browser.post("/passkeys/options", headers=bearer(browser, MEMBER)).body, ORIGIN)
    signed = signed_challenge(browser, thief)

    assert (
        browser.post("/login/passkey", {**signed, "id": signed_challenge(browser, authenticator)["id"]}).status == 401
    )
    assert browser.post("/login/passkey", signed_challenge(browser, thief)).status == 401
    assert faults(door) == ["signature", "unknown"]


def test_the_handle_of_another_member_signs_no_one_in(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    signed = signed_challenge(browser, authenticator)
    signed["response"]["userHandle"] = "AAAA"

    assert browser.post("/login/passkey", signed).status == 401


def test_client_data_that_was_not_signed_signs_no_one_in(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    signed = with_client_data(signed_challenge(browser, authenticator), crossOrigin=True)

    assert browser.post("/login/passkey", signed).status == 401


def test_zero_is_a_good_count_each_time(door: FrontDoor, authenticator: Authenticator) -> None:
    assert [sign_in_with(Browser(door), authenticator).status for _ in range(3)] == [200, 200, 200]


def test_a_count_that_goes_back_is_refused_and_recorded_as_a_clone(
    door: FrontDoor, authenticator: Authenticator
) -> None:
    authenticator.counts = True
    assert sign_in_with(Browser(door), authenticator).status == 200
    assert sign_in_with(Browser(door), authenticator).status == 200
    authenticator.sign_count = 1
    reply = sign_in_with(Browser(door), authenticator)

    assert (reply.status, reply.code) == (401, "invalid-credentials")
    assert len(door.events("passkey.cloned")) == 1
    authenticator.sign_count = 7
    assert sign_in_with(Browser(door), authenticator).status == 200


def test_a_source_may_fail_thirty_times(door: FrontDoor, authenticator: Authenticator) -> None:
    guesser = Browser(door, source="198.51.100.9")
    authenticator.verifies_user = False
    replies = [sign_in_with(guesser, authenticator) for _ in range(31)]

    assert [reply.status for reply in replies] == [401] * 30 + [429]
    assert replies[-1].headers["Retry-After"]
    authenticator.verifies_user = True
    assert sign_in_with(guesser, authenticator).status == 429
    assert sign_in_with(Browser(door), authenticator).status == 200


def test_sign_ins_with_a_passkey_do_not_count_at_the_source(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    before = [item["claims"] for item in items(door.cloud, "SOURCE#")]
    for _ in range(3):
        assert sign_in_with(browser, authenticator).status == 200

    assert [item["claims"] for item in items(door.cloud, "SOURCE#")] == before


def test_an_unknown_passkey_causes_the_same_calls_as_a_wrong_signature(
    door: FrontDoor, authenticator: Authenticator
) -> None:
    thief, browser = Authenticator(), Browser(door)
    thief.create(browser.post("/passkeys/options", headers=bearer(browser, MEMBER)).body, ORIGIN)
    authenticator.verifies_user = False
    calls, replies = [], []
    for one in (thief, authenticator):
        signed = signed_challenge(Browser(door), one)
        with door.cloud.recorded_calls() as log:
            replies.append(Browser(door).post("/login/passkey", signed))
        calls.append([request.permission for request in log.requests()])

    assert calls[0] == calls[1]
    assert replies[0] == replies[1]


def test_a_member_has_a_list_of_passkeys(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    headers = bearer(browser, MEMBER) | {
        "User-Agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0) Version/19.0 Safari/604.1"
    }
    door.clock.advance(60)
    added = add_passkey(browser, Authenticator(), headers)
    door.clock.advance(60)
    third = add_passkey(browser, Authenticator(), headers, "  Clé de  Camille ")
    sign_in_with(Browser(door), authenticator)
    listed = browser.send("GET", "/passkeys", headers=headers).body["passkeys"]

    assert [one["name"] for one in listed] == ["Web", "Safari, iPhone", "Clé de Camille"]
    assert [one["created_at"] for one in listed][1] == added.body["created_at"]
    assert [("last_used_at" in one) for one in listed] == [True, False, False]
    assert listed[2] == third.body


def test_the_token_of_an_ended_session_changes_no_passkey(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    assert browser.sign_out().status == 204

    for method, path in (("GET", "/passkeys"), ("POST", "/passkeys/options"), ("DELETE", f"/passkeys/{'0' * 64}")):
        assert browser.send(method, path, headers=headers).code == "invalid-token"
    assert sign_in_with(browser, authenticator).status == 200


def test_a_list_shows_no_other_members_passkey(door: FrontDoor, authenticator: Authenticator) -> None:
    door.add_member(OTHER)
    browser = Browser(door)

    assert browser.send("GET", "/passkeys", headers=bearer(browser, OTHER)).body == {"passkeys": []}


def test_a_deleted_passkey_signs_no_one_in(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    (listed,) = browser.send("GET", "/passkeys", headers=headers).body["passkeys"]

    assert browser.send("DELETE", f"/passkeys/{listed['id']}", headers=headers).status == 204
    assert browser.send("DELETE", f"/passkeys/{listed['id']}", headers=headers).status == 204
    assert browser.send("GET", "/passkeys", headers=headers).body == {"passkeys": []}
    assert sign_in_with(browser, authenticator).status == 401
    assert items(door.cloud, "PASSKEY#", "MembersTable") == []
    assert len(door.events("passkey.deleted")) == 1


@pytest.mark.parametrize("name", ["nothing", "A" * 64, "0" * 64])
def test_a_passkey_that_does_not_exist_is_deleted_already(door: FrontDoor, name: str) -> None:
    browser = Browser(door)

    assert browser.send("DELETE", f"/passkeys/{name}", headers=bearer(browser, MEMBER)).status == 204
    assert door.events("passkey.deleted") == []


def test_a_member_cannot_delete_another_members_passkey(door: FrontDoor, authenticator: Authenticator) -> None:
    door.add_member(OTHER)
    browser = Browser(door)
    (listed,) = browser.send("GET", "/passkeys", headers=bearer(browser, MEMBER)).body["passkeys"]

    assert browser.send("DELETE", f"/passkeys/{listed['id']}", headers=bearer(browser, OTHER)).status == 204
    assert sign_in_with(Browser(door), authenticator).status == 200


def test_a_member_has_at_most_ten_passkeys(door: FrontDoor) -> None:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    options = browser.post("/passkeys/options", headers=headers).body
    last = {"credential": Authenticator().create(options, ORIGIN)}

    assert [add_passkey(browser, Authenticator(), headers).status for _ in range(10)] == [201] * 10
    refused = browser.post("/passkeys/options", headers=headers)
    assert (refused.status, refused.code) == (409, "too-many-passkeys")
    assert browser.post("/passkeys", last, headers).status in {409, 422}


def test_one_credential_id_is_one_passkey(door: FrontDoor, authenticator: Authenticator) -> None:
    door.add_member(OTHER)
    browser = Browser(door)
    known = signed_challenge(browser, authenticator)["id"]
    headers = bearer(browser, OTHER)
    thief = Authenticator()
    made = thief.create(browser.post("/passkeys/options", headers=headers).body, ORIGIN)
    reply = browser.post("/passkeys", {"credential": {**made, "id": known}}, headers)

    assert (reply.status, reply.code) == (422, "passkey-not-added")


@pytest.mark.parametrize("verifies_user", [True, False])
def test_a_new_passkey_needs_an_authenticator_that_verifies_its_user(door: FrontDoor, verifies_user: bool) -> None:
    browser = Browser(door)
    reply = add_passkey(browser, Authenticator(verifies_user=verifies_user), bearer(browser, MEMBER))

    assert reply.status == (201 if verifies_user else 422)


def test_a_challenge_adds_one_passkey_and_to_its_own_member(door: FrontDoor) -> None:
    door.add_member(OTHER)
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    options = browser.post("/passkeys/options", headers=headers).body

    other = {"credential": Authenticator().create(options, ORIGIN)}
    assert browser.post("/passkeys", other, bearer(browser, OTHER)).code == "passkey-not-added"
    assert browser.post("/passkeys", {"credential": Authenticator().create(options, ORIGIN)}, headers).status == 201
    assert browser.post("/passkeys", other, headers).code == "passkey-not-added"


def test_a_change_of_passkeys_needs_a_sign_in_of_the_last_five_minutes(
    door: FrontDoor, authenticator: Authenticator
) -> None:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    door.clock.advance(301)
    refused = [
        browser.post("/passkeys/options", headers=headers),
        browser.post("/passkeys", {"credential": Authenticator().create(OPTIONS, ORIGIN)}, headers),
        browser.send("DELETE", f"/passkeys/{'0' * 64}", headers=headers),
    ]

    assert [(reply.status, reply.code) for reply in refused] == [(401, "sign-in-again")] * 3
    assert "max_age=300" in refused[0].headers["WWW-Authenticate"][0]
    assert browser.send("GET", "/passkeys", headers=headers).status == 200
    refreshed = {"Authorization": f"Bearer {browser.refresh().body['access_token']}"}
    assert browser.post("/passkeys/options", headers=refreshed).code == "sign-in-again"


OPTIONS = {
    "rp": {"id": "members.example", "name": ""},
    "user": {"id": "AAAA", "name": "", "displayName": ""},
    "challenge": "AAAA",
    "pubKeyCredParams": [{"type": "public-key", "alg": -7}],
}


@pytest.mark.parametrize("text", ["", "Bearer", "Bearer ", "Basic YTpi", "Bearer a.b.c", "Bearer " + "a" * 5000])
def test_the_list_needs_an_access_token(door: FrontDoor, text: str) -> None:
    reply = Browser(door).send("GET", "/passkeys", headers={"Authorization": text})

    assert (reply.status, reply.code) == (401, "invalid-token")
    assert 'error="invalid_token"' in reply.headers["WWW-Authenticate"][0]


def test_an_expired_access_token_opens_nothing(door: FrontDoor) -> None:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    door.clock.advance(899)
    assert browser.send("GET", "/passkeys", headers=headers).status == 200
    door.clock.advance(1)
    assert browser.send("GET", "/passkeys", headers=headers).code == "invalid-token"


def test_the_member_is_told_of_a_new_and_of_a_deleted_passkey(door: FrontDoor, authenticator: Authenticator) -> None:
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    (listed,) = browser.send("GET", "/passkeys", headers=headers).body["passkeys"]
    browser.send("DELETE", f"/passkeys/{listed['id']}", headers=headers)

    kinds = sorted(item["kind"]["S"] for item in items(door.cloud, "EMAIL#"))
    assert [kind for kind in kinds if kind != EmailKind.NEW_BROWSER] == ["passkey-added", "passkey-deleted"]


def test_a_sign_in_with_a_passkey_in_a_new_browser_needs_no_code(cloud: Cloud) -> None:
    door, authenticator = FrontDoor(cloud, {"NewBrowser": "confirm"}), Authenticator()
    door.add_member(MEMBER, email="member@example.fr")
    assert Browser(door).sign_in(MEMBER).status == 202
    door = FrontDoor(cloud)
    browser = Browser(door)
    assert add_passkey(browser, authenticator, bearer(browser, MEMBER)).status == 201

    door = FrontDoor(cloud, {"NewBrowser": "confirm"})
    assert sign_in_with(Browser(door), authenticator).status == 200


@pytest.mark.parametrize(
    "name", ["a" * 61, "Camille\x00", "a\u202eb"], ids=["too long", "a control character", "a mark that turns text"]
)
def test_a_name_is_short_and_visible(door: FrontDoor, name: str) -> None:
    browser = Browser(door)
    reply = add_passkey(browser, Authenticator(), bearer(browser, MEMBER), name)

    assert (reply.status, reply.code) == (422, "invalid-request")
    assert reply.body["errors"][0]["pointer"] == "/name"


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"id": "AAAA"},
        {"id": 1, "response": {}},
        {"id": "AAAA", "response": {"clientDataJSON": "AAAA", "authenticatorData": "AAAA", "signature": None}},
    ],
)
def test_a_body_without_its_fields_is_refused_as_such(door: FrontDoor, body: object) -> None:
    assert Browser(door).post("/login/passkey", body).status == 422


def test_values_that_cannot_be_ours_are_like_any_other_wrong_answer(door: FrontDoor) -> None:
    response = {"clientDataJSON": "é", "authenticatorData": "!", "signature": "", "userHandle": None}
    reply = Browser(door).post("/login/passkey", {"id": "", "response": response})

    assert (reply.status, reply.code) == (401, "invalid-credentials")
