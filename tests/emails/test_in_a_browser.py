"""The HTML of the e-mails as Chromium shows it: on a phone, on a screen, by day, by night, with inverted colours."""

from __future__ import annotations

import re
from dataclasses import replace
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
  const texts = [...document.querySelectorAll("h1, h2, p, td, a")].filter(e => [...e.childNodes].some(
    node => node.nodeType === Node.TEXT_NODE && node.textContent.trim()));
  return Math.min(...texts.map(e => {
    const [light, dark] = [luminance(channels(getComputedStyle(e).color)), luminance(behind(e))].sort((a, b) => b - a);
    return (light + 0.05) / (dark + 0.05);
  }));
}"""
"""The contrast of the text that is hardest to read (WCAG 2.2, relative luminance)."""

# Of a grey or a colour only the lightness changes (L* of CIELAB, D65). Outlook publishes no rule: its partial mode is
# seen to darken light backgrounds and to lighten dark texts, its full mode to turn all lightness around.
INVERT: Final = """isFull => {
  const toLinear = c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const toChannel = c => 255 * Math.max(0, Math.min(1, c <= 0.0031308 ? 12.92 * c : 1.055 * c ** (1 / 2.4) - 0.055));
  const times = (matrix, vector) => matrix.map(row => row.reduce((sum, factor, i) => sum + factor * vector[i], 0));
  const bent = t => t > (6 / 29) ** 3 ? Math.cbrt(t) : t / (3 * (6 / 29) ** 2) + 4 / 29;
  const straight = t => t > 6 / 29 ? t ** 3 : 3 * (6 / 29) ** 2 * (t - 4 / 29);
  const white = [0.95047, 1, 1.08883];
  const inverted = (text, isBackground) => {
    const [red, green, blue, alpha = 1] = text.match(/[0-9.]+/g).map(Number);
    const [x, y, z] = times([[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.072175],
      [0.0193339, 0.119192, 0.9503041]], [red, green, blue].map(c => toLinear(c / 255))).map(
      (c, i) => bent(c / white[i]));
    const isLight = 116 * y - 16 > 55;
    if (alpha === 0 || !isFull && isBackground !== isLight) return text;
    const turned = (132 - 116 * y) / 116;
    const xyz = [turned + x - y, turned, turned + z - y].map((c, i) => white[i] * straight(c));
    return `rgb(${times([[3.2404542, -1.5371385, -0.4985314], [-0.969266, 1.8760108, 0.041556],
      [0.0556434, -0.2040259, 1.0572252]], xyz).map(toChannel).map(Math.round).join(", ")})`;
  };
  const all = [...document.querySelectorAll("body, body *")];
  const colours = all.map(element => getComputedStyle(element)).map(({ color, backgroundColor }) => [
    inverted(color, false), inverted(backgroundColor, true)]);
  for (const [i, { style }] of all.entries()) [style.color, style.backgroundColor] = colours[i];
}"""
"""Turns light and dark around, of everything or of light backgrounds and dark texts alone."""


def opened(
    headless: Browser, name: str, language: Language, width: int = 320, colours: Literal["light", "dark"] = "light"
) -> Page:
    page = headless.new_page(viewport={"width": width, "height": 700}, color_scheme=colours)
    page.set_content(EmailRenderer(INSURER).render(WIDEST[name], ADDRESSEE, language).html)
    return page


@pytest.mark.parametrize("width", [320, 600])
@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", WIDEST)
def test_an_email_never_scrolls_sideways(headless: Browser, name: str, language: Language, width: int) -> None:
    with opened(headless, name, language, width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("name", MESSAGES)
def test_every_word_stands_out_from_what_is_behind_it(
    headless: Browser, name: str, colours: Literal["light", "dark"]
) -> None:
    with opened(headless, name, Language.FRENCH, colours=colours) as page:
        assert page.evaluate(LOWEST_CONTRAST) >= 4.5


def test_an_email_is_dark_where_the_reader_prefers_it(headless: Browser) -> None:
    backgrounds = []
    for colours in ("light", "dark"):
        with opened(headless, "reset_code", Language.FRENCH, colours=colours) as page:
            backgrounds.append(page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor"))

    assert backgrounds == ["rgb(255, 255, 255)", "rgb(24, 38, 43)"]


@pytest.mark.parametrize("is_full", [True, False], ids=["full", "partial"])
@pytest.mark.parametrize("accent", [INSURER.accent, "#767676"])
def test_an_email_can_be_read_with_inverted_colours_and_without_its_styles(
    headless: Browser, accent: str, is_full: bool
) -> None:
    html = (
        EmailRenderer(replace(INSURER, accent=accent)).render(MESSAGES["reset_code"], ADDRESSEE, Language.FRENCH).html
    )
    with headless.new_page(viewport={"width": 320, "height": 700}) as page:
        page.set_content(re.sub("(?s)<style>.*?</style>", "", html))
        page.evaluate(INVERT, is_full)

        assert page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor") == "rgb(0, 0, 0)"
        assert page.evaluate(LOWEST_CONTRAST) >= 4.5
        assert not page.locator(".preview").is_visible()


def test_a_double_click_selects_the_whole_code(headless: Browser) -> None:
    with opened(headless, "reset_code", Language.FRENCH) as page:
        page.locator(".value span").dblclick()

        assert page.evaluate("getSelection().toString().trim()") == "482913"


def test_a_screen_reader_hears_the_digits_of_the_code_one_by_one(headless: Browser) -> None:
    with opened(headless, "reset_code", Language.FRENCH) as page:
        assert "4, 8, 2, 9, 1, 3" in page.locator(".value").aria_snapshot()
        assert page.get_by_role("img").count() == 0


def test_the_number_to_call_can_be_tapped(headless: Browser) -> None:
    with opened(headless, "reset_code", Language.FRENCH) as page:
        calls = page.get_by_role("link", name="01 99 00 12 34")

        assert calls.count() == 2
        assert {link.get_attribute("href") for link in calls.all()} == {"tel:0199001234"}
