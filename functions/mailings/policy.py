"""Whom an invitation is for, and on which way it goes, as pure functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.recovery.codes import Channel
from member_access.values.types import Instant

if TYPE_CHECKING:
    from member_access.platform.aws import Item


@dataclass(frozen=True)
class Invited:
    """The latest invitation of a member.

    Attributes:
        at: when it was decided on.
        by: the way on which it went.
    """

    at: Instant
    by: Channel


JUDGED_ATTRIBUTES = (
    "pk",
    "address_state",
    "credential_version",
    "email",
    "email_state",
    "email_state_at",
    "invited_at",
    "invited_by",
)
"""What decides on an invitation, of a member without a PIN: no hash of one."""


def invited_from_item(item: Item) -> Invited | None:
    """Return the latest invitation in a member's item, or None."""
    if "invited_at" not in item:
        return None
    return Invited(Instant(int(item["invited_at"]["N"])), Channel(item["invited_by"]["S"]))


def is_due(invited: Invited | None, email_marked_at: Instant | None, again_before: Instant | None) -> bool:
    """Return whether a member without a PIN is to be invited now.

    Args:
        invited: the latest invitation.
        email_marked_at: since when the member's e-mail address is marked, if it is: an invitation by e-mail that came
            back was none.
        again_before: members whose invitation is older are invited again; None for no one.
    """
    if invited is None:
        return True
    if invited.by is Channel.EMAIL and email_marked_at is not None and email_marked_at >= invited.at:
        return True
    return again_before is not None and invited.at <= again_before


def invitation_channel(wanted: Channel | None, *, has_email: bool, address_returned: bool) -> Channel | None:
    """Choose the way of an invitation: e-mail if an address works, else paper; None if there is no way.

    Args:
        wanted: the only way that is allowed, or None.
        has_email: whether the member has an e-mail address that works.
        address_returned: whether a letter to the postal address came back.
    """
    by_letter = None if address_returned else Channel.LETTER
    match wanted:
        case Channel.EMAIL:
            return Channel.EMAIL if has_email else None
        case Channel.LETTER:
            return by_letter
        case None:
            return Channel.EMAIL if has_email else by_letter
