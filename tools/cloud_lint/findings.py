"""What a linter found."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Finding:
    """One finding on one part of one template.

    Attributes:
        check: the rule of the linter.
        kind: the type of the resource, or the section of the template.
        subject: the logical name of the resource, or the name of the section's entry.
        shape: the deployment.
        message: the linter's own words.
    """

    check: str
    kind: str
    subject: str
    shape: str
    message: str
