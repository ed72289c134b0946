"""The colours of a brand: all there, in both themes, and readable."""

from __future__ import annotations

import pytest

from local.brand.colours import THEMES, contrast, faults, tokens
from simulators.template import ROOT

TOKENS = (ROOT / "portal" / "styles" / "tokens.css").read_text("utf-8")
BRAND = (ROOT / "portal" / "brand" / "brand.css").read_text("utf-8")


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000", "#ffffff", 21.0),
        ("#fff", "#FFFFFF", 1.0),
        # The examples of WebAIM's contrast checker.
        ("#777777", "#ffffff", 4.48),
        ("#ffffff", "#0000ff", 8.59),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)


def test_tokens_are_read_for_each_theme() -> None:
    light, dark = ":root { --page: #fff; --font: a, b; }", "@media (prefers-color-scheme:dark){:root{--page:#111;}}"
    css = f"/* --page: #000; */ {light} {dark}"

    assert tokens(css) == {"light": {"page": "#fff", "font": "a, b"}, "dark": {"page": "#111"}}


def test_the_example_has_no_fault() -> None:
    assert list(faults(TOKENS, BRAND)) == []
    assert all(len(tokens(BRAND)[theme]) > 7 for theme in THEMES)


@pytest.mark.parametrize(
    ("written", "instead", "sentence"),
    [
        ("\t--line: #6f8288;\n", "", "light theme: --line is missing."),
        ("\t\t--focus: #ffb866;\n", "", "dark theme: --focus is missing."),
        ("#0b5563", "teal", "light theme: --accent is teal. Write it as # and six hexadecimal digits."),
        ("#4a5b61", "#8a9ba1", "light theme: --quiet (#8a9ba1) on --surface (#ffffff) has a contrast of 2.88"),
        ("#6f8288", "#cccccc", "light theme: --line (#cccccc) on --page (#f2f6f6) has a contrast of 1.48"),
        (
            "--radius: 0.4rem;",
            "--error: #ff8888;",
            "light theme: --error (#ff8888) on --surface (#ffffff) has a contrast of 2",
        ),
    ],
)
def test_a_colour_that_cannot_be_read_is_named_with_its_theme(written: str, instead: str, sentence: str) -> None:
    assert written in BRAND

    assert f"brand.css, {sentence}" in "\n".join(faults(TOKENS, BRAND.replace(written, instead)))


def test_a_brand_without_a_dark_theme_is_named_once() -> None:
    light = BRAND[: BRAND.index("@media")]

    missing = [line for line in faults(TOKENS, light) if "is missing" in line]
    assert missing == [
        "brand.css, dark theme: --page, --surface, --text, --quiet, --line, --accent, --on-accent, --focus is missing."
    ]
