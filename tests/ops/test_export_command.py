"""``python -m ops export``: everything that is held, explained, without a hash."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ops.export_command import EXPLANATIONS, KINDS, kind_of
from simulators.sign_in_driver import FrontDoor
from tests.support.front_desk import EMAIL, MEMBER, FrontDesk, make_busy
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

OF_NO_MEMBER = {kind_of(key) for key in ("ATTEMPTS#identity#", "EMAIL_BUDGET#", "NOBODY#", "SOURCE#")}
"""Kinds of items that name no member."""


@pytest.fixture
def desk(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> FrontDesk:
    """The desk of a stack without members."""
    return FrontDesk(FrontDoor(cloud), capsys)


def test_everything_that_is_held_of_a_member_is_exported_with_an_explanation(desk: FrontDesk) -> None:
    busy = make_busy(desk)
    ended = desk.types("export", MEMBER)
    exported = ended.data

    assert exported["member"]["email"] == EMAIL
    assert exported["member"]["last_name"] == "EXEMPLE"
    held = {kind_of(item["pk"]["S"]) for item in items(desk.cloud)} - OF_NO_MEMBER
    assert {entry["is"] for entry in exported["activity"]} == {KINDS[kind] for kind in (*held, "PASSKEY")}
    fields = {name for entry in (exported["member"], *exported["activity"]) for name in entry} - {"is"}
    assert exported["explanations"] == {name: text for name, text in EXPLANATIONS.items() if name in fields}
    assert fields <= set(EXPLANATIONS)

    stored = [item for table in desk.cloud.tables for item in items(desk.cloud, table=table)]
    hashes = [part for item in stored for part in item["pk"]["S"].split("#") if len(part) >= 32]
    hashes += [value["S"] for item in stored for name, value in item.items() if "hash" in name]
    assert [secret for secret in (*hashes, busy.code) if secret in ended.out] == []
    assert desk.types("export", MEMBER, "--json").data == exported


def test_an_export_is_recorded(desk: FrontDesk) -> None:
    make_busy(desk)
    desk.types("export", MEMBER)
    assert desk.trail()[-1]["message"] == "operator.export"
    assert desk.trail()[-1]["audit"]["entries"] > 10
