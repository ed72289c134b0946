"""A virtual authenticator in Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from playwright.sync_api import Page

_INTERNAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


class VirtualAuthenticator:
    """Chromium's own authenticator for tests (DevTools protocol, domain WebAuthn)."""

    def __init__(self, page: Page) -> None:
        self._session = page.context.new_cdp_session(page)
        self._session.send("WebAuthn.enable")
        added = self._session.send("WebAuthn.addVirtualAuthenticator", {"options": _INTERNAL})
        self._id: str = added["authenticatorId"]

    def verifies(self, *, verified: bool) -> None:
        """Let the check of the user succeed or fail."""
        self._send("setUserVerified", isUserVerified=verified)

    def credentials(self) -> list[dict[str, Any]]:
        """The passkeys that it holds."""
        found: list[dict[str, Any]] = self._send("getCredentials")["credentials"]
        return found

    def keep(self, credential: dict[str, Any], **changed: object) -> None:
        """Replace what it holds with one passkey, such as a copy from before."""
        self.lose_all()
        self._send("addCredential", credential={**credential, **changed})

    def lose_all(self) -> None:
        """Delete the passkeys on the device; the service does not learn of it."""
        self._send("clearCredentials")

    def _send(self, command: str, **parameters: object) -> dict[str, Any]:
        answer: dict[str, Any] = self._session.send(f"WebAuthn.{command}", {"authenticatorId": self._id, **parameters})
        return answer
