"""The errors that an operator can meet.

The tree, below the layer's ``MemberAccessError``: ``StackNotFound`` (there is no such stack, or it does not answer),
``UnreadableFile`` (the file as a whole), ``RefusedRow`` (one row of it), ``IdentityTaken`` (one row of it, as
the table stands).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.errors import MemberAccessError

if TYPE_CHECKING:
    from collections.abc import Sequence


class StackNotFound(MemberAccessError):
    """There is no such stack, or it does not respond. The message says what to do."""


class UnreadableFile(MemberAccessError):
    """The file as a whole cannot be read. The message says why."""


class RefusedRow(MemberAccessError):
    """A rejected row. The reasons name columns and rules, and repeat no value."""

    def __init__(self, reasons: Sequence[str]) -> None:
        super().__init__("; ".join(reasons))


class IdentityTaken(MemberAccessError):
    """The NIR, birth date and postcode already belong to another member."""
