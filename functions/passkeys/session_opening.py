"""Opens the session of a member whom a passkey has signed in, and makes the browser known."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.api.callers_browser import CallersBrowser
from member_access.api.cookies import SESSION_COOKIE, host_cookie
from member_access.api.router import Response
from member_access.errors import Conflict
from member_access.platform.aws import CONDITION_FAILED, TransactionCancelled, concurrently, transact
from member_access.sessions.item import replace_sign_ins, sign_ins_key
from member_access.sessions.methods import Method
from member_access.sessions.policy import start_session
from member_access.sessions.records import KnownBrowser
from member_access.throttling.policy import Attempts

if TYPE_CHECKING:
    from member_access.api.router import BodyType, Request
    from member_access.audit import Who
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Member, Members
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from member_access.sessions.access_tokens import AccessTokens
    from member_access.sessions.store import Sessions
    from member_access.values.types import Instant


@dataclass(frozen=True)
class Opened:
    """An open session.

    Attributes:
        response: the answer to the browser.
        known_browser: whether the browser was one of the member's before.
    """

    response: Response
    known_browser: bool


@dataclass(frozen=True)
class SessionOpener:
    """Opens sessions in the Access table."""

    runtime: Runtime
    pseudonyms: Pseudonyms
    access_table: str
    members: Members
    sessions: Sessions
    tokens: AccessTokens

    def open(self, request: Request[BodyType], who: Who, member: Member, now: Instant, beside: list[Write]) -> Opened:
        """Write a session together with the success of its sign-in, all or nothing.

        Args:
            request: of the browser.
            who: names the member's sign-ins.
            member: as read.
            now: the moment of the sign-in.
            beside: the writes of the success.

        Raises:
            TransactionCancelled: the condition of one of ``beside`` was not met.
            Conflict: the member's credential or sign-ins have changed since; read and decide again.
            Unavailable: AWS did not answer; no one is let in.
        """
        dynamodb, random_bytes = self.runtime.clients.dynamodb, self.runtime.random_bytes
        identifier, version = member.identifier, member.credential.version
        seen = self.sessions.read(who.subject).at(version)
        if seen.credential_version != version:
            raise Conflict("a new PIN came first")
        browser = CallersBrowser.of(request, self.pseudonyms, who.subject, identifier, random_bytes)
        known = seen.known_browser(browser.token.digest, now)
        if known is None:
            browser = browser.renewed(random_bytes)
        fresh = KnownBrowser(browser.token.digest, now, now, Attempts(credential_version=version), browser.family)
        session, refresh_token = start_session(
            identifier, who.subject, Method.PASSKEY, browser.family, now, random_bytes
        )
        after = (
            seen._replace(identifier=identifier)
            .with_browser((known or fresh)._replace(used_at=now, family=browser.family))
            .with_session(session, self.sessions.policy, now)
        )
        writes = [
            *beside,
            self.members.check_credential(identifier, version),
            replace_sign_ins(self.access_table, sign_ins_key(who.subject), seen, after, now),
        ]
        try:
            _, access_token = concurrently(
                self.runtime.executor,
                lambda: transact(dynamodb, writes),
                lambda: self.tokens.issue(session, now),
            )
        except TransactionCancelled as cancelled:
            if any(reason == CONDITION_FAILED for reason, _ in cancelled.reasons[: len(beside)]):
                raise
            raise Conflict("another sign-in or a new PIN came first") from None
        return Opened(
            Response(
                body=self.tokens.response(access_token),
                cookies=(host_cookie(SESSION_COOKIE, refresh_token), *browser.cookies(request.cookies)),
            ),
            known_browser=known is not None,
        )
