"""Reads the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from simulators.sign_in_driver import FrontDoor


def audited(door: FrontDoor, name: str) -> list[dict[str, Any]]:
    """Return the audit events of one name, in order."""
    return [event["audit"] for event in door.events(name)]
