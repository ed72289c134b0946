"""``python -m ops show``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.sign_in_driver import OTHER_PIN, Browser, FrontDoor
from tests.support.front_desk import FrontDesk
from tests.support.members import import_members, member_row

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = "A0000001"


@pytest.fixture
def desk(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> FrontDesk:
    door = FrontDoor(cloud)
    import_members(cloud, member_row(1))
    return FrontDesk(door, capsys)


P = lambda *a: open("/tmp/desk_out", "a").write(" ".join(map(str, a)) + "\n")


def test_x(desk):
    P(desk.types("show", MEMBER))
    desk.door.give_pin(MEMBER)
    b = Browser(desk.door)
    assert b.sign_in(MEMBER).status == 200
    for _ in range(3):
        Browser(desk.door).sign_in(MEMBER, OTHER_PIN)
    b.sign_in(MEMBER, OTHER_PIN)
    b.post("/reset", {"identifier": MEMBER})
    b.post("/reset", {"identifier": MEMBER, "channel": "letter"})
    P(desk.types("show", MEMBER).out)
    P(desk.types("show", MEMBER, "--json").out)
    P(desk.types("export", MEMBER).out)
    P(desk.types("unlock", MEMBER))
    P(desk.types("show", MEMBER).out)
    P(desk.types("end-sessions", MEMBER))
    P(desk.types("forget-browsers", MEMBER))
    P(desk.types("email-ok", MEMBER))
    P(desk.types("forget", MEMBER, "--dry-run"))
    P(desk.types("forget", MEMBER, "--yes"))
    P(desk.types("forget", MEMBER, "--yes"))
    for t in desk.cloud.tables.values():
        for i in desk.cloud.dynamodb.scan(TableName=t)["Items"]:
            P(i)
    P(desk.trail()[-1])
    assert 0
