"""The portal, as CloudFront serves it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.wrappers import Request, Response

from local.files import file_response
from local.portal_files import CACHE_CONTROL, CONFIG_FILE, content_type, is_published
from local.problem import problem

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from _typeshed.wsgi import StartResponse, WSGIEnvironment


class Pages:
    """The portal's pages, as a WSGI application.

    Args:
        portal: the folder of the portal.
        config: what ``config.json`` says.
        headers: what every page of the portal is sent with.
    """

    def __init__(self, portal: Path, config: bytes, headers: Mapping[str, str]) -> None:
        self._portal = portal
        self._config = config
        self._headers = headers

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer a request."""
        request = Request(environ)
        try:
            response = self._answer(request, request.path.removeprefix("/") or "index.html")
        except HTTPException as refused:
            response = problem(refused)
        return response(environ, start_response)

    def _answer(self, request: Request, file: str) -> Response:
        if file == CONFIG_FILE:
            headers = {**self._headers, "Cache-Control": CACHE_CONTROL}
            return Response(self._config, content_type=content_type(file), headers=headers)
        if not is_published(PurePath(file)):
            raise NotFound("This file is not published.")
        return file_response(self._portal, file, request, self._headers)
