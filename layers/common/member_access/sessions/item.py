"""``SIGN_INS#<pseudonym of the identifier>`` in the Access table: the one item of a member's sign-ins.

An unknown identifier has the same item, with the counter of guesses alone. A write is conditional on the revision of
the whole item, and writes the attributes that differ. A new PIN alone restarts the item at any revision.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from member_access.errors import Unavailable
from member_access.platform.aws import refused
from member_access.platform.uniform_reads import ItemTemplate
from member_access.sessions.records import pack_counter, unpack_counter
from member_access.sessions.sign_ins import THREE_BROWSERS, SignIns
from member_access.throttling.counters import KEPT_SECONDS
from member_access.throttling.policy import Attempts
from member_access.values.types import Identifier, Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.aws import Item, Write

_MAX_CONFLICTS: Final = 20
_FRESH: Final = Attempts()
_SESSIONS: Final = ("sessions", "session_secrets")

SIGN_INS: Final = ItemTemplate(
    {
        "pk": {"S": f"SIGN_INS#{'0' * 32}"},
        "revision": {"N": "1"},
        "credential_version": {"N": "1700000000"},
        "identifier": {"S": "A1234567"},
        "strangers": {"B": pack_counter(_FRESH)},
        "together": {"B": pack_counter(_FRESH)},
        "browsers": {"B": THREE_BROWSERS},
        "sessions": {"B": bytes(78)},
        "session_secrets": {"B": bytes(288)},
        "noticed_at": {"N": "1700000000"},
        "expires_at": {"N": "1700000000"},
    }
)
"""The attributes of the item, with three browsers and three sessions."""


def sign_ins_key(whose: Pseudonym) -> str:
    """Return the partition key of the sign-ins of an identifier."""
    return f"SIGN_INS#{whose}"


def sign_ins_from_item(item: Item | None) -> SignIns:
    """Read sign-ins, in equal time with and without an item, and with any of its attributes."""
    there = item or {}
    complete = {**SIGN_INS.item, **there}
    revision, version = int(complete["revision"]["N"]), int(complete["credential_version"]["N"])
    identifier, noticed_at = Identifier(complete["identifier"]["S"]), Instant(int(complete["noticed_at"]["N"]))
    strangers = unpack_counter(complete["strangers"]["B"], version)
    together = unpack_counter(complete["together"]["B"], version)
    present = version if there else 0
    none = Attempts(credential_version=present)
    return SignIns(
        revision=revision if there else 0,
        credential_version=present,
        identifier=identifier if "identifier" in there else Identifier(),
        strangers=strangers if "strangers" in there else none,
        together=together if "together" in there else none,
        packed_browsers=complete["browsers"]["B"] if "browsers" in there else b"",
        packed_sessions=complete["sessions"]["B"] if "sessions" in there else b"",
        session_secrets=complete["session_secrets"]["B"] if "session_secrets" in there else b"",
        noticed_at=noticed_at if "noticed_at" in there else Instant(0),
    )


def replace_sign_ins(table: str, key: str, seen: SignIns, new: SignIns, now: Instant) -> Write:
    """Write what differs, if the item is still as it was seen; a refusal brings the stored item.

    The condition names the version beside the revision: the attributes of an earlier credential, which ``SignIns.at``
    leaves out, must never be taken for those of a later one.
    """
    was, becomes = _attributes(seen), _attributes(new)
    differs = [name for name in becomes if becomes[name] != was[name]]
    if "sessions" in differs:
        # An operator who ends sessions reads no secret of them.
        differs += [name for name in _SESSIONS if name not in differs]
    values = {"revision": {"N": str(seen.revision + 1)}, **_always(new, now)}
    values |= {name: becomes[name] for name in differs if becomes[name]}
    removed = [name for name in differs if not becomes[name]]
    # One form: the first guess at an identifier must not take less time than one at a member who has signed in.
    values |= {"seen": {"N": str(seen.revision)}, "seen_version": {"N": str(seen.credential_version)}}
    there = "attribute_exists(revision) AND" if seen.revision else "attribute_not_exists(revision) OR"
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET "
            + ", ".join(f"{name} = :{name}" for name in values if not name.startswith("seen"))
            + (f" REMOVE {', '.join(removed)}" if removed else ""),
            "ConditionExpression": f"{there} revision = :seen AND credential_version = :seen_version",
            "ExpressionAttributeValues": {f":{name}": value for name, value in values.items()},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }


def restart_sign_ins(table: str, key: str, new: SignIns, now: Instant) -> Write:
    """Put the sign-ins of a new credential in place of those of any other."""
    attributes = _attributes(new)
    values = _always(new, now) | {name: value for name, value in attributes.items() if value}
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET revision = if_not_exists(revision, :none) + :one, "
            + ", ".join(f"{name} = :{name}" for name in values)
            + f" REMOVE {', '.join(name for name, value in attributes.items() if not value)}",
            "ExpressionAttributeValues": {
                ":none": {"N": "0"},
                ":one": {"N": "1"},
                **{f":{name}": value for name, value in values.items()},
            },
        }
    }


def nothing_more(_seen: SignIns, _new: SignIns) -> Sequence[Write]:
    """Return no more writes for a change of sign-ins."""
    return ()


def change_sign_ins(  # noqa: PLR0913, PLR0917 - a table, a key, what was seen, what to change, what to write beside it
    dynamodb: DynamoDBClient,
    table: str,
    key: str,
    seen: SignIns,
    change: Callable[[SignIns], SignIns | None],
    now: Instant,
    others: Sequence[Write] = (),
    also: Callable[[SignIns, SignIns], Sequence[Write]] = nothing_more,
) -> bool:
    """Change sign-ins; where another write came first, change what that one has left.

    Args:
        dynamodb: the client.
        table: the Access table.
        key: the partition key.
        seen: the sign-ins as read.
        change: returns others, or None where there is nothing to change any more.
        now: the moment.
        others: written in the same transaction.
        also: returns more of them, from the sign-ins as seen and as changed.

    Returns:
        Whether something was written.

    Raises:
        OtherConditionFailed: the condition of one of ``others`` was not met.
        Unavailable: DynamoDB did not answer, or others kept coming first.
    """
    for _ in range(_MAX_CONFLICTS):
        new = change(seen)
        if new is None:
            return False
        stored = refused(dynamodb, [replace_sign_ins(table, key, seen, new, now), *others, *also(seen, new)])
        if stored is None:
            return True
        seen = sign_ins_from_item(stored)
    raise Unavailable("sign-ins: too many conflicts")


def _always(new: SignIns, now: Instant) -> Item:
    return {
        "credential_version": {"N": str(new.credential_version)},
        "expires_at": {"N": str(now + KEPT_SECONDS)},
    }


def _attributes(sign_ins: SignIns) -> Item:
    """Return the attributes that may be missing; an empty value stands for a missing one."""
    packed = {
        "strangers": _packed(sign_ins.strangers),
        "together": _packed(sign_ins.together),
        "browsers": sign_ins.packed_browsers,
        "sessions": sign_ins.packed_sessions,
        "session_secrets": sign_ins.session_secrets,
    }
    plain: Item = {
        "identifier": {"S": sign_ins.identifier} if sign_ins.identifier else {},
        "noticed_at": {"N": str(sign_ins.noticed_at)} if sign_ins.noticed_at else {},
    }
    return plain | {name: {"B": value} if value else {} for name, value in packed.items()}


def _packed(attempts: Attempts) -> bytes:
    return pack_counter(attempts) if attempts.last_attempt_at else b""
