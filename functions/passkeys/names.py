"""The names of passkeys: given by the member, or made from the browser that adds one."""

from __future__ import annotations

import unicodedata
from typing import Final

from member_access.errors import InvalidValue

LONGEST_NAME: Final = 60

# The first that a browser names: Edge and Opera name Chrome too, Chrome names Safari, an iPhone a Mac.
_BROWSERS: Final = (
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("Chrome", "Chrome"),
    ("CriOS", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "ChromeOS"),
    ("Macintosh", "Mac"),
    ("Linux", "Linux"),
)
_UNKNOWN: Final = "Web"


def parse_name(text: str) -> str:
    """Parse the name that a member gives a passkey: one line of at most 60 characters, blanks around it dropped.

    Raises:
        InvalidValue: it is longer, or has characters that are not to be seen.
    """
    name = " ".join(unicodedata.normalize("NFC", text).split())
    if len(name) > LONGEST_NAME or not name.isprintable():
        raise InvalidValue(f"a name has at most {LONGEST_NAME} characters, all of them visible")
    return name


def browser_name(user_agent: str) -> str:
    """Name a browser and its system, such as ``Safari, iPhone``; nothing else of what it sends is kept."""
    found = (next((name for sign, name in signs if sign in user_agent), None) for signs in (_BROWSERS, _SYSTEMS))
    return ", ".join(name for name in found if name) or _UNKNOWN
