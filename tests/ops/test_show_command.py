"""``python -m ops show``: what a desk sees of a member, and what it does not."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from mailings.contract import InviteRequest, SeenMember
from member_access.outbox.outbox import DELAY_SECONDS
from member_access.values.types import Identifier
from ops.show_command import NOT_SHOWN
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.front_desk import MEMBER, ROW, STRINGS, FrontDesk, make_busy
from tests.support.mailroom import Mailroom
from tests.support.members import import_members
from tests.support.operator_desk import stack_in_process
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
        NOT_SHOWN,
    ]


def test_waits_codes_letters_browsers_and_sessions_are_shown(desk: FrontDesk) -> None:
    make_busy(desk)
    assert desk.types("show", MEMBER).lines == [
        "A0000001 on 2027-01-15 13:00:03, Paris time",
        "PIN                   set; hash m=8,t=1,p=1 by the present key",
        "  unknown browsers    3 wrong in a row, 3 in a year: must wait until 2027-01-15 13:01:00",
        "  known browsers      1 wrong in a row, 1 in a year",
        "  browser 1           1 wrong in a row, 1 in a year; known until 2028-01-16 13:00:00",
        "end of the IBAN       1 wrong in a row, 1 in a year",
        "searches, browser 1   1 in a row",
        "e-mail                c****@e****.fr, gets e-mail",
        "identifier by e-mail  sent 3 times today: no more until 2027-01-16 01:00:00",
        (
            "codes by e-mail       requested 2027-01-15 13:00:00, 2027-01-15 13:00:00; another from 2027-01-15 13:01:00"
            " on; in a known browser from 2027-01-15 13:01:00 on"
        ),
        "code by letter        works until 2027-02-05 13:00:00; letter requested on 2027-01-15 13:00:00",
        "latest outcome        none",
        "session 1             since 2027-01-15 13:00:00, refreshed 2027-01-15 13:00:00, ends 2027-01-15 13:30:00",
        "language, town        fr, PARIS",
        NOT_SHOWN,
    ]


def search(browser: Browser) -> int:
    return browser.post("/identifier", {name: ROW[name] for name in ("nir", "birth_date", "postcode")}).status


def set_of_day(desk: FrontDesk, kind: str, **numbers: str) -> None:
    """Let all members together have had so many e-mails or letters today."""
    desk.cloud.dynamodb.put_item(
        TableName=desk.cloud.tables["AccessTable"],
        Item={"pk": {"S": f"{kind}#2027-01-15"}, **{name: {"N": number} for name, number in numbers.items()}},
    )


def test_searches_and_reminders_that_wait_are_shown_until_an_unlock(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    desk.door.give_pin(MEMBER)
    known = Browser(desk.door)
    assert known.sign_in(MEMBER).status == 200
    while search(known) == 200:
        pass
    desk.door.clock.advance(DELAY_SECONDS)
    Mailroom(desk.door).emails.deliver()
    lines = desk.types("show", MEMBER).lines
    assert "searches, browser 1   3 in a row: must wait until 2027-01-15 13:01:00" in lines
    assert "identifier by e-mail  sent 3 times today: no more until 2027-01-16 01:00:00" in lines
    assert desk.types("show", MEMBER, "--json").data["reminders"] == {
        "today": 3,
        "next_from": "2027-01-16T00:00:00+00:00",
    }

    assert desk.types("unlock", MEMBER).status == 0

    assert not [line for line in desk.types("show", MEMBER).lines if "search" in line[:8] or "identifier by" in line]
    assert search(known) == 200


def test_a_code_asked_for_in_a_known_browser_says_from_when_on_another_comes(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    desk.door.give_pin(MEMBER)
    known = Browser(desk.door)
    assert known.sign_in(MEMBER).status == 200
    assert known.post("/reset", {"identifier": MEMBER}).status == 202
    line = "codes by e-mail     requested 2027-01-15 13:00:00; in a known browser from 2027-01-15 13:01:00 on"
    assert line in desk.types("show", MEMBER).lines


@pytest.mark.parametrize(
    ("kind", "numbers", "line"),
    [
        ("EMAIL_BUDGET", {"emails": "49999"}, None),
        ("EMAIL_BUDGET", {"emails": "50000"}, "e-mails of the day  {}: codes wait until 2027-01-16 01:00:00"),
        ("LETTER_BUDGET", {"letters": "499", "with_email": "99"}, None),
        ("LETTER_BUDGET", {"letters": "100", "with_email": "100"}, "letters of the day  {}: letters wait until {}"),
        ("LETTER_BUDGET", {"letters": "500"}, "letters of the day  {}: letters wait until {}"),
    ],
)
def test_a_used_up_day_of_the_service_is_shown(
    desk: FrontDesk, kind: str, numbers: dict[str, str], line: str | None
) -> None:
    import_members(desk.cloud, ROW)
    set_of_day(desk, kind, **numbers)
    shown = [one for one in desk.types("show", MEMBER).lines if "of the day" in one]
    assert shown == ([line.format("all members together have used them up", "2027-01-16 00:00:00")] if line else [])


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


def test_the_code_of_an_invitation_by_email_is_no_letter(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    stack = stack_in_process(desk.door)
    seen = SeenMember(identifier=Identifier(MEMBER), credential_version=0)
    stack.call("MailingsFunction", InviteRequest(members=(seen,)).model_dump(mode="json"))

    lines = desk.types("show", MEMBER).lines

    assert "code by letter      that of the invitation by e-mail works until 2027-02-05 13:00:00" in lines
    assert desk.types("unlock", MEMBER).lines[1:3] == [
        "No wait of the member is left.",
        "The member has no PIN yet, and makes one by « Mot de passe oublié ».",
    ]
