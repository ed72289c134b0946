"""How a session was opened, as access tokens say it."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    """The way a session was opened. Its value is the claim ``acr`` of the session's tokens (RFC 9068 §2.2.1)."""

    PIN = "pin"
    PIN_KNOWN_BROWSER = "pin-known-browser"
    PIN_CODE = "pin-code"
    """Two-step verification: a PIN, and a code by e-mail or by letter."""

    @property
    def amr(self) -> list[str]:
        """What the member has shown, as RFC 8176 §2 names it. A known browser counts for nothing: it is a cookie.

        A code by e-mail is no factor of another kind (CNIL 2025-019), so no method here is ``mfa``: ``mca`` says that
        another channel took part.
        """
        return ["pin", "mca"] if self is Method.PIN_CODE else ["pin"]
