"""The browser of a call, as it shows itself to one member."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from member_access.api.cookies import device_cookie_name, device_cookies
from member_access.sessions.browser_families import BrowserFamily
from member_access.sessions.browsers import REMEMBERED_SECONDS, DeviceToken
from member_access.sessions.item import restart_sign_ins, sign_ins_key
from member_access.sessions.records import KnownBrowser
from member_access.sessions.sign_ins import SignIns
from member_access.throttling.policy import Attempts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools.shared.cookies import Cookie

    from member_access.api.router import BodyType, Request
    from member_access.members.pseudonyms import Pseudonym, Pseudonyms
    from member_access.platform.aws import Write
    from member_access.values.types import Identifier, Instant, Secret

_TAG_DIGITS = 16


class CallersBrowser(NamedTuple):
    """A browser, as it shows itself to one member.

    Attributes:
        cookie: the name of its cookie for this member.
        token: the value of that cookie, or a new one that no table holds.
        whose: the pseudonym of the member's identifier.
        family: by which the member knows it again.
    """

    cookie: str
    token: DeviceToken
    whose: Pseudonym
    family: BrowserFamily

    @classmethod
    def of(
        cls,
        request: Request[BodyType],
        pseudonyms: Pseudonyms,
        whose: Pseudonym,
        identifier: Identifier,
        random_bytes: Callable[[int], bytes],
    ) -> Self:
        """Find the cookie of a member, or of an unknown identifier, in a request."""
        name = device_cookie_name(pseudonyms.of("device", identifier)[:_TAG_DIGITS])
        sent = request.cookies.get(name)
        token = DeviceToken(sent.reveal()) if sent else DeviceToken.new(whose, random_bytes)
        return cls(name, token, whose, BrowserFamily.of(request.headers.get("user-agent", "")))

    def renewed(self, random_bytes: Callable[[int], bytes]) -> CallersBrowser:
        """Return the browser with a new token: anyone may know the number of a cookie that is not the member's."""
        return self._replace(token=DeviceToken.new(self.whose, random_bytes))

    def cookies(self, sent: Mapping[str, Secret]) -> tuple[Cookie, ...]:
        """Return the cookies that make the browser remember its token, beside those it has sent."""
        return device_cookies(self.cookie, self.token, REMEMBERED_SECONDS, sent)

    def put_alone(self, table: str, identifier: Identifier, credential_version: int, now: Instant) -> Write:
        """Make this the only known browser of a new credential, whose sessions start from none."""
        fresh = Attempts(credential_version=credential_version)
        alone = SignIns(credential_version=credential_version, identifier=identifier).with_browser(
            KnownBrowser(self.token.digest, now, now, fresh, self.family)
        )
        return restart_sign_ins(table, sign_ins_key(self.whose), alone, now)
