"""Finds the members whom an invitation is for, and has them invited in small groups at a steady rate."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from mailings.contract import MOST_MEMBERS, InvitationOutcome, InviteAnswer, InviteRequest, SeenMember
from mailings.policy import JUDGED_ATTRIBUTES, invitation_channel, invited_from_item, is_due
from member_access.members.store import address_is_returned, member_from_item, member_key
from member_access.platform.aws import Item, batch_get, translate_errors
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.recovery.codes import Channel
    from ops.stack import Stack

_SENT = {InvitationOutcome.EMAIL, InvitationOutcome.LETTER}
DEFAULT_CODE_SECONDS = 21 * 86_400


@dataclass(frozen=True)
class Wave:
    """Which members to invite, and how.

    Attributes:
        channel: the only way that is allowed; None for e-mail where an address works, else paper.
        again: whether to invite those too whose invitation has expired.
        at_most: how many.
        a_second: how many in a second.
    """

    channel: Channel | None = None
    again: bool = False
    at_most: int | None = None
    a_second: int = 10


@dataclass(frozen=True)
class Candidate:
    """A member without a PIN.

    Attributes:
        channel: the way of the invitation; None if the member is not to be invited.
    """

    identifier: Identifier
    credential_version: int
    channel: Channel | None


class Candidates:
    """Reads members without a PIN from the Members table."""

    def __init__(self, dynamodb: DynamoDBClient, table: str, wave: Wave, code_seconds: int, now: Instant) -> None:
        self._dynamodb = dynamodb
        self._table = table
        self._wave = wave
        self._again_before = Instant(now - code_seconds) if wave.again else None
        self._now = now

    def all(self) -> Iterator[Candidate]:
        """Yield all members whom the wave is for; reads the whole table, page by page.

        Raises:
            Unavailable: DynamoDB did not respond.
        """
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._table,
            Select="SPECIFIC_ATTRIBUTES",
            ProjectionExpression=", ".join(JUDGED_ATTRIBUTES),
            FilterExpression="begins_with(pk, :member) AND attribute_not_exists(pin_hash)",
            ExpressionAttributeValues={":member": {"S": member_key(Identifier(""))}},
        )
        with translate_errors():
            for page in pages:
                found = (self._candidate(item) for item in page["Items"])
                yield from (one for one in found if one.channel)

    def listed(self, identifiers: Iterable[Identifier]) -> Iterator[Candidate]:
        """Yield those among these members whom the wave is for, one read for each.

        Raises:
            Unavailable: DynamoDB did not respond.
        """
        for identifier in dict.fromkeys(identifiers):
            table, key = self._table, member_key(identifier)
            read = batch_get(self._dynamodb, {table: [key]}, {table: (*JUDGED_ATTRIBUTES, "pin_hash")})
            item = read.get((table, key))
            if item and "pin_hash" not in item and (candidate := self._candidate(item)).channel:
                yield candidate

    def _candidate(self, item: Item) -> Candidate:
        identifier = Identifier(item["pk"]["S"].removeprefix(member_key(Identifier(""))))
        member = member_from_item({**item, "identifier": {"S": identifier}}, self._now)
        has_email = member is not None and member.email is not None
        marked_at = Instant(int(item["email_state_at"]["N"])) if "email_state_at" in item and not has_email else None
        channel = invitation_channel(
            self._wave.channel, has_email=has_email, address_returned=address_is_returned(item)
        )
        due = is_due(invited_from_item(item), marked_at, self._again_before)
        return Candidate(identifier, int(item["credential_version"]["N"]), channel if due else None)


def count_candidates(candidates: Iterable[Candidate], wave: Wave) -> Counter[Channel]:
    """Count those whom a wave would invite, by the way of the invitation."""
    return Counter(one.channel for one in islice(candidates, wave.at_most) if one.channel)


@dataclass
class Sender:
    """Has members invited by the function for mailings.

    Attributes:
        outcomes: what became of how many, also after an interruption.
        pause: waits for so many seconds.
        seconds: a clock that only goes forward.
    """

    stack: Stack
    wave: Wave
    pause: Callable[[float], None] = time.sleep
    seconds: Callable[[], float] = time.monotonic
    outcomes: Counter[InvitationOutcome] = field(default_factory=Counter)

    def left_today(self) -> Mapping[Channel, int]:
        """Return how many invitations today's shares still allow.

        Raises:
            Unavailable: the function did not respond.
        """
        return self._ask(()).left

    def send(self, candidates: Iterable[Candidate], sent: Callable[[int], None]) -> None:
        """Invite candidates until there are enough or today's shares are used up.

        Args:
            candidates: those to invite.
            sent: called with the number of invitations of each group.

        Raises:
            NotAllowed: the operator may not invite.
            Unavailable: the function did not respond; the same command continues.
        """
        left, waiting = dict(self.left_today()), iter(candidates)
        while group := self._next_group(waiting, left):
            began = self.seconds()
            answer = self._ask(group)
            self.outcomes.update(answer.outcomes.values())
            left = dict(answer.left)
            number = sum(outcome in _SENT for outcome in answer.outcomes.values())
            sent(number)
            self.pause(max(number / self.wave.a_second - (self.seconds() - began), 0))

    def _next_group(self, waiting: Iterator[Candidate], left: Mapping[Channel, int]) -> Sequence[Candidate]:
        """Take the next candidates whose way has something left today, so that none is asked about in vain."""
        size = min(MOST_MEMBERS, self.wave.a_second)
        if self.wave.at_most is not None:
            size = min(size, self.wave.at_most - sum(self.outcomes[outcome] for outcome in _SENT))
        open_ones = (one for one in waiting if one.channel and left[one.channel])
        return list(islice(open_ones, size)) if size > 0 and any(left.values()) else []

    def _ask(self, group: Iterable[Candidate]) -> InviteAnswer:
        members = tuple(
            SeenMember(identifier=one.identifier, credential_version=one.credential_version) for one in group
        )
        request = InviteRequest(members=members, channel=self.wave.channel, again=self.wave.again)
        answer = self.stack.call("MailingsFunction", request.model_dump(mode="json"))
        return InviteAnswer.model_validate(answer)
