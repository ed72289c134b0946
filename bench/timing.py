"""Compares response times for known and unknown members, in random order and in one process.

The transport responds at once, so that only our own work and argon2id's remain (at its lowest cost: a test checks that
it runs once in both cases). The usual bound for "no leak shown" is a Welch's t below 4.5 (Reparaz et al. 2017, dudect).
"""

from __future__ import annotations

import base64
import contextlib
import io
import itertools
import math
import random
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from bench.stubbed_cloud import member_item, stubbed_cloud
from identifier.challenges import Challenge, Challenged, put_challenge
from member_access.api.cookies import RESET_COOKIE
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.pseudonyms import Pseudonym
from member_access.pins.pin_hash import Argon2Cost
from member_access.recovery.codes import RequestId
from member_access.recovery.emailed_codes import EmailedCode, EmailedCodes, ResetHandle
from member_access.sessions.browser_families import BrowserFamily
from member_access.sessions.item import replace_sign_ins, sign_ins_key
from member_access.sessions.methods import Method
from member_access.sessions.policy import start_session
from member_access.sessions.records import KnownBrowser
from member_access.sessions.sign_ins import SignIns
from member_access.throttling.policy import Attempts
from member_access.values.birth_date import BirthDate
from member_access.values.nir import Nir
from member_access.values.postcode import Postcode
from member_access.values.types import Identifier, Instant, Pin
from simulators.clock import NOON
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, PIN, Browser, FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

MEASUREMENTS = 10_000
_MEMBER, _UNKNOWN = "A1234567", "Z7654321"
_OLDER_COST, _NO_COST, _OLDER_KEY, _FORMER_KEY = "B0000001", "B0000002", "B0000003", "B0000006"
_NO_KEY, _NO_PIN = "B0000004", "B0000005"
"""Members whose hash has another cost or key, named by a setting or by none, and one without a hash."""
_WATCHFUL, _PATIENT, _WATCHED = "C0000001", "C0000002", "C0000003"
"""Members with and without an e-mail address, and an unknown identifier, who have one try left."""
_IDENTITY = {"nir": "1850375000001", "birth_date": "1985-03-14", "postcode": "60740"}
_CHALLENGE, _DECOY = "0" * 64, "1" * 64
_HANDLES = {_MEMBER: "2" * 64, _UNKNOWN: "3" * 64}
# For each flow: the path, the body for a member, and its difference for an unknown one.
FLOWS: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "sign-in": ("/login", {"identifier": _MEMBER, "pin": OTHER_PIN}, {"identifier": _UNKNOWN}),
    "sign-in, older cost": ("/login", {"identifier": _OLDER_COST, "pin": OTHER_PIN}, {"identifier": _UNKNOWN}),
    "sign-in, cost out of use": ("/login", {"identifier": _NO_COST, "pin": OTHER_PIN}, {"identifier": _UNKNOWN}),
    "sign-in, older key": ("/login", {"identifier": _OLDER_KEY, "pin": OTHER_PIN}, {"identifier": _UNKNOWN}),
    "sign-in, former key": ("/login", {"identifier": _FORMER_KEY, "pin": OTHER_PIN}, {"identifier": _UNKNOWN}),
    "sign-in, key out of use": ("/login", {"identifier": _NO_KEY, "pin": OTHER_PIN}, {"identifier": _UNKNOWN}),
    "sign-in, no PIN": ("/login", {"identifier": _NO_PIN, "pin": OTHER_PIN}, {"identifier": _UNKNOWN}),
    "reset": ("/reset", {"identifier": _MEMBER, "channel": "letter"}, {"identifier": _UNKNOWN}),
    "code by e-mail": ("/reset/verify", {"identifier": _MEMBER, "code": "000000"}, {"identifier": _UNKNOWN}),
    "code by letter": ("/reset/verify", {"identifier": _MEMBER, "code": "0000000000"}, {"identifier": _UNKNOWN}),
    "identifier": ("/identifier", _IDENTITY, {"nir": "1850375000002"}),
    "IBAN": ("/identifier/iban", {"challenge": _CHALLENGE, "iban_last6": "000000"}, {"challenge": _DECOY}),
}
LAST_TRIES: dict[str, tuple[str, dict[str, str], dict[str, str]]] = {
    "last try, with an address": ("/login", {"identifier": _WATCHFUL, "pin": OTHER_PIN}, {"identifier": _WATCHED}),
    "last try, without an address": ("/login", {"identifier": _PATIENT, "pin": OTHER_PIN}, {"identifier": _WATCHED}),
}
"""The same for guesses that disable the PIN; they are too rare to be timed."""
# A member without an e-mail address, as imported.
_IMPORTED = {
    "last_name": "EXEMPLE",
    "first_name": "Camille",
    "address_4": "1 RUE DE L EXEMPLE",
    "postcode": "60740",
    "town": "EXEMPLEVILLE",
    "language": "fr",
    "identity_hash": "2" * 64,
}


@dataclass(frozen=True)
class Comparison:
    """Two series of durations in seconds, without the slowest twentieth of each."""

    name: str
    known: list[float]
    unknown: list[float]

    def t(self) -> float:
        """Compute Welch's t."""
        variance = sum(statistics.variance(one) / len(one) for one in (self.known, self.unknown))
        return (statistics.fmean(self.known) - statistics.fmean(self.unknown)) / math.sqrt(variance)

    def facts(self) -> dict[str, float]:
        """Return what the table in ``docs/security.md`` shows."""
        difference = statistics.median(self.known) - statistics.median(self.unknown)
        return {
            "measurements": len(self.known),
            "milliseconds": statistics.median(self.unknown) * 1e3,
            "known_less_unknown_microseconds": difference * 1e6,
            "welch_t": self.t(),
        }


def measure(measurements: int) -> dict[str, Any]:
    """Compare members with unknown identifiers in every flow."""
    return {"flows": {comparison.name: comparison.facts() for comparison in known_and_unknown(measurements)}}


def known_and_unknown(measurements: int) -> list[Comparison]:
    """Measure all flows."""
    door = prepared_door()
    with contextlib.redirect_stdout(io.StringIO()):
        return [_compare(door, name, *pair, measurements) for name, pair in pairs(door).items()]


def pairs(
    door: FrontDoor, flows: Mapping[str, tuple[str, dict[str, str], dict[str, str]]] = FLOWS
) -> dict[str, tuple[Callable[[], int], Callable[[], int]]]:
    """Return, for each flow, the calls for a member and for an unknown identifier."""

    def call(path: str, body: dict[str, str], handle: str) -> Callable[[], int]:
        return lambda: Browser(door, cookies={RESET_COOKIE: handle}).post(path, body).status

    known, unknown = _HANDLES.values()
    return {
        name: (call(path, body, known), call(path, body | other, unknown))
        for name, (path, body, other) in flows.items()
    }


def _compare(
    door: FrontDoor, name: str, known: Callable[[], int], unknown: Callable[[], int], measurements: int
) -> Comparison:
    order = random.Random(name)  # noqa: S311 - an order that is no secret
    durations: dict[Callable[[], int], list[float]] = {known: [], unknown: []}
    if known() != unknown():
        raise RuntimeError(f"{name}: the answers for known and unknown members differ")
    for _ in range(measurements):
        pair = [known, unknown]
        order.shuffle(pair)
        for call in pair:
            started = time.perf_counter()
            call()
            durations[call].append(time.perf_counter() - started)
        door.log.truncate(0)
        door.log.seek(0)
    kept = measurements * 19 // 20
    return Comparison(name, sorted(durations[known])[:kept], sorted(durations[unknown])[:kept])


def prepared_door() -> FrontDoor:
    """Build the functions on the stubbed cloud, with a member, open codes for every identifier and two challenges."""
    cloud, put = stubbed_cloud()
    newer_key, own_key, former_key, lost_key = (
        cloud.keys[name] for name in ("CodeKey", "PinKey", "OwnDataKey", "IndexKey")
    )
    door = FrontDoor(
        cloud,
        {
            **NO_SOURCE_LIMITS,
            "OlderArgon2Costs": "m=64,t=2,p=1",
            "CurrentPinKeyArn": newer_key,
            "FormerPinKeyArns": former_key,
        },
    )
    member = Identifier(_MEMBER)
    put(member_item(member, door.hasher().hash(member, Pin.parse(PIN)), iban_hash="1" * 64, **_IMPORTED))
    for name, hasher in {
        _OLDER_COST: door.hasher(cost=Argon2Cost(64, 2, 1)),
        _NO_COST: door.hasher(cost=Argon2Cost(1024, 4, 1)),
        _OLDER_KEY: door.hasher(own_key),
        _FORMER_KEY: door.hasher(former_key),
        _NO_KEY: door.hasher(lost_key),
    }.items():
        put(member_item(Identifier(name), hasher.hash(Identifier(name), Pin.parse(PIN)), **_IMPORTED))
    email = {"email": "camille.exemple@example.fr"}
    without_pin = member_item(Identifier(_NO_PIN), door.hasher().hash(member, Pin.parse(PIN)), **_IMPORTED, **email)
    put({name: value for name, value in without_pin.items() if name != "pin_hash"})
    identity = KeyedHashes(cloud.kms, cloud.keys["IndexKey"]).of_identity(
        Nir.parse(_IDENTITY["nir"]),
        BirthDate.parse(_IDENTITY["birth_date"], NOON),
        Postcode.parse(_IDENTITY["postcode"]),
    )
    put({"pk": {"S": f"IDENTITY#{identity}"}, "identifier": {"S": _MEMBER}})
    put(_challenge(_CHALLENGE, member))
    put(_challenge(_DECOY, None))
    pseudonyms = door.pseudonyms()
    for identifier in (_MEMBER, _UNKNOWN):
        subject = pseudonyms.of("identifier", identifier)
        put(_open_letter(f"RESET#{subject}"))
        if identifier == _MEMBER:
            put(_sign_ins(subject))
        emailed = EmailedCode(subject, RequestId("0" * 32), 0, Instant(NOON + 600))
        handle = ResetHandle(_HANDLES[identifier])
        put(dict(EmailedCodes(cloud.dynamodb, "", 5).put_code(handle, emailed)["Put"]["Item"]))
    for name, address in ((_WATCHFUL, email), (_PATIENT, {})):
        put(member_item(Identifier(name), door.hasher().hash(Identifier(name), Pin.parse(PIN)), **_IMPORTED, **address))
    tired = Attempts(9, Instant(NOON - 3600), {NOON // 86_400: 9}, NOON)
    for name in (_WATCHFUL, _PATIENT, _WATCHED):
        version = 0 if name == _WATCHED else NOON
        failed = SignIns(credential_version=version, strangers=tired._replace(credential_version=version))
        put(_sent_by_dynamodb(pseudonyms.of("identifier", name), failed))
    return door


def _challenge(token: str, member: Identifier | None) -> dict[str, Any]:
    pseudonym = Pseudonym("3" * 32)
    stands_for = Challenged(identity=pseudonym, tries=pseudonym, member=member, expires_at=Instant(NOON + 600))
    return dict(put_challenge("", Challenge(token), stands_for)["Put"]["Item"])


def _sign_ins(whose: Pseudonym) -> dict[str, Any]:
    """Return the item of a member who has signed in three times."""
    numbers, member = itertools.count(1), Identifier(_MEMBER)
    sign_ins = SignIns(credential_version=NOON, identifier=member)
    for _ in range(3):
        session, _ = start_session(
            member, whose, Method.PIN, BrowserFamily(), NOON, lambda length: next(numbers).to_bytes(length)
        )
        browser = KnownBrowser(session.digest, NOON, NOON, Attempts(credential_version=NOON))
        sign_ins = sign_ins.with_browser(browser).with_sessions((*sign_ins.sessions, session))
    return _sent_by_dynamodb(whose, sign_ins)


def _sent_by_dynamodb(whose: Pseudonym, sign_ins: SignIns) -> dict[str, Any]:
    """Return the item of sign-ins, as DynamoDB sends it."""
    written = replace_sign_ins("", "", SignIns(), sign_ins, NOON)["Update"]
    values = cast("dict[str, dict[str, Any]]", written["ExpressionAttributeValues"])
    sent = {
        name[1:]: {kind: base64.b64encode(one).decode() if kind == "B" else one for kind, one in value.items()}
        for name, value in values.items()
        if not name.startswith(":seen")
    }
    return {"pk": {"S": sign_ins_key(whose)}, **sent}


def _open_letter(key: str) -> dict[str, Any]:
    # A letter that another may follow: a request issues one, and a try finds a code to compare with.
    requested, expires = NOON - 9 * 86_400, NOON + 12 * 86_400
    return {
        "pk": {"S": key},
        "letters": {"L": [{"N": str(requested)}]},
        "revision": {"N": "1"},
        "letter": {
            "M": {
                "request_id": {"S": "0" * 32},
                "requested_at": {"N": str(requested)},
                "expires_at": {"N": str(expires)},
            }
        },
    }
