"""Answers of authenticators with anything in them: no one is let in, and nothing fails."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest
from fido2 import cbor
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from simulators.authenticator import Authenticator
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.passkeys import ORIGIN, add_passkey, bearer, signed_challenge

if TYPE_CHECKING:
    from simulators.cloud import Cloud

pytestmark = pytest.mark.slow

MEMBER = "A1234567"
NUMBERS = st.integers(-(2**63), 2**63) | st.booleans() | st.binary(max_size=80) | st.text(max_size=20)
CBOR = st.recursive(
    NUMBERS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.integers(-10, 10) | st.text(max_size=9), inner),
    max_leaves=12,
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=30),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=20), inner, max_size=4),
    max_leaves=15,
)
ONCE = settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
OF_ANSWERS = ("clientDataJSON", "authenticatorData", "signature", "userHandle")


class Scene:
    """A member with a passkey, and a browser that is signed in."""

    def __init__(self, cloud: Cloud) -> None:
        door = FrontDoor(cloud, NO_SOURCE_LIMITS)
        door.add_member(MEMBER)
        self.browser, self.authenticator = Browser(door), Authenticator()
        self.headers = bearer(self.browser, MEMBER)
        assert add_passkey(self.browser, self.authenticator, self.headers).status == 201

    def new_passkey(self) -> dict[str, Any]:
        options = self.browser.post("/passkeys/options", headers=self.headers).body
        return Authenticator().create(options, ORIGIN)


@pytest.fixture
def scene(cloud: Cloud) -> Scene:
    """A member with a passkey."""
    return Scene(cloud)


def encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


@ONCE
@given(body=JSON)
def test_any_json_is_refused(scene: Scene, body: object) -> None:
    assert scene.browser.post("/login/passkey", body).status in {400, 401, 422}
    assert scene.browser.post("/passkeys", body, scene.headers).status in {400, 422}


@ONCE
@given(part=st.sampled_from(OF_ANSWERS[:3]), value=st.binary(max_size=300) | CBOR.map(cbor.encode))
def test_an_answer_with_another_part_signs_no_one_in(scene: Scene, part: str, value: bytes) -> None:
    signed = signed_challenge(scene.browser, scene.authenticator)
    signed["response"][part] = encode(value)

    assert scene.browser.post("/login/passkey", signed).status == 401


@ONCE
@given(part=st.sampled_from(OF_ANSWERS[:3]), place=st.integers(0, 10_000), bit=st.integers(0, 7))
def test_an_answer_with_one_bit_changed_signs_no_one_in(scene: Scene, part: str, place: int, bit: int) -> None:
    signed = signed_challenge(scene.browser, scene.authenticator)
    value = bytearray(decode(signed["response"][part]))
    value[place % len(value)] ^= 1 << bit
    signed["response"][part] = encode(bytes(value))

    assert scene.browser.post("/login/passkey", signed).status == 401


@ONCE
@given(data=JSON)
def test_client_data_of_any_kind_sign_no_one_in(scene: Scene, data: object) -> None:
    signed = signed_challenge(scene.browser, scene.authenticator)
    genuine = json.loads(decode(signed["response"]["clientDataJSON"]))
    for changed in (
        data,
        {**genuine, "challenge": data},
        {**genuine, "origin": data},
        {**genuine, "tokenBinding": data},
    ):
        signed["response"]["clientDataJSON"] = encode(json.dumps(changed).encode())
        assert scene.browser.post("/login/passkey", signed).status == 401


@ONCE
@given(attestation=CBOR, statement=CBOR, form=st.sampled_from(["none", "packed", "fido-u2f", "tpm", "apple"]))
def test_no_attestation_of_any_kind_is_added(scene: Scene, attestation: object, statement: object, form: str) -> None:
    made = scene.new_passkey()
    genuine = cbor.decode(decode(made["response"]["attestationObject"]))
    broken = {"fmt": form, "attStmt": statement, "authData": genuine["authData"][:-5]}
    for changed in (cbor.encode(attestation), cbor.encode(broken)):
        made["response"]["attestationObject"] = encode(changed)
        reply = scene.browser.post("/passkeys", {"credential": made}, scene.headers)
        assert reply.status in {413, 422}
    listed = scene.browser.send("GET", "/passkeys", headers=scene.headers).body["passkeys"]
    assert len(listed) == 1
