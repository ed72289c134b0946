"""The sessions of members in the Access table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.platform.aws import batch_get
from member_access.sessions.item import change_sign_ins, sign_ins_from_item, sign_ins_key
from member_access.sessions.policy import Rotate, refresh, session_digest

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.sessions.policy import Session, SessionPolicy, TokenParts, Verdict
    from member_access.sessions.sign_ins import SignIns
    from member_access.values.types import Instant


class Sessions:
    """Reads and changes sessions."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, policy: SessionPolicy) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self.policy = policy

    def read(self, whose: Pseudonym) -> SignIns:
        """Read the sign-ins that hold a session, strongly consistent; none if there is no item.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        key = sign_ins_key(whose)
        found = batch_get(self._dynamodb, {self._table: [key]})
        return sign_ins_from_item(found.get((self._table, key)))

    def rotate(self, seen: SignIns, presented: TokenParts, now: Instant) -> Verdict | None:
        """Replace the token of a session, as the policy decides on what is stored.

        Returns:
            The decision; nothing is written if it is not to rotate. None if there is no such session any more.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first.
        """
        verdict: Verdict | None = None

        def rotated(stored: SignIns) -> SignIns | None:
            nonlocal verdict
            verdict = self.decide(stored, presented, now)
            return stored.with_rotated(verdict.session) if isinstance(verdict, Rotate) else None

        change_sign_ins(self._dynamodb, self._table, sign_ins_key(presented.whose), seen, rotated, now)
        return verdict

    def decide(self, seen: SignIns, presented: TokenParts, now: Instant) -> Verdict | None:
        """Decide on a refresh token; None if its session is not there."""
        session = seen.session(session_digest(presented.session_id))
        return refresh(session, presented, self.policy, now) if session else None

    def end(self, seen: SignIns, presented: TokenParts, now: Instant) -> Session | None:
        """End a session and return it, or None if it does not exist.

        Raises:
            Unavailable: DynamoDB did not answer, or others kept coming first.
        """
        digest = session_digest(presented.session_id)
        ended: Session | None = None

        def without(stored: SignIns) -> SignIns | None:
            nonlocal ended
            ended = stored.session(digest)
            return stored.without_session(digest) if ended else None

        change_sign_ins(self._dynamodb, self._table, sign_ins_key(presented.whose), seen, without, now)
        return ended
