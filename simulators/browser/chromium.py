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


_SHELL: Final = "chromium-headless-shell"


def launch_chromium(playwright: Playwright, *, whole: bool = True) -> Browser:
    """Start a browser.

    Args:
        playwright: drives it.
        whole: whether it must be what people use. The shell shows the same pages for a third of the processor time,
            but offers no passkeys; where Debian's package of it is missing, the whole browser takes its place.
    """
    program = (None if whole else shutil.which(_SHELL)) or shutil.which("chromium")
    return playwright.chromium.launch(executable_path=program, args=list(_OFFLINE))


@contextmanager
def running_chromium() -> Generator[Browser]:
    """Run a browser until the end of the block."""
    with sync_playwright() as playwright, launch_chromium(playwright) as browser:
        yield browser
