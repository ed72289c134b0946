"""The state of one member, without a secret: read from both tables, judged by the policies of the functions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from identifier.find_identifier import masked
from member_access.outbox.letter_job_item import letter_key
from member_access.pins.pin_hash import PinHash
from member_access.platform.aws import Item, batch_get
from member_access.recovery.codes import Channel, RequestId
from member_access.recovery.policy import TooSoon
from member_access.recovery.store import reset_from_item
from member_access.sessions.item import sign_ins_from_item
from member_access.sessions.sign_ins import known_until
from member_access.throttling.counters import attempts_from_item
from member_access.throttling.policy import Claimed, Disabled, Wait, for_credential
from member_access.values.email_address import EmailAddress
from member_access.values.types import Instant
from ops.desk import NoSuchMember
from ops.member_keys import find_keys

if TYPE_CHECKING:
    from member_access.recovery.policy import KnownBrowserId, Reset
    from member_access.sessions.sign_ins import SignIns
    from member_access.throttling.policy import Attempts, Policy
    from member_access.values.types import Identifier
    from ops.desk import Desk
    from ops.member_keys import MemberKeys
    from ops.member_limits import MemberLimits

OF_MEMBER = (
    *("pk", "credential_version", "pin_hash", "pin_disabled_at", "language", "town"),
    *("email", "email_state", "email_state_at"),
    *("letter_state", "letter_state_at", "letter_requested_at"),
    *("address_state", "address_state_at", "invited_at", "invited_by"),
)
"""The attributes of a member that are read to show their state."""

OF_ACCESS = (
    *("pk", "expires_at", "failures", "failures_by_day", "last_attempt_at", "credential_version", "revision"),
    *("identifier", "strangers", "together", "browsers", "sessions"),
    *("letter", "letters", "email_requests", "requested_at", "changed_at", "letter_state", "provider"),
    "requests",
)
"""The attributes that are read of the items of a member in the Access table: no token, no hash of one."""


@dataclass(frozen=True)
class Limited:
    """A counter of guesses.

    Attributes:
        seen: as read.
        failures: consecutive ones.
        in_a_year: failures within the last year.
        verdict: what forbids one more guess now; None if nothing does.
    """

    seen: Attempts
    failures: int
    in_a_year: int
    verdict: Wait | Disabled | None

    @classmethod
    def of(cls, seen: Attempts, policy: Policy, credential_version: int, now: Instant) -> Self:
        """Judge a counter as the functions do."""
        current = for_credential(seen, credential_version, now)
        verdict = policy.decide(seen, credential_version, now)
        in_a_year = sum(current.failures_by_day.values())
        return cls(seen, current.failures, in_a_year, None if isinstance(verdict, Claimed) else verdict)


@dataclass(frozen=True)
class Session:
    """A session that goes on."""

    started_at: Instant
    refreshed_at: Instant
    ends_at: Instant


@dataclass(frozen=True)
class Browser:
    """A known browser, with its own counter.

    Attributes:
        digest: stands for it, in hexadecimal.
    """

    digest: str
    known_until: Instant
    limited: Limited


@dataclass(frozen=True)
class Letter:
    """The latest letter, as far as its job tells; its code is open.

    Attributes:
        state: of its job; None if the code went by e-mail, in an invitation.
    """

    requested_at: Instant
    code_expires_at: Instant
    state: str | None
    state_at: Instant
    provider: str | None


@dataclass(frozen=True)
class MemberState:
    """The state of a member at one moment.

    Attributes:
        stored_sign_ins: as the table has them, without the secrets of sessions.
        sign_ins: those of the present credential.
        pin_made_with: the key and the cost of the PIN hash; None without a PIN.
        pin_disabled_at: when the member disabled the PIN; None if it is not disabled so.
        strangers: guesses at the PIN in browsers that are not known.
        together: guesses at the PIN in all known browsers.
        codes_wait: the seconds until a stranger may ask for another code, by channel; 0 for now.
        known_codes_wait: those until all known browsers may ask for another code by e-mail; 0 for now.
        latest_letter: the outcome of the latest letter that has one, and since when.
        address_returned_at: since when letters to the postal address come back; None if they do not.
        invited: when the latest invitation was sent, and by which channel; None without one.
    """

    keys: MemberKeys
    now: Instant
    credential_version: int
    stored_sign_ins: SignIns
    sign_ins: SignIns
    pin_made_with: tuple[str, str] | None
    pin_disabled_at: Instant | None
    language: str
    town: str
    masked_email: str | None
    email_state: tuple[str, Instant | None] | None
    strangers: Limited
    together: Limited
    iban: Limited
    browsers: tuple[Browser, ...]
    sessions: tuple[Session, ...]
    reset: Reset
    codes_wait: dict[Channel, int]
    known_codes_wait: int
    open_letter: Letter | None
    latest_letter: tuple[str, Instant] | None
    address_returned_at: Instant | None
    invited: tuple[Instant, str] | None

    @property
    def gets_email(self) -> bool:
        """Whether an e-mail address is known that works."""
        return self.masked_email is not None and self.email_state is None

    @property
    def pin_counters(self) -> tuple[Limited, ...]:
        """All counters of guesses at the PIN."""
        return self.strangers, self.together, *(browser.limited for browser in self.browsers)


def read_state(desk: Desk, identifier: Identifier, limits: MemberLimits) -> MemberState:
    """Read the state of a member: three reads, none of which grows with the number of members.

    Raises:
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    keys, now = find_keys(desk.stack, identifier), desk.clock()
    member = _one(desk, desk.table, keys.member, OF_MEMBER)
    if member is None:
        raise NoSuchMember(identifier)
    version = int(member["credential_version"]["N"])
    of_keys = read_items(desk, [keys.sign_ins, keys.iban_counter, keys.reset])
    stored = sign_ins_from_item(of_keys.get(keys.sign_ins))
    sign_ins = stored.at(version)
    reset = reset_from_item(of_keys.get(keys.reset))
    listed = read_items(desk, [letter_key(reset.letter.request_id)] if reset.letter else [])
    made_with = PinHash.parse(member["pin_hash"]["S"]) if "pin_hash" in member else None

    return MemberState(
        keys=keys,
        now=now,
        credential_version=version,
        stored_sign_ins=stored,
        sign_ins=sign_ins,
        pin_made_with=(made_with.key_arn, made_with.argon2.split("$")[3]) if made_with else None,
        pin_disabled_at=_instant(member, "pin_disabled_at") if "pin_disabled_at" in member else None,
        language=_text(member, "language") or "fr",
        town=_text(member, "town"),
        masked_email=masked(EmailAddress(_text(member, "email"))) if "email" in member else None,
        email_state=(_text(member, "email_state"), _instant(member, "email_state_at"))
        if "email_state" in member
        else None,
        strangers=Limited.of(sign_ins.strangers, limits.pin, version, now),
        together=Limited.of(sign_ins.together, limits.known_browsers, version, now),
        iban=Limited.of(attempts_from_item(of_keys.get(keys.iban_counter)), limits.iban, 0, now),
        browsers=tuple(
            Browser(one.digest.hex(), known_until(one), Limited.of(one.attempts, limits.pin, version, now))
            for one in sign_ins.browsers
            if now < known_until(one)
        ),
        sessions=tuple(
            Session(one.started_at, one.rotated_at, one.ends_at(limits.sessions))
            for one in sign_ins.sessions
            if now < one.ends_at(limits.sessions)
        ),
        reset=reset,
        codes_wait={channel: _codes_wait(reset, channel, limits, now) for channel in Channel},
        known_codes_wait=max(
            (
                _codes_wait(reset, Channel.EMAIL, limits, now, asker)
                for asker in {one.asker for one in reset.emails} - {None}
            ),
            default=0,
        ),
        open_letter=_open_letter(reset, listed, now),
        latest_letter=(_text(member, "letter_state"), Instant(int(member["letter_state_at"]["N"])))
        if "letter_state" in member
        else None,
        address_returned_at=_instant(member, "address_state_at"),
        invited=(Instant(int(member["invited_at"]["N"])), _text(member, "invited_by"))
        if "invited_at" in member
        else None,
    )


def read_sign_ins(desk: Desk, keys: MemberKeys) -> SignIns:
    """Return the sign-ins of a member's present credential, without the secrets of sessions.

    Raises:
        NoSuchMember: no member has the identifier.
        NotAllowed: the operator lacks a right.
        Unavailable: AWS did not respond.
    """
    member = _one(desk, desk.table, keys.member, ("pk", "credential_version"))
    if member is None:
        raise NoSuchMember(keys.identifier)
    version = int(member["credential_version"]["N"])
    return sign_ins_from_item(_one(desk, desk.access_table, keys.sign_ins, OF_ACCESS)).at(version)


def _one(desk: Desk, table: str, key: str, names: tuple[str, ...]) -> Item | None:
    return batch_get(desk.stack.dynamodb(), {table: [key]}, {table: names}).get((table, key))


def read_items(desk: Desk, keys: list[str]) -> dict[str, Item]:
    """Read items of the Access table by their keys, without their secrets."""
    if not keys:
        return {}
    table = desk.access_table
    found = batch_get(desk.stack.dynamodb(), {table: keys}, {table: OF_ACCESS})
    return {key: item for (_, key), item in found.items()}


def _codes_wait(
    reset: Reset, channel: Channel, limits: MemberLimits, now: Instant, asker: KnownBrowserId | None = None
) -> int:
    verdict = limits.codes.request(reset, channel, RequestId(""), now, asker)
    return verdict.seconds if isinstance(verdict, TooSoon) else 0


def _open_letter(reset: Reset, listed: dict[str, Item], now: Instant) -> Letter | None:
    code = reset.letter
    if code is None or code.expires_at <= now:
        return None
    job = listed.get(letter_key(code.request_id), {})
    is_letter = code.requested_at in reset.letters
    state = (_text(job, "letter_state") or "unknown") if is_letter else None
    at = _instant(job, "changed_at") or code.requested_at
    return Letter(code.requested_at, code.expires_at, state, at, _text(job, "provider") or None)


def _text(item: Item, name: str) -> str:
    return item[name]["S"] if name in item else ""


def _instant(item: Item, name: str) -> Instant | None:
    return Instant(int(item[name]["N"])) if name in item else None
