"""The own allowance of a known browser: a stranger's searches cannot shut a member out of the browser they use.

Anyone who has a member's social-security number can keep the searches by it waiting. A browser that is known to the
member whom the data match then counts its searches for itself. Any other browser gets the answer that it would have
got without a search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.api.cookies import DEVICE_COOKIE, MOST_DEVICE_COOKIES
from member_access.throttling.counters import Counter, attempts_from_item, counter_key
from member_access.throttling.known_browsers import DeviceToken, known_browser

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Member
    from member_access.platform.aws import Item
    from member_access.throttling.policy import Policy
    from member_access.throttling.sign_ins import SignIns
    from member_access.values.types import Instant, Secret


@dataclass(frozen=True)
class SentDevice:
    """A device cookie that was sent with a search; whose it is, its item tells.

    Attributes:
        token: the value of the cookie.
        counter_key: the partition key of its own counter of searches.
    """

    token: DeviceToken
    counter_key: str

    @property
    def keys(self) -> list[str]:
        """The partition keys to read."""
        return [self.token.key, self.counter_key]


@dataclass(frozen=True)
class OwnSearches:
    """The allowance of a browser in which at least one member has signed in.

    Attributes:
        devices: its cookies, with their items. A browser may be known to several members.
        counter: counts its searches for all members.
    """

    devices: list[tuple[DeviceToken, Item]]
    counter: Counter

    def are_known_to(self, member: Member | None, sign_ins: SignIns, now: Instant) -> bool:
        """Return whether the browser is one of a member's known ones."""
        known = [
            member is not None and known_browser(item, token, sign_ins, member.identifier, now)
            for token, item in self.devices
        ]
        return any(known)


def sent_devices(cookies: Mapping[str, Secret], pseudonyms: Pseudonyms) -> list[SentDevice]:
    """Return the device cookies of a request, at most as many as a browser keeps."""
    sent = (DeviceToken(cookie.reveal()) for name, cookie in cookies.items() if name.startswith(DEVICE_COOKIE))
    # DynamoDB refuses to read a key twice.
    tokens = list(dict.fromkeys(sent))
    return [
        SentDevice(token, counter_key("identity", pseudonyms.of("device", token.digest.hex())))
        for token in tokens[:MOST_DEVICE_COOKIES]
    ]


def own_searches(
    sent: list[SentDevice], found: Mapping[tuple[str, str], Item], table: str, policy: Policy
) -> OwnSearches | None:
    """Return the browser's own allowance, or None if no member has signed in there."""
    devices = [device for device in sent if (table, device.token.key) in found]
    if not devices:
        return None
    key = devices[0].counter_key
    return OwnSearches(
        [(device.token, found[table, device.token.key]) for device in devices],
        Counter(key, attempts_from_item(found.get((table, key))), policy),
    )
