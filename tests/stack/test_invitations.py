"""An operator's commands for invitations and letters on the deployed stack, each in a process of its own."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

from simulators.template import ROOT
from tests.support.local_stack import call
from tests.support.members import NEW_PIN, member_row, members_csv

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.local_stack import Stack

BY_EMAIL, BY_LETTER = member_row(81, email="new.member@example.fr"), member_row(82, email="", last_name="NOUVELLE")


def ops(stack: Stack, *arguments: str) -> Any:  # noqa: ANN401 - what the command prints as JSON
    command = [sys.executable, "-m", "ops", *arguments, "--local", "--state-dir", str(stack.runner.state), "--json"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603 - our own words
    assert done.returncode == 0, done.stdout + done.stderr
    return json.loads(done.stdout)


def arrived(stack: Stack, kind: str, to: str) -> str:
    """The text of the message to someone; a queue and a provider take some seconds."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        for message in call("GET", f"{stack.inbox_url}/messages.json").json()[kind]:
            if to in str(message.get("to") or message["address"]):
                return str(message["text"])
        time.sleep(0.5)
    raise AssertionError(f"nothing to {to} arrived")


def create_pin(stack: Stack, identifier: str, text: str) -> int:
    found = re.search(r"(?<!\d)\d\d(?:[ \u00a0\u202f]?\d\d){4}(?!\d)", text)
    assert found, text
    code = re.sub(r"\D", "", found[0])
    verified = call("POST", f"{stack.api_url}/reset/verify", json={"identifier": identifier, "code": code})
    body = {"reset_token": verified.json()["reset_token"], "pin": NEW_PIN, "pin_confirmation": NEW_PIN}
    return call("POST", f"{stack.api_url}/reset/pin", json=body).status


def test_an_operator_invites_members_and_looks_after_letters(stack: Stack, tmp_path: Path) -> None:
    members, listed = tmp_path / "members.csv", tmp_path / "wave.txt"
    members.write_bytes(members_csv(BY_EMAIL, BY_LETTER))
    listed.write_text(f"{BY_EMAIL['identifier']}\n{BY_LETTER['identifier']}\n")
    ops(stack, "import", str(members))

    looked = ops(stack, "invite", "--file", str(listed))
    sent = ops(stack, "invite", "--file", str(listed), "--send", "--yes")

    assert looked["to_invite"] == {"email": 1, "letter": 1}
    assert sent["sent"] == {"email": 1, "letter": 1}
    assert create_pin(stack, BY_EMAIL["identifier"], arrived(stack, "emails", BY_EMAIL["email"])) == 204
    letter = arrived(stack, "letters", BY_LETTER["last_name"])
    assert "Bienvenue" in letter

    assert sum(ops(stack, "letters")["counts"].values()) > 0
    noted = ops(stack, "returned", BY_LETTER["identifier"])
    assert noted["outcomes"] == {BY_LETTER["identifier"]: "marked"}
    assert BY_LETTER["identifier"] in [one["identifier"] for one in ops(stack, "returned", "--list")["returned"]]
    ops(stack, "returned", "--clear", BY_LETTER["identifier"])
