"""The deployed API keeps the contract that it publishes for any input."""

from __future__ import annotations

import json
import random
from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import schemathesis
import urllib3
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from local.samples import sample_pins
from tests.support.local_stack import call
from tests.support.members import NEW_PIN
from tests.support.realistic_bodies import plausible_body, session_from
from tools import openapi

if TYPE_CHECKING:
    from tests.support.local_stack import Stack
    from tests.support.stack_members import Member, Members

CASES = 1_500
_OPERATIONS_WITH_BODY = sum(
    "requestBody" in operation for methods in openapi.openapi()["paths"].values() for operation in methods.values()
)
_CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
schema = schemathesis.openapi.from_path(str(openapi.TARGET))
made: Counter[str] = Counter()
past_validation: Counter[str] = Counter()
challenges: list[str] = []
PAST_THE_EDGE_AT_LEAST = 10
"""Answers by the flow itself, of each operation that takes a body. The clock decides how many ends of an IBAN wait."""
AT_THE_EDGE = {400, 413, 415, 422, 429}


@pytest.fixture(scope="module")
def known(members: Members) -> list[Member]:
    """Members that no other test uses."""
    return [members.next(email=bool(number % 2)) for number in range(16)]


@schema.parametrize()
@settings(
    max_examples=CASES // _OPERATIONS_WITH_BODY + 1,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
def test_generated_calls_are_answered_as_documented(
    case: schemathesis.Case[Any], stack: Stack, known: list[Member]
) -> None:
    made[case.operation.label] += 1
    # What a schema allows is hardly ever what people type: every other body gets past the edge, to the flow.
    chance = random.Random(f"{case.operation.label} {case.body!r}")  # noqa: S311 - the same for a case each time
    if chance.random() < 0.5 and (fields := GOOD.get(case.operation.path)):
        case.body = plausible_body(fields, known, challenges, chance)
    with session_from(made.total()) as session:
        response = case.call(base_url=stack.api_url, session=session)
    case.validate_response(response, checks=_CHECKS)
    if response.status_code not in AT_THE_EDGE:
        past_validation[case.operation.label] += 1
    if response.status_code == 200:
        challenges.extend(filter(None, [response.json().get("challenge")]))


def test_enough_calls_were_generated_and_got_past_the_edge() -> None:
    assert made.total() >= CASES
    assert min(past_validation[f"POST {path}"] for path, fields in GOOD.items() if fields) >= PAST_THE_EDGE_AT_LEAST, (
        past_validation
    )


GOOD = {
    "/login": {"identifier": "Z9000001", "pin": "270519"},
    "/reset": {"identifier": "Z9000002"},
    "/reset/verify": {"identifier": "Z9000003", "code": "123456"},
    "/reset/pin": {"reset_token": "0" * 64, "pin": "270519", "pin_confirmation": "270519"},
    "/pin": {
        "identifier": "Z9000004",
        "pin": "270519",
        "new_pin": NEW_PIN,
        "new_pin_confirmation": NEW_PIN,
    },
    "/identifier": {"nir": "1850375000001", "birth_date": "1985-03-14", "postcode": "75011"},
    "/identifier/iban": {"challenge": "0" * 64, "iban_last6": "ABC123"},
    "/login/refresh": {},
    "/logout": {},
}
FUZZED = 600
PAST_THE_EDGE = {200, 202, 204, 401, 403}


def mutated(text: bytes, randomness: random.Random) -> bytes:
    """Bytes with some of them flipped, cut out, doubled or put in."""
    changed = bytearray(text)
    for _ in range(randomness.randint(1, 6)):
        at = randomness.randrange(len(changed) + 1)
        match randomness.randrange(4):
            case 0 if at < len(changed):
                changed[at] ^= 1 << randomness.randrange(8)
            case 1:
                del changed[at : at + randomness.randint(1, 8)]
            case 2:
                changed[at:at] = changed[at : at + 8]
            case _:
                changed[at:at] = randomness.randbytes(randomness.randint(1, 8))
    return bytes(changed)


def header(value: bytes) -> str:
    """Bytes as a header can hold them: every HTTP server refuses control characters before a function sees them."""
    return "".join(character for character in value.decode("latin-1") if character.isprintable())


def test_no_forged_cut_or_swapped_cookie_signs_in(stack: Stack) -> None:
    sample = sample_pins()[0]
    credentials = {"identifier": sample.identifier, "pin": sample.pin.reveal()}
    signed_in = call("POST", f"{stack.api_url}/login", json=credentials, source="127.0.3.2")
    (_, session), (device_cookie, device) = (line.split(";")[0].split("=", 1) for line in signed_in.cookies())
    randomness = random.Random("cookies")  # noqa: S311 - the same mutations in each run
    session_id, _, token = session.rpartition(".")
    tried = [
        *(session[:length] for length in range(0, len(session), 5)),
        *(header(mutated(session.encode(), randomness)) for _ in range(60)),
        *(device, f"{session_id}.{device}", f"{device}.{token}", f"{token}.{session_id}", f"{session}{session}"),
        *("A" * len(session_id) + f".{token}", f"{session_id}." + "A" * len(token), session.swapcase()),
    ]
    for value in tried:
        if value.strip() == session:
            continue
        swapped = f"__Host-session={value}; {device_cookie}={session}"
        refused = call("POST", f"{stack.api_url}/login/refresh", headers={"Cookie": swapped}, source="127.0.3.2")
        assert (refused.status, refused.json()["code"]) == (401, "session-expired"), value


@pytest.mark.parametrize("path", GOOD)
def test_no_mutilated_call_breaks_anything_or_signs_in(stack: Stack, path: str) -> None:
    randomness = random.Random(f"fuzz {path}")  # noqa: S311 - the same mutations in each run
    port = urlsplit(stack.api_url).port
    source = f"127.0.3.{10 + list(GOOD).index(path)}"
    body = json.dumps(GOOD[path]).encode()
    cookie = f"__Host-session={'A' * 22}.{'A' * 22}.{'B' * 43}; __Host-device-{'0' * 16}={'0' * 64}".encode()
    answers: Counter[int] = Counter()
    with urllib3.HTTPConnectionPool("127.0.0.1", port, source_address=(source, 0), retries=False) as pool:
        for _ in range(FUZZED // len(GOOD)):
            headers = {
                "Content-Type": "application/json",
                "Cookie": header(mutated(cookie, randomness)),
                "Accept-Language": header(mutated(b"en;q=0.5, fr", randomness)),
            }
            # Headers and cookies reach the flow beside a body that is as it should be.
            sent = body if answers.total() % 3 == 0 else mutated(body, randomness)
            answer = pool.request("POST", f"/v1{path}", body=sent, headers=headers, timeout=30)
            answers[answer.status] += 1
            assert answer.status < 500, (path, answer.data)
            assert "access_token" not in answer.data.decode("utf-8", "replace")
            if answer.status >= 400:
                assert answer.headers.get("Content-Type") == "application/problem+json", (answer.status, answer.data)
    assert answers.keys() & PAST_THE_EDGE, answers
    assert answers.keys() & {400, 422} or not GOOD[path], answers
