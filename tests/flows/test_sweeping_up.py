"""What the flows keep for a time is swept up after it, by DynamoDB's time to live, and never while it counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER, UNKNOWN = "A1234567", "Z7654321"
SHORTEST, LONGEST = 600, 366 * 86_400


@pytest.mark.parametrize("who", [MEMBER, UNKNOWN])
def test_everything_kept_of_a_person_expires(cloud: Cloud, who: str) -> None:
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    browser = Browser(door)
    for pin in (OTHER_PIN, PIN):
        browser.sign_in(who, pin)
    browser.post("/reset", {"identifier": who})
    for _ in range(10):
        door.clock.advance(
            browser.post("/reset/verify", {"identifier": who, "code": "000000"}).body.get("retry_after", 0)
        )
    browser.post("/identifier", {"nir": "1850375000001", "birth_date": "1985-03-14", "postcode": "75011"})

    kept = items(cloud)
    kinds = {item["pk"]["S"].partition("#")[0] for item in kept}
    assert {"ATTEMPTS", "RESET", "SIGN_INS", "SOURCE", "CHALLENGE"} <= kinds
    lifetimes = {item["pk"]["S"]: int(item["expires_at"]["N"]) - door.clock.time for item in kept}
    assert {key: left for key, left in lifetimes.items() if left > LONGEST} == {}
    # The others were over by the end of the waits.
    lasting = ("ATTEMPTS#", "RESET#", "SIGN_INS#")
    assert {key: left for key, left in lifetimes.items() if key.startswith(lasting) and left < SHORTEST} == {}
