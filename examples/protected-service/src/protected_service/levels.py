"""Asks for a level of sign-in, and for a recent one (RFC 9470)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Level:
    """What a call asks of the sign-in.

    Attributes:
        acr_values: the levels that are enough, the preferred one first.
        max_age: how many seconds ago the member may have signed in.
    """

    acr_values: tuple[str, ...]
    max_age: int

    def is_met(self, claims: Mapping[str, object], now: float) -> bool:
        """Return whether a token is of such a sign-in; a token that does not say so is not."""
        signed_in_at = str(claims.get("auth_time", ""))
        is_recent = signed_in_at.isdecimal() and now - int(signed_in_at) <= self.max_age
        return is_recent and claims.get("acr") in self.acr_values

    @property
    def challenge(self) -> str:
        """The header ``WWW-Authenticate`` (RFC 9470 §3)."""
        return (
            'Bearer error="insufficient_user_authentication", '
            'error_description="Another level of sign-in, or a more recent one, is needed", '
            f'acr_values="{" ".join(self.acr_values)}", max_age="{self.max_age}"'
        )
