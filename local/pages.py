"""The portal, as CloudFront serves it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from werkzeug.exceptions import HTTPException, NotFound
from werkzeug.routing import Map, Rule
from werkzeug.utils import send_from_directory
from werkzeug.wrappers import Request, Response

from local.problem import problem
from tools.portal import CACHE_CONTROL, CONFIG_FILE, content_type, is_published

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
        self._headers = {**headers, "Cache-Control": CACHE_CONTROL}
        self._routes = Map(
            [
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
            _, arguments = self._routes.bind_to_environ(environ).match()
            response = self._answer(request, arguments["file"])
        except HTTPException as refused:
            response = problem(refused)
        return response(environ, start_response)

    def _answer(self, request: Request, file: str) -> Response:
        shown = self._page(request, file)
        shown.headers.update({**self._headers, "Content-Type": content_type(file)})
        return shown

    def _page(self, request: Request, file: str) -> Response:
        if file == CONFIG_FILE:
            return Response(self._config)
        if not is_published(PurePath(file)):
            raise NotFound("This file is not for browsers.")
        return send_from_directory(self._portal, file, request.environ)
