"""The pages that the law and good advice ask for, written by the insurer as plain HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING, Final

from local.brand.catalogue import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGES: Final = ("legal-notice", "personal-data", "accessibility", "security-advice")
PLACEHOLDERS: Final = ("insurer", "telephone", "level")
"""What a page may hold in braces: facts of the deployment, and what the accessibility audit says."""

_TEXT_ELEMENTS = {"a", "abbr", "address", "br", "em", "h1", "h2", "h3", "p", "section", "span", "strong"}
_LIST_ELEMENTS = {"dd", "dl", "dt", "li", "ol", "ul"}
_ATTRIBUTES = {"href", "hreflang", "id", "lang", "title"}
_IN_BRACES = re.compile(r"\{([^{}\n]*)\}")


def file_of(page: str, language: str) -> str:
    """Return the name of a page's file in the brand."""
    return f"pages/{page}.{language}.html"


class _Reader(HTMLParser):
    """Collects what is wrong with a page, and its title."""

    def __init__(self) -> None:
        super().__init__()
        self.wrong: set[str] = set()
        self.titles: list[str] = []
        self._in_title = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TEXT_ELEMENTS | _LIST_ELEMENTS:
            self.wrong.add(f"<{tag}>")
        self.wrong |= {name for name, _ in attrs if name not in _ATTRIBUTES}
        self.wrong |= {
            f"the address {value}" for name, value in attrs if name == "href" and not is_address(value or "")
        }
        if tag == "h1":
            self._in_title = True
            self.titles.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "h1":
            self._in_title = False

    def handle_data(self, data: str) -> None:
        if self._in_title:
            self.titles[-1] += data


def is_address(address: str) -> bool:
    """Return whether a link may lead there: encrypted, on the same host, to a mailbox or to a telephone."""
    return bool(re.match(r"https://[^\s\"<>]+$|/(?!/)[^\s\"<>]*$|#|mailto:|tel:", address))


def title_of(html: str) -> str:
    """Return the text of the first ``h1``."""
    reader = _read(html)
    return " ".join(reader.titles[0].split())


def faults(file: str, html: str) -> Iterator[str]:
    """Yield a sentence for each thing in a page that the portal does not show."""
    if file not in {file_of(page, language) for page in PAGES for language in LANGUAGES}:
        yield f"{file} is none of the portal's pages: {', '.join(PAGES)}, each as .fr.html and .en.html."
    reader = _read(html)
    if len(reader.titles) != 1:
        yield f"{file} needs exactly one h1, its title; it has {len(reader.titles)}."
    for wrong in sorted(reader.wrong):
        yield f"{file}: pages hold plain text, headings, lists and links; take {wrong} out."
    for name in sorted(set(_IN_BRACES.findall(html)) - set(PLACEHOLDERS)):
        yield f"{file}: {{{name}}} stands for nothing; there are {', '.join(f'{{{one}}}' for one in PLACEHOLDERS)}."


def _read(html: str) -> _Reader:
    reader = _Reader()
    reader.feed(html)
    reader.close()
    return reader
