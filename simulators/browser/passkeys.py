"""The real functions behind a page of a test, and a virtual authenticator in Chromium."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.sign_in_driver import api_event

if TYPE_CHECKING:
    from playwright.sync_api import Page, Route

    from simulators.sign_in_driver import FrontDoor, Reply

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


class DoorApi:
    """The functions in this process, as the API of a page.

    Attributes:
        replies: to the calls so far, by path.
    """

    def __init__(self, page: Page, door: FrontDoor) -> None:
        self.replies: list[tuple[str, Reply]] = []
        self._door = door
        page.route("**/v1/**", self._answer)

    def statuses(self, path: str) -> list[int]:
        """The statuses of the replies to one call."""
        return [reply.status for called, reply in self.replies if called == path]

    def _answer(self, route: Route) -> None:
        request = route.request
        path = request.url.split("/v1", 1)[1]
        event = api_event(request.method, path, request.post_data, request.all_headers(), "192.0.2.1")
        reply = self._door.call(event)
        self.replies.append((path, reply))
        headers = {name: "\n".join(values) for name, values in reply.headers.items()}
        route.fulfill(status=reply.status, body=reply.text, headers=headers)
