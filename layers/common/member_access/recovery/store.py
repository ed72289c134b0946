"""The requests for codes of one identifier in the Access table, as ``RESET#<pseudonym of the identifier>``.

Unknown identifiers get the same item. It does not hold the identifier, because people type anything in its place.
Requests for codes of a second step stand apart, as ``CONFIRM#<pseudonym of the identifier>`` (``second_steps``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from member_access.recovery.codes import Purpose, RequestId
from member_access.recovery.policy import EmailAsked, IssuedCode, KnownBrowserId, Reset
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.aws import Item, Write

# Longer than the longest window of the policy.
_KEPT_SECONDS = 32 * 86_400
_PREFIXES: Final = {Purpose.RESET: "RESET#", Purpose.CONFIRM: "CONFIRM#"}


def reset_key(subject: Pseudonym, purpose: Purpose = Purpose.RESET) -> str:
    """Return the partition key of an identifier's requests for codes of one purpose."""
    return f"{_PREFIXES[purpose]}{subject}"


def reset_from_item(item: Item | None) -> Reset:
    """Return the reset in an item, or an empty one if there is no item."""
    if not item:
        return Reset()
    return Reset(
        letter=_code(item.get("letter")),
        emails=tuple(
            EmailAsked(Instant(int(one["M"]["at"]["N"])), _asker(one["M"])) for one in _list(item, "email_requests")
        ),
        letters=tuple(Instant(int(one["N"])) for one in _list(item, "letters")),
        revision=int(item["revision"]["N"]),
    )


def put_reset(table: str, key: str, seen: Reset, new: Reset, now: Instant) -> Write:
    """Put a reset, unless its revision is no longer that of ``seen``."""
    item: Item = {
        "pk": {"S": key},
        "email_requests": {"L": [{"M": _email_request(one)} for one in new.emails]},
        "letters": {"L": [{"N": str(moment)} for moment in new.letters]},
        "revision": {"N": str(new.revision)},
        "expires_at": {"N": str(now + _KEPT_SECONDS)},
    }
    if new.letter:
        item["letter"] = {
            "M": {
                "request_id": {"S": new.letter.request_id},
                "requested_at": {"N": str(new.letter.requested_at)},
                "expires_at": {"N": str(new.letter.expires_at)},
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


def mark_letter_used(table: str, key: str, code: IssuedCode) -> Write:
    """Remove the used code of a letter; of two concurrent correct guesses, only one succeeds."""
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET revision = revision + :one REMOVE letter",
            "ConditionExpression": "letter.request_id = :request_id",
            "ExpressionAttributeValues": {":one": {"N": "1"}, ":request_id": {"S": code.request_id}},
        }
    }


def forget_letter(table: str, key: str, seen: Reset, code: IssuedCode) -> Write:
    """Remove the latest letter with its instant, unless the reset has changed: its interval ends."""
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET letters = :letters, revision = revision + :one REMOVE letter",
            "ConditionExpression": "letter.request_id = :request_id AND revision = :seen",
            "ExpressionAttributeValues": {
                ":letters": {"L": [{"N": str(moment)} for moment in seen.letters[:-1]]},
                ":one": {"N": "1"},
                ":request_id": {"S": code.request_id},
                ":seen": {"N": str(seen.revision)},
            },
        }
    }


def void_letter(table: str, key: str, now: Instant) -> Write:
    """Void the code of a letter, if one is open."""
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": (
                "SET revision = if_not_exists(revision, :none) + :one, "
                "expires_at = if_not_exists(expires_at, :expires_at) REMOVE letter"
            ),
            "ExpressionAttributeValues": {
                ":none": {"N": "0"},
                ":one": {"N": "1"},
                ":expires_at": {"N": str(now + _KEPT_SECONDS)},
            },
        }
    }


def _email_request(one: EmailAsked) -> Item:
    asker: Item = {"asker": {"S": one.asker}} if one.asker else {}
    return {"at": {"N": str(one.at)}, **asker}


def _asker(request: Mapping[str, Any]) -> KnownBrowserId | None:
    return KnownBrowserId(request["asker"]["S"]) if "asker" in request else None


def _code(attribute: object) -> IssuedCode | None:
    match attribute:
        case {"M": {"request_id": {"S": request_id}, "requested_at": {"N": requested}, "expires_at": {"N": expires}}}:
            return IssuedCode(RequestId(request_id), Instant(int(requested)), Instant(int(expires)))
        case _:
            return None


def _list(item: Item, name: str) -> Sequence[Any]:
    return item[name]["L"] if name in item else []
