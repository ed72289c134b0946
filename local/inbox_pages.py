"""The inbox over HTTP: for programs as JSON, for people as a page that shows e-mails, letters and their codes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from local.files import file_response
from local.portal_files import CACHE_CONTROL
from local.problem import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed.wsgi import StartResponse, WSGIEnvironment

    from local.inbox import Inbox

_PAGE = Path(__file__).parent / "inbox_page"
_HEADERS = {
    "Cache-Control": CACHE_CONTROL,
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "frame-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Treat an e-mail as foreign content, as a mail program does: allow its own styles and nothing else.
_OF_AN_EMAIL = {
    **_HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
}


class InboxPages:
    """What is below ``/inbox``, as a WSGI application.

    Args:
        inbox: what the stack has sent.
    """

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._routes = Map(
            [
                Rule("/", endpoint="page", defaults={"file": "index.html"}),
                Rule("/page/<file>", endpoint="page"),
                Rule("/messages.json", endpoint="messages"),
                Rule("/emails/<int:email>.html", endpoint="email"),
                Rule("/letters/<letter>.pdf", endpoint="pdf"),
                Rule("/letters/<letter>.png", endpoint="picture"),
            ],
            merge_slashes=False,
            redirect_defaults=False,
        )

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        try:
            endpoint, arguments = self._routes.bind_to_environ(environ).match(environ["PATH_INFO"] or "/")
            response = self._answer(Request(environ), endpoint, arguments)
        except HTTPException as refused:
            response = problem(refused)
        return response(environ, start_response)

    def _answer(self, request: Request, endpoint: str, arguments: Mapping[str, Any]) -> Response:
        match endpoint:
            case "page":
                return file_response(_PAGE, arguments["file"], request, _HEADERS)
            case "messages":
                return Response(json.dumps(self._inbox.messages()), mimetype="application/json", headers=_HEADERS)
            case "email":
                return Response(
                    _there(self._inbox.html(arguments["email"])), mimetype="text/html", headers=_OF_AN_EMAIL
                )
            case "pdf":
                page = Response(
                    _there(self._inbox.pdf(arguments["letter"])), mimetype="application/pdf", headers=_HEADERS
                )
                # The page of the inbox marks the letter's text with it; messages.json does not say it.
                page.content_language.update(filter(None, [self._inbox.language(arguments["letter"])]))
                return page
            case _:
                return Response(
                    _there(self._inbox.picture(arguments["letter"])), mimetype="image/png", headers=_HEADERS
                )


def _there(content: str | bytes | None) -> str | bytes:
    if content is None:
        raise NotFound("There is no such message.")
    return content
