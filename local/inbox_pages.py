"""The inbox over HTTP: JSON for programs, and a page that shows people the e-mails, letters and codes."""

from __future__ import annotations

import json
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from werkzeug.exceptions import NotFound
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Request, Response

from local.inbox import language_of, picture_of
from local.portal_files import CACHE_CONTROL
from local.responses import Application, file_response

if TYPE_CHECKING:
    from local.inbox import Inbox

_Content = TypeVar("_Content", str, bytes)

_PAGE = Path(__file__).parent / "inbox_page"
_HEADERS = {
    "Cache-Control": CACHE_CONTROL,
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "frame-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
# Treat an e-mail as foreign content, as a mail program does: allow only its own styles.
_OF_AN_EMAIL = {
    **_HEADERS,
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox",
}


class InboxPages(Application):
    """The pages below ``/inbox``, as a WSGI application."""

    def __init__(self, inbox: Inbox) -> None:
        self._inbox = inbox
        self._routes = Map(
            [
                Rule("/", endpoint="page", defaults={"file": "index.html"}),
                Rule("/page/<file>", endpoint="page"),
                Rule("/messages.json", endpoint="messages", methods=["GET"]),
                # A page of another origin cannot send a DELETE.
                Rule("/messages.json", endpoint="deletion", methods=["DELETE"]),
                Rule("/emails/<int:email>.html", endpoint="email"),
                Rule("/letters/<letter>.pdf", endpoint="pdf"),
                Rule("/letters/<letter>.png", endpoint="picture"),
            ],
            merge_slashes=False,
            redirect_defaults=False,
        )

    def answer(self, request: Request) -> Response:
        """Answer with the page, the list of messages, or one message; or delete what is held of someone."""
        routes = self._routes.bind_to_environ(request.environ)
        endpoint, arguments = routes.match(request.environ["PATH_INFO"] or "/")
        if endpoint == "deletion":
            self._inbox.delete(request.args.getlist("address"), request.args.getlist("letter"))
            return Response(status=HTTPStatus.NO_CONTENT, headers=_HEADERS)
        if endpoint == "page":
            return file_response(_PAGE, arguments["file"], request, _HEADERS)
        if endpoint == "messages":
            return Response(json.dumps(self._inbox.messages()), mimetype="application/json", headers=_HEADERS)
        if endpoint == "email":
            html = self._inbox.html(arguments["email"])
            return Response(_found(html), mimetype="text/html", headers=_OF_AN_EMAIL)
        pdf = _found(self._inbox.pdf(arguments["letter"]))
        if endpoint == "picture":
            return Response(picture_of(pdf), mimetype="image/png", headers=_HEADERS)
        page = Response(pdf, mimetype="application/pdf", headers=_HEADERS)
        # The page of the inbox marks the letter's text with it; messages.json does not contain it.
        page.content_language.update(filter(None, [language_of(pdf)]))
        return page


def _found(content: _Content | None) -> _Content:
    if content is None:
        raise NotFound("There is no such message.")
    return content
