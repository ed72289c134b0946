"""Behind CloudFront failures count for the member's own address, and no one chooses the address they count for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.sign_in_driver import OTHER_PIN, Browser, FrontDoor
from tests.support.members import member_row

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from simulators.cloud import Cloud

CLOUDFRONT = "198.51.100.1"
LIMIT = 4
WAITS = 429


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions as they are behind CloudFront."""
    # By e-mail alone: four letters in a row, as random keys may choose, would meet the limit of letters first.
    parameters = {"Environment": "staging", "SourceFailures": str(LIMIT), "EmailSharePercent": "100"}
    return FrontDoor(cloud, parameters)


# What every function that counts by source address counts: a wrong PIN, a request for a code, a search.
COUNTED: Mapping[str, Callable[[int], Mapping[str, str]]] = {
    "/login": lambda number: {"identifier": f"Z{number:07}", "pin": OTHER_PIN},
    "/reset": lambda number: {"identifier": f"Z{number:07}"},
    "/identifier": lambda number: {name: member_row(number)[name] for name in ("nir", "birth_date", "postcode")},
}


def statuses(door: FrontDoor, path: str, callers: Iterable[Mapping[str, str]]) -> list[int]:
    """What calls of CloudFront are answered, each for another member, so that no member's own limit is met."""
    browser = Browser(door, source=CLOUDFRONT)
    return [browser.post(path, COUNTED[path](number), headers).status for number, headers in enumerate(callers, 1)]


def through_cloudfront(door: FrontDoor, viewer: str) -> dict[str, str]:
    return {"X-Origin-Verify": door.environment["ORIGIN_VERIFY_SECRET"], "True-Client-IP": viewer}


@pytest.mark.parametrize("path", COUNTED)
def test_one_caller_waits_and_the_next_one_does_not(door: FrontDoor, path: str) -> None:
    one, other = (through_cloudfront(door, viewer) for viewer in ("203.0.113.9", "203.0.113.10"))

    answered = statuses(door, path, [one] * (LIMIT + 1) + [other])

    assert [status == WAITS for status in answered] == [False] * LIMIT + [True, False]


@pytest.mark.parametrize("path", COUNTED)
def test_an_address_without_the_secret_is_not_believed(door: FrontDoor, path: str) -> None:
    forged = [{"True-Client-IP": f"203.0.113.{number}"} for number in range(LIMIT + 1)]

    assert [status == WAITS for status in statuses(door, path, forged)] == [False] * LIMIT + [True]


def test_an_address_beside_a_wrong_secret_is_not_believed(door: FrontDoor) -> None:
    forged = [{"X-Origin-Verify": "guessed", "True-Client-IP": f"203.0.113.{number}"} for number in range(LIMIT + 1)]

    assert statuses(door, "/login", forged) == [401] * LIMIT + [WAITS]


def test_subscribers_of_ipv6_count_by_their_network_through_cloudfront_too(door: FrontDoor) -> None:
    callers = [through_cloudfront(door, f"2001:db8:0:7::{number}") for number in range(1, LIMIT + 2)]
    neighbour = through_cloudfront(door, "2001:db8:0:8::1")

    assert statuses(door, "/login", [*callers, neighbour]) == [401] * LIMIT + [WAITS, 401]


def test_without_a_hosted_portal_calls_count_for_the_connecting_address(cloud: Cloud) -> None:
    door = FrontDoor(cloud, {"Environment": "staging", "HostPortal": "false", "SourceFailures": str(LIMIT)})
    forged = [{"X-Origin-Verify": "", "True-Client-IP": f"203.0.113.{number}"} for number in range(LIMIT + 1)]

    assert statuses(door, "/login", forged) == [401] * LIMIT + [WAITS]


def test_the_secret_is_neither_logged_nor_answered(door: FrontDoor) -> None:
    headers = through_cloudfront(door, "203.0.113.9")
    bodies: tuple[object, ...] = (COUNTED["/login"](1), {}, [])
    replies = [Browser(door, source=CLOUDFRONT).post("/login", body, headers) for body in bodies]

    assert [reply.status for reply in replies] == [401, 422, 422]
    shown = headers["X-Origin-Verify"]
    assert shown not in door.log.getvalue() + "".join(f"{reply.headers}{reply.text}" for reply in replies)
