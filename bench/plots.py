"""Draws the plots of ``docs/performance.md`` as SVG from what was measured: bars, stacked bars, and lines."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

# Okabe and Ito's colours, which people with any colour vision can tell apart, and greys for the rest.
COLOURS = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#999999", "#555555", "#dddddd")
_WIDTH, _LEFT, _RIGHT, _TOP, _ROW, _BAR = 760, 190, 70, 46, 30, 20
_LEGEND_ROW, _LEGEND_COLUMNS = 20, 4
_LINES_HEIGHT, _NAME = 240, 16
_STYLE = (
    "text{font:13px system-ui,sans-serif;fill:#222}.title{font-weight:600;font-size:15px}.small{font-size:12px}"
    "line{stroke:#ccc}rect.ground{fill:#fff}"
)


@dataclass
class Picture:
    """An SVG that grows downwards.

    Attributes:
        title: what it shows; screen readers read it.
        height: so far.
    """

    title: str
    height: float = _TOP
    _parts: list[str] = field(default_factory=list)

    def text(self, x: float, y: float, text: str, anchor: str = "start", kind: str = "") -> None:
        """Write one line."""
        named = f' class="{kind}"' if kind else ""
        self._parts.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{named}>{escape(text)}</text>')

    def bar(self, x: float, width: float, colour: str, name: str) -> None:
        """Draw a bar on the present row; ``name`` shows when someone points at it."""
        self._parts.append(
            f'<rect x="{x:.1f}" y="{self.height:.1f}" width="{max(width, 0):.1f}" height="{_BAR}" fill="{colour}">'
            f"<title>{escape(name)}</title></rect>"
        )

    def stroke(self, points: Iterable[tuple[float, float]], colour: str) -> None:
        """Draw a line with a dot at each point."""
        places = list(points)
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
        self._parts.append(f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>')
        self._parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in places]

    def rule(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a thin line."""
        self._parts.append(f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>')

    def legend(self, names: Sequence[str]) -> None:
        """Name the colours, in their order."""
        column = (_WIDTH - 20) / _LEGEND_COLUMNS
        for place, name in enumerate(names):
            x, y = 10 + place % _LEGEND_COLUMNS * column, self.height + place // _LEGEND_COLUMNS * _LEGEND_ROW
            self._parts.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="12" height="12" fill="{COLOURS[place]}"/>')
            self.text(x + 18, y + 11, name, kind="small")
        self.height += -(-len(names) // _LEGEND_COLUMNS) * _LEGEND_ROW

    def svg(self) -> str:
        """Return the whole picture."""
        height = round(self.height + 12)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
            f'height="{height}" role="img" aria-label="{escape(self.title, {chr(34): "&quot;"})}">\n'
            f'<style>{_STYLE}</style><rect class="ground" width="{_WIDTH}" height="{height}"/>\n'
            f'<text x="10" y="24" class="title">{escape(self.title)}</text>\n' + "\n".join(self._parts) + "\n</svg>\n"
        )


def stacked(title: str, rows: Mapping[str, Mapping[str, float]], unit: str) -> str:
    """Draw a bar for each row, from its named parts; the largest parts get the first colours, the last one the rest."""
    sums: dict[str, float] = {}
    for parts in rows.values():
        for part, value in parts.items():
            sums[part] = sums.get(part, 0) + value
    names = sorted(sums, key=lambda part: -sums[part])
    shown = names if len(names) <= len(COLOURS) else [*names[: len(COLOURS) - 1], "the rest"]
    longest = max(sum(parts.values()) for parts in rows.values())
    scale = (_WIDTH - _LEFT - _RIGHT) / longest
    picture = Picture(title)
    for row, parts in rows.items():
        x = float(_LEFT)
        picture.text(_LEFT - 10, picture.height + 15, row, "end")
        for name, colour in zip(shown, COLOURS, strict=False):
            rest = name == "the rest"
            value = sum(parts.get(one, 0) for one in (names[len(COLOURS) - 1 :] if rest else [name]))
            picture.bar(x, value * scale, colour, f"{name}: {value:.2f} {unit}")
            x += value * scale
        picture.text(x + 6, picture.height + 15, f"{sum(parts.values()):.1f} {unit}")
        picture.height += _ROW
    picture.height += 8
    picture.legend(shown)
    return picture.svg()


def lines(title: str, series: Mapping[str, Mapping[str, float]], unit: str) -> str:
    """Draw a line for each series over the same named places, from zero upwards."""
    places = list(next(iter(series.values())))
    # Four steps of whole fives above the highest point.
    highest = 20 * math.ceil(max(max(points.values()) for points in series.values()) / 20 + 0.1)
    picture = Picture(title)
    bottom, left, right = _TOP + _LINES_HEIGHT, 70, _WIDTH - 110
    for step in range(5):
        y = bottom - step / 4 * _LINES_HEIGHT
        picture.rule(left, y, right, y)
        picture.text(left - 8, y + 4, f"{step / 4 * highest:.0f} {unit}", "end", "small")
    across = (right - left - 60) / max(len(places) - 1, 1)
    for place, name in enumerate(places):
        picture.text(left + 30 + place * across, bottom + 20, name, "middle", "small")
    # From the lowest line upwards, so that names which would meet move up.
    free = math.inf
    for name, points, colour in sorted(
        ((name, points, colour) for (name, points), colour in zip(series.items(), COLOURS, strict=False)),
        key=lambda one: one[1][places[-1]],
    ):
        at = [
            (left + 30 + place * across, bottom - points[one] / highest * _LINES_HEIGHT)
            for place, one in enumerate(places)
        ]
        picture.stroke(at, colour)
        free = min(at[-1][1] + 4, free - _NAME)
        picture.text(at[-1][0] + 12, free, name)
    picture.height = bottom + 24
    return picture.svg()
