"""Reads how much memory this process has used."""

from __future__ import annotations

import resource
import sys


def peak_mebibytes() -> float:
    """Return the most memory that was resident at once."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)
