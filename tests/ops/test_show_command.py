"""``python -m ops show``: what a desk sees of a member, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.sign_in_driver import FrontDoor
from tests.support.front_desk import MEMBER, ROW, STRINGS, FrontDesk, make_busy
from tests.support.members import import_members
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud


@pytest.fixture
def desk(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> FrontDesk:
    """The desk of a stack without members."""
    return FrontDesk(FrontDoor(cloud), capsys)


def test_a_new_member_has_neither_pin_nor_waits(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    assert desk.types("show", MEMBER).lines == [
        "A0000001 on 2027-01-15 13:00:00, Paris time",
        "PIN                 none yet",
        "  unknown browsers  0 wrong in a row, 0 in a year",
        "  known browsers    0 wrong in a row, 0 in a year",
        "end of the IBAN     0 wrong in a row, 0 in a year",
        "e-mail              c****@e****.fr, gets e-mail",
        "codes by e-mail     none requested within a day",
        "code by letter      none open",
        "latest outcome      none",
        "sessions            none",
        "language, town      fr, PARIS",
    ]


def test_waits_codes_letters_browsers_and_sessions_are_shown(desk: FrontDesk) -> None:
    make_busy(desk)
    assert desk.types("show", MEMBER).lines == [
        "A0000001 on 2027-01-15 13:00:03, Paris time",
        "PIN                 set; hash m=8,t=1,p=1 by the present key",
        "  unknown browsers  3 wrong in a row, 3 in a year: must wait until 2027-01-15 13:01:00",
        "  known browsers    1 wrong in a row, 1 in a year",
        "  browser 1         1 wrong in a row, 1 in a year; known until 2028-01-16 13:00:00",
        "end of the IBAN     1 wrong in a row, 1 in a year",
        "e-mail              c****@e****.fr, gets e-mail",
        "codes by e-mail     requested 2027-01-15 13:00:00, 2027-01-15 13:00:00; another from 2027-01-15 13:01:00 on",
        "code by letter      works until 2027-02-05 13:00:00; letter requested on 2027-01-15 13:00:00",
        "latest outcome      none",
        "session 1           since 2027-01-15 13:00:00, refreshed 2027-01-15 13:00:00, ends 2027-01-15 13:30:00",
        "language, town      fr, PARIS",
    ]


def test_a_disabled_pin_a_marked_address_and_an_outcome_are_named(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    desk.door.give_pin(MEMBER)
    desk.cloud.dynamodb.update_item(
        TableName=desk.cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{MEMBER}"}},
        UpdateExpression=(
            "SET email_state = :bounced, email_state_at = :at, letter_state = :posted, letter_state_at = :at, "
            "letter_requested_at = :at, credential_version = :at"
        ),
        ExpressionAttributeValues={
            ":bounced": {"S": "bounced"},
            ":posted": {"S": "posted"},
            ":at": {"N": "1799000000"},
        },
    )
    desk.disable_pin()
    lines = desk.types("show", MEMBER).lines
    assert lines[1] == "PIN                 set by 2027-01-03 19:13:20; hash m=8,t=1,p=1 by the present key"
    assert lines[2] == "  unknown browsers  10 wrong in a row, 10 in a year: disabled"
    assert lines[5] == "e-mail              c****@e****.fr, marked as bounced on 2027-01-03 19:13:20"
    assert lines[8] == "latest outcome      posted on 2027-01-03 19:13:20"


def test_an_address_from_which_letters_come_back_and_an_invitation_are_named(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    desk.cloud.dynamodb.update_item(
        TableName=desk.cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{MEMBER}"}},
        UpdateExpression="SET address_state = :returned, address_state_at = :at, invited_at = :at, invited_by = :email",
        ExpressionAttributeValues={
            ":returned": {"S": "returned"},
            ":email": {"S": "email"},
            ":at": {"N": "1799000000"},
        },
    )
    lines = desk.types("show", MEMBER).lines
    returned = "letters come back, noted on 2027-01-03 19:13:20; none is sent until an import changes the address"
    assert f"postal address      {returned}" in lines
    assert "invitation          by email on 2027-01-03 19:13:20" in lines
    shown = desk.types("show", MEMBER, "--json").data
    assert shown["invitation"] == {"by": "email", "at": "2027-01-03T18:13:20+00:00"}
    assert shown["address_returned_at"] == "2027-01-03T18:13:20+00:00"


def test_a_program_reads_no_secret_address_or_name_either(desk: FrontDesk) -> None:
    busy = make_busy(desk)
    ended = desk.types("show", MEMBER, "--json")
    assert ended.data["pin"]["unknown_browsers"] == {
        "failures": 3,
        "failures_in_a_year": 3,
        "is_disabled": False,
        "retry_after": 57,
    }
    assert ended.data["codes"]["retry_after"] == {"email": 57, "letter": 0}
    (member,) = items(desk.cloud, "MEMBER#", "MembersTable")
    secrets = [busy.code, *(value["S"] for name, value in member.items() if "hash" in name)]
    secrets += [text for text in STRINGS if text != MEMBER]
    secrets += [part for item in items(desk.cloud) for part in item["pk"]["S"].split("#") if len(part) >= 32]
    assert [secret for secret in secrets if secret in ended.out] == []


def test_who_looked_at_whom_is_recorded(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    desk.types("show", MEMBER)
    assert [(one["message"], one["audit"]["member"], one["audit"]["outcome"]) for one in desk.trail()] == [
        ("operator.show", MEMBER, "begun"),
        ("operator.show", MEMBER, "done"),
    ]


def test_a_stack_without_a_limit_is_of_another_template(desk: FrontDesk) -> None:
    del desk.parameters["PinFreeAttempts"]
    ended = desk.types("show", MEMBER)
    assert (ended.status, ended.err) == (
        3,
        f"Stack {desk.stack.name} has no parameter PinFreeAttempts. Deploy this version of the template first.\n",
    )
