"""The zones of the page: an A4 letter, folded in three, in a French DL window envelope.

All lengths are millimetres from the page's top left corner.
"""

from __future__ import annotations

from typing import Final, Literal, NamedTuple

from letters.model.job import ProviderName


class Zone(NamedTuple):
    """An upright rectangle on the page."""

    left: float
    top: float
    width: float
    height: float

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.top + self.height

    def grown(self, by: float) -> Zone:
        """The zone with every edge moved outwards, or inwards if ``by`` is negative."""
        return Zone(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)

    def holds(self, other: Zone) -> bool:
        """Whether another zone lies completely inside this one."""
        return (
            self.left <= other.left
            and self.top <= other.top
            and other.right <= self.right
            and other.bottom <= self.bottom
        )

    def overlaps(self, other: Zone) -> bool:
        """Whether another zone shares some area with this one."""
        return (
            self.left < other.right and other.left < self.right and self.top < other.bottom and other.top < self.bottom
        )


class AddressWindow(NamedTuple):
    """The window of the envelope, as the page sees it.

    Attributes:
        visible: everything that the window can show as the sheet slides; only the address may be there.
        address: where the page has the address, or None if the provider prints it and the window must stay blank.
    """

    visible: Zone
    address: Zone | None


PAGE: Final = Zone(0, 0, 210, 297)
"""A4 upright (ISO 216)."""

SENDER: Final = Zone(25, 14, 63, 19)
"""The sender's name and address: inside Maileva's sender window (x 0-95, y 0-38), outside every other window."""

LOGO: Final = Zone(128, 14, 60, 16)
"""The insurer's logo, at the right margin: above and beside every window."""

NO_PRINT_ZONES: Final = (
    Zone(0, 0, 15, 297),
    Zone(205, 0, 5, 297),
    Zone(0, 0, 210, 5),
    Zone(0, 292, 210, 5),
    Zone(0, 181, 11, 9),
)
"""15 mm at the left and 5 mm at the other edges, where printers hold the sheet and put their marks, and Maileva's
Datamatrix (inside the left margin, but listed in case the margin shrinks)."""

HIDDEN_BY_FOLDING: Final = Zone(0, 99, 210, 99)
"""The middle third of the sheet, which folding puts inside: the code belongs here."""

MAILEVA: Final = AddressWindow(visible=Zone(104, 38, 106, 45), address=None)
"""Maileva prints the address itself and wants its recipient window blank: x 104-210, y 38-83."""

PINGEN_RIGHT: Final = AddressWindow(visible=Zone(90, 34, 120, 56), address=Zone(110, 45, 80, 34))
"""The usual French DL window: 100 x 45 mm, 20 mm from the right and the lower edge of a 220 x 110 mm envelope.

A sheet of 210 x 99 mm slides in it by 10 mm sideways and 11 mm upright, so x 100-190, y 45-79 always show and
x 90-200, y 34-90 may show. Pingen does not publish its figures for French organisations: confirm on a proof.
"""

PINGEN_LEFT: Final = AddressWindow(visible=Zone(20, 40, 89.5, 45.5), address=Zone(22, 60, 85.5, 25.5))
"""Pingen's general window: x 20-109.5, y 40-60 stays free for postage; the address is at x 22-107.5, y 60-85.5."""


def window_of(provider: ProviderName, pingen_position: Literal["left", "right"]) -> AddressWindow:
    """Return the window of the provider's envelope."""
    if provider is ProviderName.MAILEVA:
        return MAILEVA
    return PINGEN_LEFT if pingen_position == "left" else PINGEN_RIGHT
