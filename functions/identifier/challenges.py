"""Challenges: whose identifier is shown for the end of an IBAN.

Data that match nobody get a challenge too. It stands for no member, and is solved by no IBAN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.members.pseudonyms import Pseudonym
from member_access.members.store import UNKNOWN_MEMBER
from member_access.values.random_tokens import RandomToken
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from member_access.platform.aws import Item, Write


class Challenge(RandomToken):
    """What the front-end gives back with the end of the IBAN."""

    __slots__ = ()
    prefix = "CHALLENGE"


@dataclass(frozen=True)
class Challenged:
    """What a challenge stands for.

    Attributes:
        identity: stands for the data that were given; wrong tries at finding them are counted under it.
        tries: stands for the member, or for the data where they match nobody; tries at the IBAN count under it.
        member: the member, if there is one.
        expires_at: from then on the challenge is over.
    """

    identity: Pseudonym
    tries: Pseudonym
    member: Identifier | None
    expires_at: Instant


def put_challenge(table: str, challenge: Challenge, stands_for: Challenged) -> Write:
    """Put a challenge."""
    item: Item = {
        "pk": {"S": challenge.key},
        "identity": {"S": stands_for.identity},
        "identifier": {"S": stands_for.member or UNKNOWN_MEMBER},
        "tries": {"S": stands_for.tries},
        "expires_at": {"N": str(stands_for.expires_at)},
    }
    return {"Put": {"TableName": table, "Item": item}}


def challenged_from_item(item: Item | None, now: Instant) -> Challenged | None:
    """What a challenge stands for now, or None where it is over."""
    if not item or int(item["expires_at"]["N"]) <= now:
        return None
    identifier = Identifier(item["identifier"]["S"])
    return Challenged(
        identity=Pseudonym(item["identity"]["S"]),
        tries=Pseudonym(item["tries"]["S"]),
        member=None if identifier == UNKNOWN_MEMBER else identifier,
        expires_at=Instant(int(item["expires_at"]["N"])),
    )


def delete_challenge(table: str, challenge: Challenge) -> Write:
    """Use a challenge up: of two right answers at once, one finds it."""
    return {
        "Delete": {
            "TableName": table,
            "Key": {"pk": {"S": challenge.key}},
            "ConditionExpression": "attribute_exists(pk)",
        }
    }
