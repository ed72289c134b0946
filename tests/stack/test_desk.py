"""The desk on the deployed stack: its commands, one after another, for one member."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import urllib3

from ops.__main__ import main
from tests.support.local_stack import call
from tests.support.members import members_csv
from tests.support.stack_members import PIN

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.support.local_stack import Answer, Stack
    from tests.support.stack_members import Members

WRONG = "481630"


class Desk:
    """Someone at the desk of the local stack, and the member whom it is about."""

    def __init__(self, stack: Stack, member: str, capture: pytest.CaptureFixture[str]) -> None:
        self._stack, self._member, self._capture = stack, member, capture

    def types(self, command: str, *options: str) -> tuple[int, dict[str, Any]]:
        """Type a command about the member, and return its exit status and its JSON."""
        self._capture.readouterr()
        at = ["--local", "--state-dir", str(self._stack.runner.state), "--json"]
        status = main([command, self._member, *at, *options])
        out, err = self._capture.readouterr()
        assert out, err
        return status, json.loads(out)

    def signs_in(self, pin: str, source: str, cookies: str = "") -> Answer:
        """Let someone sign in as the member."""
        return self.posts("/login", source, cookies, identifier=self._member, pin=pin)

    def posts(self, path: str, source: str, cookies: str = "", **body: str) -> Answer:
        """Let someone call the API."""
        headers = {"Cookie": cookies} if cookies else {}
        return call("POST", self._stack.api_url + path, json=body or None, headers=headers, source=source)


def cookies_of(answer: Answer) -> str:
    return "; ".join(line.split(";")[0] for line in answer.cookies())


def queues_of(stack: Stack) -> str:
    """The messages that wait in all queues."""
    sqs = stack.cloud.session.client("sqs", endpoint_url=stack.cloud.endpoint_url)
    urls = sqs.list_queues().get("QueueUrls", [])
    return repr(
        [sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, VisibilityTimeout=0).get("Messages") for url in urls]
    )


def tables_of(stack: Stack) -> str:
    tables = [stack.outputs()[name] for name in ("MembersTable", "AccessTable")]
    pages = (page for name in tables for page in stack.cloud.dynamodb.get_paginator("scan").paginate(TableName=name))
    return repr([item for page in pages for item in page["Items"]])


def bucket_of(stack: Stack) -> str:
    """All objects of the bucket of loads."""
    s3, bucket = stack.cloud.s3, stack.outputs()["ImportBucket"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    keys = [one["Key"] for page in pages for one in page.get("Contents", [])]
    return repr([s3.get_object(Bucket=bucket, Key=key)["Body"].read() for key in keys])


def messages_of(stack: Stack) -> str:
    """The messages of the inbox, and the cloud's own record of e-mails."""
    listed = (f"{stack.inbox_url}/messages.json", f"{stack.cloud.endpoint_url}/_ministack/ses/messages")
    return repr([urllib3.request("GET", url).json() for url in listed])


def test_the_desk_helps_a_member_and_erases_them(
    stack: Stack, members: Members, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    member = members.next()
    file = tmp_path / "members.csv"
    file.write_bytes(members_csv({**member.row, "language": "xx"}))
    assert main(["import", "--local", "--state-dir", str(stack.runner.state), "--by-aws", str(file)]) == 0
    identifier, mailbox = member.identifier, member.mailbox(stack)
    desk = Desk(stack, identifier, capsys)
    own = desk.signs_in(PIN, "127.0.9.1")
    assert own.status == 200
    assert [desk.signs_in(WRONG, "127.0.9.2").status for _ in range(3)] == [401, 401, 429]

    status, shown = desk.types("show")
    assert (status, shown["pin"]["unknown_browsers"]["failures"], len(shown["sessions"])) == (0, 3, 1)
    status, unlocked = desk.types("unlock")
    assert (status, unlocked["pin_failures"]) == (0, 3)
    assert desk.signs_in(PIN, "127.0.9.3").status == 200
    assert desk.types("end-sessions")[1]["ended"] == 2
    assert desk.posts("/login/refresh", "127.0.9.1", cookies_of(own)).status == 401
    assert desk.types("forget-browsers")[1]["forgotten"] == 2
    assert desk.posts("/reset", "127.0.9.1", identifier=identifier).status == 202
    mailbox.next_code()
    assert desk.types("export")[1]["member"]["email"] == member.row["email"]
    assert desk.posts("/reset", "127.0.9.1", identifier=identifier, channel="letter").status == 202
    member.letters(stack).next_code()

    # In quotes, as in an item or an event: other members' names begin alike.
    personal = [member.row["email"], f"'{member.row['last_name']}'", member.row["nir"], member.row["iban"]]
    on_letters = f"{member.row['last_name']}'"
    assert identifier in bucket_of(stack)
    assert all(text in messages_of(stack) for text in (member.row["email"], on_letters))
    status, erased = desk.types("forget", "--yes")
    assert (status, erased["erased"]) == (0, True)
    assert desk.signs_in(PIN, "127.0.9.3").status == 401
    left = tables_of(stack) + queues_of(stack) + bucket_of(stack) + messages_of(stack)
    assert [text for text in (identifier, *personal, on_letters) if text in left] == []
    logs = "\n".join(stack.logs()).replace('"', "'")
    assert identifier in logs
    assert [text for text in personal if text in logs] == []
