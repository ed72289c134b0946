"""Debian's Chromium, driven by Playwright, with connections to this machine only."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Generator

    from playwright.sync_api import Browser, Playwright

_OFFLINE: Final = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
)


def launch_chromium(playwright: Playwright) -> Browser:
    """Start a browser."""
    return playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(_OFFLINE))


@contextmanager
def running_chromium() -> Generator[Browser]:
    """Run a browser until the end of the block."""
    with sync_playwright() as playwright, launch_chromium(playwright) as browser:
        yield browser
