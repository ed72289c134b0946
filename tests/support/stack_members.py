"""Members of a running stack, imported as an operator does, each given out to one test."""

from __future__ import annotations

import subprocess
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.deployment import Deployment
from local.samples import SamplePin, set_pins
from member_access.members.pseudonyms import Pseudonyms
from member_access.platform.aws import transact
from member_access.sessions.item import replace_sign_ins, sign_ins_from_item, sign_ins_key
from member_access.values.types import Identifier, Instant, Pin
from simulators.template import ROOT, project_template
from tests.support.mailbox import Mailbox
from tests.support.members import member_row, members_csv

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from member_access.sessions.policy import Session
    from member_access.sessions.sign_ins import SignIns
    from member_access.throttling.policy import Attempts
    from tests.support.local_stack import Stack
    from tests.support.table import Item

PIN = "738264"
_FIRST, _COUNT = 700, 260


@dataclass(frozen=True)
class Member:
    """A member who has not signed in yet, with the PIN of all of them."""

    row: dict[str, str]

    @property
    def identifier(self) -> str:
        return self.row["identifier"]

    def mailbox(self, stack: Stack) -> Mailbox:
        """What comes by e-mail or, without an address, by letter."""
        email = self.row["email"]
        if email:
            return Mailbox(stack, lambda message: message["to"] == email, "emails")
        return self.letters(stack)

    def letters(self, stack: Stack) -> Mailbox:
        name = self.row["last_name"]
        return Mailbox(stack, lambda message: message["address"][0].endswith(name), "letters")


class Members:
    """Members of the stack, each given out once."""

    def __init__(self, stack: Stack, folder: Path) -> None:
        # The last name is unique, and so identifies the letter.
        letters = [chr(ord("A") + number % 26) * (2 + number // 26) for number in range(_COUNT)]
        rows = [
            member_row(
                _FIRST + number,
                last_name=f"EXEMPLE {letters[number]}",
                **({} if number % 2 else {"email": ""}),
            )
            for number in range(_COUNT)
        ]
        file = folder / "members.csv"
        file.write_bytes(members_csv(*rows))
        command = [sys.executable, "-m", "ops", "import", "--local", "--state-dir", str(stack.runner.state), str(file)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
        assert done.returncode == 0, done.stdout + done.stderr
        pins = [SamplePin(Identifier.parse(row["identifier"]), Pin.parse(PIN)) for row in rows]
        set_pins(stack.cloud, Deployment(project_template().parameter_defaults(), stack.outputs()), pins)
        self._rows = {
            with_email: iter([row for row in rows if bool(row["email"]) is with_email]) for with_email in (True, False)
        }

    def next(self, *, email: bool = True) -> Member:
        """A member that no test has seen, with an e-mail address or without."""
        return Member(next(self._rows[email]))


def access_items(stack: Stack, prefix: str) -> list[dict[str, Any]]:
    """The items of the Access table whose key begins so."""
    return _items(stack, "AccessTable", prefix)


def passkeys_of(stack: Stack, member: Member) -> list[dict[str, Any]]:
    """The passkeys that the stack keeps for a member."""
    return [item for item in _items(stack, "MembersTable", "PASSKEY#") if item["identifier"]["S"] == member.identifier]


def _items(stack: Stack, table: str, prefix: str) -> list[dict[str, Any]]:
    pages = stack.cloud.dynamodb.get_paginator("scan").paginate(TableName=stack.outputs()[table])
    return [item for page in pages for item in page["Items"] if item["pk"]["S"].startswith(prefix)]


def disable_pin(stack: Stack, member: Member) -> None:
    """Do what ten consecutive wrong PINs do, for a member whose PIN was tried before."""
    change_attempts(stack, _sign_ins(stack, member), lambda attempts: attempts._replace(failures=10))


def age_sessions(stack: Stack, member: Member, seconds: int) -> None:
    """Let the sessions of a member have begun earlier, as if time had gone by since."""

    def earlier(session: Session) -> Session:
        return session._replace(started_at=Instant(session.started_at - seconds))

    item = _sign_ins(stack, member)
    seen = sign_ins_from_item(item)
    _replace(stack, item, seen.with_sessions(tuple(map(earlier, seen.sessions))))


def change_attempts(stack: Stack, item: Item, change: Callable[[Attempts], Attempts]) -> None:
    """Change what was counted of strangers in the item of someone's sign-ins."""
    seen = sign_ins_from_item(item)
    _replace(stack, item, seen._replace(strangers=change(seen.strangers)))


def _sign_ins(stack: Stack, member: Member) -> Item:
    outputs = stack.outputs()
    pseudonyms = Pseudonyms.from_kms(stack.cloud.kms, outputs["PinKeyArn"], outputs["SourceKeyArn"])
    (item,) = access_items(stack, sign_ins_key(pseudonyms.of("identifier", member.identifier)))
    return item


def _replace(stack: Stack, item: Item, changed: SignIns) -> None:
    now, table = Instant(int(time.time())), stack.outputs()["AccessTable"]
    put = replace_sign_ins(table, item["pk"]["S"], sign_ins_from_item(item), changed, now)
    transact(stack.cloud.dynamodb, [put])


def forget_searches(stack: Stack) -> None:
    """Take back all searches for an identifier, as if a day had gone by."""
    table = stack.outputs()["AccessTable"]
    for item in access_items(stack, "ATTEMPTS#identity#"):
        stack.cloud.dynamodb.delete_item(TableName=table, Key={"pk": item["pk"]})
