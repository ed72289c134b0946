"""Known browsers: a stranger's wrong guesses do not lock a member out of the browser they use.

The cookie holds the pseudonym of the member's identifier, which leads to the member's sign-ins, and a random number of
256 bits. The sign-ins keep its hash and a counter of guesses in this browser. The cookie lets no one in: it only
chooses the counter. A browser is known as long as ``SignIns`` lists it.
"""

from __future__ import annotations

from member_access.members.personal_tokens import PersonalToken
from member_access.throttling.counters import KEPT_SECONDS

REMEMBERED_SECONDS = KEPT_SECONDS
"""How long a browser stays known after its last attempt, by cookie and by record: as long as its counter is kept, which
is less than browsers keep a cookie (RFC 6265bis §5.5, 400 days)."""


class DeviceToken(PersonalToken):
    """The value of the device cookie."""

    __slots__ = ()
