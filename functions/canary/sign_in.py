"""Signs a test member in and out again over the public address, as a browser does.

What only a member can notice fails it: DNS, the certificate, CloudFront, the firewall, the API, the tables, the keys.
In attack mode the firewall challenges it as any program, and it gets no further.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

import urllib3
from pydantic import BaseModel, Field, ValidationError
from urllib3.exceptions import HTTPError

from member_access.api.cookies import SESSION_COOKIE
from member_access.errors import MemberAccessError
from member_access.platform.aws import translate_errors
from member_access.values.types import Pin, Secret

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mypy_boto3_secretsmanager import SecretsManagerClient

_TIMEOUT_SECONDS: Final = 10


class CanaryChallenged(MemberAccessError):
    """The firewall challenged the canary, as it must in attack mode: a program cannot get a token."""


class CanaryFailed(MemberAccessError):
    """The test member could not sign in or out; the text names the step, and no secret."""


class _Content(BaseModel):
    identifier: str
    pin: str
    device: str = Field(default="", pattern=r"^(__Host-device-[0-9a-f]{16}=[0-9a-f]{32}\.[0-9a-f]{64})?$")


@dataclass(frozen=True)
class CanaryMember:
    """A member who is no one, and exists so that the service can be tried.

    Attributes:
        device: the device cookie of a known browser, where new ones are asked for a code; empty for none.
    """

    identifier: str
    pin: Secret
    device: Secret

    @classmethod
    def from_secret(cls, secretsmanager: SecretsManagerClient, arn: str) -> CanaryMember:
        """Read the member's identifier and PIN: ``{"identifier": "…", "pin": "…"}``, and ``"device"`` if it is there.

        Raises:
            CanaryFailed: the secret has another form.
            Unavailable: Secrets Manager did not answer.
        """
        with translate_errors():
            text = secretsmanager.get_secret_value(SecretId=arn)["SecretString"]
        try:
            content = _Content.model_validate_json(text)
            return cls(content.identifier, Pin.parse(content.pin), Secret(content.device))
        except (MemberAccessError, ValidationError):
            pass
        raise CanaryFailed("the secret has no identifier and PIN of six digits")


@dataclass(frozen=True)
class Answer:
    """What the canary looks at in an answer.

    Attributes:
        status: of HTTP.
        set_cookies: the cookies that it sets.
        waf_action: what WAF did instead of handing the request on (header ``x-amzn-waf-action``); empty if it did.
    """

    status: int
    set_cookies: Sequence[str] = ()
    waf_action: str = ""


Post = Callable[[str, bytes, "Mapping[str, str]"], Answer]
"""Sends a body with headers to an address; raises ``CanaryFailed``."""


def post_over_network(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Post over a connection of its own: a kept one would not notice a wrong DNS name or an expired certificate.

    Raises:
        CanaryFailed: there is no complete answer.
    """
    with urllib3.PoolManager(timeout=_TIMEOUT_SECONDS, retries=False) as pool:
        try:
            answer = pool.request("POST", url, body=body, headers=headers, redirect=False)
        except HTTPError as error:
            raise CanaryFailed(type(error).__name__) from None
    return Answer(answer.status, answer.headers.getlist("set-cookie"), answer.headers.get("x-amzn-waf-action", ""))


@dataclass(frozen=True)
class Site:
    """The API at its public address.

    Attributes:
        origin: scheme and host of that address.
        post: sends a request.
    """

    origin: str
    post: Post

    def sign_in_and_out(self, member: CanaryMember) -> None:
        """Sign in and out once.

        Raises:
            CanaryChallenged: AWS WAF answered with its action *Challenge*.
            CanaryFailed: there was no answer, or another than a member must get.
        """
        typed = json.dumps({"identifier": member.identifier, "pin": member.pin.reveal()}).encode()
        known = {"Cookie": member.device.reveal()} if member.device.reveal() else {}
        signed_in = self._post("/login", typed, HTTPStatus.OK, known)
        self._post("/logout", b"", HTTPStatus.NO_CONTENT, {"Cookie": _session(signed_in)})

    def _post(self, path: str, body: bytes, expected: HTTPStatus, headers: Mapping[str, str]) -> Answer:
        answer = self.post(f"{self.origin}/v1{path}", body, {"Content-Type": "application/json", **headers})
        # AWS WAF API reference, ChallengeAction: this header, and 202.
        if (answer.status, answer.waf_action) == (HTTPStatus.ACCEPTED, "challenge"):
            raise CanaryChallenged
        if answer.status != expected:
            raise CanaryFailed(f"{path} answers {answer.status} instead of {expected.value}")
        return answer


def _session(answer: Answer) -> str:
    for line in answer.set_cookies:
        pair = line.partition(";")[0]
        if pair.startswith(f"{SESSION_COOKIE}="):
            return pair
    raise CanaryFailed(f"the sign-in sets no cookie {SESSION_COOKIE}")
