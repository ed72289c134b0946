"""Kills the letter function before and after every call that it makes to the provider and to AWS.

Counts the calls instead of listing them: kills the function at its first call, its second … until it completes.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING, Any

import pytest

from letters.model.job import ProviderName
from simulators.print_providers.fake_http import in_process
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.letter_room import LetterRoom
from tests.support.members import import_members, member_row
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from letters.providers.http_client import HttpRequest, HttpResponse, Transport
    from simulators.cloud import Cloud

HOUR, DAY = 3600, 86_400


class Killed(BaseException):
    """The function's process ends in the middle of its work."""


class Killing:
    """Ends the process at the n-th call of the function, before or after the call has its effect."""

    def __init__(self, call: int, *, after: bool) -> None:
        self._call = call
        self._after = after
        self.calls = 0

    def begins(self, **_: object) -> None:
        """Kill before the effect of the call."""
        self.calls += 1
        if self.calls == self._call and not self._after:
            raise Killed

    def ends(self, **_: object) -> None:
        """Kill after the effect of the call."""
        if self.calls == self._call and self._after:
            raise Killed

    def of_provider(self, transport: Transport) -> Transport:
        """Watch calls to the provider."""

        def send(request: HttpRequest) -> HttpResponse:
            self.begins()
            reply = transport(request)
            self.ends()
            return reply

        return send

    def of_aws(self, cloud: Cloud) -> AbstractContextManager[None]:
        """Watch calls to AWS until the end of the block."""
        return _Hooked(self, (cloud.dynamodb, cloud.kms, cloud.sqs, cloud.secretsmanager))


class _Hooked:
    def __init__(self, killing: Killing, clients: tuple[Any, ...]) -> None:
        self._killing = killing
        self._clients = clients

    def __enter__(self) -> None:
        for client in self._clients:
            client.meta.events.register_first("before-call", self._killing.begins)
            client.meta.events.register_last("after-call", self._killing.ends)

    def __exit__(self, *_: object) -> None:
        for client in self._clients:
            client.meta.events.unregister("before-call", self._killing.begins)
            client.meta.events.unregister("after-call", self._killing.ends)


@pytest.fixture
def door(cloud: Cloud) -> Iterator[FrontDoor]:
    """The functions of the API."""
    with cloud.recorded_calls() as calls:
        yield FrontDoor(cloud, executor=calls.executor)


def kill(door: FrontDoor, room: LetterRoom, killing: Killing) -> bool:
    """Deliver until the letter is sent or the function is killed; whether it was."""
    room.restart(killing.of_provider(in_process(room.fake)))
    try:
        with killing.of_aws(door.cloud):
            room.queue.deliver_for(10 * 60)
    except Killed:
        room.restart()
        return True
    return False


def places_taken(door: FrontDoor) -> list[str]:
    return [item["letters"]["N"] for item in items(door.cloud, "LETTER_BUDGET#")]


@pytest.mark.parametrize(
    ("provider", "calls", "every"),
    [
        # claim; member and code; quota; secret, token, key of the code, create, document, recipient; record the draft;
        # read, submit; advance
        (ProviderName.MAILEVA, 13, 4),
        pytest.param(ProviderName.MAILEVA, 13, 1, marks=pytest.mark.slow),
        # claim; member and code; place; key of the code, secret, token, place for the file, upload; record the upload;
        # create; record the draft; read; release, message (validation takes its time); claim; member and code; read,
        # send; advance
        (ProviderName.PINGEN, 19, 6),
        pytest.param(ProviderName.PINGEN, 19, 1, marks=pytest.mark.slow),
    ],
)
def test_a_function_killed_at_any_call_posts_exactly_one_letter(
    door: FrontDoor, provider: ProviderName, calls: int, every: int
) -> None:
    numbers = count(1)
    # The last one is the first call that there is not.
    for call in count(1 + calls % every, every):
        for after in (False, True):
            number = next(numbers)
            assert not import_members(door.cloud, member_row(number, email="")).refusals()
            room = LetterRoom(door, provider)
            assert Browser(door, source=f"192.0.2.{number}").post("/reset", {"identifier": f"A{number:07}"}).body
            was_killed = kill(door, room, Killing(call, after=after))
            room.queue.deliver_for(HOUR)

            where = f"killed {'after' if after else 'before'} call {call}"
            (letter,) = room.fake.letters()
            assert room.jobs()[-1]["provider_reference"] == letter.reference, where
            assert room.states() == ["submitted"] * number, where
            assert (room.queue.waiting, room.queue.given_up) == ([], []), where
            assert sum(map(int, places_taken(door))) == number, where
        if not was_killed:
            break
    assert call == calls + 1
