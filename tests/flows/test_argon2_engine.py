"""The functions that verify PINs say once which engine of argon2 they run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.platform.argon2_engine import ENGINE, huge_pages
from simulators.sign_in_driver import OTHER_PIN, Browser, FrontDoor

if TYPE_CHECKING:
    from simulators.cloud import Cloud


def test_each_start_of_sign_in_and_reset_logs_the_engine_once(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    door.add_member("A1234567")
    for pin in ("270519", OTHER_PIN):
        Browser(door).sign_in("A1234567", pin)

    logged = [(event["engine"], event["huge_pages"]) for event in door.events("argon2 engine")]
    assert logged == [(ENGINE, huge_pages())] * 2
