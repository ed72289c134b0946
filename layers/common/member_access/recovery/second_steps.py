"""The second step that a member is asked for: ``CONFIRM#<pseudonym of the identifier>`` in the Access table.

A member has one at most: a new one ends the one before. It is good beside the handle that the browser got when its code
was requested, for a few tries, until the code expires or the member has another PIN. The same item limits the requests,
apart from those of ``/reset``: there strangers may ask in the member's name, here only someone who has the PIN.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.members.personal_tokens import PersonalToken
from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.recovery.codes import Channel, Purpose, RequestId
from member_access.recovery.store import put_reset, reset_key
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.members.store import Member
    from member_access.platform.aws import Item, Write
    from member_access.recovery.policy import Reset


class StepHandle(PersonalToken):
    """The handle of a second step, in a cookie of the browser that is asked for it."""

    __slots__ = ()


@dataclass(frozen=True)
class SecondStep:
    """A second step that is not taken yet.

    Attributes:
        handle: the hash of its handle.
        identifier: the member's.
        credential_version: of the PIN that was right; another PIN ends the step.
        channel: how the code was sent.
        request_id: names the code.
        expires_at: from then on the step is refused.
        session: the digest of the session whose level it raises; empty if it opens one.
        tries: how often a code was tried.
    """

    handle: bytes
    identifier: Identifier
    credential_version: int
    channel: Channel
    request_id: RequestId
    expires_at: Instant
    session: bytes = b""
    tries: int = 0


def step_key(subject: Pseudonym) -> str:
    """Return the partition key of a member's second step."""
    return reset_key(subject, Purpose.CONFIRM)


def step_from_item(item: Item | None) -> SecondStep | None:
    """Return the second step in an item; None if there is none, or if it was taken."""
    if item is None or "handle" not in item:
        return None
    return SecondStep(
        handle=item["handle"]["B"],
        identifier=Identifier(item["identifier"]["S"]),
        credential_version=int(item["credential_version"]["N"]),
        channel=Channel(item["channel"]["S"]),
        request_id=RequestId(item["request_id"]["S"]),
        expires_at=Instant(int(item["not_after"]["N"])),
        session=item["session"]["B"] if "session" in item else b"",
        tries=int(item["tries"]["N"]),
    )


def is_asked(step: SecondStep | None, request_id: RequestId, member: Member | None) -> bool:
    """Return whether a member is still asked for the code of this request; expiry is another question."""
    if step is None or member is None or step.request_id != request_id:
        return False
    return step.credential_version == member.credential.version


def put_step(table: str, key: str, seen: Reset, counted: Reset, step: SecondStep, now: Instant) -> Write:  # noqa: PLR0913, PLR0917 - a place, what was seen, what becomes of it
    """Put a new step in the place of any other, and count its request, unless another request came first."""
    put = put_reset(table, key, seen, counted, now)["Put"]
    of_session: Item = {"session": {"B": step.session}} if step.session else {}
    item: Item = {
        "handle": {"B": step.handle},
        "identifier": {"S": step.identifier},
        "credential_version": {"N": str(step.credential_version)},
        "channel": {"S": step.channel},
        "request_id": {"S": step.request_id},
        "not_after": {"N": str(step.expires_at)},
        "tries": {"N": str(step.tries)},
        **of_session,
    }
    return {"Put": {**put, "Item": {**put["Item"], **item}}}


def replace_step(  # noqa: PLR0913, PLR0917 - as above, and what the step was
    table: str, key: str, seen: Reset, counted: Reset, was: SecondStep, step: SecondStep, now: Instant
) -> Write:
    """Put a step in the place of the one that was read, unless a try at it, or another request, came first."""
    put = put_step(table, key, seen, counted, step, now)["Put"]
    return {
        "Put": {
            **put,
            "ConditionExpression": "revision = :seen AND tries = :tries",
            "ExpressionAttributeValues": {**put["ExpressionAttributeValues"], ":tries": {"N": str(was.tries)}},
        }
    }


def claim_try(  # noqa: PLR0913, PLR0917 - a place, a handle, a limit, a moment
    dynamodb: DynamoDBClient, table: str, key: str, handle: bytes, most: int, now: Instant
) -> SecondStep | None:
    """Count one try at the code of a handle, before it is compared with anything.

    Returns:
        The step with this try in it, or None: it is another one, has no try left, or has expired.

    Raises:
        Unavailable: DynamoDB did not answer; nothing may be compared.
    """
    try:
        with translate_errors():
            answer = dynamodb.update_item(
                TableName=table,
                Key={"pk": {"S": key}},
                UpdateExpression="SET tries = tries + :one",
                ConditionExpression="handle = :handle AND tries < :most AND not_after > :now",
                ExpressionAttributeValues={
                    ":one": {"N": "1"},
                    ":handle": {"B": handle},
                    ":most": {"N": str(most)},
                    ":now": {"N": str(now)},
                },
                ReturnValues="ALL_NEW",
            )
    except ConditionFailed:
        return None
    return step_from_item(answer["Attributes"])


def mark_step_taken(table: str, key: str, step: SecondStep) -> Write:
    """Remove a step that was taken, with the code of its letter; of two concurrent right codes, only one succeeds.

    The code of a letter that came back, or could not be sent, is void.
    """
    expressions = {
        Channel.EMAIL: ("SET revision = revision + :one REMOVE handle", "handle = :handle AND request_id = :code"),
        Channel.LETTER: (
            "SET revision = revision + :one REMOVE handle, letter",
            "handle = :handle AND letter.request_id = :code",
        ),
    }
    update, condition = expressions[step.channel]
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": update,
            "ConditionExpression": condition,
            "ExpressionAttributeValues": {
                ":one": {"N": "1"},
                ":handle": {"B": step.handle},
                ":code": {"S": step.request_id},
            },
        }
    }
