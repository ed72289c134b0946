"""The texts of the portal: all in both languages, all used, none missing."""

from __future__ import annotations

import re
from functools import cache

import pytest

from simulators.template import ROOT

PORTAL = ROOT / "portal"
BLANKS = re.compile(r"\{(\w+)\}")


@cache
def texts(file: str) -> dict[str, str]:
    """The texts of a file, by key."""
    source = (PORTAL / "texts" / file).read_text("utf-8")
    return dict(re.findall(r'"([a-z.\-]+)":\s*"((?:[^"\\]|\\.)*)"', source))


@pytest.mark.parametrize(
    ("french", "english"), [("fr.js", "en.js"), ("fr-screens.js", "en-screens.js"), ("fr-pages.js", "en-pages.js")]
)
def test_every_text_is_there_in_both_languages_with_the_same_blanks(french: str, english: str) -> None:
    blanks = [{key: sorted(BLANKS.findall(text)) for key, text in texts(file).items()} for file in (french, english)]

    assert blanks[0] == blanks[1]
    assert blanks[0]


def test_every_text_is_used_and_every_used_text_is_there() -> None:
    known = texts("fr.js").keys() | texts("fr-screens.js").keys() | texts("fr-pages.js").keys()
    files = [*PORTAL.glob("*.js"), *PORTAL.glob("screens/*"), *PORTAL.glob("*.html"), *PORTAL.glob("parts/*")]
    source = "\n".join(file.read_text("utf-8") for file in files)
    marked = set(re.findall(r'data-text="([^"]+)"', source))

    assert marked - known == set()
    # local/portal_site.py picks the level of accessibility.
    assert {key for key in known if f'"{key}"' not in source and not key.startswith("level.")} == set()
