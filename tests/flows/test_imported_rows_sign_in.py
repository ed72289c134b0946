"""Every identifier that the import takes signs in after a reset: by e-mail, or by a letter of either provider."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from letters.model.job import ProviderName
from local.inbox_codes import code_in
from member_access.outbox.outbox import DELAY_SECONDS
from member_access.values.types import Identifier
from simulators.sign_in_driver import NO_SOURCE_LIMITS, OTHER_PIN, Browser, FrontDoor
from tests.flows.test_letters import printed_code
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom
from tests.support.members import NEW_PIN, import_members, member_row, members
from tests.support.row_corpus import REJECTED, TAKEN, TAKEN_WITH_REMARKS

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from tests.support.members import Row

FILES = 36
"""Few members in each: moto copies the whole table for each transaction."""
MONTH = 30 * 86_400
"""After it, the same member may ask for a letter again."""
PINS = {ProviderName.MAILEVA: NEW_PIN, ProviderName.PINGEN: OTHER_PIN}


def person(number: int, different: dict[str, str]) -> Row:
    """A row of the corpus as a person of their own: the corpus gives many rows one social-security number."""
    born = date(1940, 1, 1) + timedelta(number)
    return member_row(number, **{"birth_date": born.isoformat(), **different})


TAKEN_ROWS = [
    person(number, different) for number, different in enumerate([*TAKEN, *(row for row, _ in TAKEN_WITH_REMARKS)])
]
REJECTED_ROWS = [person(len(TAKEN_ROWS) + number, different) for number, (different, _) in enumerate(REJECTED)]


def test_the_corpus_has_hundreds_of_rows() -> None:
    assert len(TAKEN_ROWS) >= 320
    assert len(REJECTED_ROWS) >= 40


@pytest.mark.slow
@pytest.mark.parametrize("file", range(FILES))
def test_every_row_that_is_taken_signs_in_after_a_reset(cloud: Cloud, file: int) -> None:
    taken, rejected = TAKEN_ROWS[file::FILES], REJECTED_ROWS[file::FILES]

    imported = import_members(cloud, *taken, *rejected)

    loaded = members(cloud)
    assert loaded.keys() == {Identifier.parse(row["identifier"]) for row in taken}
    assert len(imported.refusals()) == len(rejected)
    with cloud.recorded_calls() as calls:
        door = FrontDoor(cloud, NO_SOURCE_LIMITS, executor=calls.executor)
        emails, rooms = Mailroom(door), [LetterRoom(door, provider) for provider in ProviderName]
        for identifier, member in loaded.items():
            if "email" in member:
                sign_in_by_email(door, emails, identifier, member["email"])
            else:
                for room in rooms:
                    sign_in_by_letter(door, room, identifier)


def sign_in_by_email(door: FrontDoor, emails: Mailroom, identifier: str, address: str) -> None:
    browser = ask_for_code(door, identifier, "email")
    door.clock.advance(DELAY_SECONDS)
    emails.codes.deliver()
    email = emails.sent[-1]
    assert email["Destination"]["ToAddresses"] == [address]
    code = code_in(email["Content"]["Simple"]["Body"]["Text"]["Data"], "emails")
    set_pin_and_sign_in(browser, identifier, code, NEW_PIN)


def sign_in_by_letter(door: FrontDoor, room: LetterRoom, identifier: str) -> None:
    door.clock.advance(MONTH)
    browser = ask_for_code(door, identifier, "letter")
    room.queue.deliver_for(600)
    set_pin_and_sign_in(browser, identifier, printed_code(room.fake.letters()[-1].pdf), PINS[room.provider])


def ask_for_code(door: FrontDoor, identifier: str, channel: str) -> Browser:
    browser = Browser(door)
    reply = browser.post("/reset", {"identifier": identifier})
    assert (reply.status, reply.body["channel"]) == (202, channel), identifier
    return browser


def set_pin_and_sign_in(browser: Browser, identifier: str, code: str | None, pin: str) -> None:
    verified = browser.post("/reset/verify", {"identifier": identifier, "code": code})
    assert verified.status == 200, (identifier, verified.text)
    pins = {"reset_token": verified.body["reset_token"], "pin": pin, "pin_confirmation": pin}
    reply = browser.post("/reset/pin", pins)
    assert reply.status == 204, (identifier, reply.text)
    assert Browser(browser.door).sign_in(identifier, pin).status == 200, identifier
