"""Who calls: the member whom an access token names, in a session that still exists.

One hop: the member, without the hash of the PIN, and the sign-ins, both strongly consistent.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from member_access.api.bearer import InvalidToken
from member_access.audit import Who
from member_access.members.store import member_from_item, member_key
from member_access.platform.aws import batch_get, concurrently, translate_errors
from member_access.sessions.item import sign_ins_from_item, sign_ins_key

if TYPE_CHECKING:
    from account.settings import AccountSettings
    from member_access.api.bearer import BearerTokens
    from member_access.api.router import BodyType, Request
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.members.store import Member
    from member_access.platform.aws import Item
    from member_access.platform.runtime import Runtime
    from member_access.sessions.policy import Session
    from member_access.sessions.sign_ins import SignIns
    from member_access.values.types import Identifier, Instant

# No hash of the PIN: this function may use the key of these hashes.
_OF_MEMBER: Final = ("pk", "identifier", "credential_version", "email", "email_state", "email_state_at")


@dataclass(frozen=True)
class Caller:
    """A member who calls.

    Attributes:
        who: whom the audit trail names.
        member: the member; the hash of the PIN is not read.
        email_state: why e-mails do not reach the member; None if they do, or if there is no address.
        sign_ins: those of the member's credential.
        session: in which the access token was issued.
        now: the moment of the call.
    """

    who: Who
    member: Member
    email_state: str | None
    sign_ins: SignIns
    session: Session
    now: Instant

    @property
    def key(self) -> str:
        """The partition key of the member's sign-ins."""
        return sign_ins_key(self.who.subject)


@dataclass(frozen=True)
class Callers:
    """Finds out who calls."""

    runtime: Runtime
    settings: AccountSettings
    pseudonyms: Pseudonyms
    bearers: BearerTokens

    def of(self, request: Request[BodyType]) -> Caller:
        """Return the caller of a request.

        Raises:
            InvalidToken: there is no valid access token, or its session has ended.
            Unavailable: AWS did not answer.
        """
        bearer, now, access = self.bearers.caller(request), self.runtime.now(), self.settings.access_table
        who = Who.of(self.pseudonyms, bearer.identifier, request.source, bearer.identifier)
        key = sign_ins_key(who.subject)
        item, found = concurrently(
            self.runtime.executor,
            lambda: self._member(bearer.identifier),
            lambda: batch_get(self.runtime.clients.dynamodb, {access: [key]}),
        )
        member = member_from_item(item, now)
        if item is None or member is None:
            raise InvalidToken
        sign_ins = sign_ins_from_item(found.get((access, key))).at(member.credential.version)
        session = sign_ins.session_named(bearer.sid)
        if session is None or now >= session.ends_at(self.settings.session_policy):
            raise InvalidToken
        state = item["email_state"]["S"] if "email_state" in item and member.email is None else None
        return Caller(who, member, state, sign_ins, session, now)

    def _member(self, identifier: Identifier) -> Item | None:
        with translate_errors():
            answer = self.runtime.clients.dynamodb.get_item(
                TableName=self.settings.members_table,
                Key={"pk": {"S": member_key(identifier)}},
                ProjectionExpression=", ".join(_OF_MEMBER),
                ConsistentRead=True,
            )
        return answer.get("Item")
