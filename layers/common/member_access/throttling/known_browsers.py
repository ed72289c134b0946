"""Known browsers: a stranger's wrong guesses do not lock a member out of the browser they use.

The cookie is a random number of 256 bits; the table keeps its hash, the member it belongs to, and a counter of
attempts of its own. It lets no one in: it only chooses the counter. A browser is known as long as ``SignIns`` lists it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.throttling.counters import KEPT_SECONDS, attempts_from_item, attempts_to_attributes
from member_access.throttling.policy import Attempts
from member_access.values.types import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.platform.aws import Item, Write
    from member_access.throttling.sign_ins import SignIns
    from member_access.values.types import Identifier, Instant

REMEMBERED_SECONDS = KEPT_SECONDS
"""How long a browser stays known after its last attempt, by cookie and by record: as long as its counter is kept, which
is less than browsers keep a cookie (RFC 6265bis §5.5, 400 days)."""

_TOKEN_BYTES = 32


class DeviceToken(Secret):
    """The value of the device cookie: 256 random bits in hexadecimal."""

    __slots__ = ()

    @property
    def digest(self) -> bytes:
        """The hash that stands for the browser: 32 bytes, of any cookie."""
        return hashlib.sha256(self.reveal().encode()).digest()

    @property
    def key(self) -> str:
        """The partition key of the browser."""
        return f"DEVICE#{self.digest.hex()}"


@dataclass(frozen=True)
class KnownBrowser:
    """A browser in which the member has signed in with the present PIN, or has set it."""

    token: DeviceToken
    attempts: Attempts


def new_device_token(random_bytes: Callable[[int], bytes]) -> DeviceToken:
    """Make a token for a browser that becomes known."""
    return DeviceToken(random_bytes(_TOKEN_BYTES).hex())


def known_browser(
    item: Item | None, token: DeviceToken, sign_ins: SignIns, identifier: Identifier, now: Instant
) -> KnownBrowser | None:
    """Read the browser in an item, if it is known for this member's present credential and has not expired."""
    if not item or item["identifier"]["S"] != identifier or int(item["expires_at"]["N"]) <= now:
        return None
    return KnownBrowser(token, attempts_from_item(item)) if token.digest in sign_ins.browsers else None


def put_known_browser(
    table: str, token: DeviceToken, identifier: Identifier, credential_version: int, now: Instant
) -> Write:
    """Put a browser's own counter; ``SignIns`` makes it known."""
    fresh = Attempts(credential_version=credential_version, revision=1)
    return {
        "Put": {
            "TableName": table,
            "Item": {
                "pk": {"S": token.key},
                "identifier": {"S": identifier},
                "expires_at": {"N": str(now + REMEMBERED_SECONDS)},
                **attempts_to_attributes(fresh),
            },
        }
    }
