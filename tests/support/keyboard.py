"""Uses a page by keyboard alone, and looks where the focus goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Page

    from simulators.browser.portal import Visitor

ENLARGED = {"width": 320, "height": 256}
"""What is left of a page of 1,280 by 1,024 pixels at 400 % (WCAG 2.2 §1.4.10)."""

_FOCUSED = """() => {
  const one = document.activeElement;
  const controls = [...document.querySelectorAll("a[href], button, input, summary")]
    .filter((each) => !each.disabled && each.tabIndex >= 0 && each.checkVisibility({ visibilityProperty: true }));
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const box = one.getClientRects()[0];
  const onTop = document.elementFromPoint((box.left + box.right) / 2, (box.top + box.bottom) / 2);
  return {
    name: (one.labels?.length ? one.labels[0] : one).textContent.trim(),
    place: controls.indexOf(one),
    of: controls.length,
    top: Math.round(box.top + scrollY),
    bottom: Math.round(box.bottom + scrollY),
    is_marked: outlineStyle === "solid" && parseFloat(outlineWidth) >= 2,
    is_in_sight: box.top > -1 && box.bottom < innerHeight + 1 && one.contains(onTop),
  };
}"""


@dataclass(frozen=True)
class Stop:
    """A control that has the focus.

    Attributes:
        name: its text, or its label's.
        place: among the controls of the page, in the order of the document; -1 if it is none of them.
        of: the number of these controls.
        top: where it begins, in pixels from the head of the page.
        bottom: where it ends.
        is_marked: whether an outline shows the focus.
        is_in_sight: whether all of it is on the screen, and nothing lies over it.
    """

    name: str
    place: int
    of: int
    top: int
    bottom: int
    is_marked: bool
    is_in_sight: bool


def round_by_tab(page: Page) -> list[Stop]:
    """Press Tab until the focus comes back to where it began, and return each control on the way."""
    stops: list[Stop] = []
    for stop in _presses(page, "Tab"):
        if stop in stops:
            return stops
        # After the last control the browser itself has the focus.
        if stop.place >= 0:
            stops.append(stop)
    raise AssertionError("the focus does not come back")


def type_into(visitor: Visitor, label: str, text: str) -> None:
    """Go to a field by Tab, and type in the place of what stands there."""
    tab_to(visitor, label)
    visitor.page.keyboard.type(text)


def go_by_key(visitor: Visitor, name: str, key: Literal["Enter", "Space"] = "Enter", *, back: bool = False) -> None:
    """Go to a button or a link by Tab or, back, by Shift+Tab, and press it."""
    tab_to(visitor, name, back=back)
    visitor.page.keyboard.press(key)


def tab_to(visitor: Visitor, name: str, *, back: bool = False) -> None:
    """Press Tab, or Shift+Tab, until the control of this name has the focus, which is to be seen."""
    for stop in _presses(visitor.page, "Shift+Tab" if back else "Tab"):
        if stop.name == name:
            assert stop.is_marked, stop
            assert stop.is_in_sight, stop
            return
    raise AssertionError(f"no presses of Tab led to {name}")


def _presses(page: Page, key: str) -> Iterator[Stop]:
    for _ in range(40):
        page.keyboard.press(key)
        yield Stop(**page.evaluate(_FOCUSED))
