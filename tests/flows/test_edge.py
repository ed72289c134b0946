"""Bad input of every kind is refused at the edge, in one form, and nothing that was sent comes back."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from simulators.sign_in_driver import Browser, FrontDoor, Reply, api_event

if TYPE_CHECKING:
    from simulators.cloud import Cloud

JSON = {"Content-Type": "application/json"}
AUTHENTICATE = ['MemberAccess realm="member-access"']
GOOD = {"identifier": "A1234567", "pin": "270519"}


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """A function without a member."""
    return FrontDoor(cloud)


def is_a_problem(reply: Reply) -> bool:
    """Whether an answer is a problem as RFC 9457 defines it, and no browser will take it for anything else."""
    return (
        reply.headers["Content-Type"] == ["application/problem+json"]
        and reply.headers["Cache-Control"] == ["no-store"]
        and reply.headers["X-Content-Type-Options"] == ["nosniff"]
        and reply.body["status"] == reply.status
        and reply.body["type"] == f"urn:member-access:{reply.code}"
        and bool(reply.body["title"] and reply.body["detail"])
        and reply.headers.get("WWW-Authenticate") == (AUTHENTICATE if reply.status == 401 else None)
    )


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (None, 400, "malformed-request"),
        ("", 400, "malformed-request"),
        ("{", 400, "malformed-request"),
        ("{'pin': 1}", 400, "malformed-request"),
        ('{"identifier": NaN}', 422, "invalid-request"),
        ('{"identifier":"\\ud800","pin":"270519"}', 400, "malformed-request"),
        ("[" * 5000, 400, "malformed-request"),
        ('{"a":' * 1500, 400, "malformed-request"),
        ("1" * 5000, 400, "malformed-request"),
        ("[]", 422, "invalid-request"),
        ("null", 422, "invalid-request"),
        ('"text"', 422, "invalid-request"),
        ("{}", 422, "invalid-request"),
        ("x" * 1_000_000, 413, "request-too-large"),
        (json.dumps({**GOOD, "padding": "x" * 10_000}), 413, "request-too-large"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_body_that_is_not_what_the_call_takes_is_refused(
    door: FrontDoor, body: str | None, status: int, code: str
) -> None:
    reply = Browser(door).send("POST", "/login", body, JSON)
    assert (reply.status, reply.code) == (status, code)
    assert is_a_problem(reply)


@pytest.mark.parametrize(
    ("changed", "pointer", "sentence"),
    [
        ({"pin": "12345"}, "/pin", "Saisissez exactement 6 chiffres."),
        ({"pin": "1234567"}, "/pin", "Saisissez exactement 6 chiffres."),
        ({"pin": "٢٧٠٥١٩"}, "/pin", "Saisissez exactement 6 chiffres."),
        ({"pin": "27051\u0000"}, "/pin", "Saisissez exactement 6 chiffres."),
        ({"pin": "270519\n"}, "/pin", "Saisissez exactement 6 chiffres."),
        ({"pin": " 270519"}, "/pin", "Saisissez exactement 6 chiffres."),
        ({"pin": "²70519"}, "/pin", "Saisissez exactement 6 chiffres."),
        ({"pin": 270519}, "/pin", "Ce champ doit être du texte."),
        ({"pin": None}, "/pin", "Ce champ doit être du texte."),
        ({"pin": ["270519"]}, "/pin", "Ce champ doit être du texte."),
        ({"pin": {"$gt": ""}}, "/pin", "Ce champ doit être du texte."),
        ({"pin": True}, "/pin", "Ce champ doit être du texte."),
        ({"identifier": "A12345"[:5]}, "/identifier", "L’identifiant a le mauvais format"),
        ({"identifier": "A" * 13}, "/identifier", "L’identifiant a le mauvais format"),
        ({"identifier": "A123\u00004567"}, "/identifier", "L’identifiant a le mauvais format"),
        ({"identifier": "É1234567"}, "/identifier", "L’identifiant a le mauvais format"),
        ({"identifier": "\ufb01123456"}, "/identifier", "L’identifiant a le mauvais format"),
        ({"identifier": "\u01311234567"}, "/identifier", "L’identifiant a le mauvais format"),
        ({"identifier": 12345678}, "/identifier", "Ce champ doit être du texte."),
        ({"remember_me": True}, "", "La requête contient un champ inconnu."),
    ],
)
def test_a_wrong_field_is_refused_by_name(
    door: FrontDoor, changed: dict[str, object], pointer: str, sentence: str
) -> None:
    reply = Browser(door).post("/login", {**GOOD, **changed})
    assert (reply.status, reply.code) == (422, "invalid-request")
    assert is_a_problem(reply)
    (error,) = reply.body["errors"]
    assert error["pointer"] == pointer
    assert error["detail"].startswith(sentence)


def test_every_missing_field_is_named(door: FrontDoor) -> None:
    reply = Browser(door).post("/login", {})
    assert [error["pointer"] for error in reply.body["errors"]] == ["/identifier", "/pin"]


def test_a_refused_field_costs_no_attempt(door: FrontDoor) -> None:
    for _ in range(5):
        Browser(door).post("/login", {**GOOD, "pin": "1"})
    assert Browser(door).sign_in("A1234567").status == 401


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", "application/x-www-form-urlencoded", "application/jsonp", "multipart/form-data"],
)
def test_a_body_must_be_declared_as_json(door: FrontDoor, content_type: str | None) -> None:
    headers = {} if content_type is None else {"Content-Type": content_type}
    reply = Browser(door).send("POST", "/login", json.dumps(GOOD), headers)
    assert (reply.status, reply.code) == (400, "malformed-request")
    assert is_a_problem(reply)


def test_parameters_of_the_content_type_are_fine(door: FrontDoor) -> None:
    headers = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert Browser(door).send("POST", "/login", json.dumps(GOOD), headers).status == 401


@pytest.mark.parametrize("body", [b"\xff\xfe\x00", b'{"pin": "\xff"}', json.dumps(GOOD).encode()])
def test_a_body_in_base64_is_decoded_or_refused(door: FrontDoor, body: bytes) -> None:
    event = api_event("POST", "/login", base64.b64encode(body).decode(), JSON, "192.0.2.1")
    reply = door.call({**event, "isBase64Encoded": True})
    assert reply.status == (401 if body.isascii() else 400)
    assert is_a_problem(reply)


def test_what_claims_to_be_base64_and_is_not_is_refused(door: FrontDoor) -> None:
    reply = door.call({**api_event("POST", "/login", "%", JSON, "192.0.2.1"), "isBase64Encoded": True})
    assert reply.status == 400


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/login", "POST"),
        ("DELETE", "/login/refresh", "POST"),
        ("OPTIONS", "/logout", "POST"),
        ("HEAD", "/login", "POST"),
        ("POST", "/.well-known/jwks.json", "GET, HEAD"),
        ("OPTIONS", "/.well-known/openid-configuration", "GET, HEAD"),
    ],
)
def test_another_method_is_405_with_what_is_allowed(door: FrontDoor, method: str, path: str, allowed: str) -> None:
    reply = Browser(door).send(method, path)
    assert (reply.status, reply.code) == (405, "method-not-allowed")
    assert reply.headers["Allow"] == [allowed]
    assert is_a_problem(reply)


def test_a_preflight_to_an_unknown_path_is_404(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"AllowedOrigins": "https://one.example"})

    assert Browser(door).send("OPTIONS", "/nowhere", None, {"Origin": "https://one.example"}).status == 404


@pytest.mark.parametrize("path", ["/.well-known/jwks.json", "/.well-known/openid-configuration"])
def test_head_is_answered_as_get_is(door: FrontDoor, path: str) -> None:
    assert Browser(door).send("HEAD", path) == Browser(door).send("GET", path)
    assert Browser(door).send("HEAD", path).status == 200


def under_base_path(method: str, path: str) -> dict[str, Any]:
    """An event of a custom domain with the base path v1.

    The path keeps the base path and the resource does not (Powertools, "Custom Domain API Mappings").
    """
    event = api_event(method, path, json.dumps(GOOD), JSON, "192.0.2.1")
    return {**event, "path": f"/v1{path}"}


@pytest.mark.parametrize(
    ("method", "path", "status", "allowed"),
    [("POST", "/login", 401, None), ("GET", "/login", 405, ["POST"]), ("POST", "/nowhere", 404, None)],
)
def test_a_custom_domain_with_a_base_path_changes_no_answer(
    door: FrontDoor, method: str, path: str, status: int, allowed: list[str] | None
) -> None:
    reply = door.call(under_base_path(method, path))

    assert reply.status == status
    assert reply.headers.get("Allow") == allowed


@pytest.mark.parametrize("path", ["/", "/logins", "/LOGIN", "/login/refresh/x", "/../login", "/login\x00", "/é"])
def test_an_unknown_path_is_404(door: FrontDoor, path: str) -> None:
    reply = Browser(door).send("POST", path, json.dumps(GOOD), JSON)
    assert (reply.status, reply.code) == (404, "not-found")
    assert is_a_problem(reply)


@pytest.mark.parametrize(
    "header", ["", "*", "en;q=x", "en;q=", ";;;,,,", "en" * 2000, "fr;q=0, en;q=0.001", "\x00", "zh-Hant-TW"]
)
def test_any_accept_language_gets_an_answer(door: FrontDoor, header: str) -> None:
    reply = Browser(door).post("/login", {}, {"Accept-Language": header})
    assert reply.status == 422
    assert is_a_problem(reply)


def test_configured_origins_may_call_with_credentials_and_others_may_not(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"AllowedOrigins": "https://one.example, https://two.example"})
    for origin in ("https://one.example", "https://two.example"):
        reply = Browser(door).post("/login", GOOD, {"Origin": origin})
        assert reply.headers["Access-Control-Allow-Origin"] == [origin]
        assert reply.headers["Access-Control-Allow-Credentials"] == ["true"]
    preflight = Browser(door).send("OPTIONS", "/login", None, {"Origin": "https://two.example"})
    assert preflight.status == 204
    assert preflight.headers["Access-Control-Allow-Methods"] == ["POST"]
    assert preflight.headers["Access-Control-Allow-Headers"] == ["Accept-Language,Authorization,Content-Type"]
    stranger = Browser(door).post("/login", GOOD, {"Origin": "https://three.example"})
    assert "Access-Control-Allow-Origin" not in stranger.headers


def test_without_configured_origins_no_other_may_call(door: FrontDoor) -> None:
    reply = Browser(door).post("/login", GOOD, {"Origin": "https://one.example"})
    assert not [name for name in reply.headers if name.startswith("Access-Control")]


CHANGING = ["/login", "/login/refresh", "/logout", "/reset", "/reset/verify", "/reset/pin", "/pin", "/identifier"]


@pytest.mark.parametrize("path", [*CHANGING, "/identifier/iban"])
@pytest.mark.parametrize("site", ["same-site", "cross-site"])
@pytest.mark.parametrize("origin", ["https://blog.members.example", "null", None])
def test_a_page_of_another_host_changes_nothing(door: FrontDoor, path: str, site: str, origin: str | None) -> None:
    headers = {"Sec-Fetch-Site": site, **({"Origin": origin} if origin else {})}
    reply = Browser(door).post(path, {}, headers)
    assert (reply.status, reply.code) == (403, "forbidden-origin")
    assert is_a_problem(reply)


def test_a_sibling_host_cannot_end_a_session(door: FrontDoor) -> None:
    door.add_member("A1234567")
    browser = Browser(door)
    browser.sign_in("A1234567")
    for path in ("/logout", "/login/refresh"):
        assert browser.post(path, headers={"Sec-Fetch-Site": "same-site"}).status == 403
    assert browser.refresh().status == 200


def test_a_sibling_host_cannot_spend_a_members_guesses(door: FrontDoor) -> None:
    for _ in range(5):
        Browser(door).post("/login", GOOD, {"Sec-Fetch-Site": "cross-site", "Origin": "https://one.example"})
    assert Browser(door).sign_in("A1234567").status == 401


@pytest.mark.parametrize("site", ["same-origin", "none", None])
def test_the_portal_and_programs_may_call(door: FrontDoor, site: str | None) -> None:
    headers = {"Sec-Fetch-Site": site} if site else {}
    assert Browser(door).post("/login", GOOD, headers).status == 401


@pytest.mark.parametrize("site", ["same-site", "cross-site"])
def test_a_page_of_a_configured_origin_may_call(cloud: Cloud, site: str) -> None:
    door = FrontDoor(cloud, {"AllowedOrigins": "https://one.example, https://two.example"})
    statuses = [
        Browser(door).post("/login", GOOD, {"Sec-Fetch-Site": site, "Origin": origin}).status
        for origin in ("https://two.example", "https://two.example.evil.example", "http://two.example", "")
    ]
    assert statuses == [401, 403, 403, 403]


def test_any_page_may_read_the_keys(door: FrontDoor) -> None:
    reply = Browser(door).send("GET", "/.well-known/jwks.json", None, {"Sec-Fetch-Site": "cross-site"})
    assert reply.status == 200


MARK = "zq9-mark-7x"
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.just(MARK),
    lambda children: st.lists(children, max_size=3) | st.dictionaries(st.text() | st.just(MARK), children, max_size=3),
    max_leaves=8,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    body=st.one_of(
        json_values.map(json.dumps),
        st.fixed_dictionaries({"identifier": json_values, "pin": json_values, MARK: json_values}).map(json.dumps),
        st.text(),
    ),
    method=st.sampled_from(["POST", "GET", "PATCH", MARK]),
    path=st.sampled_from(["/login", "/login/refresh", "/logout", f"/{MARK}"]),
    cookie=st.text(max_size=300),
)
@example(body='{"' + MARK + '": 1}', method="POST", path="/login", cookie="")
def test_nothing_that_is_sent_breaks_the_function_or_comes_back(
    door: FrontDoor, body: str, method: str, path: str, cookie: str
) -> None:
    browser = Browser(door, cookies={"__Host-session": cookie, f"__Host-device-{'0' * 16}": MARK})
    reply = browser.send(method, path, body, JSON)
    assert reply.status in {204, 400, 401, 404, 405, 413, 422, 429}
    assert reply.status == 204 or is_a_problem(reply)
    assert MARK not in reply.text
    assert MARK not in door.log.getvalue()
