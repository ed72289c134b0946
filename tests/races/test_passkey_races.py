"""Passkeys under parallelism."""

from __future__ import annotations

from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

from member_access.members.removal import MemberRemoval
from member_access.sessions.item import sign_ins_from_item
from member_access.values.types import Identifier
from simulators.authenticator import Authenticator
from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.members import import_members, member_row, tombstone_keys
from tests.support.parts import ON_DYNAMODB_LOCAL
from tests.support.passkeys import ORIGIN, add_passkey, bearer, signed_challenge
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud

MEMBER = "A0000001"
AT_ONCE = 60


def browsers(cloud: Cloud, count: int) -> list[Browser]:
    """Browsers, each at a container of its own, and a member with a PIN."""
    import_members(cloud, member_row(1))
    clock = Clock()
    every = [Browser(FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock)) for _ in range(count)]
    every[0].door.give_pin(MEMBER)
    return every


def sessions(cloud: Cloud) -> int:
    """How many sessions the member has."""
    (sign_ins,) = items(cloud, "SIGN_INS#")
    return len(sign_ins_from_item(sign_ins).sessions)


@ON_DYNAMODB_LOCAL
def test_sixty_equal_answers_at_once_open_one_session(cloud: Cloud) -> None:
    every, authenticator = browsers(cloud, AT_ONCE), Authenticator()
    assert add_passkey(every[0], authenticator, bearer(every[0], MEMBER)).status == 201
    before = sessions(cloud)
    signed = signed_challenge(every[0], authenticator)
    replies = all_at_once([partial(one.post, "/login/passkey", signed) for one in every])

    assert Counter(reply.status for reply in replies) == {200: 1, 401: AT_ONCE - 1}
    assert sessions(cloud) == before + 1


@ON_DYNAMODB_LOCAL
def test_of_parallel_answers_with_one_count_one_signs_in(cloud: Cloud) -> None:
    every, authenticator = browsers(cloud, 5), Authenticator(counts=True)
    assert add_passkey(every[0], authenticator, bearer(every[0], MEMBER)).status == 201
    answers = []
    for one in every:
        authenticator.sign_count = 6
        answers.append(signed_challenge(one, authenticator))
    replies = all_at_once(
        [partial(one.post, "/login/passkey", signed) for one, signed in zip(every, answers, strict=True)]
    )

    assert Counter(reply.status for reply in replies) == {200: 1, 401: 4}


@ON_DYNAMODB_LOCAL
def test_parallel_additions_leave_at_most_ten_passkeys(cloud: Cloud) -> None:
    every = browsers(cloud, 14)
    headers = bearer(every[0], MEMBER)
    assert add_passkey(every[0], Authenticator(), headers).status == 201
    made = []
    for one in every:
        options = one.post("/passkeys/options", headers=headers).body
        made.append({"credential": Authenticator().create(options, ORIGIN)})
    replies = all_at_once(
        [partial(one.post, "/passkeys", body, headers) for one, body in zip(every, made, strict=True)]
    )

    assert Counter(reply.status for reply in replies)[201] <= 9
    assert len(items(cloud, "PASSKEY#", "MembersTable")) == 1 + Counter(reply.status for reply in replies)[201] <= 10


@ON_DYNAMODB_LOCAL
def test_a_passkey_that_is_added_while_its_member_goes_leaves_nothing(cloud: Cloud) -> None:
    removal = MemberRemoval(cloud.dynamodb, cloud.tables["MembersTable"], tombstone_keys(cloud))
    for _ in range(5):
        adding, going = browsers(cloud, 2)
        headers = bearer(adding, MEMBER)
        options = adding.post("/passkeys/options", headers=headers).body
        body = {"credential": Authenticator().create(options, ORIGIN)}
        calls: list[Callable[[], object]] = [
            partial(adding.post, "/passkeys", body, headers),
            partial(removal.remove, Identifier(MEMBER), going.door.clock()),
        ]
        all_at_once(calls)
        removal.remove(Identifier(MEMBER), going.door.clock())
        assert items(cloud, "PASSKEY", "MembersTable") == []
