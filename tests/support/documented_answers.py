"""What the OpenAPI document promises, who calls to see it kept, and how an answer is held against it."""

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from simulators.template import ROOT
from tests.support.local_stack import call
from tests.support.stack_members import PIN, disable_pin

if TYPE_CHECKING:
    from simulators.authenticator import Authenticator
    from tests.support.local_stack import Answer, Stack
    from tests.support.stack_members import Member, Members

DOCUMENT = json.loads((ROOT / "docs" / "openapi.json").read_text("utf-8"))
OTHER_PIN = "604182"
_sources = itertools.count(1)

Promise = tuple[str, int, str | None]
"""A path, a status, and the code of the problem if it is one."""


NOT_BY_A_CALLER: set[Promise] = {
    *((path, 500, "internal-error") for path in DOCUMENT["paths"]),
    *((path, 503, "try-later") for path in DOCUMENT["paths"]),
    *((path, 401, "sign-in-again") for path in ("/passkeys", "/passkeys/options", "/passkeys/{id}")),
    ("/letters/status/maileva", 404, "not-found"),
    ("/letters/status/pingen", 200, None),
    ("/letters/status/pingen", 401, "not-authentic"),
}
"""What no call brings about by itself: something behind the API has to fail, another print provider to be chosen, or
five minutes to pass (tests/flows/test_passkeys.py)."""


def promises() -> set[Promise]:
    """What the document says that a call may answer."""
    return {
        (path, int(status), code)
        for path, methods in DOCUMENT["paths"].items()
        for operation in methods.values()
        for status, answer in operation["responses"].items()
        for code in re.findall(r"`([a-z-]+)`: ", answer["description"]) or [None]
    }


def assert_kept(answer: Answer, promise: Promise) -> None:
    """An answer has the status, the code and the schema that are promised."""
    path, status, code = promise
    assert answer.status == status, answer.body
    assert (answer.json()["code"] if code else None) == code
    documented = next(
        answers[str(status)]
        for answers in (operation["responses"] for operation in DOCUMENT["paths"][path].values())
        if str(status) in answers and (code is None or f"`{code}`" in answers[str(status)]["description"])
    )
    for name, header in documented.get("headers", {}).items():
        assert answer.headers[name] in header["schema"].get("enum", [answer.headers[name]])
    if "content" not in documented:
        assert answer.body == b""
        return
    ((media_type, content),) = documented["content"].items()
    assert answer.headers["Content-Type"].split(";")[0] == media_type
    schema: dict[str, Any] = {**content["schema"], "components": DOCUMENT["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(answer.json())


def session_of(answer: Answer) -> str:
    """The session cookie in an answer, as a browser sends it."""
    cookies = [line.split(";")[0] for line in answer.cookies()]
    return next(cookie for cookie in cookies if cookie.startswith("__Host-session="))


class Caller:
    """Calls from an address of its own."""

    def __init__(self, stack: Stack, members: Members) -> None:
        self.stack = stack
        self.members = members
        self.source = f"127.0.4.{next(_sources)}"

    def post(self, path: str, *, cookies: str = "", site: str = "", **body: object) -> Answer:
        headers = {name: text for name, text in (("Cookie", cookies), ("Sec-Fetch-Site", site)) if text}
        return call("POST", self.stack.api_url + path, json=body, headers=headers, source=self.source)

    def raw(self, path: str, body: bytes, content_type: str = "application/json") -> Answer:
        url, headers = self.stack.api_url + path, {"Content-Type": content_type}
        return call("POST", url, body=body, headers=headers, source=self.source)

    def get(self, path: str, token: str = "") -> Answer:
        return self.send("GET", path, token)

    def send(self, method: str, path: str, token: str = "", *, site: str = "", **body: object) -> Answer:
        """Call with an access token, if there is one."""
        sent = (("Authorization", f"Bearer {token}" if token else ""), ("Sec-Fetch-Site", site))
        headers = {name: text for name, text in sent if text}
        return call(method, self.stack.api_url + path, json=body or None, headers=headers, source=self.source)

    def token(self) -> str:
        """The access token of a member who has just signed in."""
        token: str = self.sign_in(self.member().identifier).json()["access_token"]
        return token

    def make_passkey(self, authenticator: Authenticator, token: str) -> dict[str, Any]:
        """Have an authenticator make a passkey."""
        options = self.send("POST", "/passkeys/options", token).json()
        return authenticator.create(options, self.stack.portal_url.rstrip("/"))

    def signed_in(self, method: str, path: str) -> Answer:
        """The answer to a member who has just signed in."""
        return self.send(method, path, self.token())

    def member(self, *, email: bool = True) -> Member:
        return self.members.next(email=email)

    def sign_in(self, identifier: str, pin: str = PIN) -> Answer:
        return self.post("/login", identifier=identifier, pin=pin)

    def session(self, member: Member | None = None) -> str:
        """The session cookie of a member who is signed in."""
        return session_of(self.sign_in((member or self.member()).identifier))

    def raised(self) -> Answer:
        """The level of a session is raised by a code."""
        member = self.member()
        return self.step_up(member, self.session(member))

    def step_up(self, member: Member, session: str) -> Answer:
        """The level of a member's session is raised by a code."""
        mailbox = member.mailbox(self.stack)
        (handle,) = self.post("/login/step-up", cookies=session).cookies()
        cookies = f"{session}; {handle.split(';')[0]}"
        return self.post("/login/step-up", cookies=cookies, code=mailbox.next_code())

    def verified(self) -> Answer:
        member = self.member()
        mailbox = member.mailbox(self.stack)
        (handle,) = self.post("/reset", identifier=member.identifier).cookies()
        cookies, code = handle.split(";")[0], mailbox.next_code()
        return self.post("/reset/verify", cookies=cookies, identifier=member.identifier, code=code)

    def set_pin(self, pin: str, confirmation: str) -> Answer:
        token = self.verified().json()["reset_token"]
        return self.post("/reset/pin", reset_token=token, pin=pin, pin_confirmation=confirmation)

    def change_pin(self, new_pin: str, confirmation: str, pin: str = PIN) -> Answer:
        return self.post(
            "/pin",
            identifier=self.member().identifier,
            pin=pin,
            new_pin=new_pin,
            new_pin_confirmation=confirmation,
        )

    def disabled(self) -> Member:
        """A member whose PIN is disabled."""
        member = self.member()
        self.sign_in(member.identifier, OTHER_PIN)
        disable_pin(self.stack, member)
        return member

    def find(self, member: Member) -> Answer:
        row = member.row
        return self.post("/identifier", nir=row["nir"], birth_date=row["birth_date"], postcode=row["postcode"])

    def solve(self, member: Member, last_six: str | None = None) -> Answer:
        challenge = self.find(member).json()["challenge"]
        ending = last_six or member.row["iban"].replace(" ", "")[-6:]
        return self.post("/identifier/iban", challenge=challenge, iban_last6=ending)
