"""The portal, as CloudFront serves it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from werkzeug.wrappers import Request, Response

from local.brand.folder import BrandRefused
from local.portal_files import cache_control, content_type
from local.portal_site import CHANGE_PIN, NOT_FOUND
from local.responses import Application, content_response

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

_CHANGE_PASSWORD = "/.well-known/change-password"  # noqa: S105 - an address
_NOT_FOUND_STATUS = 404
_REFUSED_STATUS = 500


class Pages(Application):
    """The portal's pages, as a WSGI application.

    Args:
        site: returns the files of the site by name, as they are now.
        headers: the headers of every page.
    """

    def __init__(self, site: Callable[[], Mapping[str, bytes]], headers: Mapping[str, str]) -> None:
        self._site = site
        self._headers = headers

    def answer(self, request: Request) -> Response:
        """Answer with a published file, the page for unknown addresses, or the faults of the brand, one a line."""
        if request.path == _CHANGE_PASSWORD:
            return Response(status=302, headers={"Location": CHANGE_PIN})
        try:
            files = self._site()
        except BrandRefused as refused:
            return Response(f"{refused}\n", _REFUSED_STATUS, {"Cache-Control": "no-store"}, mimetype="text/plain")
        name = request.path.removeprefix("/") or "index.html"
        if name in files and name != NOT_FOUND:
            headers = {**self._headers, "Cache-Control": cache_control(name)}
            return content_response(files[name], content_type(name), request, headers)
        headers = {**self._headers, "Cache-Control": "no-store"}
        return Response(files[NOT_FOUND], _NOT_FOUND_STATUS, headers, content_type=content_type(NOT_FOUND))
