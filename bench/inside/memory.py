"""Reads how much memory this process has used."""

from __future__ import annotations

import re
import resource
import sys
from pathlib import Path

_PEAK = re.compile(r"VmHWM:\s+(\d+) kB")


def peak_mebibytes() -> float:
    """Return the most memory that was resident at once."""
    if sys.platform == "linux":
        # getrusage would count the memory of the parent, from before this program replaced its copy.
        found = _PEAK.search(Path("/proc/self/status").read_text(encoding="ascii"))
        if found:
            return int(found[1]) / (1 << 10)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20)
