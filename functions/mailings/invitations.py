"""Invites members without a PIN: each gets one code of ten digits, by e-mail or by letter, that no one has asked for.

A message goes into the queue first. One transaction then writes the marker on the member, the code, what to send, and
the count in today's share. Killed at any moment, and repeated by anyone, it sends each member one message.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailings.contract import InvitationOutcome, InviteAnswer
from mailings.member_reads import read_member
from mailings.policy import invitation_channel, invited_from_item, is_due
from member_access.audit import About
from member_access.audit_events.codes import MemberInvited
from member_access.members.store import address_is_returned, member_from_item, member_key
from member_access.outbox.email_item import EmailKind, EmailRequest
from member_access.outbox.letter_job_item import LetterRequest
from member_access.outbox.outbox import new_request_id
from member_access.platform.aws import CONDITION_FAILED, TransactionCancelled, batch_get, retrying, transact
from member_access.recovery.codes import Channel
from member_access.recovery.policy import TooSoon, UnderWay
from member_access.recovery.store import put_reset, reset_from_item, reset_key
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from mailings.budget import InvitationBudget
    from mailings.contract import InviteRequest, SeenMember
    from mailings.policy import Invited
    from mailings.settings import MailingsSettings
    from member_access.audit import AuditTrail
    from member_access.members.pseudonyms import Pseudonym
    from member_access.outbox.outbox import Outbox
    from member_access.platform.aws import Item, Write
    from member_access.platform.runtime import Runtime
    from member_access.recovery.policy import IssuedCode

_SENT = {InvitationOutcome.EMAIL: Channel.EMAIL, InvitationOutcome.LETTER: Channel.LETTER}

# Each conflict means that the member has asked for a code at the same time.
_MAX_CONFLICTS = 3


@dataclass(frozen=True)
class Invitations:
    """Invites members."""

    runtime: Runtime
    settings: MailingsSettings
    subject_of: Callable[[Identifier], Pseudonym]
    budget: InvitationBudget
    emails: Outbox[EmailRequest]
    letters: Outbox[LetterRequest]
    audit: AuditTrail

    def invite(self, request: InviteRequest) -> InviteAnswer:
        """Invite members, one after the other, and say what became of each.

        Raises:
            Unavailable: AWS did not answer; a repetition invites those who are left.
        """
        now = self.runtime.now()
        identifiers = [Identifier(seen.identifier) for seen in request.members]
        found, key = self._read(identifiers, now), self.budget.key(now)
        left = dict(self.budget.left(found.get((self.settings.access_table, key))))
        outcomes: dict[str, InvitationOutcome] = {}
        for seen in request.members:
            outcome = self._invite(seen, request, found, left, now)
            outcomes[seen.identifier] = outcome
            if channel := _SENT.get(outcome):
                left[channel] -= 1
        return InviteAnswer(outcomes=outcomes, left=left)

    def _read(self, identifiers: Sequence[Identifier], now: Instant) -> dict[tuple[str, str], Item]:
        """Read the requests of members, and after them the members: a PIN that is set in between changes either."""
        members, access, dynamodb = (
            self.settings.members_table,
            self.settings.access_table,
            self.runtime.clients.dynamodb,
        )
        identifiers = list(dict.fromkeys(identifiers))
        resets = [reset_key(self.subject_of(identifier)) for identifier in identifiers]
        found = batch_get(dynamodb, {access: [self.budget.key(now), *resets]})
        for identifier in identifiers:
            if item := read_member(dynamodb, members, identifier):
                found[members, member_key(identifier)] = item
        return found

    def _invite(
        self,
        seen: SeenMember,
        request: InviteRequest,
        found: Mapping[tuple[str, str], Item],
        left: Mapping[Channel, int],
        now: Instant,
    ) -> InvitationOutcome:
        identifier = Identifier(seen.identifier)

        @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
        def decide_on_present_state() -> InvitationOutcome:
            return self._decide(seen, request, self._read([identifier], now), left, now)

        try:
            return self._decide(seen, request, found, left, now)
        except TransactionCancelled:
            return decide_on_present_state()

    def _decide(
        self,
        seen: SeenMember,
        request: InviteRequest,
        found: Mapping[tuple[str, str], Item],
        left: Mapping[Channel, int],
        now: Instant,
    ) -> InvitationOutcome:
        identifier = Identifier(seen.identifier)
        item = found.get((self.settings.members_table, member_key(identifier)))
        member = member_from_item(item, now)
        if item is None or member is None:
            return InvitationOutcome.UNKNOWN
        if member.credential.version != seen.credential_version:
            return InvitationOutcome.CHANGED
        invited = invited_from_item(item)
        marked_at = Instant(int(item["email_state_at"]["N"])) if "email_state_at" in item and not member.email else None
        again_before = Instant(now - self.settings.letter_code_seconds) if request.again else None
        if not is_due(invited, marked_at, again_before):
            return InvitationOutcome.INVITED
        channel = invitation_channel(
            request.channel, has_email=member.email is not None, address_returned=address_is_returned(item)
        )
        if channel is None:
            return InvitationOutcome.NO_ADDRESS
        if not left[channel]:
            return InvitationOutcome.OVER_BUDGET
        return self._send(identifier, invited, channel, found, now)

    def _send(
        self,
        identifier: Identifier,
        invited: Invited | None,
        channel: Channel,
        found: Mapping[tuple[str, str], Item],
        now: Instant,
    ) -> InvitationOutcome:
        """Decide on one code and send it.

        Raises:
            TransactionCancelled: the member has asked for a code at the same time.
        """
        access, subject = self.settings.access_table, self.subject_of(identifier)
        reset = reset_from_item(found.get((access, reset_key(subject))))
        request_id = new_request_id(self.runtime.random_bytes)
        verdict = self.settings.reset_policy.invite(reset, channel, request_id, now)
        if isinstance(verdict, UnderWay):
            return InvitationOutcome.UNDER_WAY
        if isinstance(verdict, TooSoon):
            return InvitationOutcome.TOO_SOON
        writes = [
            put_reset(access, reset_key(subject), reset, verdict.reset, now),
            _mark_invited(self.settings.members_table, identifier, invited, channel, now),
            self.budget.count(channel, now),
            self._enqueue(channel, verdict.code, identifier, subject),
        ]
        try:
            transact(self.runtime.clients.dynamodb, writes)
        except TransactionCancelled as cancelled:
            (of_reset, _), (of_marker, _), (of_budget, _), _ = cancelled.reasons
            if of_marker == CONDITION_FAILED:
                return InvitationOutcome.INVITED
            if CONDITION_FAILED == of_budget != of_reset:
                return InvitationOutcome.OVER_BUDGET
            raise
        about = About(subject=subject, member=identifier)
        self.audit.record(MemberInvited(who=about, request_id=request_id, channel=channel))
        return InvitationOutcome(channel)

    def _enqueue(self, channel: Channel, code: IssuedCode, identifier: Identifier, subject: Pseudonym) -> Write:
        if channel is Channel.EMAIL:
            email = EmailRequest(
                code.request_id, EmailKind.INVITATION, identifier, subject, code.requested_at, code.expires_at
            )
            return self.emails.enqueue(email, is_wanted=True)
        within = self.settings.letter_post_within_seconds
        letter = LetterRequest.with_code(code, identifier, subject, within, is_invitation=True)
        return self.letters.enqueue(letter, is_wanted=True)


def _mark_invited(table: str, identifier: Identifier, seen: Invited | None, by: Channel, now: Instant) -> Write:
    """Mark a member as invited, unless someone else has since ``seen``."""
    is_as_seen = "invited_at = :seen" if seen else "attribute_not_exists(invited_at)"
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": member_key(identifier)}},
            "UpdateExpression": "SET invited_at = :now, invited_by = :by",
            "ConditionExpression": f"attribute_exists(pk) AND {is_as_seen}",
            "ExpressionAttributeValues": {
                ":now": {"N": str(now)},
                ":by": {"S": by},
                **({":seen": {"N": str(seen.at)}} if seen else {}),
            },
        }
    }
