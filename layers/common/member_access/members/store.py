"""The data of members that the flows need, in the Members table."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Final, NamedTuple

from member_access.members.keyed_hashes import IbanHash, OwnDataHashes
from member_access.pins.pin_hash import PinHash
from member_access.platform.aws import ConditionFailed, Item, batch_get, translate_errors
from member_access.platform.uniform_reads import ItemTemplate
from member_access.values.email_address import EmailAddress, EmailState
from member_access.values.types import Identifier
from member_access.wording.texts import Language

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.members.keyed_hashes import IdentityHash
    from member_access.platform.aws import Write
    from member_access.values.types import Instant


class Credential(NamedTuple):
    """A member's PIN hash and its version.

    Attributes:
        pin_hash: None for a member who has not set a PIN yet.
        version: grows with every new PIN, and when the member disables it; sessions, reset tokens and failures belong
            to a version.
        is_disabled: whether the member has disabled the PIN; then the hash only keeps the same PIN from coming back.
    """

    pin_hash: PinHash | None
    version: int
    is_disabled: bool = False

    @property
    def working_hash(self) -> PinHash | None:
        """The hash that a PIN has to fit; None for a member without a PIN, or with a disabled one."""
        return None if self.is_disabled else self.pin_hash

    def next_version(self, now: Instant) -> int:
        """Return the version of a PIN that is set or disabled now: the time, so a restored backup brings none back."""
        return max(self.version + 1, now)


UNKNOWN_MEMBER = Identifier("-")
"""Stands for an unknown identifier in reads and writes; no identifier has this form."""

NO_CREDENTIAL = Credential(pin_hash=None, version=0)
"""The credential of an unknown identifier."""

COMPLAINT_SECONDS: Final = 90 * 86_400
"""How long an address gets no e-mail after a complaint: one click may be a mistake. A bounce lasts until the insurer
has another address, or an operator clears it."""


ADDRESS_RETURNED: Final = "returned"
"""The state of a postal address from which a letter came back. No paper goes there until an import changes it."""


class LetterOutcome(StrEnum):
    """The outcome of the latest letter to a member; each outranks those before it (see ``job``)."""

    REJECTED = "rejected"
    POSTED = "posted"
    UNDELIVERED = "undelivered"

    @property
    def outranked(self) -> tuple[LetterOutcome, ...]:
        """The outcomes that this one outranks."""
        outcomes = tuple(LetterOutcome)
        return outcomes[: outcomes.index(self)]


class Member(NamedTuple):
    """A member, with the data that the flows need.

    Attributes:
        credential: the PIN's hash and version.
        email: the address; None if it is unknown, mail to it has come back, or its owner has lately called one spam.
        postcode: as imported.
        language: of e-mails and letters to the member.
    """

    identifier: Identifier
    credential: Credential
    email: EmailAddress | None
    postcode: str
    language: Language


MEMBER: Final = ItemTemplate(
    {
        "pk": {"S": "MEMBER#A1234567"},
        "identifier": {"S": "A1234567"},
        "credential_version": {"N": "1"},
        "pin_hash": {
            "S": "arn:aws:kms:eu-west-3:123456789012:key/01234567-89ab-cdef-0123-456789abcdef"
            "$argon2id$v=19$m=19456,t=2,p=1$bm9ib2R5J3Mgb3duIHBpbg$0l6TQ9U0m1mVd3s0bq5o7N0cXwz3m8p2hS4kB6yR1eA"
        },
        "email": {"S": "no.one.at.all@example.org"},
        "email_state": {"S": "bounced"},
        "email_state_at": {"N": "1795421100"},
        "pin_disabled_at": {"N": "1795421100"},
        "postcode": {"S": "75011"},
        "language": {"S": "fr"},
    }
)
"""The attributes that ``member_from_item`` reads."""

POINTER: Final = ItemTemplate({"pk": {"S": f"IDENTITY#{'0' * 64}"}, "identifier": {"S": "A1234567"}})
"""The attributes that ``member_from_pointer`` reads."""

IBAN: Final = ItemTemplate({"pk": {"S": "MEMBER#A1234567"}, "iban_hash": {"S": "0" * 64}})
"""The attributes that ``iban_hash_from_item`` reads."""


def address_is_returned(item: Item) -> bool:
    """Return whether a letter to the address in a member's item came back."""
    return "address_state" in item


def member_key(identifier: Identifier) -> str:
    """Return the partition key of a member."""
    return f"MEMBER#{identifier}"


def identity_key(identity: IdentityHash) -> str:
    """Return the partition key of the pointer from an identity to its member."""
    return f"IDENTITY#{identity}"


def member_from_pointer(item: Item | None) -> Identifier | None:
    """Return the member that a pointer names, or None, in equal time."""
    identifier = Identifier((item or POINTER.item)["identifier"]["S"])
    return identifier if item else None


def iban_hash_from_item(item: Item | None) -> IbanHash | None:
    """Return the keyed hash of a member's IBAN end, or None."""
    return IbanHash(item["iban_hash"]["S"]) if item and "iban_hash" in item else None


def credential_of(member: Member | None) -> Credential:
    """Return a member's credential; ``NO_CREDENTIAL`` for an unknown identifier."""
    return member.credential if member else NO_CREDENTIAL


def own_data_hashes_from_item(item: Item | None) -> OwnDataHashes:
    """Return the keyed hashes of a member's own data; empty for a member imported before there were any."""
    return OwnDataHashes(item["own_data_hashes"]["S"] if item and "own_data_hashes" in item else "")


def member_from_item(item: Item | None, now: Instant) -> Member | None:
    """Return the member in an item as they are now, or None if there is no item, in equal time."""
    member = _member(item or MEMBER.item, now)
    return member if item else None


def _member(item: Item, now: Instant) -> Member:
    # Parsed in the same way with or without a PIN and an e-mail address.
    complete = {**MEMBER.item, **item}
    pin_hash, email = PinHash.parse(complete["pin_hash"]["S"]), EmailAddress(complete["email"]["S"])
    marked_at, is_complaint = (
        int(complete["email_state_at"]["N"]),
        complete["email_state"]["S"] == EmailState.COMPLAINED,
    )
    is_forgiven = is_complaint and "email_state_at" in item and now - marked_at >= COMPLAINT_SECONDS
    return Member(
        identifier=Identifier(item["identifier"]["S"]),
        credential=Credential(
            pin_hash=pin_hash if "pin_hash" in item else None,
            version=int(item["credential_version"]["N"]),
            is_disabled="pin_disabled_at" in item,
        ),
        email=email if "email" in item and ("email_state" not in item or is_forgiven) else None,
        postcode=item["postcode"]["S"] if "postcode" in item else "",
        language=Language(complete["language"]["S"]),
    )


class Members:
    """Conditional writes to the Members table."""

    def __init__(self, dynamodb: DynamoDBClient, table: str) -> None:
        self._dynamodb = dynamodb
        self.table = table

    def credential_version(self, identifier: Identifier) -> int | None:
        """Read the version of a member's credential, strongly consistent; None if there is no such member.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        key = member_key(identifier)
        found = batch_get(self._dynamodb, {self.table: [key]}, {self.table: ("pk", "credential_version")})
        item = found.get((self.table, key))
        return int(item["credential_version"]["N"]) if item else None

    def upgrade_pin_hash(self, identifier: Identifier, old: PinHash, new: PinHash) -> None:
        """Replace the hash of a PIN with a newer kind, unless the PIN has changed.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        try:
            with translate_errors():
                self._dynamodb.update_item(
                    TableName=self.table,
                    Key={"pk": {"S": member_key(identifier)}},
                    UpdateExpression="SET pin_hash = :new",
                    ConditionExpression="pin_hash = :old",
                    ExpressionAttributeValues={":new": {"S": new.encode()}, ":old": {"S": old.encode()}},
                )
        except ConditionFailed:
            return

    def mark_email(self, identifier: Identifier, address: EmailAddress, state: EmailState, now: Instant) -> bool:
        """Mark an address as unusable if it is still the member's.

        Returns:
            Whether it was the member's, and not marked before; a complaint that no longer counts is marked again.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        try:
            with translate_errors():
                self._dynamodb.update_item(
                    TableName=self.table,
                    Key={"pk": {"S": member_key(identifier)}},
                    UpdateExpression="SET email_state = :state, email_state_at = :now",
                    ConditionExpression=(
                        "email = :address AND (attribute_not_exists(email_state) "
                        "OR email_state = :complained AND email_state_at <= :forgiven)"
                    ),
                    ExpressionAttributeValues={
                        ":state": {"S": state},
                        ":now": {"N": str(now)},
                        ":address": {"S": address.reveal()},
                        ":complained": {"S": EmailState.COMPLAINED},
                        ":forgiven": {"N": str(now - COMPLAINT_SECONDS)},
                    },
                )
        except ConditionFailed:
            return False
        return True

    def record_letter(
        self, identifier: Identifier, outcome: LetterOutcome, *, requested_at: Instant, now: Instant
    ) -> None:
        """Record the outcome of a letter, unless a later letter or an outcome that outranks it is recorded already.

        Args:
            identifier: the receiver; nothing is recorded for a deleted member.
            outcome: the outcome.
            requested_at: when the letter was requested; it distinguishes letters.
            now: when the outcome became known.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        lower = {f":lower{number}": {"S": state} for number, state in enumerate(outcome.outranked)}
        same_letter = f" OR letter_requested_at = :requested_at AND letter_state IN ({', '.join(lower)})"
        try:
            with translate_errors():
                self._dynamodb.update_item(
                    TableName=self.table,
                    Key={"pk": {"S": member_key(identifier)}},
                    UpdateExpression=(
                        "SET letter_state = :state, letter_state_at = :now, letter_requested_at = :requested_at"
                    ),
                    ConditionExpression=(
                        "attribute_exists(pk) AND (attribute_not_exists(letter_requested_at) "
                        f"OR letter_requested_at < :requested_at{same_letter if lower else ''})"
                    ),
                    ExpressionAttributeValues={
                        ":state": {"S": outcome},
                        ":now": {"N": str(now)},
                        ":requested_at": {"N": str(requested_at)},
                        **lower,
                    },
                )
        except ConditionFailed:
            return

    def mark_address_returned(self, identifier: Identifier, now: Instant) -> bool:
        """Mark a member's postal address as wrong, until the insurer has another one; return whether it was not yet.

        Raises:
            Unavailable: DynamoDB did not answer.
        """
        try:
            with translate_errors():
                self._dynamodb.update_item(
                    TableName=self.table,
                    Key={"pk": {"S": member_key(identifier)}},
                    UpdateExpression="SET address_state = :returned, address_state_at = :now",
                    ConditionExpression="attribute_exists(pk) AND attribute_not_exists(address_state)",
                    ExpressionAttributeValues={":returned": {"S": ADDRESS_RETURNED}, ":now": {"N": str(now)}},
                )
        except ConditionFailed:
            return False
        return True

    def check_credential(self, identifier: Identifier, version: int) -> Write:
        """Check that the PIN is still the same."""
        return {
            "ConditionCheck": {
                "TableName": self.table,
                "Key": {"pk": {"S": member_key(identifier)}},
                "ConditionExpression": "credential_version = :version",
                "ExpressionAttributeValues": {":version": {"N": str(version)}},
            }
        }

    def put_new_pin(self, identifier: Identifier, seen: Credential, pin_hash: PinHash, now: Instant) -> Write:
        """Put a PIN, unless another was set since ``seen``."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": member_key(identifier)}},
                "UpdateExpression": "SET pin_hash = :hash, credential_version = :next REMOVE pin_disabled_at",
                "ConditionExpression": "credential_version = :seen",
                "ExpressionAttributeValues": {
                    ":hash": {"S": pin_hash.encode()},
                    ":next": {"N": str(seen.next_version(now))},
                    ":seen": {"N": str(seen.version)},
                },
            }
        }

    def disable_pin(self, identifier: Identifier, seen: Credential, now: Instant) -> Write:
        """Disable the PIN until another is set, unless another was set since ``seen``."""
        return {
            "Update": {
                "TableName": self.table,
                "Key": {"pk": {"S": member_key(identifier)}},
                "UpdateExpression": "SET pin_disabled_at = :now, credential_version = :next",
                "ConditionExpression": "credential_version = :seen",
                "ExpressionAttributeValues": {
                    ":now": {"N": str(now)},
                    ":next": {"N": str(seen.next_version(now))},
                    ":seen": {"N": str(seen.version)},
                },
            }
        }
