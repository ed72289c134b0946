"""Requested codes in the Access table, as ``RESET#<pseudonym of the identifier>``.

Unknown identifiers get the same item. It does not hold the identifier, because people type anything in its place.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.recovery.codes import Channel, RequestId
from member_access.recovery.policy import IssuedCode, Reset, are_void, continued
from member_access.throttling.counters import attempts_from_item, counter_key
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.aws import Item, Write
    from member_access.throttling.policy import Policy

# Longer than the longest window of the policy.
_KEPT_SECONDS = 32 * 86_400


def reset_key(subject: Pseudonym) -> str:
    """Return the partition key of an identifier's codes."""
    return f"RESET#{subject}"


def reset_from_item(item: Item | None) -> Reset:
    """Return the reset in an item, or an empty one if there is no item."""
    if not item:
        return Reset()
    return Reset(
        email=_code(item.get(Channel.EMAIL)),
        letter=_code(item.get(Channel.LETTER)),
        emails=_instants(item, "emails"),
        letters=_instants(item, "letters"),
        generation=int(item["generation"]["N"]),
        revision=int(item["revision"]["N"]),
    )


def working_code_keys(subject: Pseudonym) -> list[str]:
    """Return the partition keys to read for ``working_codes``."""
    return [reset_key(subject), counter_key("code", subject)]


def working_codes(
    found: dict[tuple[str, str], Item], table: str, subject: Pseudonym, policy: Policy, now: Instant
) -> Mapping[Channel, IssuedCode]:
    """Return the codes that neither use nor wrong guesses have voided, including expired ones."""
    codes, counter = (found.get((table, key)) for key in working_code_keys(subject))
    guesses = attempts_from_item(counter)
    reset = continued(reset_from_item(codes), guesses)
    return {} if are_void(reset, guesses, policy, now) else reset.open_codes


def put_reset(table: str, key: str, seen: Reset, new: Reset, now: Instant) -> Write:
    """Put a reset, unless its revision is no longer that of ``seen``."""
    item: Item = {
        "pk": {"S": key},
        "emails": {"L": [{"N": str(moment)} for moment in new.emails]},
        "letters": {"L": [{"N": str(moment)} for moment in new.letters]},
        "generation": {"N": str(new.generation)},
        "revision": {"N": str(new.revision)},
        "expires_at": {"N": str(now + _KEPT_SECONDS)},
    }
    for channel, code in new.open_codes.items():
        item[channel] = {
            "M": {
                "request_id": {"S": code.request_id},
                "requested_at": {"N": str(code.requested_at)},
                "expires_at": {"N": str(code.expires_at)},
            }
        }
    return {
        "Put": {
            "TableName": table,
            "Item": item,
            "ConditionExpression": "attribute_not_exists(pk) OR revision = :seen",
            "ExpressionAttributeValues": {":seen": {"N": str(seen.revision)}},
        }
    }


def mark_code_used(table: str, key: str, channel: Channel, code: IssuedCode) -> Write:
    """Remove a used code; of two concurrent correct guesses, only one succeeds."""
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET revision = revision + :one REMOVE #channel",
            "ConditionExpression": "#channel.request_id = :request_id",
            "ExpressionAttributeNames": {"#channel": channel},
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":request_id": {"S": code.request_id}},
        }
    }


def void_codes(table: str, key: str, now: Instant) -> Write:
    """Void all open codes of a member, if there are any."""
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": (
                "SET revision = if_not_exists(revision, :none) + :one, "
                "generation = if_not_exists(generation, :none), "
                "emails = if_not_exists(emails, :nothing), letters = if_not_exists(letters, :nothing), "
                "expires_at = if_not_exists(expires_at, :expires_at) "
                "REMOVE #email, #letter"
            ),
            "ExpressionAttributeNames": {"#email": Channel.EMAIL, "#letter": Channel.LETTER},
            "ExpressionAttributeValues": {
                ":none": {"N": "0"},
                ":one": {"N": "1"},
                ":nothing": {"L": []},
                ":expires_at": {"N": str(now + _KEPT_SECONDS)},
            },
        }
    }


def _code(attribute: object) -> IssuedCode | None:
    match attribute:
        case {"M": {"request_id": {"S": request_id}, "requested_at": {"N": requested}, "expires_at": {"N": expires}}}:
            return IssuedCode(RequestId(request_id), Instant(int(requested)), Instant(int(expires)))
        case _:
            return None


def _instants(item: Item, name: str) -> tuple[Instant, ...]:
    return tuple(Instant(int(moment["N"])) for moment in item[name]["L"])
