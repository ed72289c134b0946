"""Replaces a code that cannot reach its member by e-mail with a letter, within the limits of letters."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from member_access.audit import About, AuditTrail
from member_access.audit_events.emails import LetterInsteadOfEmail
from member_access.members.store import member_from_item, member_key
from member_access.outbox.email_item import EmailKind
from member_access.outbox.letter_job_item import LetterRequest
from member_access.outbox.outbox import new_request_id
from member_access.platform.aws import TransactionCancelled, batch_get, retrying, transact
from member_access.recovery.codes import Channel, Purpose
from member_access.recovery.emailed_codes import is_open, void_code
from member_access.recovery.policy import TooSoon, UnderWay
from member_access.recovery.second_steps import is_asked, replace_step, step_from_item
from member_access.recovery.store import put_reset, reset_from_item, reset_key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.audit_events.emails import LetterDecision
    from member_access.outbox.email_item import EmailRequest
    from member_access.outbox.outbox import Outbox
    from member_access.platform.runtime import Runtime
    from member_access.recovery.policy import IssuedCode
    from member_access.recovery.second_steps import SecondStep
    from member_access.settings.codes import CodeSettings
    from member_access.values.types import Instant

CODES: Final[Mapping[EmailKind, Purpose]] = {
    EmailKind.RESET_CODE: Purpose.RESET,
    EmailKind.CONFIRM_CODE: Purpose.CONFIRM,
}
"""The e-mails that a letter can replace, with the purpose of their code."""

# Each conflict means that the member, or another delivery of the same message, has written first.
_MAX_CONFLICTS = 3


@dataclass(frozen=True)
class LetterInstead:
    """Requests letters instead of e-mails."""

    runtime: Runtime
    settings: CodeSettings
    letters: Outbox[LetterRequest]
    audit: AuditTrail

    def request(self, email: EmailRequest, now: Instant, *, may_have_arrived: bool = False) -> None:
        """Request a letter with a new code, if the code of the e-mail is still open; a repetition requests nothing.

        Args:
            email: the e-mail with the code.
            now: the moment of the request.
            may_have_arrived: leave the code of the e-mail open, because the member may have it.

        Raises:
            Unavailable: AWS did not answer, or the conflicts went on; no letter was requested.
        """
        outcome = self._request(email, now, may_have_arrived=may_have_arrived)
        about = About(subject=email.subject, member=email.identifier)
        self.audit.record(LetterInsteadOfEmail(who=about, request_id=email.request_id, outcome=outcome))

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def _request(self, email: EmailRequest, now: Instant, *, may_have_arrived: bool) -> LetterDecision:
        members, access, purpose = self.settings.members_table, self.settings.access_table, CODES[email.kind]
        member_pk, key, code_key = member_key(email.identifier), reset_key(email.subject, purpose), email.code_key
        if code_key is None:
            return "void"
        dynamodb = self.runtime.clients.dynamodb
        found = batch_get(dynamodb, {members: [member_pk], access: sorted({key, code_key})})
        code, member = found.get((access, code_key)), member_from_item(found.get((members, member_pk)), now)
        step = step_from_item(code) if purpose is Purpose.CONFIRM else None
        if not (is_asked(step, email.request_id, member) if purpose is Purpose.CONFIRM else is_open(code, member)):
            return "void"
        seen = reset_from_item(found.get((access, key)))
        letter_id = new_request_id(self.runtime.random_bytes)
        verdict = self.settings.reset_policy.request(seen, Channel.LETTER, letter_id, now, None)
        if isinstance(verdict, TooSoon):
            return "too-soon"
        if isinstance(verdict, UnderWay):
            if step and not may_have_arrived:
                moved = _by_letter(step, verdict.code)
                transact(dynamodb, [replace_step(access, key, seen, seen.next_revision, step, moved, now)])
            return "under-way"
        within = self.settings.letter_post_within_seconds
        letter = LetterRequest.with_code(verdict.code, email.identifier, email.subject, within, purpose=purpose)
        decided = self.letters.enqueue(letter, is_wanted=True)
        # A code that no one has received must not stay good.
        if step:
            becomes = step if may_have_arrived else _by_letter(step, verdict.code)
            records = [replace_step(access, key, seen, verdict.reset, step, becomes, now)]
        else:
            voided = [] if may_have_arrived else [void_code(access, code_key)]
            records = [put_reset(access, key, seen, verdict.reset, now), *voided]
        transact(dynamodb, [*records, decided])
        return "requested"


def _by_letter(step: SecondStep, code: IssuedCode) -> SecondStep:
    """Return a second step that the same browser finishes with the code of a letter."""
    return replace(step, channel=Channel.LETTER, request_id=code.request_id, expires_at=code.expires_at)
