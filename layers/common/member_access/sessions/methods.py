"""How a session was opened, as access tokens say it."""

from __future__ import annotations

from enum import StrEnum


class Method(StrEnum):
    """The way a session was opened. Its value is the claim ``acr`` of the session's tokens (RFC 9068 §2.2.1)."""

    PIN = "pin"
    PIN_KNOWN_BROWSER = "pin-known-browser"
    PIN_CODE = "pin-code"
    """Two-step verification: a PIN, and a code by e-mail or by letter."""
    PASSKEY = "passkey"

    @property
    def amr(self) -> list[str]:
        """What the member has shown, as RFC 8176 §2 names it. A known browser counts for nothing: it is a cookie.

        A passkey proves that the member has its key, and that someone was there. Without attestation no one knows
        whether the key is in hardware (``hwk``), nor whether a finger or a code opened it. A code by e-mail is no
        factor of another kind (CNIL 2025-019): ``mca`` says that another channel took part. So no method is ``mfa``.
        """
        return {Method.PASSKEY: ["pop", "user"], Method.PIN_CODE: ["pin", "mca"]}.get(self, ["pin"])
