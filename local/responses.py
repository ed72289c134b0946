"""The responses of the local server's own pages: files, and errors in the API's format (RFC 9457)."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Request, Response

from local.portal_files import CACHE_CONTROL, content_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Application(ABC):
    """A WSGI application that reports HTTP errors as problems."""

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        try:
            response = self.answer(Request(environ))
        except HTTPException as refused:
            response = problem(refused)
        return response(environ, start_response)

    @abstractmethod
    def answer(self, request: Request) -> Response:
        """Answer a request, or raise an HTTP error."""


def problem(refused: HTTPException) -> Response:
    """Build the response for an HTTP error."""
    body = {"type": "about:blank", "title": refused.name, "status": refused.code, "detail": refused.description}
    headers = {"Cache-Control": "no-store"}
    return Response(json.dumps(body), refused.code, headers, mimetype="application/problem+json")


def file_response(folder: Path, name: str, request: Request, headers: Mapping[str, str]) -> Response:
    """Build the response for a file as it is now: 304 if the browser already has it.

    Args:
        folder: nothing outside it is served.
        name: the name in the request.
        request: the request.
        headers: further headers of the response.

    Raises:
        NotFound: there is no such file in the folder.
    """
    path = safe_join(str(folder), name)
    if path is None or not Path(path).is_file():
        raise NotFound("There is no such page.")
    return content_response(Path(path).read_bytes(), content_type(name), request, headers)


def content_response(content: bytes, media_type: str, request: Request, headers: Mapping[str, str]) -> Response:
    """Build the response for the content of a file: 304 if the browser already has it.

    Args:
        content: the content as it is now.
        media_type: its type.
        request: the request.
        headers: further headers of the response; without a ``Cache-Control``, browsers ask again each time.
    """
    # Given at once: the files are small, and werkzeug leaves the one behind a 304 open.
    response = Response(content)
    response.add_etag()
    response.headers.update({"Cache-Control": CACHE_CONTROL, **headers, "Content-Type": media_type})
    return response.make_conditional(request)
