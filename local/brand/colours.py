"""The colours of a brand in both themes, and their contrast (WCAG 2.2 §1.4.3, §1.4.11)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

THEMES: Final = ("light", "dark")
NEEDED: Final = ("page", "surface", "text", "quiet", "line", "accent", "on-accent", "focus")
"""The colours that every brand sets, without the dashes in front."""

_KINDS: Final = ("success", "information", "warning", "error")
_TEXT: Final = (
    *((text, ground) for text in ("text", "quiet", "accent") for ground in ("page", "surface")),
    ("on-accent", "accent"),
    ("error", "surface"),
    *((kind, f"{kind}-surface") for kind in _KINDS),
    *(("text", f"{kind}-surface") for kind in _KINDS),
    *(("accent", f"{kind}-surface") for kind in _KINDS),
)
_BORDERS: Final = (
    *((border, ground) for border in ("line", "focus") for ground in ("page", "surface")),
    *((kind, "surface") for kind in _KINDS),
)
FOR_TEXT: Final = 4.5
_FOR_BORDERS: Final = 3.0
_DARK = re.compile(r"@media\s*\(\s*prefers-color-scheme\s*:\s*dark\s*\)\s*\{\s*:root\s*\{([^}]*)\}\s*\}")
_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_TOKEN = re.compile(r"--([\w-]+)\s*:\s*([^;]+);")
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)


def tokens(css: str) -> dict[str, dict[str, str]]:
    """Read the custom properties of ``:root``, by theme and by name without the dashes in front."""
    plain = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    light, dark = _ROOT.findall(_DARK.sub("", plain)), _DARK.findall(plain)
    return {
        theme: {name: value.strip() for block in blocks for name, value in _TOKEN.findall(block)}
        for theme, blocks in zip(THEMES, (light, dark), strict=True)
    }


def spelt_out(colour: str) -> str:
    """Return a colour as ``#rrggbb`` in lower case."""
    return f"#{''.join(_pairs(colour)).lower()}"


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21 (WCAG 2.2, "contrast ratio").

    Args:
        one: a colour as ``#rgb`` or ``#rrggbb``.
        other: another one.
    """
    dark, light = sorted((_luminance(one), _luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def faults(defaults: str, css: str) -> Iterator[str]:
    """Yield a sentence for each colour that is missing, unreadable or too pale.

    Args:
        defaults: the stylesheet with the tokens of the portal.
        css: the stylesheet of the brand, which comes after it.
    """
    usual, own = tokens(defaults), tokens(css)
    for theme in THEMES:
        where = f"brand.css, {theme} theme"
        if missing := [f"--{name}" for name in NEEDED if name not in own[theme]]:
            yield f"{where}: {', '.join(missing)} is missing."
        known = {**usual[theme], **own[theme]}
        used = {name for pair in (*_TEXT, *_BORDERS) for name in pair if name in known}
        wrong = {name for name in used if not _COLOUR.fullmatch(known[name])}
        for name in sorted(wrong):
            yield f"{where}: --{name} is {known[name]}. Write it as # and six hexadecimal digits."
        yield from _pale(where, {name: known[name] for name in used - wrong})


def _pale(where: str, known: Mapping[str, str]) -> Iterator[str]:
    for pairs, least in ((_TEXT, FOR_TEXT), (_BORDERS, _FOR_BORDERS)):
        for front, ground in pairs:
            if front in known and ground in known and (found := contrast(known[front], known[ground])) < least:
                yield (
                    f"{where}: --{front} ({known[front]}) on --{ground} ({known[ground]}) has a contrast of "
                    f"{found:.2f}; it needs at least {least}."
                )


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour (WCAG 2.2)."""
    red, green, blue = (_linear(int(pair, 16) / 255) for pair in _pairs(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _pairs(colour: str) -> list[str]:
    """Return the two digits each of red, green and blue."""
    digits = colour.removeprefix("#")
    return [digit * 2 for digit in digits] if len(digits) == len("rgb") else re.findall("..", digits)


def _linear(share: float) -> float:
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 - of the definition
