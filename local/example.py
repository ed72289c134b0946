"""The example of a front-end on another origin of the same site: another port of this machine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from local.portal_files import CACHE_CONTROL
from local.responses import Application, file_response

if TYPE_CHECKING:
    from collections.abc import Sequence

_PROJECT = Path(__file__).parents[1]
_PAGE = _PROJECT / "examples" / "front-end"
_CLIENT = "portal/client"


class Example(Application):
    """The pages of the example, and the client that they use, as a WSGI application.

    Args:
        api: the address of the API without its scheme: a page calls it by its own.
        origins: the origins of the API.
    """

    def __init__(self, api: str, origins: Sequence[str]) -> None:
        self._config = json.dumps({"api_url": api})
        self._headers = {
            "Content-Security-Policy": f"default-src 'none'; script-src 'self'; style-src 'self'; "
            f"connect-src 'self' {' '.join(origins)}; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
            "Referrer-Policy": "no-referrer",
            "X-Content-Type-Options": "nosniff",
        }

    def answer(self, request: Request) -> Response:
        """Answer with a file of the example or of the client, or with its configuration."""
        name = request.path.removeprefix("/") or "index.html"
        if name == "config.json":
            headers = {**self._headers, "Cache-Control": CACHE_CONTROL}
            return Response(self._config, mimetype="application/json", headers=headers)
        folder = _PROJECT / _CLIENT if name.startswith(f"{_CLIENT}/") else _PAGE
        return file_response(folder, name.removeprefix(f"{_CLIENT}/"), request, self._headers)
