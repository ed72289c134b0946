"""A member who says "not me" while others sign in: on the real DynamoDB Local, fifty at once."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.at_once import all_at_once

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = "A1234567"
AT_ONCE = 50


def test_no_session_survives_among_fifty_parallel_sign_ins(cloud: Cloud) -> None:
    clock = Clock()
    doors = [FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock) for _ in range(AT_ONCE + 1)]
    doors[0].add_member(MEMBER, email="member@example.fr")
    own = Browser(doors[0])
    headers = {"Authorization": f"Bearer {own.sign_in(MEMBER).body['access_token']}"}
    assert own.send("GET", "/sessions", headers=headers).status == 200
    # Each knows its browser, so that no wait of strangers stops it.
    browsers = [Browser(door, cookies=dict(own.device_cookies)) for door in doors[1:]]

    not_me, *_ = all_at_once(
        [
            partial(own.post, "/account/not-me", headers=headers),
            *(partial(browser.sign_in, MEMBER) for browser in browsers),
        ]
    )

    assert not_me.status == 202
    left = Counter(browser.refresh().status for browser in browsers)
    assert left == {401: AT_ONCE}
    assert own.sign_in(MEMBER).code == "pin-disabled"
