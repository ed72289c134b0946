"""The HTML of the e-mails as Chromium shows it: on a narrow phone, on a screen, by day and by night."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

import pytest

from emails.messages import IdentifierReminder
from emails.rendering import EmailRenderer
from member_access.values.types import Identifier
from member_access.wording.texts import Language
from simulators.samples.emails import ADDRESSEE, MESSAGES
from simulators.samples.insurer import INSURER

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

WIDEST: Final = {**MESSAGES, "widest identifier": IdentifierReminder(Identifier.parse("W" * 12))}

LOWEST_CONTRAST: Final = """() => {
  const channels = colour => colour.match(/[0-9.]+/g).map(Number);
  const luminance = ([red, green, blue]) => {
    const linear = channel => channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    const [r, g, b] = [red, green, blue].map(channel => linear(channel / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = channels(getComputedStyle(e).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    throw new Error("no background");
  };
  const texts = [...document.querySelectorAll("h1, h2, p, td")].filter(e => [...e.childNodes].some(
    node => node.nodeType === Node.TEXT_NODE && node.textContent.trim()));
  return Math.min(...texts.map(e => {
    const [light, dark] = [luminance(channels(getComputedStyle(e).color)), luminance(behind(e))].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }));
}"""
"""The contrast of the text that is hardest to read (WCAG 2.2, relative luminance)."""


def opened(
    browser: Browser, name: str, language: Language, width: int = 320, colours: Literal["light", "dark"] = "light"
) -> Page:
    page = browser.new_page(viewport={"width": width, "height": 700}, color_scheme=colours)
    page.set_content(EmailRenderer(INSURER).render(WIDEST[name], ADDRESSEE, language).html)
    return page


@pytest.mark.parametrize("width", [320, 600])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", WIDEST)
def test_an_email_never_scrolls_sideways(browser: Browser, name: str, language: Language, width: int) -> None:
    with opened(browser, name, language, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("name", MESSAGES)
def test_every_word_stands_out_from_what_is_behind_it(
    browser: Browser, name: str, colours: Literal["light", "dark"]
) -> None:
    with opened(browser, name, Language.FRENCH, colours=colours) as page:
        assert page.evaluate(LOWEST_CONTRAST) >= 4.5


def test_an_email_is_dark_where_the_reader_prefers_it(browser: Browser) -> None:
    backgrounds = []
    for colours in ("light", "dark"):
        with opened(browser, "reset_code", Language.FRENCH, colours=colours) as page:
            backgrounds.append(page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor"))

    assert backgrounds == ["rgb(255, 255, 255)", "rgb(26, 36, 46)"]


def test_a_screen_reader_hears_the_digits_of_the_code(browser: Browser) -> None:
    with opened(browser, "reset_code", Language.FRENCH) as page:
        assert page.get_by_role("img", name="4 8 2 9 1 3", exact=True).inner_text() == "482 913"
