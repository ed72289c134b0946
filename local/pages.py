"""Everything but the API: the portal where there is one, else a page that says what runs, and the inbox."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response

from local.problem import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from local.inbox import Inbox

_WELCOME = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Espace Adhérent access</title>
<h1>Espace Adhérent access</h1>
<p>The stack runs on this machine.</p>
<dl>
<dt>API</dt><dd>/v1 (its keys: <a href="/v1/.well-known/jwks.json">/v1/.well-known/jwks.json</a>)</dd>
<dt>Inbox</dt><dd><a href="/inbox">/inbox</a></dd>
</dl>
</html>
"""


class Pages:
    """The pages, as a WSGI application.

    Args:
        portal: the folder of the portal, which need not be there.
        inbox: what the stack has sent.
    """

    def __init__(self, portal: Path, inbox: Inbox) -> None:
        self._portal = portal
        self._inbox = inbox
        self._routes = Map(
            [
                Rule("/inbox", endpoint="inbox"),
                Rule("/inbox/messages.json", endpoint="messages"),
                Rule("/inbox/letters/<letter>.pdf", endpoint="letter"),
                Rule("/", defaults={"file": "index.html"}, endpoint="page"),
                Rule("/<path:file>", endpoint="page"),
            ],
            merge_slashes=False,
            redirect_defaults=False,
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        try:
            endpoint, arguments = self._routes.bind_to_environ(environ).match()
            response = self._answer(request, endpoint, arguments)
        except HTTPException as refused:
            response = problem(refused)
        return response(environ, start_response)

    def _answer(self, request: Request, endpoint: str, arguments: Mapping[str, Any]) -> Response:
        match endpoint:
            case "inbox":
                return Response(self._inbox.page(), mimetype="text/html")
            case "messages":
                return Response(json.dumps(self._inbox.messages()), mimetype="application/json")
            case "letter":
                page = self._inbox.pdf(arguments["letter"])
                if page is None:
                    raise NotFound("There is no such letter.")
                return Response(page, mimetype="application/pdf")
        if request.path == "/" and not self._portal.is_dir():
            return Response(_WELCOME, mimetype="text/html")
        return send_from_directory(self._portal, arguments["file"], request.environ)
