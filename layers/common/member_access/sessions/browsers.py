"""Known browsers: a stranger's wrong guesses do not lock a member out of the browser they use.

The cookie holds the pseudonym of the member's identifier, which leads to the member's sign-ins, and a random number of
256 bits. The sign-ins keep its hash and a counter of guesses in this browser. The cookie lets no one in: it only
chooses the counter. A browser is known as long as ``SignIns`` lists it.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from member_access.members.pseudonyms import Pseudonym
from member_access.throttling.counters import KEPT_SECONDS
from member_access.values.types import Secret

if TYPE_CHECKING:
    from collections.abc import Callable

REMEMBERED_SECONDS = KEPT_SECONDS
"""How long a browser stays known after its last attempt, by cookie and by record: as long as its counter is kept, which
is less than browsers keep a cookie (RFC 6265bis §5.5, 400 days)."""

_TOKEN_BYTES: Final = 32
_DIGEST_BYTES: Final = 16
_FORM: Final = re.compile(r"([0-9a-f]{32})\.[0-9a-f]{64}", re.ASCII)


class DeviceToken(Secret):
    """The value of the device cookie, or the text that was sent in its place."""

    __slots__ = ()

    @classmethod
    def new(cls, whose: Pseudonym, random_bytes: Callable[[int], bytes]) -> DeviceToken:
        """Make a token for a browser that becomes known to the member of this pseudonym."""
        return cls(f"{whose}.{random_bytes(_TOKEN_BYTES).hex()}")

    @property
    def digest(self) -> bytes:
        """The hash that stands for the browser: 16 bytes, of any text."""
        return hashlib.sha256(self.reveal().encode()).digest()[:_DIGEST_BYTES]

    @property
    def whose(self) -> Pseudonym | None:
        """The pseudonym of the member that it names; None if it is no token."""
        form = _FORM.fullmatch(self.reveal())
        return Pseudonym(form[1]) if form else None
