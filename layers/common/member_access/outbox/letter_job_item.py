"""A letter that a flow has decided on: ``LETTER#<request id>`` in the Access table.

The worker that sends letters adds the job's progress to the item (``letters.storage.jobs``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from member_access.members.pseudonyms import Pseudonym
from member_access.recovery.codes import Purpose, RequestId
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from member_access.platform.aws import Item
    from member_access.recovery.policy import IssuedCode

_PREFIX = "LETTER#"
_KEPT_SECONDS = 150 * 86_400
_INVITATION, _CONFIRMATION = "invitation", "confirmation"


def letter_key(request_id: RequestId) -> str:
    """Return the partition key of a letter's job."""
    return f"{_PREFIX}{request_id}"


class LetterRequest(NamedTuple):
    """A letter to send.

    Attributes:
        request_id: names it, and the code in it.
        identifier: the member it goes to.
        subject: stands for the identifier.
        requested_at: when the flow decided on it.
        code_expires_at: until when its code works.
        post_by: after this instant it is not worth posting, because its code expires too soon.
        is_invitation: whether it invites a member who has no PIN yet, rather than answers a request.
        purpose: of its code.
    """

    request_id: RequestId
    identifier: Identifier
    subject: Pseudonym
    requested_at: Instant
    code_expires_at: Instant
    post_by: Instant
    is_invitation: bool = False
    purpose: Purpose = Purpose.RESET

    @classmethod
    def with_code(  # noqa: PLR0913 - a code, a member, a limit, two facts
        cls,
        code: IssuedCode,
        identifier: Identifier,
        subject: Pseudonym,
        post_within: int,
        *,
        is_invitation: bool = False,
        purpose: Purpose = Purpose.RESET,
    ) -> Self:
        """Make a letter that carries a code, and that must be posted within ``post_within`` seconds."""
        now, post_by = code.requested_at, Instant(code.requested_at + post_within)
        return cls(code.request_id, identifier, subject, now, code.expires_at, post_by, is_invitation, purpose)

    def to_item(self) -> Item:
        """Return the item of a job in its first state, requested."""
        now = str(self.requested_at)
        kind = _INVITATION if self.is_invitation else _CONFIRMATION if self.purpose is Purpose.CONFIRM else None
        return {
            "pk": {"S": letter_key(self.request_id)},
            "identifier": {"S": self.identifier},
            "subject": {"S": self.subject},
            "letter_state": {"S": "requested"},
            "state_rank": {"N": "0"},
            "changed_at": {"N": now},
            "requested_at": {"N": now},
            "code_expires_at": {"N": str(self.code_expires_at)},
            "post_by": {"N": str(self.post_by)},
            "attempts": {"N": "0"},
            "expires_at": {"N": str(self.requested_at + _KEPT_SECONDS)},
            **({"kind": {"S": kind}} if kind else {}),
        }

    @classmethod
    def from_item(cls, item: Item) -> Self:
        """Read the letter in a job's item, in any state."""
        kind = item["kind"]["S"] if "kind" in item else None
        return cls(
            request_id=RequestId(item["pk"]["S"].removeprefix(_PREFIX)),
            identifier=Identifier(item["identifier"]["S"]),
            subject=Pseudonym(item["subject"]["S"]),
            requested_at=Instant(int(item["requested_at"]["N"])),
            code_expires_at=Instant(int(item["code_expires_at"]["N"])),
            post_by=Instant(int(item["post_by"]["N"])),
            is_invitation=kind == _INVITATION,
            purpose=Purpose.CONFIRM if kind == _CONFIRMATION else Purpose.RESET,
        )
