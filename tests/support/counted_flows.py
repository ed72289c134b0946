"""Plays each flow of a member once, and counts what AWS bills for it."""

from __future__ import annotations

import contextlib
import io
import re
from dataclasses import asdict
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

import boto3

from member_access.recovery.codes import Channel
from simulators.consumption import consumption, item_size
from simulators.kms import REGION
from simulators.sign_in_driver import PIN, Browser, FrontDoor
from tests.support.codes import last_code
from tests.support.letter_room import LetterRoom
from tests.support.mailroom import Mailroom
from tests.support.members import NEW_PIN, import_members, member_row
from tests.support.table import items
from tools.cost.usage import Step

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.aws_calls import CallLog
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

_MEMBER, _EMAIL = "A0000001", "member@example.fr"
_CREDENTIALS = {"identifier": _MEMBER, "pin": PIN}
_WITHOUT_NOTICES = {"NewBrowser": "allow"}
_LONGEST_DELIVERY = 3600
_STEPS_OF_A_LETTER = 4
_POST_TAKES = 3 * 86_400
_DOOR = re.compile(r"door-\d+")
# In the cloud the logger writes no place in the code (Runtime.logger).
_PLACE = re.compile(r'"location":\s*"[^"]*",\s*')


class Meter:
    """Counts steps.

    Attributes:
        known: a browser in which the member has signed in.
        steps: those so far.
    """

    def __init__(self, cloud: Cloud, log: CallLog, cookies: dict[str, str], parameters: Mapping[str, str]) -> None:
        self.cloud = cloud
        self.door = FrontDoor(cloud, parameters, executor=log.executor)
        self.known = Browser(self.door, cookies=cookies)
        self.mailroom = Mailroom(self.door)
        self.letters = _CountedRoom(self.door)
        self.steps: list[Step] = []
        self._log = log
        self._looking = boto3.client("dynamodb", region_name=REGION)

    def call(self, browser: Browser, path: str, body: Mapping[str, str] | None = None) -> Reply:
        """Count one call of the API."""
        function = "ResetFunction" if path.startswith("/reset") else "IdentifierFunction"
        function = "LoginFunction" if path.startswith("/login") else function
        replies: list[Reply] = []
        facts = self._counted(function, lambda: replies.append(browser.post(path, body)))
        (reply,) = replies
        assert reply.status < HTTPStatus.BAD_REQUEST, reply.text
        headers = [f"{name}: {value}\r\n" for name, values in reply.headers.items() for value in values]
        facts["answer_bytes"] = len(reply.text) + sum(map(len, headers))
        self.steps.append(Step(name=f"POST {path}", function=function, requests=1, invocations=1, **facts))
        return reply

    def deliver(self, queue: str) -> None:
        """Count what the functions behind a queue do until it is empty."""
        source, function = {
            "codes": (self.mailroom.codes, "EmailsFunction"),
            "notices": (self.mailroom.notices, "EmailsFunction"),
            "letters": (self.letters.queue, "LettersFunction"),
        }[queue]
        delivered: list[int] = []

        def empty() -> None:
            until = self.door.clock() + _LONGEST_DELIVERY
            while source.waiting and self.door.clock() < until:
                delivered.append(source.deliver())
                self.door.clock.advance(1)
            assert not source.waiting

        facts = self._counted(function, empty)
        # Lambda receives each message and deletes it; empty receives belong to no member.
        facts["counts"] |= dict.fromkeys(("sqs:DeleteMessage", "sqs:ReceiveMessage"), sum(delivered))
        self.steps.append(
            Step(name=f"queue of {queue}", function=function, requests=0, invocations=sum(delivered), **facts)
        )

    def post_letter(self) -> None:
        """Count the provider's notifications until the letter is posted."""
        before = self.letters.notifications

        def posted() -> None:
            (letter,) = self.letters.fake.letters()
            for _ in range(_STEPS_OF_A_LETTER):
                self.letters.fake.advance(letter.reference)

        facts = self._counted("LetterStatusFunction", posted)
        assert self.letters.states() == ["posted"]
        calls = self.letters.notifications - before
        self.steps.append(
            Step(
                name="notifications of the provider",
                function="LetterStatusFunction",
                requests=calls,
                invocations=calls,
                **facts,
            )
        )

    def _counted(self, function: str, work: Callable[[], object]) -> dict[str, Any]:
        cloud, door, fake = self.cloud, self.door, self.letters.fake
        hops, requests = self._log.hops(), len(fake.requests)
        argon2 = door.argon2.verifications + door.argon2.hashes
        logged, printed = len(door.log.getvalue()), io.StringIO()
        clients = cloud.dynamodb, cloud.kms, cloud.sqs, cloud.ses, cloud.secretsmanager
        with contextlib.redirect_stdout(printed), consumption(self._looking, *clients) as counted:
            work()
        service = function.removesuffix("Function").lower()
        text = _PLACE.sub("", _DOOR.sub(service, door.log.getvalue()[logged:] + printed.getvalue()))
        return {
            "counts": dict(sorted(counted.counts.items())),
            "writes": {" ".join(what): units for what, units in sorted(counted.writes.items())},
            "log_events": len(text.splitlines()),
            "log_bytes": len(text.encode()),
            "answer_bytes": 0,
            "hops": self._log.hops() - hops,
            "argon2": door.argon2.verifications + door.argon2.hashes - argon2,
            "provider_calls": len(fake.requests) - requests,
        }


class _CountedRoom(LetterRoom):
    notifications = 0

    def call(self, event: dict[str, Any]) -> dict[str, Any]:
        self.notifications += 1
        return super().call(event)


def sign_in(meter: Meter) -> None:
    """A member signs in from a browser that is not known; an earlier sign-in has made the member's items."""
    meter.call(Browser(meter.door), "/login", _CREDENTIALS)


def sign_in_with_notice(meter: Meter) -> None:
    """The same, and a notice of the new browser goes out: to a member at most once a day."""
    sign_in(meter)
    meter.deliver("notices")


def sign_in_over_ipv6(meter: Meter) -> None:
    """The same, from an IPv6 address."""
    meter.call(Browser(meter.door, "2001:db8::1"), "/login", _CREDENTIALS)


def sign_in_known_browser(meter: Meter) -> None:
    """A member signs in from a browser that is known."""
    meter.call(meter.known, "/login", _CREDENTIALS)


def refresh(meter: Meter) -> None:
    """A session continues."""
    meter.call(meter.known, "/login/refresh")


def reset_by_email(meter: Meter) -> None:
    """A member resets the PIN by a code that comes by e-mail."""
    browser = Browser(meter.door)
    meter.call(browser, "/reset", {"identifier": _MEMBER})
    meter.deliver("codes")
    _new_pin(meter, browser, Channel.EMAIL)


def reset_by_letter(meter: Meter) -> None:
    """A member without e-mail resets the PIN by a code that comes by letter."""
    meter.call(Browser(meter.door), "/reset", {"identifier": _MEMBER})
    meter.deliver("letters")
    meter.post_letter()
    meter.door.clock.advance(_POST_TAKES)
    _new_pin(meter, Browser(meter.door), Channel.LETTER)


def search_by_email(meter: Meter) -> None:
    """A member searches the identifier, which comes by e-mail."""
    meter.call(Browser(meter.door), "/identifier", _identity())
    meter.deliver("notices")


def search_on_screen(meter: Meter) -> None:
    """A member without e-mail searches the identifier, and types the end of the IBAN."""
    browser = Browser(meter.door)
    challenge = meter.call(browser, "/identifier", _identity()).body["challenge"]
    end = member_row(1)["iban"][-6:]
    meter.call(browser, "/identifier/iban", {"challenge": challenge, "iban_last6": end})


FLOWS: dict[str, tuple[Callable[[Meter], None], str]] = {
    "sign-in": (sign_in, _EMAIL),
    "sign-in with a notice": (sign_in_with_notice, _EMAIL),
    "sign-in over IPv6": (sign_in_over_ipv6, _EMAIL),
    "sign-in in a known browser": (sign_in_known_browser, _EMAIL),
    "refresh": (refresh, _EMAIL),
    "reset by e-mail": (reset_by_email, _EMAIL),
    "reset by letter": (reset_by_letter, ""),
    "identifier by e-mail": (search_by_email, _EMAIL),
    "identifier on the screen": (search_on_screen, ""),
}
"""What each flow does, and the member's e-mail address."""


def member_bytes(cloud: Cloud) -> int:
    """Return the size of a member with a PIN in the Members table, with the pointer from the identity."""
    import_members(cloud, member_row(1, email=_EMAIL))
    FrontDoor(cloud).give_pin(_MEMBER)
    return sum(item_size(item) for item in items(cloud, table="MembersTable"))


def counted(cloud: Cloud, flow: str) -> list[dict[str, Any]]:
    """Play a flow on empty tables, and return its steps as the committed file has them."""
    play, email = FLOWS[flow]
    import_members(cloud, member_row(1, email=email))
    earlier = FrontDoor(cloud, _WITHOUT_NOTICES)
    earlier.give_pin(_MEMBER)
    browser = Browser(earlier)
    with contextlib.redirect_stdout(io.StringIO()):
        assert browser.sign_in(_MEMBER).status == HTTPStatus.OK
    with cloud.recorded_calls() as log:
        meter = Meter(cloud, log, browser.cookies, {} if play is sign_in_with_notice else _WITHOUT_NOTICES)
        play(meter)
    return [asdict(step) for step in meter.steps]


def _identity() -> dict[str, str]:
    row = member_row(1)
    return {name: row[name] for name in ("nir", "birth_date", "postcode")}


def _new_pin(meter: Meter, browser: Browser, channel: Channel) -> None:
    code = last_code(meter.cloud, _MEMBER, channel)
    verified = meter.call(browser, "/reset/verify", {"identifier": _MEMBER, "code": code})
    token = verified.body["reset_token"]
    meter.call(browser, "/reset/pin", {"reset_token": token, "pin": NEW_PIN, "pin_confirmation": NEW_PIN})
    meter.deliver("notices")
