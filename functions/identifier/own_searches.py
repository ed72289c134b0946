"""The own allowance of a known browser: a stranger's searches cannot shut a member out of the browser they use.

Anyone who has a member's social-security number can keep the searches by it waiting. A browser that is known to the
member whom the data match then counts its searches for itself. Any other browser gets the answer that it would have
got without a search.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from member_access.api.cookies import DEVICE_COOKIE, MOST_DEVICE_COOKIES
from member_access.sessions.browsers import DeviceToken
from member_access.sessions.item import sign_ins_from_item, sign_ins_key
from member_access.throttling.counters import SingleCounter, attempts_from_item, counter_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Member
    from member_access.platform.aws import Item
    from member_access.sessions.sign_ins import SignIns
    from member_access.throttling.policy import Policy
    from member_access.values.types import Instant, Secret


class SentDevice(NamedTuple):
    """A device cookie that was sent with a search.

    Attributes:
        token: the value of the cookie.
        sign_ins_key: the partition key of the sign-ins that it names; they show whether the browser is known there.
        counter_key: the partition key of its own counter of searches.
    """

    token: DeviceToken
    sign_ins_key: str
    counter_key: str

    @property
    def keys(self) -> list[str]:
        """The partition keys to read."""
        return [self.sign_ins_key, self.counter_key]


@dataclass(frozen=True)
class OwnSearches:
    """The allowance of a browser in which at least one member has signed in.

    Attributes:
        known_to: the sign-ins of the members to whom the browser is known; there may be several.
        counter: counts its searches for all members.
    """

    known_to: list[SignIns]
    counter: SingleCounter

    def are_known_to(self, member: Member | None) -> bool:
        """Return whether the browser is one of a member's known ones, at the present credential."""
        whose = (member.identifier, member.credential.version) if member else None
        return whose in [(sign_ins.identifier, sign_ins.credential_version) for sign_ins in self.known_to]


def sent_devices(cookies: Mapping[str, Secret], pseudonyms: Pseudonyms) -> list[SentDevice]:
    """Return the device cookies of a request, at most as many as a browser keeps."""
    sent = (DeviceToken(cookie.reveal()) for name, cookie in cookies.items() if name.startswith(DEVICE_COOKIE))
    # One for each member: DynamoDB refuses to read a key twice.
    tokens = {token.whose: token for token in sent if token.whose}
    return [
        SentDevice(token, sign_ins_key(whose), counter_key("identity", pseudonyms.of("device", token.digest.hex())))
        for whose, token in list(tokens.items())[:MOST_DEVICE_COOKIES]
    ]


def own_searches(
    sent: list[SentDevice], found: Mapping[tuple[str, str], Item], table: str, policy: Policy, now: Instant
) -> OwnSearches | None:
    """Return the browser's own allowance, or None if no member has signed in there."""
    read = [(device, sign_ins_from_item(found.get((table, device.sign_ins_key)))) for device in sent]
    known = [(device, sign_ins) for device, sign_ins in read if sign_ins.known_browser(device.token.digest, now)]
    if not known:
        return None
    key = known[0][0].counter_key
    counter = SingleCounter(key, attempts_from_item(found.get((table, key))), policy)
    return OwnSearches([sign_ins for _, sign_ins in known], counter)
