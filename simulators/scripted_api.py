"""The API as a page sees it, with the answers that a test sets: for states that take days in the real API."""

from __future__ import annotations

import base64
import json
import re
from typing import TYPE_CHECKING, Any

from member_access.api.problems import INTERNAL_ERROR, problem
from member_access.wording.texts import Language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from playwright.sync_api import Page, Route

    from member_access.errors import Refusal

IDENTIFIER = "A1234567"
_WITH_ID = re.compile("/(devices|passkeys|sessions)/(?!options).+")


def _segment(claims: Mapping[str, str]) -> str:
    return base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()


def tokens_of(identifier: str) -> dict[str, object]:
    """Return the API's answer to a member who signs in."""
    access_token = f"{_segment({'alg': 'RS256'})}.{_segment({'sub': identifier})}.signature"
    return {"access_token": access_token, "token_type": "Bearer", "expires_in": 900}


TOKENS = tokens_of(IDENTIFIER)
_OTHER = {
    "id": "1" * 32,
    "since": "2026-11-02T09:05:00Z",
    "last_used_at": "2026-11-23T09:05:00Z",
    "browser": "firefox",
    "system": "android",
    "is_present": False,
}
_OWN = {**_OTHER, "id": "0" * 32, "browser": "samsung-internet", "is_present": True}
_USUAL: Mapping[str, tuple[int, object]] = {
    "/login": (200, TOKENS),
    "/login/confirm": (200, TOKENS),
    "/login/refresh": (200, TOKENS),
    "/logout": (204, None),
    "/reset": (202, {"channel": "email", "expires_in": 600, "resend_after": 60}),
    "/reset/verify": (200, {"reset_token": "0" * 64, "expires_in": 600}),
    "/reset/pin": (204, None),
    "/pin": (204, None),
    "/identifier": (200, {"delivery": "email", "masked_email": "c****@e****.fr"}),
    "/passkeys": (
        200,
        {
            "passkeys": [
                {"id": "0" * 64, "name": "Safari, iPhone", "created_at": "2026-11-02T09:05:00Z"},
                {
                    "id": "1" * 64,
                    "name": "Téléphone de Camille",
                    "created_at": "2026-11-03T09:05:00Z",
                    "last_used_at": "2026-11-23T09:05:00Z",
                },
            ]
        },
    ),
    "/login/passkey/options": (
        200,
        {"challenge": "AAAA", "timeout": 300_000, "rpId": "", "allowCredentials": [], "userVerification": "required"},
    ),
    "/sessions": (200, {"sessions": [_OWN, {**_OTHER, "id": "AAAAAAAAAAAAAAAAAAAAAA"}]}),
    "DELETE /sessions": (204, None),
    "DELETE /sessions/{id}": (204, None),
    "/devices": (200, {"devices": [_OWN, {**_OTHER, "browser": "other", "system": "other"}]}),
    "DELETE /devices/{id}": (204, None),
    "DELETE /passkeys/{id}": (204, None),
    "/account": (200, {"email": "works"}),
    "/account/not-me": (202, {"channel": "email", "expires_in": 600, "resend_after": 60}),
    "/identifier/iban": (200, {"identifier": IDENTIFIER}),
}
_IN_THE_BACKGROUND = "/login/passkey/options"
LETTER = {"channel": "letter", "expires_in": 1_814_400, "resend_after": 691_200}
CODE = {"channel": "email", "expires_in": 600, "resend_after": 60}
SCREEN = {"delivery": "screen", "challenge": "0" * 64, "expires_in": 600}


class ScriptedApi:
    """Answers the calls of a page, each in its ``Accept-Language``.

    Attributes:
        calls: the paths that were called, with the fields that were sent, but for challenges: the page asks for one by
            itself.
    """

    def __init__(self, page: Page) -> None:
        self.calls: list[tuple[str, dict[str, Any]]] = []
        self._answers: dict[str, tuple[int, Callable[[Language], object]]] = {}
        for path in _USUAL:
            self.answers_as_usual(path)
        self._cut = False
        self._held: list[Route] | None = None
        page.route("**/v1/**", self._take)

    def answers(self, path: str, status: int, body: object) -> None:
        """Answer a call of this path, or of ``DELETE`` and a path, like this from now on."""
        self._answers[path] = (status, lambda _: body)

    def refuses(self, path: str, refusal: Refusal) -> None:
        """Refuse a call from now on, in the words of the real API."""
        status = refusal.status
        self._answers[path] = (status, lambda language: problem(refusal.code, status, language, refusal))

    def fails(self, path: str) -> None:
        """Answer a call with an internal error from now on."""
        self._answers[path] = (500, lambda language: problem(INTERNAL_ERROR, 500, language))

    def answers_as_usual(self, path: str) -> None:
        """Let a call succeed from now on."""
        self.answers(path, *_USUAL[path])

    def is_cut_off(self, *, cut: bool) -> None:
        """Cut the connection, or restore it."""
        self._cut = cut

    def hold(self) -> None:
        """Hold the answers to calls until ``let_go``."""
        self._held = []

    def let_go(self) -> None:
        """Answer the held calls."""
        held, self._held = self._held or [], None
        for route in held:
            self._answer(route)

    def _take(self, route: Route) -> None:
        if _path(route) != _IN_THE_BACKGROUND:
            self.calls.append((_path(route), json.loads(route.request.post_data or "{}")))
        if self._cut:
            route.abort("internetdisconnected")
        elif self._held is not None:
            self._held.append(route)
        else:
            self._answer(route)

    def _answer(self, route: Route) -> None:
        status, body_in = self._answers[_call(route)]
        body = body_in(Language.preferred(route.request.headers.get("accept-language")))
        kind = "json" if status < 400 else "problem+json"
        route.fulfill(
            status=status,
            body="" if body is None else json.dumps(body),
            headers={"Content-Type": f"application/{kind}"},
        )


def _call(route: Route) -> str:
    method, path = route.request.method, _WITH_ID.sub(r"/\1/{id}", _path(route))
    return f"DELETE {path}" if method == "DELETE" else path


def _path(route: Route) -> str:
    return route.request.url.split("/v1", 1)[1]
