"""``python -m ops forget``: what is erased, what remains, and that a crash at any step leaves nothing behind."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

from member_access.members.tombstones import tombstone_from_item
from member_access.values.types import Instant
from ops.desk import ask
from ops.forget_command import forget
from ops.member_keys import find_keys
from ops.removal import Removal
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.front_desk import MEMBER, ROW, STRINGS, FrontDesk, make_busy
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom
from tests.support.members import import_members, member_row
from tests.support.table import items, stored_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.values.types import Identifier
    from simulators.cloud import Cloud

HELD = ("CHALLENGE", "CODE", "EMAIL", "LETTER", "REMINDERS", "RESET_TOKEN", "SIGN_INS")
UNTIL = Instant(1_900_000_000)


@pytest.fixture
def desk(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> FrontDesk:
    """The desk of a stack without members."""
    return FrontDesk(FrontDoor(cloud), capsys)


def identifier(desk: FrontDesk) -> Identifier:
    return desk.desk.identifier(MEMBER)


def found(text: str) -> list[str]:
    """Which of the member's strings are in a text."""
    return [string for string in STRINGS if string in text]


def all_messages(cloud: Cloud) -> str:
    return repr([message.body for message in cloud.queues.waiting])


def kinds(desk: FrontDesk) -> set[str]:
    """The kinds of all items that are left."""
    return {
        item["pk"]["S"].partition("#")[0] + "#"
        for table in desk.cloud.tables
        for item in items(desk.cloud, table=table)
    }


def test_a_search_of_tables_and_queues_finds_nothing_but_the_tombstone(desk: FrontDesk) -> None:
    make_busy(desk)
    before = kinds(desk)
    assert {f"{kind}#" for kind in HELD} < before
    assert found(stored_text(desk.cloud)) == [MEMBER, *STRINGS[1:5]]

    ended = desk.types("forget", MEMBER, "--yes")

    assert ended.status == 0
    assert ended.lines[-1] == "A0000001: erased, 24 items. An import does not add the person before 2027-02-14."
    assert found(stored_text(desk.cloud) + all_messages(desk.cloud)) == []
    pseudonyms = desk.stack.pseudonyms([identifier(desk)])["members"][MEMBER]
    left = stored_text(desk.cloud)
    assert [name for name, one in pseudonyms.items() if str(one) in left] == ["tombstone"]
    # The searches by the number name no member, decoys and sources neither.
    assert kinds(desk) == {"ATTEMPTS#", "EMAIL_BUDGET#", "NOBODY#", "REMOVED#", "SOURCE#"}
    assert len(items(desk.cloud, "ATTEMPTS#identity#")) == len(items(desk.cloud, "ATTEMPTS#")) == 1


def test_logs_name_the_identifier_alone(desk: FrontDesk) -> None:
    make_busy(desk)
    desk.types("forget", MEMBER, "--yes")
    assert found(desk.door.log.getvalue() + repr(desk.trail())) == [MEMBER]


def test_reports_of_loads_lose_the_rows_of_an_erased_member(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    ended, running, objects = f"{'a' * 40}-1", f"{'b' * 40}-2", desk.cloud.bucket.objects
    report = b'line,identifier,outcome,reason\n2,A0000001,rejected,"nir, ""key"""\n3,A0000002,rejected,town\n'
    for load in (ended, running):
        objects[f"loads/{load}/judged.csv"] = objects[f"reports/{load}/report.csv"] = report
    objects[f"reports/{ended}/outcome.json"] = b"{}"

    lines = desk.types("forget", MEMBER, "--yes").lines

    assert "and 2 rows of reports" in lines[-1]
    left = b"line,identifier,outcome,reason\n3,A0000002,rejected,town\n"
    assert objects[f"reports/{ended}/report.csv"] == objects[f"loads/{ended}/judged.csv"] == left
    assert objects[f"loads/{running}/judged.csv"] == report, "a load reads it in parts"


def test_messages_that_wait_end_quietly(desk: FrontDesk) -> None:
    make_busy(desk)
    desk.types("forget", MEMBER, "--yes")
    sent = len(desk.cloud.sent_emails.taken)
    Mailroom(desk.door).emails.deliver()
    room = LetterRoom(desk.door)
    room.queue.deliver_for(60)
    assert len(desk.cloud.sent_emails.taken) == sent
    assert room.fake.letters() == []
    assert all_messages(desk.cloud) == "[]"


def test_an_erased_member_is_an_unknown_one(desk: FrontDesk) -> None:
    busy = make_busy(desk)
    desk.types("forget", MEMBER, "--yes")
    assert busy.known.refresh().code == "session-expired"
    assert busy.known.sign_in(MEMBER).code == "invalid-credentials"
    assert desk.types("show", MEMBER).status == 5
    assert desk.types("export", MEMBER).status == 5


def test_what_goes_and_what_remains_is_said_first(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    before = stored_text(desk.cloud)
    dry = desk.types("forget", MEMBER, "--dry-run")
    assert (dry.status, dry.lines[0], dry.lines[5]) == (0, "Goes:", "Remains:")
    assert dry.lines[-1] == "A0000001: nothing was erased."

    desk.answers = ["A0000002", "a0000001"]
    declined = desk.types("forget", MEMBER)
    assert (declined.status, declined.lines[-1]) == (1, "A0000001: nothing was erased.")
    assert stored_text(desk.cloud) == before

    assert desk.types("forget", MEMBER).status == 0
    assert found(stored_text(desk.cloud)) == []


def test_without_a_terminal_and_without_yes_nothing_is_erased(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    desk.around = replace(desk.around, ask=ask)
    ended = desk.types("forget", MEMBER)
    assert (ended.status, ended.err) == (1, "Nothing was done: there is no terminal to ask on. Add --yes.\n")
    assert MEMBER in stored_text(desk.cloud)


class Crash:
    """Lets the calls to the tables fail from one on."""

    def __init__(self, after: int) -> None:
        self.left = after

    def __call__(self, params: Mapping[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]] | None:
        self.left -= 1
        if self.left >= 0:
            return None
        error = {"Error": {"Code": "InternalServerError", "Message": ""}, "ResponseMetadata": {}}
        return AWSResponse(params["url"], 500, HTTPHeaders(), None), error


def test_a_call_of_the_member_that_is_in_the_way_is_waited_for(desk: FrontDesk) -> None:
    """A single write is rejected while a transaction has its item (API reference, TransactWriteItems)."""
    make_busy(desk)
    conflicts = iter([True])

    def meet(params: Mapping[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]] | None:
        if not next(conflicts, False):
            return None
        error = {"Error": {"Code": "TransactionConflictException", "Message": ""}, "ResponseMetadata": {}}
        return AWSResponse(params["url"], 400, HTTPHeaders(), None), error

    # Botocore's stubs do not know that this handler may return a response.
    desk.cloud.dynamodb.meta.events.register_first("before-call.dynamodb.DeleteItem", meet)  # type: ignore[arg-type]
    try:
        assert desk.types("forget", MEMBER, "--yes").status == 0
    finally:
        desk.cloud.dynamodb.meta.events.unregister("before-call.dynamodb.DeleteItem", meet)  # type: ignore[arg-type]
    assert not next(conflicts, False)
    assert found(stored_text(desk.cloud)) == []


@pytest.mark.slow
def test_a_repetition_does_what_a_crash_at_any_step_has_left(desk: FrontDesk) -> None:
    make_busy(desk)
    desk.cloud.dynamodb.delete_item(
        TableName=desk.cloud.tables["AccessTable"], Key={"pk": items(desk.cloud, "CHALLENGE#")[0]["pk"]}
    )
    kept = {table: items(desk.cloud, table=table) for table in desk.cloud.tables}
    crashes = 0
    while True:
        crash = Crash(crashes)
        # Botocore's stubs do not know that this handler may return a response.
        desk.cloud.dynamodb.meta.events.register_first("before-call.dynamodb", crash)  # type: ignore[arg-type]
        status = desk.types("forget", MEMBER, "--yes").status
        desk.cloud.dynamodb.meta.events.unregister("before-call.dynamodb", crash)  # type: ignore[arg-type]
        if status == 0:
            break
        assert desk.types("forget", MEMBER, "--yes").status == 0
        assert (crashes, found(stored_text(desk.cloud))) == (crashes, [])
        crashes += 1
        for table, before in kept.items():
            for item in items(desk.cloud, table=table):
                desk.cloud.dynamodb.delete_item(TableName=desk.cloud.tables[table], Key={"pk": item["pk"]})
            for item in before:
                desk.cloud.dynamodb.put_item(TableName=desk.cloud.tables[table], Item=item)
    assert crashes > 20


def test_a_second_erasure_finds_nothing_and_shortens_no_protection(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    assert desk.types("forget", MEMBER, "--yes", "--days", "90").status == 0
    again = desk.types("forget", MEMBER, "--yes")
    assert (again.status, again.lines[-1].split(",")[1]) == (
        0,
        " nothing was left. An import does not add the person before 2027-02-14.",
    )
    (item,) = items(desk.cloud, "REMOVED#", "MembersTable")
    tombstone = tombstone_from_item(item)
    assert tombstone is not None
    assert tombstone.kept_out_until == desk.door.clock.time + 90 * 86_400
    assert tombstone.keeps_out(Instant(desk.door.clock.time + 60 * 86_400))


def test_a_tombstone_never_lets_a_version_go_backwards(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    table, key = desk.cloud.tables["MembersTable"], {"pk": {"S": f"MEMBER#{MEMBER}"}}
    desk.cloud.dynamodb.update_item(
        TableName=table,
        Key=key,
        UpdateExpression="SET credential_version = :late",
        ExpressionAttributeValues={":late": {"N": "2000000000"}},
    )
    assert desk.types("forget", MEMBER, "--yes").status == 0
    (item,) = items(desk.cloud, "REMOVED#", "MembersTable")
    desk.cloud.dynamodb.update_item(TableName=table, Key={"pk": item["pk"]}, UpdateExpression="REMOVE kept_out_until")
    import_members(desk.cloud, ROW)
    assert desk.types("forget", MEMBER, "--yes").status == 0
    (item,) = items(desk.cloud, "REMOVED#", "MembersTable")
    assert int(item["credential_version"]["N"]) == 2_000_000_002


def test_members_who_left_are_removed_by_one_search_for_all(desk: FrontDesk) -> None:
    rows = [member_row(number) for number in range(1, 4)]
    import_members(desk.cloud, *rows)
    for row in rows:
        assert Browser(desk.door).post("/reset", {"identifier": row["identifier"]}).status == 202
    removal, now = Removal.of(desk.stack), desk.desk.clock()
    keys = [find_keys(desk.stack, desk.desk.identifier(row["identifier"])) for row in rows[:2]]
    with desk.cloud.recorded_calls() as log:
        for one in keys:
            removal.remove(one, now, None)
        removal.sweep(keys, now)
    assert [call.operation for call in log.calls].count("dynamodb:Scan") == 1
    text = stored_text(desk.cloud)
    assert [row["identifier"] in text for row in rows] == [False, False, True]


def test_what_earlier_releases_kept_of_a_member_goes_too(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    table, subject = desk.cloud.tables["AccessTable"], desk.door.subject(MEMBER)
    for key in (f"ATTEMPTS#pin#{subject}", f"SIGN_INS#{MEMBER}"):
        desk.cloud.dynamodb.put_item(TableName=table, Item={"pk": {"S": key}})
    for key in ("DEVICE#0", "SESSION#0"):
        desk.cloud.dynamodb.put_item(TableName=table, Item={"pk": {"S": key}, "identifier": {"S": MEMBER}})
    assert desk.types("forget", MEMBER, "--yes").status == 0
    assert items(desk.cloud) == []


def test_the_search_waits_for_calls_that_began_before(desk: FrontDesk) -> None:
    import_members(desk.cloud, ROW)
    keys, late = find_keys(desk.stack, identifier(desk)), Browser(desk.door)

    class Interrupted(list[float]):
        def append(self, seconds: float) -> None:
            # What a call that had read the member writes now.
            desk.cloud.dynamodb.put_item(
                TableName=desk.cloud.tables["AccessTable"],
                Item={"pk": {"S": "EMAIL#late"}, "identifier": {"S": MEMBER}, "expires_at": {"N": "1900000000"}},
            )
            super().append(seconds)

    desk.pauses = Interrupted()
    forget(desk.desk, keys, UNTIL)
    assert desk.pauses == [15]
    assert found(stored_text(desk.cloud)) == []
    assert late.sign_in(MEMBER).status == 401


def test_a_letter_at_a_print_provider_is_named(desk: FrontDesk) -> None:
    import_members(desk.cloud, {**ROW, "email": ""})
    Browser(desk.door).post("/reset", {"identifier": MEMBER})
    room = LetterRoom(desk.door)
    room.queue.deliver_for(3600)
    (letter,) = room.fake.letters()
    assert desk.types("forget", MEMBER, "--yes").lines[-1] == f"Ask maileva to delete its letter {letter.reference}."
