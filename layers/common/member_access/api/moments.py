"""Moments in answers."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from member_access.values.types import Instant


def rfc_3339(moment: Instant) -> str:
    """Write a moment as RFC 3339 does, in UTC."""
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
