"""How a session was opened, as access tokens say it."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    """The way a session was opened. Its value is the claim ``acr`` of the session's tokens (RFC 9068 §2.2.1)."""

    PIN = "pin"
    PIN_KNOWN_BROWSER = "pin-known-browser"

    @property
    def amr(self) -> list[str]:
        """What the member has shown, as RFC 8176 §2 names it. A known browser counts for nothing: it is a cookie."""
        return ["pin"]
