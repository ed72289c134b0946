"""The member whom an e-mail is for. Two members may share a mailbox, so each e-mail says whose it is."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from member_access.platform.aws import Item
    from member_access.values.types import Identifier

_LONGEST_NAME: Final = 60
_ENDING: Final = 2

# Line breaks, other control characters, and those that turn the direction of the text around them.
_UNWRITTEN: Final = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


@dataclass(frozen=True)
class Addressee:
    """What an e-mail says of its member.

    Attributes:
        name: the first name, or the last name of a member who has one name; empty if the record has none.
        ending: the last two characters of the identifier. They tell two members of one household apart and are of no
            use to others.
    """

    name: str = field(repr=False)
    ending: str = field(repr=False)


def addressee_from_item(identifier: Identifier, item: Item | None) -> Addressee:
    """Read the addressee in a member's item."""
    names = (_one_line(item[name]["S"]) for name in ("first_name", "last_name") if item and name in item)
    return Addressee(name=next(filter(None, names), ""), ending=identifier[-_ENDING:])


def _one_line(text: str) -> str:
    """Return any text of the insurer's file on one line, and not too long."""
    written = "".join(" " if unicodedata.category(character) in _UNWRITTEN else character for character in text)
    line = " ".join(written.split())
    return line if len(line) <= _LONGEST_NAME else f"{line[: _LONGEST_NAME - 1].rstrip()}…"
