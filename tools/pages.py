"""Serves the portal as the local stack does, but without the API."""

from __future__ import annotations

from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from local.front import HOST, listening_socket, serving
from local.pages import Pages
from local.portal_files import security_headers
from local.portal_site import SiteFolder
from local.published_site import published
from simulators.template import ROOT, project_template

if TYPE_CHECKING:
    from collections.abc import Generator
    from pathlib import Path


def site_folder(brand: Path | None = None) -> SiteFolder:
    """Return the portal of this clone, with the template's own parameters.

    Args:
        brand: the folder of its brand; None for the example.
    """
    parameters = {**project_template().parameter_defaults(), "PublicOrigin": f"http://{HOST}"}
    return SiteFolder(ROOT, brand, parameters, datetime.now(UTC).date())


@contextmanager
def serving_pages(brand: Path | None = None, *, as_published: bool = False) -> Generator[str]:
    """Serve the portal until the end of the block, and yield its origin.

    Args:
        brand: the folder of its brand; None for the example.
        as_published: whether the files have the names and the lifetimes that a deployment gives them.
    """
    headers = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=False)
    folder = site_folder(brand)
    files = published(folder()) if as_published else {}
    pages = Pages((lambda: files) if as_published else folder, headers)
    with listening_socket(0) as listener, serving(pages, listener):
        yield f"http://{HOST}:{listener.getsockname()[1]}"
