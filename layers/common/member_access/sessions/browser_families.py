"""The family of a browser, such as Firefox on Android: what a member tells their browsers apart by.

Nothing else of the ``User-Agent`` header is kept. A family lets no one in and keeps no one out: any caller can send any
header.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Final, NamedTuple, Self, TypeVar


class Product(StrEnum):
    """The program."""

    OTHER = "other"
    CHROME = "chrome"
    EDGE = "edge"
    FIREFOX = "firefox"
    OPERA = "opera"
    SAFARI = "safari"
    SAMSUNG_INTERNET = "samsung-internet"


class System(StrEnum):
    """The operating system."""

    OTHER = "other"
    ANDROID = "android"
    CHROMEOS = "chromeos"
    IPAD = "ipad"
    IPHONE = "iphone"
    LINUX = "linux"
    MAC = "mac"
    WINDOWS = "windows"


# The first sign that a header has: Edge and Opera name Chrome too, Chrome names Safari, an iPhone a Mac.
_PRODUCTS: Final = (
    ("Edg", Product.EDGE),
    ("OPR", Product.OPERA),
    ("OPT/", Product.OPERA),
    ("SamsungBrowser", Product.SAMSUNG_INTERNET),
    ("Firefox", Product.FIREFOX),
    ("FxiOS", Product.FIREFOX),
    ("Chrome", Product.CHROME),
    ("CriOS", Product.CHROME),
    ("Safari", Product.SAFARI),
)
_SYSTEMS: Final = (
    ("iPhone", System.IPHONE),
    ("iPad", System.IPAD),
    ("Android", System.ANDROID),
    ("Windows", System.WINDOWS),
    ("CrOS", System.CHROMEOS),
    ("Macintosh", System.MAC),
    ("Linux", System.LINUX),
)

# Their places are stored. Only append.
_STORED_PRODUCTS: Final = tuple(Product)
_STORED_SYSTEMS: Final = tuple(System)

Kind = TypeVar("Kind", Product, System)


class BrowserFamily(NamedTuple):
    """A browser's program and operating system."""

    product: Product = Product.OTHER
    system: System = System.OTHER

    @classmethod
    def of(cls, user_agent: str) -> Self:
        """Return the family that a ``User-Agent`` header names, or any text in its place."""
        return cls(_first(_PRODUCTS, user_agent, Product.OTHER), _first(_SYSTEMS, user_agent, System.OTHER))

    @classmethod
    def from_code(cls, code: int) -> Self:
        """Return the family of a stored byte; a place that a later version has added counts as another."""
        product, system = divmod(code, 16)
        return cls(_at(_STORED_PRODUCTS, product), _at(_STORED_SYSTEMS, system))

    @property
    def code(self) -> int:
        """The byte that is stored: four bits for the program, four for the system."""
        return _STORED_PRODUCTS.index(self.product) << 4 | _STORED_SYSTEMS.index(self.system)


def _first(signs: tuple[tuple[str, Kind], ...], user_agent: str, otherwise: Kind) -> Kind:
    return next((kind for sign, kind in signs if sign in user_agent), otherwise)


def _at(stored: tuple[Kind, ...], place: int) -> Kind:
    return stored[place] if place < len(stored) else stored[0]
