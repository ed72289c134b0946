"""No guess is gained by parallelism from one source: on the real DynamoDB Local, a hundred and fifty at once."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from simulators.clock import Clock
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.at_once import all_at_once
from tests.support.members import import_members, member_row
from tests.support.parts import ON_DYNAMODB_LOCAL

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

NEEDS = pytest.mark.needs("java", "dynamodb-local")
AT_ONCE = 150
LIMIT, LIMIT_OF_48 = 30, 120
LETTERS = 3


def at_containers(cloud: Cloud, sources: list[str], clock: Clock | None = None) -> list[Browser]:
    """Browsers of these sources, each at a container of its own."""
    clock = clock or Clock()
    return [Browser(FrontDoor(cloud, clock=clock), source=source) for source in sources]


def sign_in(browser: Browser, number: int) -> Reply:
    return browser.sign_in(f"STRANGER{number:03}", OTHER_PIN)


def try_code(browser: Browser, number: int) -> Reply:
    return browser.post("/reset/verify", {"identifier": f"STRANGER{number:03}", "code": "4829130567"})


def search(browser: Browser, number: int) -> Reply:
    data = {"nir": f"1850375116{number:03}", "birth_date": "1985-03-14", "postcode": "75011"}
    return browser.post("/identifier", data)


def ask_for_letter(browser: Browser, number: int) -> Reply:
    return browser.post("/reset", {"identifier": f"STRANGER{number:03}", "channel": "letter"})


@pytest.mark.parametrize(
    ("database", "guess", "looked_at", "limit"),
    [
        ("moto", sign_in, 401, LIMIT),
        pytest.param("DynamoDB Local", sign_in, 401, LIMIT, marks=NEEDS),
        pytest.param("DynamoDB Local", try_code, 401, LIMIT, marks=NEEDS),
        pytest.param("DynamoDB Local", search, 200, LIMIT, marks=NEEDS),
        pytest.param("DynamoDB Local", ask_for_letter, 202, LETTERS, marks=NEEDS),
    ],
    indirect=["database"],
)
def test_a_burst_from_one_address_gets_no_more_than_its_limit(
    cloud: Cloud, guess: Callable[[Browser, int], Reply], looked_at: int, limit: int
) -> None:
    browsers = at_containers(cloud, ["192.0.2.1"] * AT_ONCE)
    for burst in range(2):
        replies = all_at_once([partial(guess, one, number + 200 * burst) for number, one in enumerate(browsers)])
        through = sum(reply.status == looked_at for reply in replies)
        assert through == (0 if burst else limit)
        assert {reply.status for reply in replies} <= {looked_at, 429}


@ON_DYNAMODB_LOCAL
def test_a_burst_of_iban_ends_from_one_address_gets_no_more_than_its_limit(cloud: Cloud) -> None:
    members = [member_row(number, email="") for number in range(1, 61)]
    import_members(cloud, *members)
    clock = Clock()
    prepared = Browser(FrontDoor(cloud, NO_SOURCE_LIMITS, clock=clock), source="198.51.100.1")
    challenges = [
        prepared.post("/identifier", {name: row[name] for name in ("nir", "birth_date", "postcode")}).body["challenge"]
        for row in members
    ]
    browsers = at_containers(cloud, ["192.0.2.1"] * len(members), clock)
    bodies = [{"challenge": challenge, "iban_last6": "000000"} for challenge in challenges]
    replies = all_at_once(
        [partial(one.post, "/identifier/iban", body) for one, body in zip(browsers, bodies, strict=True)]
    )
    assert sum(len(one.door.events("iban.rejected")) for one in browsers) == LIMIT
    assert {reply.status for reply in replies} == {401, 429}


@ON_DYNAMODB_LOCAL
def test_a_burst_from_many_networks_of_one_site_gets_no_more_than_its_limit(cloud: Cloud) -> None:
    sources = [f"2001:db8:1:{one % 12:x}00::1" for one in range(AT_ONCE)]
    browsers = at_containers(cloud, sources)
    for burst in range(2):
        replies = all_at_once([partial(sign_in, one, number + 200 * burst) for number, one in enumerate(browsers)])
        assert {reply.status for reply in replies} <= {401, 429}
        assert sum(reply.status == 401 for reply in replies) == (0 if burst else LIMIT_OF_48)
    assert sum(len(one.door.events("login.failed")) for one in browsers) == LIMIT_OF_48


@ON_DYNAMODB_LOCAL
def test_a_burst_over_the_limit_uses_up_no_guess_of_a_member(cloud: Cloud) -> None:
    browsers = at_containers(cloud, ["192.0.2.1"] * AT_ONCE)
    replies = all_at_once([partial(sign_in, one, number) for number, one in enumerate(browsers)])
    members = [f"STRANGER{number:03}" for number, reply in enumerate(replies) if reply.status == 429]
    elsewhere = Browser(browsers[0].door, source="198.51.100.1")
    for member in members[:5]:
        assert [elsewhere.sign_in(member, OTHER_PIN).status for _ in range(3)] == [401, 401, 429]


def test_parallel_sign_ins_of_members_behind_one_address_all_succeed(cloud: Cloud) -> None:
    browsers = at_containers(cloud, ["192.0.2.1"] * 20)
    members = [browsers[0].door.add_member(f"MEMBER{number:02}") for number in range(len(browsers))]
    replies = all_at_once([partial(one.sign_in, member, PIN) for one, member in zip(browsers, members, strict=True)])
    assert [reply.status for reply in replies] == [200] * len(browsers)


def test_parallel_sign_ins_of_one_member_all_succeed_and_stay_known(cloud: Cloud) -> None:
    browsers = at_containers(cloud, [f"192.0.2.{number}" for number in range(1, 4)])
    member = browsers[0].door.add_member("MEMBER99")
    replies = all_at_once([partial(one.sign_in, member, PIN) for one in browsers])
    assert [reply.status for reply in replies] == [200] * len(browsers)
    for _ in range(3):
        Browser(browsers[0].door, source="198.51.100.1").sign_in(member, OTHER_PIN)
    assert [one.sign_in(member, PIN).status for one in browsers] == [200] * len(browsers)
