"""Measures what is not argon2 in a sign-in: our own work and botocore's, up to the wire, with Lambda's threads.

usage: BOTO_DISABLE_CRT=true python -m bench.rest_of_sign_in [rounds]

``BOTO_DISABLE_CRT``: a development environment has awscrt, which botocore then signs with; the layer has not.
"""

from __future__ import annotations

import base64
import contextlib
import cProfile
import io
import json
import os
import pstats
import random
import statistics
import sys
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

from bench.stubbed_cloud import TABLES, StubbedDynamoDb, member_item
from member_access.pins.hashing import argon2id
from member_access.pins.pin_hash import Argon2Cost
from member_access.platform.aws import CLIENT_CONFIG
from member_access.values.types import Pin
from simulators.aws_responses import OfflineResponse
from simulators.cloud import Cloud
from simulators.kms import REGION
from simulators.sign_in_driver import NO_SOURCE_LIMITS, PIN, FrontDoor, OneAfterTheOther, api_event

if TYPE_CHECKING:
    from collections.abc import Mapping
    from concurrent.futures import Executor

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse

_ROUNDS = 200
_OWASP, _CHEAP = Argon2Cost(19_456, 2, 1), Argon2Cost(8, 1, 1)
_PROFILED = 200
_MEMBER = "A1234567"
_KEYS = {
    name: f"arn:aws:kms:{REGION}:123456789012:key/00000000-0000-4000-8000-{number:012}"
    for number, name in enumerate(("PinKey", "CodeKey", "IndexKey", "OwnDataKey", "SourceKey", "SigningKey"))
}
_MAC, _SIGNATURE = (
    json.dumps({"KeyId": _KEYS["PinKey"], name: base64.b64encode(b"s" * size).decode()}).encode()
    for name, size in (("Mac", 32), ("Signature", 256))
)
_BEFORE: Mapping[str, Any] = {"user_agent": None, "parameter_validation": True}
_IN_THE_FUNCTIONS: Mapping[str, Any] = {"user_agent": "member-access", "parameter_validation": False}
"""The settings of botocore that the functions change, as they were and as they are."""
VARIANTS: Mapping[str, Mapping[str, Any]] = {
    "botocore's own settings": {},
    "`user_agent`": {"user_agent": "member-access"},
    "`parameter_validation=False`": {"parameter_validation": False},
    "both, as in the functions": _IN_THE_FUNCTIONS,
    "`endpoint_url` given": {"endpoint_url": True},
    "`account_id_endpoint_mode=disabled`": {"account_id_endpoint_mode": "disabled"},
    "`inject_host_prefix=False`": {"inject_host_prefix": False},
    "checksums `when_required`": {
        "request_checksum_calculation": "when_required",
        "response_checksum_validation": "when_required",
    },
    "`disable_request_compression`": {"disable_request_compression": True},
    "legacy retries": {"retries": {"mode": "legacy", "total_max_attempts": 3}},
    "a single attempt": {"retries": {"mode": "standard", "total_max_attempts": 1}},
}
PARTS = {
    "botocore": ("/botocore/", "/boto3/", "/urllib3/", "/email/", "/urllib/", "hmac.py", "/jmespath/", "ipaddress.py"),
    "Powertools, logs and metrics": ("/aws_lambda_powertools/", "/logging/"),
    "this project": ("/member_access/", "/login/"),
    "pydantic": ("pydantic",),
    "JSON": ("/json/",),
    "the measurement": ("/bench/", "/simulators/"),
}


def main(rounds: int = _ROUNDS) -> None:
    """Print the table of settings, and the table of parts."""
    os.environ.update(
        AWS_ACCESS_KEY_ID="bench",
        AWS_SECRET_ACCESS_KEY="bench",  # noqa: S106 - no real account
        AWS_SESSION_TOKEN="t" * 700,  # Lambda's role has one of such a length
        AWS_DEFAULT_REGION=REGION,
    )
    _print_share(rounds)
    _print_settings(rounds)
    _print_parts()


def _print_share(rounds: int) -> None:
    """Sign in at the real cost: argon2 leaves the processor's cache without our code, which then takes longer."""
    hasher = argon2id(_OWASP)
    stored = hasher.hash(b"pepper")
    doors = {
        "a sign-in by botocore's own settings": door(ThreadPoolExecutor(max_workers=2), _OWASP),
        "a sign-in, as in the functions": door(ThreadPoolExecutor(max_workers=2), _OWASP, **_IN_THE_FUNCTIONS),
    }
    whole: dict[str, list[float]] = {name: [] for name in doors}
    verifications: list[float] = []
    for _ in range(rounds):
        for name, one in doors.items():
            whole[name].append(_of_sign_in(one))
        started = time.process_time()
        hasher.verify(stored, b"pepper")
        verifications.append(time.process_time() - started)
    argon2 = statistics.median(verifications)
    print("| | median | without argon2 | of the verification |\n|---|---:|---:|---:|")
    print(f"| a verification | {argon2 * 1e3:.1f} ms | | 1.00 |")
    for name, series in whole.items():
        rest = statistics.median(one - other for one, other in zip(series, verifications, strict=True))
        print(f"| {name} | {statistics.median(series) * 1e3:.1f} ms | {rest * 1e3:.1f} ms | {rest / argon2:.2f} |")
    print()


def _print_settings(rounds: int) -> None:
    doors = {name: door(ThreadPoolExecutor(max_workers=2), **changes) for name, changes in VARIANTS.items()}
    order = random.Random(0)  # noqa: S311 - an order that is no secret
    seconds: dict[str, list[float]] = {name: [] for name in doors}
    for _ in range(rounds):
        for name, one in order.sample(list(doors.items()), len(doors)):
            seconds[name].append(_of_sign_in(one))
    before = seconds["botocore's own settings"]
    print("| setting | median | fastest tenth | of before | half of the rounds |\n|---|---:|---:|---:|---:|")
    for name, series in seconds.items():
        low, middle, high = statistics.quantiles([one / other for one, other in zip(series, before, strict=True)])
        median, fastest = statistics.median(series) * 1e3, _fast(series) * 1e3
        print(f"| {name} | {median:.2f} ms | {fastest:.2f} ms | {middle:.2f} | {low:.2f} to {high:.2f} |")
    print()


def door(
    executor: Executor,
    cost: Argon2Cost = _CHEAP,
    *,
    endpoint_url: bool = False,
    **changes: Any,  # noqa: ANN401 - settings of botocore
) -> FrontDoor:
    """Compose the functions as Lambda does, with these settings of botocore and the transport answered at the wire."""
    config = CLIENT_CONFIG.merge(Config(**{**_BEFORE, **changes}))
    memory, iterations = str(cost.memory_kib), str(cost.iterations)
    parameters = {**NO_SOURCE_LIMITS, "Argon2MemoryKib": memory, "Argon2Iterations": iterations}
    stub = StubbedDynamoDb()
    clients = {}
    for service, answer in (("dynamodb", stub.answer), ("kms", _kms)):
        url = f"https://{service}.{REGION}.amazonaws.com" if endpoint_url else None
        clients[service] = boto3.client(service, config=config, endpoint_url=url)  # type: ignore[call-overload]  # either
        clients[service].meta.events.register(f"before-send.{service}", answer)
    made = FrontDoor(Cloud(clients["dynamodb"], clients["kms"], TABLES, _KEYS), parameters, executor=executor)
    member = made.add_member(_MEMBER)
    stub.put(member_item(member, made.hasher(cost=cost).hash(member, Pin.parse(PIN))))
    return made


def _kms(request: AWSPreparedRequest, **_: object) -> AWSResponse:
    """Botocore's ``before-send`` handler: answers with one keyed hash, or a signature of the right length."""
    # Botocore's stubs declare texts instead of bytes.
    is_signature = bytes(request.headers["X-Amz-Target"]).endswith(b"Sign")  # type: ignore[arg-type]
    return OfflineResponse(request.url, 200, _SIGNATURE if is_signature else _MAC)


def _of_sign_in(one: FrontDoor) -> float:
    """Return the processor time of a sign-in."""
    body = json.dumps({"identifier": _MEMBER, "pin": PIN})
    event = api_event("POST", "/login", body, {"Content-Type": "application/json"}, "192.0.2.1")
    with contextlib.redirect_stdout(io.StringIO()):
        started = time.process_time()
        reply = one.call(event)
        seconds = time.process_time() - started
    if reply.status != 200:  # noqa: PLR2004 - signed in
        raise RuntimeError(f"the measured sign-in returned {reply.status}")
    one.log.truncate(0)
    one.log.seek(0)
    return seconds


def _fast(series: list[float]) -> float:
    """Return the time that a tenth stays below: other processes on the machine lengthen the median."""
    return statistics.quantiles(series, n=10)[0]


def _print_parts() -> None:
    one = door(OneAfterTheOther(), **_IN_THE_FUNCTIONS)
    _of_sign_in(one)
    profile = cProfile.Profile()
    profile.enable()
    for _ in range(_PROFILED):
        _of_sign_in(one)
    profile.disable()
    parts: Counter[str] = Counter()
    stats: Any = pstats.Stats(profile)
    for (file, _, _), (_, _, own, _, callers) in stats.stats.items():
        # What is written in C belongs to its callers.
        shares = [(caller[0], counted[2]) for caller, counted in callers.items()] if file == "~" else [(file, own)]
        for where, share in shares:
            parts[_part_of(where)] += share
    print("| part | share |\n|---|---:|")
    for name, share in parts.most_common():
        print(f"| {name} | {share / parts.total():.0%} |")


def _part_of(file: str) -> str:
    return next((name for name, signs in PARTS.items() if any(sign in file for sign in signs)), "the rest of Python")


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
