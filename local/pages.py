"""The portal, as CloudFront serves it."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound
from werkzeug.wrappers import Request, Response

from local.portal_files import CACHE_CONTROL, CONFIG_FILE, content_type, is_published
from local.responses import Application, file_response

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


class Pages(Application):
    """The portal's pages, as a WSGI application.

    Args:
        portal: the folder of the portal.
        config: the content of ``config.json``.
        headers: the headers of every page.
    """

    def __init__(self, portal: Path, config: bytes, headers: Mapping[str, str]) -> None:
        self._portal = portal
        self._config = config
        self._headers = headers

    def answer(self, request: Request) -> Response:
        """Answer with a published file."""
        file = request.path.removeprefix("/") or "index.html"
        if file == CONFIG_FILE:
            headers = {**self._headers, "Cache-Control": CACHE_CONTROL}
            return Response(self._config, content_type=content_type(file), headers=headers)
        if not is_published(PurePath(file)):
            raise NotFound("This file is not published.")
        return file_response(self._portal, file, request, self._headers)
