"""Behind CloudFront failures count for the member's own address, and nobody chooses the address they count for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.front_door import OTHER_PIN, Browser, FrontDoor, Reply

if TYPE_CHECKING:
    from tests.support.cloud import Cloud

CLOUDFRONT = "198.51.100.1"
LIMIT = 4


@pytest.fixture
def door(cloud: Cloud) -> FrontDoor:
    """The functions as they are behind CloudFront."""
    return FrontDoor(cloud, {"Environment": "staging", "SourceFailures": str(LIMIT)})


def fail(door: FrontDoor, number: int, headers: dict[str, str]) -> Reply:
    """A wrong PIN for one of many identifiers, so that no member's own limit is met."""
    body = {"identifier": f"Z{number:07}", "pin": OTHER_PIN}
    return Browser(door, source=CLOUDFRONT).post("/login", body, headers)


def through_cloudfront(door: FrontDoor, viewer: str) -> dict[str, str]:
    return {"X-Origin-Verify": door.environment["ORIGIN_VERIFY_SECRET"], "True-Client-IP": viewer}


def test_one_caller_waits_and_the_next_one_does_not(door: FrontDoor) -> None:
    statuses = [fail(door, number, through_cloudfront(door, "203.0.113.9")).status for number in range(LIMIT + 1)]

    assert statuses == [401] * LIMIT + [429]
    assert fail(door, LIMIT + 1, through_cloudfront(door, "203.0.113.10")).status == 401


def test_an_address_without_the_secret_is_not_believed(door: FrontDoor) -> None:
    statuses = [fail(door, number, {"True-Client-IP": f"203.0.113.{number}"}).status for number in range(LIMIT + 1)]

    assert statuses == [401] * LIMIT + [429]
