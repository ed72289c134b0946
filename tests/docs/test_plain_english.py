"""The texts keep to the English of CONTRIBUTING.md: no word that its style page rules out."""

from __future__ import annotations

import re
import subprocess
from fnmatch import fnmatch

import pytest

from simulators.template import ROOT

EXEMPT = (
    "tests/docs/test_plain_english.py",
    "LICENSE",
    "*LICENSE*",
    "THIRD_PARTY_NOTICES",
    "*.lock",
    "*package-lock.json",
    "*requirements*.txt",
    "*country_names.json",
    "*common_pins.txt",
    "portal/client/api.*",
)
"""Files that others wrote or that a program made, and this one."""

QUOTES_THE_STYLE = ("CONTRIBUTING.md", "docs/glossary.md")
"""Pages that name these words in quotation marks or as code."""

BANNED = {
    "nobody": r"(?!(?-i:NoBody|NOBODY#))nobody",
    "somebody": r"(?:some|every)body",
    "whoever": r"who(?:m)?ever",
    "whatever": r"whatever",
    "anew": r"anew",
    "meanwhile": r"meanwhile",
    "all the same": r"all the same",
    "is told": r"(?:is|are|was|were|be|been|being) (?:not |never )?told",
    "for who": r"(?:for|to|by|from) who",
    "of which the": r"of which the",
    "save where": r"save (?:where|for)",
    "never not": r"never not",
    "so soon": r"so soon(?= ?[.,;:)]|$)",
}
"""A name for each, and what finds it between word boundaries."""

QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"|“[^”]*”")
TEXT = re.compile(
    r"(?:^|/)(?:Makefile|README|run|[\w.-]*\.(?:css|html|js|json|md|mjs|py|sh|svg|toml|ts|txt|typ|ya?ml))$"
)


def covered_files() -> list[str]:
    """The tracked text files that are held to the style."""
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S607 - git as found on PATH
    if listed.returncode:
        pytest.skip("not a clone of the git repository")
    return [
        file
        for file in listed.stdout.splitlines()
        if TEXT.search(file) and (ROOT / file).is_file() and not any(fnmatch(file, pattern) for pattern in EXEMPT)
    ]


def findings(file: str, text: str) -> list[str]:
    """Every banned word of a text, as ``file:line: word``."""
    return [
        f"{file}:{number}: {name}"
        for number, line in enumerate(text.splitlines(), 1)
        for name, pattern in BANNED.items()
        if re.search(rf"\b(?:{pattern})\b", QUOTED.sub("", line) if file in QUOTES_THE_STYLE else line, re.IGNORECASE)
    ]


def test_no_file_uses_a_banned_word() -> None:
    files = covered_files()

    assert files
    found = [finding for file in files for finding in findings(file, (ROOT / file).read_text("utf-8"))]
    assert found == [], "see the style page in CONTRIBUTING.md"


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("It is asked for anew.", "anew"),
        ("Nobody knows.", "nobody"),
        ("rows are told in a report", "is told"),
        ("a keypad for who wants one", "for who"),
        ("it is read so soon.", "so soon"),
    ],
)
def test_a_banned_word_is_found_with_its_line(line: str, name: str) -> None:
    assert findings("README.md", f"fine\n{line}\n") == [f"README.md:2: {name}"]


@pytest.mark.parametrize("line", ["class NoBody:", "the person for whom it is", "so soon after", "test_renewed_anew"])
def test_an_ordinary_line_is_not(line: str) -> None:
    assert findings("README.md", line) == []


@pytest.mark.parametrize("page", QUOTES_THE_STYLE)
def test_a_style_page_may_quote_the_words(page: str) -> None:
    assert findings(page, 'Write "again", not "anew" or `nobody`.') == []
    assert findings(page, "nobody is quoted here")
