"""Sessions over the function: refresh, its grace, reuse, sign-out, a new PIN."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from simulators.clock import NOON
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.aws_calls import CallLog
    from simulators.cloud import Cloud

MEMBER = "A1234567"
SESSION = "__Host-session"


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """A function, and one member with a PIN."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    return door


@pytest.fixture
def browser(door: FrontDoor) -> Browser:
    """A browser that is signed in."""
    browser = Browser(door)
    assert browser.sign_in(MEMBER).status == 200
    return browser


def test_access_tokens_verify_against_the_published_keys(door: FrontDoor) -> None:
    token = Browser(door).sign_in(MEMBER).body["access_token"]
    keys = KeySet.import_key_set(Browser(door).send("GET", "/.well-known/jwks.json").body)  # type: ignore[arg-type]  # a key set
    decoded = jwt.decode(token, keys, algorithms=["RS256"])

    assert decoded.header["typ"] == "at+jwt"
    assert decoded.claims.pop("jti")
    assert len(decoded.claims.pop("sid")) == 22
    assert decoded.claims == {
        "iss": "https://members.example/v1",
        "aud": "https://members.example",
        "sub": MEMBER,
        "client_id": "espace-adherent",
        "iat": NOON,
        "exp": NOON + 900,
        "auth_time": NOON,
        "acr": "pin",
        "amr": ["pin"],
    }


def test_the_published_keys_have_the_form_of_rfc_7518(door: FrontDoor) -> None:
    (key,) = Browser(door).send("GET", "/.well-known/jwks.json").body["keys"]

    assert {name: key[name] for name in ("kty", "use", "alg", "e")} == {
        "kty": "RSA",
        "use": "sig",
        "alg": "RS256",
        "e": "AQAB",
    }
    assert len(key["n"]) == 342, "256 octets, none of them a zero before the number (§6.3.1.1)"
    assert len(key["kid"]) == 22


def claims(door: FrontDoor, token: str) -> dict[str, Any]:
    """What an access token says."""
    return jwt.decode(token, published(door), algorithms=["RS256"]).claims


def test_tokens_of_one_session_say_how_and_when_it_was_opened(door: FrontDoor) -> None:
    browser = Browser(door)
    first = claims(door, browser.sign_in(MEMBER).body["access_token"])
    door.clock.advance(600)
    refreshed = claims(door, browser.refresh().body["access_token"])
    again = claims(door, browser.sign_in(MEMBER).body["access_token"])

    assert [one["acr"] for one in (first, refreshed, again)] == ["pin", "pin", "pin-known-browser"]
    assert [one["auth_time"] for one in (first, refreshed, again)] == [NOON, NOON, NOON + 600]
    assert first["sid"] == refreshed["sid"] != again["sid"]
    assert first["sid"] not in browser.cookies[SESSION]


def test_a_token_names_every_registered_service(cloud: Cloud) -> None:
    services = [f"https://service-{number}.mutuelle.example" for number in range(26)]
    door = FrontDoor(cloud, {"ServiceAudiences": ",".join(services)})
    door.add_member(MEMBER)
    token = Browser(door).sign_in(MEMBER).body["access_token"]

    assert jwt.decode(token, published(door), algorithms=["RS256"]).claims["aud"] == [
        "https://members.example",
        *services,
    ]
    own_page = Browser(door).send("GET", "/sessions", headers={"Authorization": f"Bearer {token}"})
    assert own_page.status == 200, "the first audience is this service itself"
    assert len(token.rpartition(".")[0]) < 4096, "KMS signs no longer message (Sign, parameter Message)"


def published(door: FrontDoor) -> KeySet:
    """The keys that verify access tokens."""
    return KeySet.import_key_set(Browser(door).send("GET", "/.well-known/jwks.json").body)  # type: ignore[arg-type]  # a key set


def keys_read(log: CallLog) -> list[str]:
    """The signing keys whose public half was read, in order."""
    return [key for call in log.calls if call.operation == "kms:GetPublicKey" for key in call.resources]


@pytest.fixture
def newer_key(cloud: Cloud) -> str:
    """A second signing key."""
    return cloud.kms.create_key(KeySpec="RSA_2048", KeyUsage="SIGN_VERIFY")["KeyMetadata"]["Arn"]


def test_services_that_know_the_next_key_verify_its_first_token(cloud: Cloud, newer_key: str) -> None:
    before = FrontDoor(cloud, {"NextSigningKeyArn": newer_key})
    before.add_member(MEMBER)
    known = published(before)
    after = FrontDoor(cloud, {"AdoptedSigningKeyArn": newer_key, "FormerSigningKeyArn": cloud.keys["SigningKey"]})

    for door in (before, after):
        token = Browser(door).sign_in(MEMBER).body["access_token"]
        assert jwt.decode(token, known, algorithms=["RS256"]).claims["sub"] == MEMBER


def test_tokens_of_the_former_key_verify_until_it_is_no_longer_published(cloud: Cloud, newer_key: str) -> None:
    before = FrontDoor(cloud)
    before.add_member(MEMBER)
    token = Browser(before).sign_in(MEMBER).body["access_token"]
    rotated = {"AdoptedSigningKeyArn": newer_key}
    during = FrontDoor(cloud, {**rotated, "FormerSigningKeyArn": cloud.keys["SigningKey"]})

    assert jwt.decode(token, published(during), algorithms=["RS256"]).claims["sub"] == MEMBER
    with pytest.raises(JoseError):
        jwt.decode(token, published(FrontDoor(cloud, rotated)), algorithms=["RS256"])


def test_a_token_names_the_key_that_signs(cloud: Cloud, newer_key: str) -> None:
    door = FrontDoor(cloud, {"NextSigningKeyArn": newer_key, "FormerSigningKeyArn": newer_key})
    door.add_member(MEMBER)
    token = Browser(door).sign_in(MEMBER).body["access_token"]
    keys = published(door).keys

    assert len(keys) == 2, "each key once"
    assert jwt.decode(token, keys[0], algorithms=["RS256"]).header["kid"] == keys[0].kid


def test_keys_are_read_at_their_first_publication_alone(cloud: Cloud, newer_key: str) -> None:
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, {"NextSigningKeyArn": newer_key}, executor=calls.executor)
        door.add_member(MEMBER)
        Browser(door).sign_in(MEMBER)
        assert keys_read(calls) == []
        published(door)
        published(door)
        assert keys_read(calls) == [cloud.keys["SigningKey"], newer_key]


def test_a_refresh_answers_a_new_access_token_and_replaces_the_cookie(browser: Browser) -> None:
    before = browser.cookies[SESSION]
    browser.door.clock.advance(600)
    reply = browser.refresh()
    assert reply.status == 200
    assert reply.body["expires_in"] == 900
    assert browser.cookies[SESSION] != before


def test_a_refresh_makes_four_calls_in_two_hops(cloud: Cloud) -> None:
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, executor=calls.executor)
        door.add_member(MEMBER)
        browser = Browser(door)
        browser.sign_in(MEMBER)
        before = len(calls.calls)
        browser.refresh()
        made = calls.calls[before:]
    assert [call.operation for call in sorted(made, key=lambda call: (call.hop, call.operation))] == [
        "dynamodb:BatchGetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:UpdateItem",
        "kms:Sign",
    ]
    assert len({call.hop for call in made}) == 2


def test_a_repeated_refresh_within_the_grace_gets_the_same_cookie(browser: Browser) -> None:
    other_tab = Browser(browser.door, cookies=dict(browser.cookies))
    browser.refresh()
    browser.door.clock.advance(29)
    assert other_tab.refresh().status == 200
    assert other_tab.cookies[SESSION] == browser.cookies[SESSION]
    assert browser.refresh().status == 200


def test_a_session_goes_on_after_a_lost_answer(browser: Browser) -> None:
    before_the_lid_closed = dict(browser.cookies)
    browser.refresh()
    reopened = Browser(browser.door, cookies=before_the_lid_closed)
    browser.door.clock.advance(40)
    assert reopened.refresh().status == 200
    assert reopened.cookies[SESSION] != browser.cookies[SESSION], "the lost token must not stay good"
    browser.door.clock.advance(900)
    assert reopened.refresh().status == 200
    repeated = [event["audit"]["repeated"] for event in browser.door.events("session.refreshed")]
    assert repeated == [False, True, False]


def test_a_loser_of_two_refreshes_never_clears_the_cookie(browser: Browser) -> None:
    tabs = [Browser(browser.door, cookies=dict(browser.cookies)) for _ in range(2)]
    replies = [tab.refresh() for tab in tabs]
    assert [reply.status for reply in replies] == [200, 200]
    assert tabs[0].cookies[SESSION] == tabs[1].cookies[SESSION] != ""


def test_a_stolen_older_token_ends_the_session_for_thief_and_member_alike(browser: Browser) -> None:
    thief = Browser(browser.door, cookies=dict(browser.cookies))
    browser.refresh()
    browser.door.clock.advance(900)
    browser.refresh()
    assert (thief.refresh().status, thief.refresh().code) == (401, "session-expired")
    assert browser.refresh().code == "session-expired"
    assert [event["audit"]["reason"] for event in browser.door.events("session.ended")] == ["reuse"]


def test_a_thief_who_uses_a_replaced_token_is_found_when_the_member_returns(browser: Browser) -> None:
    thief = Browser(browser.door, cookies=dict(browser.cookies))
    browser.refresh()
    browser.door.clock.advance(31)
    assert thief.refresh().status == 200, "no one can tell a thief from a lost answer yet"
    assert browser.refresh().code == "session-expired"
    assert thief.refresh().code == "session-expired"
    assert [event["audit"]["reason"] for event in browser.door.events("session.ended")] == ["reuse"]


def test_a_session_ends_after_half_an_hour_without_use(browser: Browser) -> None:
    browser.door.clock.advance(1800)
    assert browser.refresh().code == "session-expired"


def test_a_session_ends_after_twelve_hours(browser: Browser) -> None:
    for _ in range(35):
        browser.door.clock.advance(1200)
        assert browser.refresh().status == 200
    browser.door.clock.advance(1200)
    assert browser.refresh().code == "session-expired"


def test_a_new_pin_ends_every_session(browser: Browser) -> None:
    other = Browser(browser.door)
    other.sign_in(MEMBER)
    browser.door.add_member(MEMBER, credential_version=2)
    assert browser.refresh().code == "session-expired"
    assert other.refresh().code == "session-expired"


def test_a_new_pin_ends_a_session_within_its_grace_too(browser: Browser) -> None:
    other_tab = Browser(browser.door, cookies=dict(browser.cookies))
    browser.refresh()
    browser.door.add_member(MEMBER, credential_version=2)
    assert other_tab.refresh().code == "session-expired"


def test_signing_out_ends_the_session_and_clears_its_cookie(browser: Browser) -> None:
    kept = Browser(browser.door, cookies=dict(browser.cookies))
    reply = browser.sign_out()
    assert (reply.status, reply.text) == (204, "")
    assert SESSION not in browser.cookies
    assert kept.refresh().code == "session-expired"


def test_signing_out_is_in_the_audit_trail(browser: Browser) -> None:
    browser.sign_out()
    (event,) = browser.door.events("session.ended")
    assert (event["audit"]["reason"], event["audit"]["who"]["member"]) == ("signed-out", MEMBER)


def test_signing_out_leaves_other_sessions_alone(browser: Browser) -> None:
    other = Browser(browser.door)
    other.sign_in(MEMBER)
    browser.sign_out()
    assert other.refresh().status == 200


def test_signing_out_twice_or_without_a_session_is_fine(door: FrontDoor) -> None:
    assert Browser(door).sign_out().status == 204
    assert Browser(door, cookies={SESSION: "nonsense"}).sign_out().status == 204


@pytest.mark.parametrize(
    "change",
    [
        lambda cookie: cookie[:0],
        lambda cookie: cookie[:-1],
        lambda cookie: cookie + "A",
        lambda cookie: cookie.swapcase(),
        lambda cookie: cookie.replace(".", "", 1),
        lambda cookie: cookie.rpartition(".")[0] + "." + "A" * 43,
        lambda cookie: "A" * 22 + "." + cookie.partition(".")[2],
        lambda cookie: cookie.split(".")[0] + "." + "A" * 22 + "." + cookie.split(".")[2],
        lambda cookie: cookie.partition(".")[2],
        lambda cookie: "\x00" + cookie,
        lambda cookie: cookie + "; " * 50,
    ],
)
def test_a_forged_or_damaged_session_cookie_lets_no_one_in(browser: Browser, change: object) -> None:
    cookie = browser.cookies[SESSION]
    forged = change(cookie)  # type: ignore[operator]  # one of the functions above
    reply = Browser(browser.door, cookies={SESSION: forged}).refresh()
    assert (reply.status == 200) == (forged.split(";")[0] == cookie)
    assert reply.status in {200, 401}


def test_session_and_device_cookie_cannot_stand_for_each_other(browser: Browser) -> None:
    ((name, device),) = browser.device_cookies.items()
    swapped = {SESSION: device, name: browser.cookies[SESSION]}
    thief = Browser(browser.door, cookies=swapped)
    assert thief.refresh().code == "session-expired"


@pytest.mark.parametrize("blank", ["\u2000", "\u00a0", "\u3000", "\x85", "\x1f", "\u00e2\u0080\u0080"])
def test_a_cookie_from_a_sibling_host_does_not_stand_for_the_session(browser: Browser, blank: str) -> None:
    own = browser.cookies[SESSION]
    header = {"Cookie": f"{blank}{SESSION}=planted; {SESSION}={own}"}
    assert Browser(browser.door).post("/login/refresh", headers=header).status == 200
    assert Browser(browser.door).post("/login/refresh", headers={"Cookie": f"{blank}{SESSION}={own}"}).status == 401


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_of_two_session_cookies_neither_is_used(browser: Browser, order: tuple[int, int]) -> None:
    other = Browser(browser.door)
    other.sign_in(MEMBER)
    sent = [browser.cookies[SESSION], other.cookies[SESSION]]
    header = {"Cookie": "; ".join(f"{SESSION}={sent[one]}" for one in order)}
    stranger = Browser(browser.door)
    reply = stranger.post("/login/refresh", headers=header)
    assert (reply.status, reply.code) == (401, "session-expired")
    assert stranger.post("/logout", headers=header).status == 204
    assert [browser.refresh().status, other.refresh().status] == [200, 200]


def test_the_table_holds_nothing_that_signs_in(browser: Browser) -> None:
    cloud = browser.door.cloud
    kept = repr(items(cloud))
    for cookie in browser.cookies.values():
        # The first part is a pseudonym, which leads to the item.
        for part in cookie.split(".")[1:]:
            assert part not in kept


def test_a_member_who_is_gone_has_no_session_any_more(door: FrontDoor, browser: Browser) -> None:
    door.cloud.dynamodb.delete_item(TableName=door.cloud.tables["MembersTable"], Key={"pk": {"S": f"MEMBER#{MEMBER}"}})
    assert browser.refresh().code == "session-expired"
