"""What RGAA 4.1.2 asks of a page and axe-core does not look for, each rule with the number of its criterion."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Page

_FAULTS = """() => {
  const all = [...document.body.querySelectorAll("*")];
  const shown = all.filter((one) => one.checkVisibility());
  const inSvg = (one) => one.closest("svg") !== null;
  const isInSentence = (link) => link.closest("p").innerText.trim() !== link.innerText.trim();
  const generated = (one) => ["::before", "::after"]
    .map((part) => getComputedStyle(one, part).content.replace(/ \\/ ""$/, ""))
    .some((content) => !["none", "normal", '""', '"⚠"'].includes(content));
  const heading = document.querySelector("main h1");
  const rules = {
    "1.2 a decorative picture is not hidden": (one) =>
      one.matches("svg") && (one.getAttribute("aria-hidden") !== "true" || one.querySelector("title, desc")),
    "1.3 a picture has no alternative": (one) => one.matches("img") && !one.alt,
    "2.1 a frame": (one) => one.matches("iframe, frame"),
    "4.1 a medium": (one) => one.matches("audio, video, object, embed, canvas, bgsound"),
    "5.1 a table": (one) => one.matches("table, [role=table], [role=grid]"),
    "6.2 a link without a name": (one) =>
      one.matches("a[href]") && !one.innerText.trim() && !one.querySelector("img[alt]"),
    "8.2 an id twice": (one) => one.id && document.querySelectorAll(`[id="${CSS.escape(one.id)}"]`).length > 1,
    "8.9 an element for its looks": (one) =>
      one.matches("b, i, u, s, font, center, big, tt, p:empty:not([role]):not([data-outage])")
      && one.checkVisibility(),
    "9.4 a quotation": (one) => one.matches("q, blockquote, cite"),
    "10.1 a presentation in the HTML": (one) =>
      !inSvg(one) && one.matches("[style], [align], [bgcolor], [border], [color], [face], [hspace], [vspace]"),
    "10.2 text that is in a style sheet alone": (one) => generated(one),
    "10.6 a link in a sentence without a line": (one) =>
      one.matches("p a[href]:not(.button)") && isInSentence(one)
      && getComputedStyle(one).textDecorationLine !== "underline",
    "10.13 a hint that shows at hovering": (one) => one.matches("[title]:not(iframe)"),
    "11.8 a list to choose from": (one) => one.matches("select, datalist"),
    "11.13 a field for one's own data does not say which": (one) =>
      one.matches("input:not([type=checkbox])") && !one.autocomplete,
    "12.8 an order of its own": (one) => one.tabIndex > 0,
    "13.2 a new window": (one) => one.matches("[target]"),
    "13.3 a document": (one) => one.matches("[download], a[href$='.pdf'], a[href$='.doc'], a[href$='.odt']"),
  };
  const faults = [];
  for (const [rule, breaks] of Object.entries(rules)) {
    for (const one of all) if (breaks(one)) faults.push(`${rule}: ${one.outerHTML.slice(0, 200)}`);
  }
  const page = {
    "8.1 no document type": document.doctype?.name === "html" && document.compatMode === "CSS1Compat",
    "8.6 a title that does not say the heading": document.title.includes(heading?.textContent ?? "?"),
    "9.1 not one main heading": shown.filter((one) => one.matches("h1")).length === 1,
    "9.2 not one main part": shown.filter((one) => one.matches("main")).length === 1,
    "12.7 no link to the content": document.body.firstElementChild.matches("a.skip[href='#main']"),
    "13.1 a page that loads itself again": !document.querySelector("meta[http-equiv=refresh]"),
  };
  for (const [rule, holds] of Object.entries(page)) if (!holds) faults.push(rule);
  return faults;
}"""
# WCAG 2.2 §1.4.12; a sheet of the page's own object model, which its policy allows.
_SPACED = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
_AS_BEFORE = "document.adoptedStyleSheets = []"


def faults(page: Page) -> list[str]:
    """One line for each element that breaks a rule."""
    found: list[str] = page.evaluate(_FAULTS)
    return found


def space_text(page: Page) -> None:
    """Space the text as a reader may (criterion 10.12)."""
    page.evaluate(_SPACED)


def space_text_as_before(page: Page) -> None:
    """Take the spacing away."""
    page.evaluate(_AS_BEFORE)
