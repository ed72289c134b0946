"""Many invitations by two operators whose commands and functions are killed at random: each member gets one message."""

from __future__ import annotations

import json
from collections import Counter
from random import Random
from typing import TYPE_CHECKING

import pytest

from ops.invitations import Sender, Wave
from ops.invite_command import Choice, NothingToInvite, invite
from simulators.sign_in_driver import FrontDoor
from tests.flows.test_letter_crashes import Killed, Killing
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom
from tests.support.operator_desk import desk_of, stack_in_process
from tests.support.parts import quick_and_slow
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

FEW, MANY = 20, 600
EVERY_WITHOUT_EMAIL = 5


def add_members(cloud: Cloud, number: int) -> None:
    """Members without a PIN, every fifth of them without an e-mail address, as an import leaves them."""
    for start in range(0, number, 25):
        puts = [
            {
                "PutRequest": {
                    "Item": {
                        "pk": {"S": f"MEMBER#A{one:07}"},
                        "identifier": {"S": f"A{one:07}"},
                        "credential_version": {"N": "0"},
                        "last_name": {"S": "EXEMPLE"},
                        "address_4": {"S": "1 RUE DE L EXEMPLE"},
                        "postcode": {"S": "75011"},
                        "town": {"S": "PARIS"},
                        "language": {"S": "fr"},
                        **({"email": {"S": f"m{one}@example.fr"}} if one % EVERY_WITHOUT_EMAIL else {}),
                    }
                }
            }
            for one in range(start, min(start + 25, number))
        ]
        cloud.dynamodb.batch_write_item(RequestItems={cloud.tables["MembersTable"]: puts})  # type: ignore[dict-item]


def decided(cloud: Cloud) -> Counter[str]:
    """The identifiers of the e-mails and letters that were decided on."""
    return Counter(item["identifier"]["S"] for kind in ("EMAIL#", "LETTER#") for item in items(cloud, kind))


@pytest.mark.parametrize("number", quick_and_slow(FEW, MANY))
def test_each_member_gets_one_message_after_any_kill(cloud: Cloud, number: int) -> None:
    random = Random(20_261_130)  # noqa: S311 - a repeatable draw, no secret
    door = FrontDoor(cloud)
    share = number // 2
    parameters = {"EmailBudgetADay": str(2 * share), "LettersADay": str(number // 5)}
    add_members(cloud, number)
    # Without a Browser nothing else is decided on. Two operators take turns, and each may be killed anywhere.
    stacks = [stack_in_process(door, parameters=parameters) for _ in range(2)]
    killed = days = 0
    while len(items(cloud, "EMAIL#")) + len(items(cloud, "LETTER#")) < number:
        operator, wave = random.choice(stacks), Wave(at_most=random.randint(1, max(number // 8, 4)), a_second=20)
        killing = Killing(random.randint(1, 120), after=random.random() < 0.5)
        try:
            with killing.of_aws(cloud):
                choice = Choice(wave, send=True, agreed=True)
                invite(desk_of(operator, door), choice, Sender(operator, wave, pause=lambda _: None))
        except Killed:
            killed += 1
        except NothingToInvite:
            door.clock.advance(86_400)
            days += 1
        (day, *_) = sorted(items(cloud, "INVITATIONS#"), key=lambda item: item["pk"]["S"], reverse=True) or [{}]
        assert int(day.get("emails", {"N": "0"})["N"]) <= share, "of today's e-mails"
        assert int(day.get("letters", {"N": "0"})["N"]) <= number // 10, "of today's letters"

    assert decided(cloud) == {f"A{one:07}": 1 for one in range(number)}
    assert killed > number // 150
    assert days > 0, "the shares of one day are not enough"
    with pytest.raises(NothingToInvite):
        invite(desk_of(stacks[0], door), Choice(Wave()), Sender(stacks[0], Wave()))
    named = Counter(
        json.loads(body)["request_id"] for queue in ("EmailsQueue", "LettersQueue") for body in cloud.messages(queue)
    )
    sent = {item["pk"]["S"].partition("#")[2] for kind in ("EMAIL#", "LETTER#") for item in items(cloud, kind)}
    assert {named[request_id] for request_id in sent} == {1}

    if number == FEW:
        mailroom, room = Mailroom(door), LetterRoom(door)
        mailroom.emails.deliver_for(600)
        room.queue.deliver_for(3600)
        assert len({email["Destination"]["ToAddresses"][0] for email in mailroom.sent}) == len(mailroom.sent)
        assert len(mailroom.sent) + len(room.fake.letters()) == number
        assert (mailroom.emails.waiting, room.queue.waiting) == ([], [])
