"""What decides about a guess or a session is read strongly consistent: an ended session is over at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.authenticator import Authenticator
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.codes import last_code
from tests.support.members import NEW_PIN
from tests.support.passkeys import add_passkey, bearer, sign_in_with

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBER = "A1234567"
READS = ("GetItem", "BatchGetItem")


def test_the_flows_read_strongly_consistent(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    door.add_member(MEMBER, email="member@example.fr")
    inconsistent: list[Any] = []
    read: list[str] = []

    def listen(params: dict[str, Any], event_name: str, **_: object) -> None:
        requests = params["RequestItems"].values() if "RequestItems" in params else [params]
        read.append(event_name.rpartition(".")[2])
        inconsistent.extend(request for request in requests if request.get("ConsistentRead") is not True)

    for operation in READS:
        cloud.dynamodb.meta.events.register_first(f"before-parameter-build.dynamodb.{operation}", listen)
    try:
        browser = Browser(door)
        browser.sign_in(MEMBER)
        browser.refresh()
        authenticator = Authenticator()
        assert add_passkey(browser, authenticator, bearer(browser, MEMBER)).status == 201
        assert sign_in_with(browser, authenticator).status == 200
        assert browser.step_up().status == 202
        browser.post("/reset", {"identifier": MEMBER})
        code = last_code(cloud, MEMBER)
        token = browser.post("/reset/verify", {"identifier": MEMBER, "code": code}).body["reset_token"]
        body = {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN}
        assert browser.post("/reset/pin", body).status == 204
    finally:
        for operation in READS:
            cloud.dynamodb.meta.events.unregister(f"before-parameter-build.dynamodb.{operation}", listen)

    assert set(read) == set(READS)
    assert inconsistent == []
