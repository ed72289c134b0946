"""A client that calls a fake without an adapter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from letters.providers.http_client import HttpRequest, HttpResponse
from simulators.print_providers.fake_http import in_process

if TYPE_CHECKING:
    from simulators.print_providers.fake_provider import FakeProvider


class RawClient:
    """Sends any request with an access token."""

    def __init__(self, fake: FakeProvider, base: str, content_type: str) -> None:
        self.fake = fake
        self._base = base
        self._content_type = content_type
        self._headers = {"Authorization": f"Bearer {fake.grant_token()}", "Accept": content_type}

    def __call__(
        self, method: str, path: str, content: object = None, body: bytes = b"", **headers: str | None
    ) -> HttpResponse:
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        merged = {**self._headers, "Content-Type": self._content_type, **named}
        if content is not None:
            body = json.dumps(content).encode()
        url = path if path.startswith("https:") else self._base + path
        kept = {name: text for name, text in merged.items() if text is not None}
        return in_process(self.fake)(HttpRequest(method, url, kept, body))


def code(reply: HttpResponse) -> tuple[int, str]:
    said = json.loads(reply.body)
    return reply.status, (said["errors"][0] if "errors" in said else said)["code"]
