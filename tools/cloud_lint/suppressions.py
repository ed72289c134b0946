"""Findings that stay, each with its reason: ``suppressions.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tools.cloud_lint.findings import Finding

FILE: Final = Path(__file__).with_name("suppressions.toml")
_FEWEST_WORDS: Final = 5
_NEEDED: Final = {"check", "on", "reason"}
_KNOWN: Final = _NEEDED | {"in"}
_SENTENCE_WITHIN: Final = re.compile(r"[.!?]\s+[A-Z]|\n")


class BadSuppression(Exception):
    """A suppression lacks its check, its subjects or its reason."""


@dataclass(frozen=True)
class Suppression:
    """One check that may fail on some parts of the templates.

    Attributes:
        check: the rule of cfn-lint or checkov.
        on: names of resources, or types of resources; for other sections, names of entries.
        shapes: the deployments it is for; empty for all.
        reason: one sentence.
    """

    check: str
    on: tuple[str, ...]
    shapes: tuple[str, ...]
    reason: str

    def covers(self, finding: Finding, place: str) -> bool:
        """Return whether the finding is at this place, one of ``on``."""
        in_shape = not self.shapes or finding.shape in self.shapes
        return finding.check == self.check and in_shape and place in {finding.subject, finding.kind}


def read_suppressions(text: str) -> list[Suppression]:
    """Read suppressions.

    Raises:
        BadSuppression: names the first that lacks something.
    """
    return [_read(entry) for entry in tomllib.loads(text).get("suppressions", [])]


def _read(entry: dict[str, object]) -> Suppression:
    if not _NEEDED <= entry.keys() <= _KNOWN:
        raise BadSuppression(
            f"{entry.get('check', entry)} must have check, on and reason, may have in, and nothing else"
        )
    check, on, shapes, reason = entry["check"], entry["on"], entry.get("in", []), entry["reason"]
    if not isinstance(on, list) or not isinstance(shapes, list) or not on:
        raise BadSuppression(f"{check} must name in lists what it is suppressed on, and in")
    if not isinstance(reason, str) or not _is_sentence(reason):
        raise BadSuppression(f"{check} must have one sentence as its reason: {reason!r}")
    return Suppression(str(check), tuple(map(str, on)), tuple(map(str, shapes)), reason)


def _is_sentence(text: str) -> bool:
    ends = text.endswith(".") and text == text.strip()
    return ends and len(text.split()) >= _FEWEST_WORDS and not _SENTENCE_WITHIN.search(text)


def unsuppressed(findings: Sequence[Finding], suppressions: Sequence[Suppression]) -> list[Finding]:
    """Return the findings that no suppression covers, in order and once for each shape."""
    return sorted(
        {
            finding
            for finding in findings
            if not any(one.covers(finding, place) for one in suppressions for place in one.on)
        }
    )


def needless(findings: Sequence[Finding], suppressions: Sequence[Suppression]) -> list[str]:
    """Return what is suppressed but not found: a check and a place each."""
    return [
        f"{one.check} on {place}"
        for one in suppressions
        for place in one.on
        if not any(one.covers(finding, place) for finding in findings)
    ]
