"""Two operators invite the same members at once, and members set PINs and ask for letters in between."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from mailings.contract import InviteRequest, SeenMember
from member_access.recovery.codes import Channel
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.operator_desk import stack_in_process
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

MEMBERS = [f"A{number:07}" for number in range(8)]


def request() -> dict[str, object]:
    seen = tuple(SeenMember(identifier=member, credential_version=0) for member in MEMBERS)
    return InviteRequest(members=seen).model_dump(mode="json")


def test_two_operators_at_once_invite_each_member_once_within_the_share(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    for number, member in enumerate(MEMBERS):
        door.add_member(member, pin=None, email=f"{member}@example.fr" if number % 2 else None)
    operators = [stack_in_process(door, parameters={"LettersADay": "6"}) for _ in range(2)]

    answers = all_at_once([lambda stack=stack: stack.call("MailingsFunction", request()) for stack in operators])  # type: ignore[misc]

    decided = Counter(item["identifier"]["S"] for kind in ("EMAIL#", "LETTER#") for item in items(cloud, kind))
    outcomes = Counter(outcome for answer in answers for outcome in answer["outcomes"].values())
    assert set(decided.values()) == {1}
    assert outcomes["email"] + outcomes["letter"] == decided.total()
    (day,) = items(cloud, "INVITATIONS#")
    assert (day["emails"]["N"], day["letters"]["N"]) == ("4", "3"), "half of six letters"
    assert outcomes["letter"] == 3


def test_a_request_for_a_letter_and_an_invitation_at_once_make_one_letter(cloud: Cloud) -> None:
    door = FrontDoor(cloud)
    door.add_member(MEMBERS[0], pin=None)
    stack = stack_in_process(door)
    seen = SeenMember(identifier=MEMBERS[0], credential_version=0)
    invitation = InviteRequest(members=(seen,), channel=Channel.LETTER).model_dump(mode="json")

    all_at_once(
        [
            lambda: stack.call("MailingsFunction", invitation),
            lambda: Browser(door).post("/reset", {"identifier": MEMBERS[0]}),
        ]
    )

    assert len(items(cloud, "LETTER#")) == 1
