"""What the service asks of an authenticator, and what it makes, verified by a foreign implementation."""

from __future__ import annotations

import json
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from simulators.authenticator import Authenticator
from simulators.sign_in_driver import Browser, FrontDoor
from simulators.template import ROOT
from tests.support.passkeys import ORIGIN, bearer

if TYPE_CHECKING:
    from simulators.cloud import Cloud

VERIFIER = ROOT / "tests" / "support" / "passkey_verifier.mjs"
MEMBER = "A1234567"


@pytest.mark.needs("npm")
def test_another_implementation_accepts_what_this_service_accepts(cloud: Cloud) -> None:
    door, authenticator = FrontDoor(cloud), Authenticator(counts=True)
    door.add_member(MEMBER)
    browser = Browser(door)
    headers = bearer(browser, MEMBER)
    creation = browser.post("/passkeys/options", headers=headers).body
    made = authenticator.create(creation, ORIGIN)
    assert browser.post("/passkeys", {"credential": made}, headers).status == 201
    request = browser.post("/login/passkey/options").body
    signed = authenticator.get(request, ORIGIN)
    assert browser.post("/login/passkey", signed).status == 200

    scene = {"origin": ORIGIN, "domain": creation["rp"]["id"], "creation": creation, "made": made}
    verified = subprocess.run(  # noqa: S603 - node as found on PATH, and a file of the project
        [shutil.which("node") or "node", VERIFIER],
        input=json.dumps({**scene, "request": request, "signed": signed}),
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(verified.stdout) == [True, True]
