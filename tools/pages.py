"""Serves the portal as the local stack does, but without the API."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from local.front import HOST, listening_socket, serving
from local.pages import Pages
from local.portal_files import config, security_headers
from simulators.template import ROOT, project_template

if TYPE_CHECKING:
    from collections.abc import Generator


@contextmanager
def serving_pages() -> Generator[str]:
    """Serve the portal until the end of the block, and yield its origin."""
    headers = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=False)
    pages = Pages(ROOT / "portal", config(project_template().parameter_defaults()), headers)
    with listening_socket(0) as listener, serving(pages, listener):
        yield f"http://{HOST}:{listener.getsockname()[1]}"
