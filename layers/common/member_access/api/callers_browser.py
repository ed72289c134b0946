"""The browser of a call, and whether the member knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from member_access.api.cookies import device_cookie_name, device_cookies
from member_access.throttling.known_browsers import (
    REMEMBERED_SECONDS,
    DeviceToken,
    KnownBrowser,
    known_browser,
    new_device_token,
    put_known_browser,
)
from member_access.throttling.sign_ins import SIGN_INS, SignIns, restart_sign_ins, sign_ins_from_item, sign_ins_key

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools.shared.cookies import Cookie

    from member_access.members.pseudonyms import Pseudonyms
    from member_access.platform.aws import Item, Write
    from member_access.platform.uniform_reads import ItemTemplate
    from member_access.values.types import Identifier, Instant, Secret

_TAG_DIGITS = 16


@dataclass(frozen=True)
class CallersBrowser:
    """A browser, as it shows itself to one member.

    Attributes:
        table: the Access table.
        cookie: the name of its cookie for this member.
        token: the value of that cookie, or a new one that no table holds.
        sign_ins_key: where the member's known browsers are listed.
    """

    table: str
    cookie: str
    token: DeviceToken
    sign_ins_key: str

    @classmethod
    def of(
        cls,
        cookies: Mapping[str, Secret],
        pseudonyms: Pseudonyms,
        table: str,
        identifier: Identifier,
        random_bytes: Callable[[int], bytes],
    ) -> Self:
        """Find the cookie of a member, or of an unknown identifier, among those that were sent."""
        name = device_cookie_name(pseudonyms.of("device", identifier)[:_TAG_DIGITS])
        sent = cookies.get(name)
        token = DeviceToken(sent.reveal()) if sent else new_device_token(random_bytes)
        return cls(table, name, token, sign_ins_key(identifier))

    @property
    def keys(self) -> list[str]:
        """The partition keys to read."""
        return [self.token.key, self.sign_ins_key]

    @property
    def uniform(self) -> Mapping[tuple[str, str], ItemTemplate]:
        """The item to read in equal time for everyone."""
        return {(self.table, self.sign_ins_key): SIGN_INS}

    def read(
        self, found: Mapping[tuple[str, str], Item], identifier: Identifier, credential_version: int, now: Instant
    ) -> tuple[SignIns, KnownBrowser | None]:
        """Return the sign-ins of a credential, and the browser if it is one of the known ones."""
        sign_ins = sign_ins_from_item(found.get((self.table, self.sign_ins_key)), credential_version)
        return sign_ins, known_browser(found.get((self.table, self.token.key)), self.token, sign_ins, identifier, now)

    def renewed(self, random_bytes: Callable[[int], bytes]) -> CallersBrowser:
        """Return the browser with a new token: anyone may know the number of a cookie that is not the member's."""
        return CallersBrowser(self.table, self.cookie, new_device_token(random_bytes), self.sign_ins_key)

    def cookies(self, sent: Mapping[str, Secret]) -> tuple[Cookie, ...]:
        """Return the cookies that make the browser remember its token, beside those it has sent."""
        return device_cookies(self.cookie, self.token, REMEMBERED_SECONDS, sent)

    def put(self, identifier: Identifier, credential_version: int, now: Instant) -> Write:
        """Put the browser's own counter."""
        return put_known_browser(self.table, self.token, identifier, credential_version, now)

    def put_alone(self, identifier: Identifier, credential_version: int, now: Instant) -> list[Write]:
        """Make this the only known browser of a new credential, whose sessions start from none."""
        sign_ins = SignIns().at(credential_version).with_browser(self.token.digest)
        return [
            self.put(identifier, credential_version, now),
            restart_sign_ins(self.table, self.sign_ins_key, sign_ins, now),
        ]
