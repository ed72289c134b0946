"""Challenges: proof of the IBAN end before an identifier is shown.

Data that match no member get a challenge too, which no IBAN solves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from member_access.members.pseudonyms import Pseudonym
from member_access.members.store import UNKNOWN_MEMBER
from member_access.values.random_tokens import RandomToken
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from member_access.platform.aws import Item, Write


class Challenge(RandomToken):
    """The token that the front-end sends back with the IBAN end."""

    __slots__ = ()
    prefix = "CHALLENGE"


class Challenged(NamedTuple):
    """The item that a challenge stands for.

    Attributes:
        identity: the pseudonym of the given data, for the counter of guesses at an identity.
        tries: the pseudonym of the member, or of unknown data, for the counter of guesses at an IBAN end.
        member: the member, if there is one.
        expires_at: the end of the challenge.
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
    """Return the content of a challenge's item, or None if it has expired."""
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
    """Delete a solved challenge; of two concurrent solutions, only one succeeds."""
    return {
        "Delete": {
            "TableName": table,
            "Key": {"pk": {"S": challenge.key}},
            "ConditionExpression": "attribute_exists(pk)",
        }
    }
