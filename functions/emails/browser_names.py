"""The names of browsers, as members know them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from member_access.sessions.browser_families import Product, System
from member_access.wording.texts import Language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.sessions.browser_families import BrowserFamily

_PRODUCTS: Final[Mapping[Product, str]] = {
    Product.CHROME: "Chrome",
    Product.EDGE: "Edge",
    Product.FIREFOX: "Firefox",
    Product.OPERA: "Opera",
    Product.SAFARI: "Safari",
    Product.SAMSUNG_INTERNET: "Samsung Internet",
}
_SYSTEMS: Final[Mapping[System, str]] = {
    System.ANDROID: "Android",
    System.CHROMEOS: "ChromeOS",
    System.IPAD: "iPad",
    System.IPHONE: "iPhone",
    System.LINUX: "Linux",
    System.MAC: "Mac",
    System.WINDOWS: "Windows",
}
_OTHER: Final = {Language.FRENCH: "un navigateur sans nom connu", Language.ENGLISH: "a browser without a known name"}
_ON: Final = {Language.FRENCH: "sur", Language.ENGLISH: "on"}


def browser_name(family: BrowserFamily, language: Language) -> str:
    """Name a family, such as ``Firefox on Windows``; leave out a system that has no name here."""
    product, system = _PRODUCTS.get(family.product, _OTHER[language]), _SYSTEMS.get(family.system)
    return f"{product} {_ON[language]} {system}" if system else product
