"""Every status and every code that the OpenAPI document promises is reached over HTTP, and answers by its schema."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from simulators.authenticator import Authenticator
from tests.support.documented_answers import DOCUMENT, NOT_BY_A_CALLER, OTHER_PIN, Caller, assert_kept, promises
from tests.support.members import NEW_PIN
from tests.support.stack_members import PIN, access_items

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tests.support.documented_answers import Promise
    from tests.support.local_stack import Answer, Stack
    from tests.support.stack_members import Members


def last(calls: Callable[[Caller], Answer], times: int) -> Callable[[Caller], Answer]:
    """The answer to the last of so many calls."""
    return lambda caller: [calls(caller) for _ in range(times)][-1]


def fourth_try_of_an_iban(caller: Caller) -> Answer:
    member = caller.member(email=False)
    challenge = caller.find(member).json()["challenge"]
    return [caller.post("/identifier/iban", challenge=challenge, iban_last6="ZZZZZZ") for _ in range(4)][-1]


def asked_for_another_code_at_once(caller: Caller) -> Answer:
    # Of a member: the channel of an unknown identifier is drawn by a key of the stack.
    identifier = caller.member().identifier
    return [caller.post("/reset", identifier=identifier) for _ in range(2)][-1]


def signed_in_to_a_disabled_pin(caller: Caller) -> Answer:
    return caller.sign_in(caller.disabled().identifier)


def changed_a_disabled_pin(caller: Caller) -> Answer:
    identifier = caller.disabled().identifier
    return caller.post("/pin", identifier=identifier, pin=PIN, new_pin=NEW_PIN, new_pin_confirmation=NEW_PIN)


def signed_in_with_a_passkey(caller: Caller) -> Answer:
    authenticator, token = Authenticator(), caller.token()
    made = caller.make_passkey(authenticator, token)
    assert caller.send("POST", "/passkeys", token, credential=made).status == 201
    signed = authenticator.get(caller.post("/login/passkey/options").json(), caller.stack.portal_url.rstrip("/"))
    return caller.post("/login/passkey", id=signed["id"], response=signed["response"])


def added_a_passkey(caller: Caller) -> Answer:
    token = caller.token()
    return caller.send("POST", "/passkeys", token, credential=caller.make_passkey(Authenticator(), token))


def added_a_passkey_twice(caller: Caller) -> Answer:
    token = caller.token()
    made = caller.make_passkey(Authenticator(), token)
    return [caller.send("POST", "/passkeys", token, credential=made) for _ in range(2)][-1]


def an_eleventh_passkey(caller: Caller, path: str) -> Answer:
    token = caller.token()
    late = caller.make_passkey(Authenticator(), token)
    for _ in range(10):
        made = caller.make_passkey(Authenticator(), token)
        assert caller.send("POST", "/passkeys", token, credential=made).status == 201
    return caller.send("POST", path, token, credential=late)


def asked_twice_to_step_up(caller: Caller) -> Answer:
    session = caller.session()
    return [caller.post("/login/step-up", cookies=session) for _ in range(2)][-1]


def confirmed_from_a_source_that_must_wait(caller: Caller) -> Answer:
    for _ in range(30):
        caller.post("/reset/verify", identifier="UNKNOWN6", code="000000")
    handle = f"__Host-confirm={'0' * 32}.{'0' * 64}"
    return caller.post("/login/confirm", cookies=handle, code="000000")


NO_ANSWER = {"clientDataJSON": "", "authenticatorData": "", "signature": ""}
A_PASSKEY = f"/passkeys/{'0' * 64}"
WITH_A_BODY = [
    path
    for path, methods in DOCUMENT["paths"].items()
    if "requestBody" in methods.get("post", {}) and not path.startswith("/letters/")
]
OF_THE_ACCOUNT = (
    ("GET", "/sessions", 200),
    ("DELETE", "/sessions", 204),
    ("DELETE", "/sessions/{id}", 204),
    ("GET", "/devices", 200),
    ("DELETE", "/devices/{id}", 204),
    ("GET", "/account", 200),
    ("POST", "/account/not-me", 202),
)
SCENES: Mapping[Promise, Callable[[Caller], Answer]] = {
    **{
        (path, 400, "malformed-request"): lambda caller, path=path: caller.raw(path, b"{")  # type: ignore[misc]  # bound now
        for path in WITH_A_BODY
    },
    **{
        (path, 413, "request-too-large"): lambda caller, path=path: caller.raw(path, b"x" * 100_000)  # type: ignore[misc]  # bound now
        for path in [*WITH_A_BODY, "/letters/status/maileva", "/letters/status/pingen"]
    },
    **{
        (path, 422, "invalid-request"): lambda caller, path=path: caller.post(path, unknown="field")  # type: ignore[misc]  # bound now
        for path in WITH_A_BODY
    },
    **{
        (path, 403, "forbidden-origin"): lambda caller, path=path: caller.post(path, site="cross-site")  # type: ignore[misc]  # bound now
        for path, methods in DOCUMENT["paths"].items()
        if "post" in methods
    },
    **{
        (path, 403, "forbidden-origin"): lambda caller, path=path: caller.send("DELETE", path, site="cross-site")  # type: ignore[misc]  # bound now
        for path, methods in DOCUMENT["paths"].items()
        if "delete" in methods
    },
    ("/login", 200, None): lambda caller: caller.sign_in(caller.member().identifier),
    ("/login", 401, "invalid-credentials"): lambda caller: caller.sign_in("UNKNOWN1", OTHER_PIN),
    ("/login", 403, "pin-disabled"): signed_in_to_a_disabled_pin,
    ("/login", 429, "too-many-attempts"): last(lambda caller: caller.sign_in("UNKNOWN2", OTHER_PIN), 3),
    ("/login/confirm", 401, "invalid-code"): lambda caller: caller.post("/login/confirm", code="000000"),
    ("/login/confirm", 429, "too-many-attempts"): confirmed_from_a_source_that_must_wait,
    ("/login/step-up", 200, None): Caller.raised,
    ("/login/step-up", 202, None): lambda caller: caller.post("/login/step-up", cookies=caller.session()),
    ("/login/step-up", 401, "session-expired"): lambda caller: caller.post("/login/step-up"),
    ("/login/step-up", 401, "invalid-code"): lambda caller: caller.post(
        "/login/step-up", cookies=caller.session(), code="000000"
    ),
    ("/login/step-up", 429, "too-many-attempts"): asked_twice_to_step_up,
    ("/login/refresh", 200, None): lambda caller: caller.post("/login/refresh", cookies=caller.session()),
    ("/login/refresh", 401, "session-expired"): lambda caller: caller.post("/login/refresh"),
    ("/logout", 204, None): lambda caller: caller.post("/logout", cookies=caller.session()),
    ("/.well-known/jwks.json", 200, None): lambda caller: caller.get("/.well-known/jwks.json"),
    ("/.well-known/openid-configuration", 200, None): lambda caller: caller.get("/.well-known/openid-configuration"),
    ("/login/passkey/options", 200, None): lambda caller: caller.post("/login/passkey/options"),
    ("/login/passkey", 200, None): signed_in_with_a_passkey,
    ("/login/passkey", 401, "invalid-credentials"): lambda caller: caller.post(
        "/login/passkey", id="", response=NO_ANSWER
    ),
    ("/login/passkey", 429, "too-many-attempts"): last(
        lambda caller: caller.post("/login/passkey", id="", response=NO_ANSWER), 31
    ),
    ("/passkeys", 200, None): lambda caller: caller.get("/passkeys", caller.token()),
    ("/passkeys", 201, None): added_a_passkey,
    ("/passkeys", 401, "invalid-token"): lambda caller: caller.get("/passkeys"),
    ("/passkeys", 409, "too-many-passkeys"): lambda caller: an_eleventh_passkey(caller, "/passkeys"),
    ("/passkeys", 422, "passkey-not-added"): added_a_passkey_twice,
    ("/passkeys/options", 200, None): lambda caller: caller.send("POST", "/passkeys/options", caller.token()),
    ("/passkeys/options", 401, "invalid-token"): lambda caller: caller.post("/passkeys/options"),
    ("/passkeys/options", 409, "too-many-passkeys"): lambda caller: an_eleventh_passkey(caller, "/passkeys/options"),
    ("/passkeys/{id}", 204, None): lambda caller: caller.send("DELETE", A_PASSKEY, caller.token()),
    ("/passkeys/{id}", 401, "invalid-token"): lambda caller: caller.send("DELETE", A_PASSKEY),
    ("/passkeys/{id}", 403, "forbidden-origin"): lambda caller: caller.send("DELETE", A_PASSKEY, site="cross-site"),
    ("/reset", 202, None): lambda caller: caller.post("/reset", identifier=caller.member().identifier),
    ("/reset", 429, "too-many-attempts"): asked_for_another_code_at_once,
    ("/reset/verify", 200, None): Caller.verified,
    ("/reset/verify", 401, "invalid-code"): lambda caller: caller.post(
        "/reset/verify", identifier="UNKNOWN3", code="000000"
    ),
    ("/reset/verify", 429, "too-many-attempts"): last(
        lambda caller: caller.post("/reset/verify", identifier="UNKNOWN4", code="000000"), 31
    ),
    ("/reset/pin", 204, None): lambda caller: caller.set_pin(NEW_PIN, NEW_PIN),
    ("/reset/pin", 401, "invalid-reset-token"): lambda caller: caller.post(
        "/reset/pin", reset_token="0" * 64, pin=NEW_PIN, pin_confirmation=NEW_PIN
    ),
    ("/reset/pin", 422, "weak-pin"): lambda caller: caller.set_pin("123456", "123456"),
    ("/reset/pin", 422, "pins-differ"): lambda caller: caller.set_pin(NEW_PIN, OTHER_PIN),
    ("/pin", 204, None): lambda caller: caller.change_pin(NEW_PIN, NEW_PIN),
    ("/pin", 401, "invalid-credentials"): lambda caller: caller.change_pin(NEW_PIN, NEW_PIN, OTHER_PIN),
    ("/pin", 403, "pin-disabled"): changed_a_disabled_pin,
    ("/pin", 422, "weak-pin"): lambda caller: caller.change_pin("123456", "123456"),
    ("/pin", 422, "pins-differ"): lambda caller: caller.change_pin(NEW_PIN, OTHER_PIN),
    ("/pin", 429, "too-many-attempts"): last(
        lambda caller: caller.post(
            "/pin", identifier="UNKNOWN5", pin=OTHER_PIN, new_pin=NEW_PIN, new_pin_confirmation=NEW_PIN
        ),
        3,
    ),
    **{
        (path, status, None): lambda caller, path=path, method=method: caller.signed_in(method, path)  # type: ignore[misc]  # bound now
        for method, path, status in OF_THE_ACCOUNT
    },
    **{
        (path, 401, "invalid-token"): lambda caller, path=path, method=method: caller.send(method, path)  # type: ignore[misc]  # bound now
        for method, path, _ in OF_THE_ACCOUNT
    },
    ("/identifier", 200, None): lambda caller: caller.find(caller.member()),
    ("/identifier", 429, "too-many-attempts"): last(
        lambda caller: caller.post("/identifier", nir="1850375009901", birth_date="1985-03-14", postcode="75011"), 4
    ),
    ("/identifier/iban", 200, None): lambda caller: caller.solve(caller.member(email=False)),
    ("/identifier/iban", 401, "not-recognised"): lambda caller: caller.solve(caller.member(email=False), "ZZZZZZ"),
    ("/identifier/iban", 429, "too-many-attempts"): fourth_try_of_an_iban,
    ("/letters/status/maileva", 401, "not-authentic"): lambda caller: caller.post("/letters/status/maileva"),
    ("/letters/status/pingen", 404, "not-found"): lambda caller: caller.post("/letters/status/pingen"),
}
# Where new browsers are confirmed: see test_new_browsers.
WITH_CONFIRMATION: set[Promise] = {
    ("/login", 202, None),
    ("/login/confirm", 200, None),
    ("/pin", 403, "sign-in-first"),
}
# The provider itself sends these: the notifications of a posted letter have reported it.
BY_THE_PROVIDER: set[Promise] = {("/letters/status/maileva", 201, None)}


def test_every_promise_has_a_scene_and_every_scene_a_promise() -> None:
    assert set(SCENES) | NOT_BY_A_CALLER | BY_THE_PROVIDER | WITH_CONFIRMATION == promises()
    assert set(SCENES) & NOT_BY_A_CALLER == set()


@pytest.mark.parametrize(
    "promise", SCENES, ids=lambda promise: " ".join(str(part) for part in promise if part is not None)
)
def test_a_promised_answer_is_given_and_keeps_to_its_schema(stack: Stack, members: Members, promise: Promise) -> None:
    assert_kept(SCENES[promise](Caller(stack, members)), promise)


def test_what_the_provider_sends_is_taken_until_the_letter_is_posted(stack: Stack, members: Members) -> None:
    member = members.next(email=False)
    Caller(stack, members).post("/reset", identifier=member.identifier)
    deadline = time.monotonic() + 60
    states: list[str] = []
    while states != ["posted"] and time.monotonic() < deadline:
        time.sleep(0.5)
        jobs = [item for item in access_items(stack, "LETTER#") if item["identifier"]["S"] == member.identifier]
        states = [job["letter_state"]["S"] for job in jobs]

    assert states == ["posted"]
