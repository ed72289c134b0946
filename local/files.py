"""Serves a folder's files over HTTP: browsers ask each time and receive a file again only if it changed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from werkzeug.exceptions import NotFound
from werkzeug.security import safe_join
from werkzeug.wrappers import Request, Response

from local.portal_files import CACHE_CONTROL, content_type

if TYPE_CHECKING:
    from collections.abc import Mapping


def file_response(folder: Path, name: str, request: Request, headers: Mapping[str, str]) -> Response:
    """A file as it is now, or 304 where the browser has it already.

    Args:
        folder: nothing outside it is served.
        name: of the file, as it was asked for.
        request: what asked for it.
        headers: to send with it.

    Raises:
        NotFound: there is no such file in the folder.
    """
    path = safe_join(str(folder), name)
    if path is None or not Path(path).is_file():
        raise NotFound("There is no such page.")
    # Read at once: the files are small, and werkzeug leaves the one behind a 304 open.
    response = Response(Path(path).read_bytes())
    response.add_etag()
    response.headers.update({**headers, "Cache-Control": CACHE_CONTROL, "Content-Type": content_type(name)})
    return response.make_conditional(request)
