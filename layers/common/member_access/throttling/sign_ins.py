"""The sign-ins of a member: known browsers and sessions, as ``SIGN_INS#<identifier>``.

What a credential has earned ends with the credential: the item belongs to one version of it, so a new PIN forgets
every browser but the one that set it. The item also counts the wrong guesses of all known browsers together, because
an attacker who had the PIN once has as many browsers as they like.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from member_access.platform.uniform_reads import ItemTemplate
from member_access.throttling.counters import KEPT_SECONDS, attempts_from_item, attempts_to_attributes, replace_item
from member_access.throttling.policy import SECONDS_PER_DAY, Attempts

if TYPE_CHECKING:
    from member_access.platform.aws import Item, Write
    from member_access.values.types import Identifier, Instant

MOST_BROWSERS = 10
"""Known browsers of a member; one more, and the oldest is forgotten."""

MOST_SESSIONS = 10
"""Sessions of a member; one more, and the oldest ends."""

_DIGEST_BYTES = 32


@dataclass(frozen=True)
class SignIns:
    """What the present credential of a member has earned.

    Attributes:
        attempts: the counter over all known browsers; it names the credential version.
        browsers: the digests of the known browsers, the oldest first.
        sessions: those of the ids of sessions, ended ones included, the oldest first.
    """

    attempts: Attempts = field(default_factory=Attempts)
    browsers: tuple[bytes, ...] = ()
    sessions: tuple[bytes, ...] = ()

    def at(self, credential_version: int) -> SignIns:
        """Return the sign-ins of this version: none, if these belong to another."""
        none = SignIns(Attempts(credential_version=credential_version, revision=self.attempts.revision))
        return self if self.attempts.credential_version == credential_version else none

    def with_browser(self, browser: bytes) -> SignIns:
        """Make a browser known; forget the oldest of too many."""
        others = tuple(one for one in self.browsers if one != browser)
        return replace(self, browsers=(*others, browser)[-MOST_BROWSERS:])

    def with_session(self, session: bytes) -> tuple[SignIns, tuple[bytes, ...]]:
        """Add a session; return also those that end, because they are too many."""
        sessions = (*self.sessions, session)
        return replace(self, sessions=sessions[-MOST_SESSIONS:]), sessions[:-MOST_SESSIONS]

    def with_success(self, counted_at: Instant) -> SignIns:
        """End the consecutive failures, and uncount the right guess of a known browser that was counted then."""
        day, days = counted_at // SECONDS_PER_DAY, self.attempts.failures_by_day
        uncounted = {**days, day: days.get(day, 1) - 1}
        return replace(self, attempts=replace(self.attempts, failures=0, failures_by_day=uncounted))


SIGN_INS: Final = ItemTemplate(
    {
        "pk": {"S": "SIGN_INS#A1234567"},
        "browsers": {"B": bytes(5 * _DIGEST_BYTES)},
        "sessions": {"B": bytes(5 * _DIGEST_BYTES)},
        "expires_at": {"N": "1700000000"},
        **attempts_to_attributes(Attempts(revision=1)),
    }
)
"""The attributes that ``sign_ins_from_item`` reads."""


def sign_ins_key(identifier: Identifier) -> str:
    """Return the partition key of the sign-ins of an identifier. Only a member's are ever written."""
    return f"SIGN_INS#{identifier}"


def sign_ins_from_item(item: Item | None, credential_version: int) -> SignIns:
    """Read the sign-ins of this credential version, in equal time with and without an item."""
    complete = item or SIGN_INS.item
    read = SignIns(attempts_from_item(complete), *(_digests(complete[name]["B"]) for name in ("browsers", "sessions")))
    return (read if item else SignIns()).at(credential_version)


def put_sign_ins(table: str, key: str, seen_revision: int, new: SignIns, now: Instant) -> Write:
    """Put sign-ins, if the item is still at the revision that was seen; the stored item comes back with a refusal."""
    attempts = replace(new.attempts, revision=seen_revision + 1)
    return replace_item(table, key, seen_revision, _lists(new, now) | attempts_to_attributes(attempts))


def restart_sign_ins(table: str, key: str, new: SignIns, now: Instant) -> Write:
    """Put the sign-ins of a new credential in place of those of any other."""
    attributes = _lists(new, now) | attempts_to_attributes(new.attempts)
    del attributes["revision"]
    return {
        "Update": {
            "TableName": table,
            "Key": {"pk": {"S": key}},
            "UpdateExpression": "SET revision = if_not_exists(revision, :none) + :one, "
            + ", ".join(f"{name} = :{name}" for name in attributes),
            "ExpressionAttributeValues": {
                ":none": {"N": "0"},
                ":one": {"N": "1"},
                **{f":{name}": value for name, value in attributes.items()},
            },
        }
    }


def _lists(sign_ins: SignIns, now: Instant) -> Item:
    return {
        "browsers": {"B": b"".join(sign_ins.browsers)},
        "sessions": {"B": b"".join(sign_ins.sessions)},
        "expires_at": {"N": str(now + KEPT_SECONDS)},
    }


def _digests(joined: bytes) -> tuple[bytes, ...]:
    return tuple(joined[start : start + _DIGEST_BYTES] for start in range(0, len(joined), _DIGEST_BYTES))
