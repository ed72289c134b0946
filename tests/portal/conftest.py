"""What the tests of the portal's pages share: the pages as a laptop serves them, and a scripted API."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from simulators.browser.portal import DESKTOP, FRENCH, Colours, Words, open_browser
from simulators.browser.portal_scenes import Scene
from simulators.scripted_api import ScriptedApi
from tools.pages import serving_pages

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator
    from contextlib import AbstractContextManager

    from playwright.sync_api import Browser

    OpenScene = Callable[..., AbstractContextManager[Scene]]


@pytest.fixture(scope="session")
def url() -> Iterator[str]:
    """Where the pages are."""
    with serving_pages() as origin:
        yield f"{origin}/"


@pytest.fixture(scope="session")
def published_url() -> Iterator[str]:
    """Where the pages are as a deployment publishes them."""
    with serving_pages(as_published=True) as origin:
        yield f"{origin}/"


@pytest.fixture
def opened(headless: Browser, url: str) -> OpenScene:
    """Opens a browser before the portal."""

    @contextmanager
    def open_scene(
        words: Words = FRENCH, size: dict[str, int] = DESKTOP, colours: Colours = "light", *, calm: bool = False
    ) -> Generator[Scene]:
        visitor = open_browser(headless, words, size, colours, calm=calm)
        with visitor.page.context:
            api = ScriptedApi(visitor.page)
            yield Scene(visitor, api, url)
            api.let_go()

    return open_scene


@pytest.fixture
def published(chromium: Browser, published_url: str) -> Iterator[Scene]:
    """As ``scene``, before the published portal, in a browser that loads icons too."""
    visitor = open_browser(chromium)
    with visitor.page.context:
        api = ScriptedApi(visitor.page)
        yield Scene(visitor, api, published_url)
        api.let_go()


@pytest.fixture
def scene(opened: OpenScene) -> Iterator[Scene]:
    """A visitor with a desktop, by day, in French."""
    with opened() as scene:
        yield scene
