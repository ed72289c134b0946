"""Where the tables keep what belongs to one member: the keys that follow from the identifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emails.limits import reminders_key
from member_access.members.pseudonyms import Pseudonym
from member_access.members.store import member_key
from member_access.recovery.store import reset_key
from member_access.sessions.item import sign_ins_key
from member_access.throttling.counters import counter_key
from member_access.throttling.policy import SECONDS_PER_DAY
from member_access.values.types import Instant
from ops.desk import NoSuchMember

if TYPE_CHECKING:
    from member_access.values.types import Identifier
    from ops.stack import Stack
    from pseudonyms.handler import MemberPseudonyms

_REMINDER_DAYS = 3
"""An item of reminders is kept for two days."""


@dataclass(frozen=True)
class MemberKeys:
    """The partition keys of a member's items.

    Attributes:
        pseudonyms: as the stack's function tells them.
    """

    identifier: Identifier
    pseudonyms: MemberPseudonyms

    @property
    def member(self) -> str:
        """The member, in the Members table."""
        return member_key(self.identifier)

    @property
    def tombstone(self) -> str:
        """What is left of a removed member, in the Members table."""
        return self.pseudonyms["tombstone"]

    @property
    def sign_ins(self) -> str:
        """The guesses at the PIN, the known browsers and the sessions."""
        return sign_ins_key(Pseudonym(self.pseudonyms["subject"]))

    @property
    def former(self) -> list[str]:
        """Where releases up to 1.0 kept guesses at the PIN, and the list of browsers and sessions; for a year."""
        return [f"ATTEMPTS#pin#{self.pseudonyms['subject']}", f"SIGN_INS#{self.identifier}"]

    @property
    def iban_counter(self) -> str:
        """The counter of guesses at the end of the IBAN."""
        return counter_key("iban", Pseudonym(self.pseudonyms["iban"]))

    @property
    def reset(self) -> str:
        """The requests for codes, with the open code by letter."""
        return reset_key(Pseudonym(self.pseudonyms["subject"]))

    def reminders(self, now: Instant) -> list[str]:
        """The reminders of the last days."""
        searched = Pseudonym(self.pseudonyms["searched"])
        return [reminders_key(searched, Instant(now - day * SECONDS_PER_DAY)) for day in range(_REMINDER_DAYS)]


def own_searches_key(browser_pseudonym: str) -> str:
    """Return the partition key of the counter of searches for an identifier in one known browser."""
    return counter_key("identity", Pseudonym(browser_pseudonym))


def find_keys(stack: Stack, identifier: Identifier) -> MemberKeys:
    """Return the keys of a member, or of a removed one.

    Raises:
        NoSuchMember: neither has the identifier.
        NotAllowed: the operator may not ask for pseudonyms.
        StackNotFound: the stack was deployed from another template.
        Unavailable: AWS did not respond.
    """
    found = stack.pseudonyms([identifier])["members"].get(identifier)
    if found is None:
        raise NoSuchMember(identifier)
    return MemberKeys(identifier, found)
