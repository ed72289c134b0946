"""What a screen reader says of a page: the virtual one of Guidepup, which follows the specifications of the W3C.

It runs in the page. The page's own policy stays as it is, because the script comes from the page's origin.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from simulators.template import ROOT
from tests.support import npm

if TYPE_CHECKING:
    from playwright.sync_api import Page

_SCRIPT = "virtual-screen-reader.js"
_START = f"""async (selector) => {{
  window.reader ??= (await import('/{_SCRIPT}')).virtual;
  await window.reader.start({{ container: document.querySelector(selector) }});
}}"""
# Guidepup's reader also speaks live regions that are not displayed, which no browser gives to a screen reader.
_LISTEN = """() => {
  const silent = window.silent = new Set();
  window.watch = new MutationObserver((changes) => {
    for (const { target } of changes) {
      const region = (target.nodeType === 1 ? target : target.parentElement)?.closest("[role=status], [role=alert]");
      if (region && !region.checkVisibility()) silent.add(region.textContent.replace(/\\s+/g, " "));
    }
  });
  window.watch.observe(document.body, { childList: true, characterData: true, subtree: true });
}"""
_HEAR = """async () => {
  const heard = await window.reader.spokenPhraseLog();
  await window.reader.stop();
  window.watch.disconnect();
  return heard
    .filter((phrase) => /^(polite|assertive): ./.test(phrase))
    .filter((phrase) => !window.silent.has(phrase.replace(/^\\w+: /, "").replace(/\\s+/g, " ")))
    .filter((phrase, place, all) => phrase !== all[place - 1]);
}"""
_FOCUSED = """() => {
  const focused = document.activeElement;
  const name = focused.labels?.[0] ?? focused;
  return focused === document.body ? "" : name.innerText.trim().replace(/\\s+/g, " ");
}"""
_READ = """async () => {
  const first = await window.reader.lastSpokenPhrase();
  do await window.reader.next(); while (await window.reader.lastSpokenPhrase() !== first);
  const read = await window.reader.spokenPhraseLog();
  await window.reader.stop();
  return read.slice(0, -1).filter((phrase) => !phrase.startsWith('end of '));
}"""


@cache
def _source() -> str:
    npm.install()
    folder = ROOT / "node_modules" / "@guidepup" / "virtual-screen-reader"
    return (folder / "lib" / "esm" / "index.browser.js").read_text(encoding="utf-8")


class ScreenReader:
    """A person who listens to a page, and reads it from top to bottom.

    Args:
        page: a page of the portal, before it is loaded again.
    """

    def __init__(self, page: Page) -> None:
        self._page = page
        page.route(f"**/{_SCRIPT}", lambda route: route.fulfill(body=_source(), content_type="text/javascript"))

    def listen(self) -> None:
        """Listen from now on to what the page says by itself."""
        self._page.evaluate(_START, "body")
        self._page.evaluate(_LISTEN)

    def heard(self) -> list[str]:
        """What the page has said by itself since ``listen``, each phrase with how urgent it was."""
        heard: list[str] = self._page.evaluate(_HEAR)
        return heard

    def focused(self) -> str:
        """Where the focus is: the label or the text of the element, or nothing at the start of the page."""
        focused: str = self._page.evaluate(_FOCUSED)
        return focused

    def read(self, selector: str) -> list[str]:
        """Read a part of the page from top to bottom."""
        self._page.evaluate(_START, selector)
        read: list[str] = self._page.evaluate(_READ)
        return read
