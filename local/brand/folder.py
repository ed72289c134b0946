"""Reads a brand's folder, and refuses one that would make unreadable or broken pages."""

from __future__ import annotations

import json
import re
import struct
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from local.brand import catalogue, colours, drawings, links, local_parameters, pages
from local.brand.catalogue import LANGUAGES
from local.errors import LocalStackError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

STYLES, LINKS, NOTICE = "brand.css", "links.json", "notice.json"
LOCAL: Final = "local.json"
"""The file for a laptop, which is not published."""
LOGOS: Final = ("logo.svg", "logo-dark.svg")
_TOUCH_ICON = "touch-icon.png"
DRAWINGS: Final = (*LOGOS, "favicon.svg", _TOUCH_ICON)
LEVELS: Final = ("information", "warning", "error", "success")
"""How a notice looks."""

_ELSEWHERE = re.compile(r"@import|url\(\s*[\"']?(?:[a-z]+:|//)", re.IGNORECASE)
_NAMED = re.compile(r"url\(\s*[\"']?(?![a-z]+:|//|#)([^\"')\s?#]+)", re.IGNORECASE)
"""A file that a stylesheet names, beside itself."""
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_TEXT_FILES = (".css", ".html", ".json", ".svg")
_FILES = re.compile(r"brand\.css|(?:fonts|images)/[\w.-]+\.(?:woff2|webp|png|svg)")


class BrandRefused(LocalStackError):
    """The brand cannot be used. The message has a line for each reason."""


@dataclass(frozen=True)
class Brand:
    """A brand that was checked.

    Attributes:
        files: what is published as it is, by name.
        links: addresses by name and language; a name is missing if there is no such address.
        texts: the brand's own sentences, by language and key.
        pages: HTML by the name of its file.
        notice: the content of ``notice.json``.
        logo_size: the width and the height of the logo's drawing.
        colours: of the header, by theme.
        accent: by day, as ``#rrggbb``.
        local: parameters of the template for a laptop.
    """

    files: Mapping[str, bytes]
    links: Mapping[str, Mapping[str, str]]
    texts: Mapping[str, Mapping[str, str]]
    pages: Mapping[str, str]
    notice: bytes
    logo_size: tuple[float, float]
    colours: Mapping[str, str]
    accent: str
    local: Mapping[str, str]


def read_brand(folder: Path, portal: Mapping[str, bytes]) -> Brand:
    """Read and check a brand.

    Args:
        folder: the brand's folder.
        portal: the files of the portal by name; a brand is checked against its texts and tokens.

    Raises:
        BrandRefused: something is missing or wrong; the message says all of it.
    """
    if not folder.is_dir():
        raise BrandRefused(f"There is no folder {folder} with a brand. Copy portal/brand and change the copy.")
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    wrong = list(_faults(files, portal))
    if wrong:
        raise BrandRefused("\n".join([f"The brand in {folder} cannot be used:", *(f"- {line}" for line in wrong)]))
    css = files[STYLES].decode()
    return Brand(
        files={name: content for name, content in files.items() if name in DRAWINGS or _FILES.fullmatch(name)},
        links=links.by_language(json.loads(files[LINKS])),
        texts={language: json.loads(files[texts_file(language)]) for language in LANGUAGES},
        pages={name: content.decode() for name, content in files.items() if name.startswith("pages/")},
        notice=files.get(NOTICE, b"{}"),
        logo_size=drawings.size(files[LOGOS[0]]) or (0, 0),
        colours={theme: known["surface"] for theme, known in colours.tokens(css).items()},
        accent=colours.spelt_out(colours.tokens(css)["light"]["accent"]),
        local=json.loads(files.get(LOCAL, b"{}")),
    )


def _faults(files: Mapping[str, bytes], portal: Mapping[str, bytes]) -> Iterator[str]:
    for name in (STYLES, *DRAWINGS, LINKS, *(texts_file(language) for language in LANGUAGES)):
        if name not in files:
            yield f"{name} is missing."
    for name in sorted(files):
        if name.endswith(_TEXT_FILES) and not _is_text(files[name]):
            yield f"{name} is no text in UTF-8. Save it so."
            return
    if STYLES in files:
        yield from _style_faults(files, portal["styles/tokens.css"].decode())
    for name in LOGOS:
        if name in files:
            yield from drawings.faults(name, files[name])
    if _TOUCH_ICON in files:
        yield from _touch_icon_faults(files[_TOUCH_ICON])
    yield from _written_faults(files, portal)


def _written_faults(files: Mapping[str, bytes], portal: Mapping[str, bytes]) -> Iterator[str]:
    judges: dict[str, Callable[[Any], Iterator[str]]] = {
        LINKS: lambda written: links.faults(LINKS, written, files),
        **{
            texts_file(language): partial(
                catalogue.faults, texts_file(language), usual=catalogue.texts_of(portal, language)
            )
            for language in LANGUAGES
        },
        NOTICE: _notice_faults,
        LOCAL: partial(local_parameters.faults, LOCAL),
    }
    for name, judge in judges.items():
        if name in files:
            try:
                written = json.loads(files[name])
            except json.JSONDecodeError as error:
                yield f"{name} is no JSON: line {error.lineno}, column {error.colno}: {error.msg}."
            else:
                yield from judge(written)
    for name in sorted(files):
        if name.startswith("pages/"):
            yield from pages.faults(name, files[name].decode())


def _style_faults(files: Mapping[str, bytes], defaults: str) -> Iterator[str]:
    css = files[STYLES].decode()
    yield from colours.faults(defaults, css)
    if found := _ELSEWHERE.search(css):
        yield f"{STYLES}: {found[0]} would load a file from elsewhere, which the pages' policy forbids."
    for name in sorted(set(_NAMED.findall(_COMMENT.sub("", css)))):
        if not _FILES.fullmatch(name):
            yield f"{STYLES}: {name} is no file of fonts/ or images/ that ends in .woff2, .webp, .png or .svg."
        elif name not in files:
            yield f"{STYLES}: {name} is missing from the brand's folder."


def _notice_faults(notice: object) -> Iterator[str]:
    if notice == {}:
        return
    if not isinstance(notice, dict) or not all(isinstance(notice.get(one), str) for one in LANGUAGES):
        yield f'{NOTICE} must be one JSON object: {{"level": "warning", "fr": "…", "en": "…"}}, or {{}} for no notice.'
    elif notice.get("level") not in LEVELS:
        yield f"{NOTICE}: level must be one of {', '.join(LEVELS)}."


def _touch_icon_faults(icon: bytes) -> Iterator[str]:
    if icon[:8] != b"\x89PNG\r\n\x1a\n" or struct.unpack(">II", icon[16:24]) != (180, 180):
        yield f"{_TOUCH_ICON} must be a PNG of 180 by 180 pixels."


def _is_text(content: bytes) -> bool:
    try:
        content.decode()
    except UnicodeDecodeError:
        return False
    return True


def texts_file(language: str) -> str:
    """Return the name of the file with a brand's sentences in a language."""
    return f"texts.{language}.json"
