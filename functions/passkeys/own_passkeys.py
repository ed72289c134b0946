"""A member's own passkeys: ``/passkeys``, ``/passkeys/options`` and ``/passkeys/{id}``.

A change needs a sign-in of the last five minutes. Each is one transaction: the passkey, the member's list, the notice.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

from member_access.api.moments import rfc_3339
from member_access.api.router import NoBody, Request, Response
from member_access.audit_events.passkeys import PasskeyAdded, PasskeyDeleted
from member_access.members.passkeys import PasskeyId
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.outbox import new_request_id
from member_access.platform.aws import TransactionCancelled, transact
from passkeys.ceremony import ALGORITHMS, encode, new_passkey, sent_client_data, signed_challenge
from passkeys.challenges import CHALLENGE_SECONDS, Challenge, NewPasskeyGrant
from passkeys.contract import (
    AuthenticatorSelection,
    CredentialDescriptor,
    KeyParameters,
    NewPasskeyOptions,
    PasskeyAnswer,
    PasskeyNotAdded,
    PasskeysAnswer,
    RelyingPartyEntity,
    TooManyPasskeys,
    UserEntity,
)
from passkeys.names import browser_name
from passkeys.store import MOST_PASSKEYS, Passkey

if TYPE_CHECKING:
    from member_access.api.router import BodyType
    from member_access.audit import AuditTrail
    from member_access.callers import Caller, Callers
    from member_access.members.store import Members
    from member_access.outbox.outbox import Outbox
    from member_access.platform.aws import Write
    from member_access.platform.runtime import Runtime
    from passkeys.ceremony import RelyingParty
    from passkeys.challenges import Challenges
    from passkeys.contract import NewPasskeyRequest
    from passkeys.store import Passkeys

_USER_HANDLE_BYTES: Final = 64
"""As many as WebAuthn Level 3, §14.6.1 recommends, of chance: the identifier is no handle."""

_ID: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


@dataclass(frozen=True)
class OwnPasskeysFlow:
    """Answers the calls of a member about their passkeys."""

    runtime: Runtime
    party: RelyingParty
    callers: Callers
    challenges: Challenges
    passkeys: Passkeys
    members: Members
    emails: Outbox[EmailRequest]
    audit: AuditTrail

    def list_own(self, request: Request[NoBody]) -> Response:
        """List the member's passkeys.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            Unavailable: AWS did not answer.
        """
        identifier = self.callers.of(request).member.identifier
        passkeys = self.passkeys.all_of(self.passkeys.list_of(identifier).passkeys)
        answer = PasskeysAnswer(passkeys=[_answer(passkey) for passkey in passkeys])
        return Response(answer.model_dump(exclude_none=True))

    def options(self, request: Request[NoBody]) -> Response:
        """Give a challenge to add a passkey.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            SignInAgain: the sign-in is too long ago.
            TooManyPasskeys: there is no room for another.
            Unavailable: AWS did not answer.
        """
        caller = self._caller_who_signed_in_just_now(request)
        member = caller.member
        known = self.passkeys.list_of(member.identifier)
        if len(known.passkeys) >= MOST_PASSKEYS:
            raise TooManyPasskeys
        challenge = Challenge.new(self.runtime.random_bytes)
        user_handle = known.user_handle or self.runtime.random_bytes(_USER_HANDLE_BYTES)
        self.challenges.put_challenge(challenge, caller.now, NewPasskeyGrant(member.identifier, user_handle))
        options = NewPasskeyOptions(
            rp=RelyingPartyEntity(id=self.party.domain, name=self.party.name),
            user=UserEntity(id=encode(user_handle), name=member.identifier, displayName=member.identifier),
            challenge=encode(challenge.to_bytes()),
            pubKeyCredParams=[KeyParameters(type="public-key", alg=algorithm) for algorithm in ALGORITHMS],
            timeout=1000 * CHALLENGE_SECONDS,
            excludeCredentials=[
                CredentialDescriptor(type="public-key", id=encode(passkey.credential_id))
                for passkey in self.passkeys.all_of(known.passkeys)
            ],
            authenticatorSelection=AuthenticatorSelection(
                residentKey="required", requireResidentKey=True, userVerification="required"
            ),
            attestation="none",
        )
        return Response(options.model_dump())

    def add(self, request: Request[NewPasskeyRequest]) -> Response:
        """Add a passkey.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            SignInAgain: the sign-in is too long ago.
            PasskeyNotAdded: the challenge was spent or has expired, or what was made cannot be a passkey here.
            TooManyPasskeys: there is no room for another.
            Unavailable: AWS did not answer; nothing has changed.
        """
        caller = self._caller_who_signed_in_just_now(request)
        member, now = caller.member, caller.now
        sent = request.body.credential
        challenge = signed_challenge(sent_client_data(sent))
        user_handle = self.challenges.spend_for_new_passkey(challenge, member.identifier, now)
        made = new_passkey(sent, self.party) if user_handle else None
        if user_handle is None or made is None:
            raise PasskeyNotAdded
        passkey = Passkey(
            credential_id=made.credential_id,
            identifier=member.identifier,
            user_handle=user_handle,
            public_key=made.public_key,
            sign_count=made.sign_count,
            name=request.body.name or browser_name(request.headers.get("user-agent", "")),
            created_at=now,
        )
        try:
            self._write(
                caller,
                EmailKind.PASSKEY_ADDED,
                [
                    self.passkeys.put_passkey(passkey),
                    self.passkeys.list_passkey(passkey),
                    self.members.check_credential(member.identifier, member.credential.version),
                ],
            )
        except TransactionCancelled:
            is_full = len(self.passkeys.list_of(member.identifier).passkeys) >= MOST_PASSKEYS
            raise (TooManyPasskeys if is_full else PasskeyNotAdded) from None
        self.audit.record(PasskeyAdded(who=caller.who, passkey=passkey.id))
        return Response(_answer(passkey).model_dump(exclude_none=True))

    def delete(self, request: Request[NoBody]) -> Response:
        """Delete a passkey; one that the member does not have is no error.

        Raises:
            InvalidToken: the caller has no valid access token, or its session has ended.
            SignInAgain: the sign-in is too long ago.
            Unavailable: AWS did not answer; nothing has changed.
        """
        caller = self._caller_who_signed_in_just_now(request)
        text = request.path["id"]
        if not _ID.fullmatch(text):
            return Response()
        passkey, identifier = PasskeyId(text), caller.member.identifier
        writes = [
            self.passkeys.delete_passkey(passkey, identifier),
            self.passkeys.unlist_passkey(passkey, identifier),
        ]
        try:
            self._write(caller, EmailKind.PASSKEY_DELETED, writes)
        except TransactionCancelled:
            return Response()
        self.audit.record(PasskeyDeleted(who=caller.who, passkey=passkey))
        return Response()

    def _caller_who_signed_in_just_now(self, request: Request[BodyType]) -> Caller:
        caller = self.callers.of(request)
        caller.bearer.check_fresh(caller.now)
        return caller

    def _write(
        self,
        caller: Caller,
        kind: Literal[EmailKind.PASSKEY_ADDED, EmailKind.PASSKEY_DELETED],
        writes: list[Write],
    ) -> None:
        notice = EmailRequest.notice(
            new_request_id(self.runtime.random_bytes),
            kind,
            caller.member.identifier,
            caller.who.subject,
            caller.now,
        )
        notify = self.emails.enqueue(notice, is_wanted=caller.member.email is not None)
        transact(self.runtime.clients.dynamodb, [*writes, notify])


def _answer(passkey: Passkey) -> PasskeyAnswer:
    return PasskeyAnswer(
        id=passkey.id,
        name=passkey.name,
        created_at=rfc_3339(passkey.created_at),
        last_used_at=rfc_3339(passkey.last_used_at) if passkey.last_used_at else None,
    )
