"""Whether the time of an answer tells who is a member: known and unknown, turn by turn, in one process.

The transport answers at once, so that what is left is our own work and argon2id's (here at its smallest cost: that it
is done once in either case is counted by a test). Welch's t below 4.5 is the usual bound for "no leak shown"
(Reparaz et al. 2017, dudect).
"""

from __future__ import annotations

import contextlib
import io
import math
import random
import statistics
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bench.stubbed_cloud import stubbed_cloud
from identifier.challenges import Challenge, Challenged, put_challenge
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.pseudonyms import Pseudonym, Pseudonyms
from member_access.values.birth_date import BirthDate
from member_access.values.nir import Nir
from member_access.values.postcode import Postcode
from member_access.values.types import Identifier, Instant, Pin
from simulators.clock import NOON
from simulators.sign_in_driver import OTHER_PIN, Browser, FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable

MEASUREMENTS = 10_000
_MEMBER, _NOBODY = "A1234567", "Z7654321"
_IDENTITY = {"nir": "1850375000001", "birth_date": "1985-03-14", "postcode": "60740"}
_OTHER_IDENTITY = {"nir": "1850375000002", "birth_date": "1985-03-14", "postcode": "60740"}
_CHALLENGE, _NOBODYS_CHALLENGE = "0" * 64, "1" * 64
# A member without an e-mail address, as an import leaves them.
_IMPORTED = {
    "identifier": _MEMBER,
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
    """Two series of durations, in seconds, the slowest twentieth of each left out."""

    name: str
    known: list[float]
    unknown: list[float]

    def t(self) -> float:
        """Welch's t."""
        variance = sum(statistics.variance(one) / len(one) for one in (self.known, self.unknown))
        return (statistics.fmean(self.known) - statistics.fmean(self.unknown)) / math.sqrt(variance)

    def row(self) -> str:
        """A line of the table in ``docs/security.md``."""
        difference = (statistics.median(self.known) - statistics.median(self.unknown)) * 1e6
        median = statistics.median(self.unknown) * 1e3
        return f"| {self.name} | {len(self.known):,} | {median:.2f} ms | {difference:+.0f} µs | {self.t():+.2f} |"


def known_and_unknown(measurements: int) -> list[Comparison]:
    """Measure the flows."""
    door = prepared_door()
    with contextlib.redirect_stdout(io.StringIO()):
        return [_compare(door, name, *pair, measurements) for name, pair in pairs(door).items()]


def pairs(door: FrontDoor) -> dict[str, tuple[Callable[[], int], Callable[[], int]]]:
    """Return, for each flow, the calls for a member and for an unknown identifier."""
    browser = Browser(door)
    return {
        "sign-in": (
            lambda: browser.sign_in(_MEMBER, OTHER_PIN).status,
            lambda: browser.sign_in(_NOBODY, OTHER_PIN).status,
        ),
        "reset": (
            lambda: browser.post("/reset", {"identifier": _MEMBER, "channel": "letter"}).status,
            lambda: browser.post("/reset", {"identifier": _NOBODY, "channel": "letter"}).status,
        ),
        "code": (
            lambda: browser.post("/reset/verify", {"identifier": _MEMBER, "code": "000000"}).status,
            lambda: browser.post("/reset/verify", {"identifier": _NOBODY, "code": "000000"}).status,
        ),
        "identifier": (
            lambda: browser.post("/identifier", _IDENTITY).status,
            lambda: browser.post("/identifier", _OTHER_IDENTITY).status,
        ),
        "IBAN": (
            lambda: browser.post("/identifier/iban", {"challenge": _CHALLENGE, "iban_last6": "000000"}).status,
            lambda: browser.post("/identifier/iban", {"challenge": _NOBODYS_CHALLENGE, "iban_last6": "000000"}).status,
        ),
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
    """Build the functions on the stubbed cloud, with a member, an open code for every identifier and two challenges."""
    cloud, put = stubbed_cloud()
    door = FrontDoor(cloud, {"SourceFailures": "1000000"})
    hashed = door.hasher().hash(door.add_member(_MEMBER), _pin())
    put(
        {
            "pk": {"S": f"MEMBER#{_MEMBER}"},
            "credential_version": {"N": "1"},
            "pin_hash": {"S": hashed.encode()},
            "iban_hash": {"S": "1" * 64},
            **{name: {"S": value} for name, value in _IMPORTED.items()},
        }
    )
    identity = KeyedHashes(cloud.kms, cloud.keys["IndexKey"]).of_identity(
        Nir.parse(_IDENTITY["nir"]),
        BirthDate.parse(_IDENTITY["birth_date"], NOON),
        Postcode.parse(_IDENTITY["postcode"]),
    )
    put({"pk": {"S": f"IDENTITY#{identity}"}, "identifier": {"S": _MEMBER}})
    for challenge, whose in ((_CHALLENGE, _MEMBER), (_NOBODYS_CHALLENGE, None)):
        put(_challenge(challenge, Identifier(whose) if whose else None))
    pseudonyms = Pseudonyms.from_kms(cloud.kms, cloud.keys["PinKey"])
    for identifier in (_MEMBER, _NOBODY):
        key = f"RESET#{pseudonyms.of('identifier', identifier)}"
        put(_open_code(key))
    return door


def _challenge(token: str, member: Identifier | None) -> dict[str, Any]:
    pseudonym = Pseudonym("3" * 32)
    stands_for = Challenged(identity=pseudonym, tries=pseudonym, member=member, expires_at=Instant(NOON + 600))
    return dict(put_challenge("", Challenge.parse(token), stands_for)["Put"]["Item"])


def _open_code(key: str) -> dict[str, Any]:
    # A letter that may be followed by another: a request issues one, and a try finds a code to compare with.
    requested, expires = NOON - 9 * 86_400, NOON + 12 * 86_400
    return {
        "pk": {"S": key},
        "emails": {"L": []},
        "letters": {"L": [{"N": str(requested)}]},
        "generation": {"N": "0"},
        "revision": {"N": "1"},
        "letter": {
            "M": {
                "request_id": {"S": "0" * 32},
                "requested_at": {"N": str(requested)},
                "expires_at": {"N": str(expires)},
            }
        },
    }


def _pin() -> Pin:
    return Pin.parse("270519")
