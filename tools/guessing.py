"""Counts guesses against the limits of the template: ``python -m tools.guessing``.

Prints tables; with ``--write`` also writes them into ``docs/security.md``. Guesses, lock-outs and letters come from
attackers that play against the functions' own policies with the defaults of ``template.yaml``.
"""

from __future__ import annotations

import math
import sys
from dataclasses import astuple, dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from member_access.pins.blocklist import PinBlocklist
from member_access.pins.own_data import MOST_PINS
from member_access.values.types import Identifier, Pin
from tools import sections
from tools.attackers import at_counter, at_emailed_codes, at_pins_that_are_reset
from tools.browser_attackers import at_a_new_pin, in_known_browsers
from tools.letter_attack import letter_table
from tools.limits import Guesses, Limits
from tools.lockout_table import lock_out_table
from tools.numbers import number, percentage, table
from tools.source_attackers import Spray, from_network, when_a_window_ends

if TYPE_CHECKING:
    from collections.abc import Callable

TARGET = Path(__file__).parent.parent / "docs/security.md"
COMMAND = "tools.guessing"

_SIX_DIGITS, _TEN_DIGITS = 10**6, 10**10
_MEMBERS = 1_000_000
_ADDRESSES = 10_000
_EARLIER_SIGN_INS = 1_000
_NETWORKS = ("one IPv4 address, or an IPv6 /64", "an IPv6 /56", "an IPv6 /48")

# The last six characters of a French IBAN are four of the account number and the key of the RIB, 01 to 97. The key
# follows from the rest: someone who knows the bank, the branch and the account's first seven characters guesses four.
_ENDS_OF_AN_IBAN = 10_000 * 97
_ENDS_OF_A_KNOWN_ACCOUNT = 10_000
# La Poste has about 6,300 postcodes. The social-security number itself contains the year and the month of birth.
_POSTCODES = 6_300
_DAYS_OF_A_MONTH = 31


@dataclass(frozen=True)
class Attack:
    """One line of a table.

    Attributes:
        secret: the secret that is guessed.
        way: the circumstances, or the source.
        guesses: the number of guesses.
        space: the number of equally likely values.
    """

    secret: str
    way: str
    guesses: Guesses
    space: int


@cache
def allowed_pins() -> int:
    """Count the PINs that are open to members in general."""
    weak, identifier = PinBlocklist.load(), Identifier("UNKNOWN")
    return sum(weak.weakness(Pin(f"{number:06}"), identifier, "") is None for number in range(_SIX_DIGITS))


def most_own_data() -> int:
    """Count the PINs that their own data exclude for one member, if no two of them are the same.

    Birth date, social-security number and IBAN; a digit before or after a postcode of five; the windows of an
    identifier of twelve; the previous PIN.
    """
    return sum(MOST_PINS.values()) + 20 + 7 + 1


class Arithmetic:
    """The guesses of each attacker, and the attacks on one member and on all.

    Attributes:
        limits: the limits of the functions.
        pin: guesses at one member's PIN, if no one intervenes.
        email_code: guesses at one member's codes by e-mail.
        iban: guesses at the end of one member's IBAN.
        identity: guesses at the data that belong to one social-security number.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.pin = Guesses.of(partial(at_counter, limits.login.attempt_policy))
        self.email_code = Guesses.of(partial(at_emailed_codes, limits.reset.reset_policy))
        self.iban = Guesses.of(partial(at_counter, limits.identifier.iban_policy))
        self.identity = Guesses.of(partial(at_counter, limits.identifier.identity_policy))

    @property
    def pin_then_code(self) -> int:
        """The values that a guess at a PIN stands against where a code follows: a right one has a day's guesses at it.

        The limits of the second step are those of codes by e-mail (``second_steps``).
        """
        return allowed_pins() * _SIX_DIGITS // self.email_code.a_day

    def targeted(self) -> list[Attack]:
        """List the attacks on one member, from any number of addresses."""
        login, resets, space = self.limits.login, self.limits.reset.reset_policy, allowed_pins()
        new_pin = Guesses.of(partial(at_a_new_pin, login, _EARLIER_SIGN_INS))
        known = Guesses.of(partial(in_known_browsers, login))
        forgiven = Guesses.of(partial(at_counter, login.attempt_policy, forgiven=True))
        known_forgiven = Guesses.of(partial(in_known_browsers, login, forgiven=True))
        renewed = Guesses.of(partial(at_pins_that_are_reset, login.attempt_policy, resets))
        known_email_code = Guesses.of(partial(at_emailed_codes, resets, known_browsers=True))
        one_address, days = self.from_network(0, Spray()), _POSTCODES * _DAYS_OF_A_MONTH
        return [
            Attack("PIN", "until it is disabled", self.pin, space),
            Attack("PIN", f"had the PIN before, and signed in {_EARLIER_SIGN_INS:,} times with it", new_pin, space),
            Attack("PIN", "is in every known browser", known, space),
            Attack("PIN", "the member signs in from unknown browsers after each guess", forgiven, space),
            Attack("PIN", "is in every known browser, and the member signs in after each guess", known_forgiven, space),
            Attack("PIN", "the member sets a new one at once whenever it is disabled", renewed, space),
            Attack("PIN, then a code", "`NewBrowser` is `confirm`", self.pin, self.pin_then_code),
            Attack("PIN, then a code", "`NewBrowser` is `confirm`; the PIN is known", self.email_code, _SIX_DIGITS),
            Attack("code by e-mail", "requests codes as soon as allowed", self.email_code, _SIX_DIGITS),
            Attack("code by e-mail", "does so in every known browser too", known_email_code, _SIX_DIGITS),
            Attack("code by letter", "from one address", one_address, _TEN_DIGITS),
            Attack("code by letter", f"from {_ADDRESSES:,} addresses", _times(one_address, _ADDRESSES), _TEN_DIGITS),
            Attack("end of the IBAN", "the IBAN is unknown", self.iban, _ENDS_OF_AN_IBAN),
            Attack("end of the IBAN", "the rest of the IBAN is known", self.iban, _ENDS_OF_A_KNOWN_ACCOUNT),
            Attack("identity", "the number is known; postcode and day of birth are not", self.identity, days),
            Attack("identity", "number and birth date are known; the postcode is not", self.identity, _POSTCODES),
        ]

    def from_network(self, network: int, spray: Spray) -> Guesses:
        """Count the guesses from one network."""
        return Guesses.of(partial(from_network, self.limits.login.source_policy, network, spray))

    def spraying(self) -> list[Attack]:
        """List the attacks on all members at once, from one network of each width, and from many addresses."""
        space, of_email, of_iban = allowed_pins(), Spray(self.limits.reset.code_tries), Spray(self.iban.at_once)
        secrets = [
            ("PIN", self.pin, Spray(), space),
            ("PIN, then a code", self.pin, Spray(), self.pin_then_code),
            ("code by e-mail", self.email_code, of_email, _SIX_DIGITS),
            ("code by letter", None, Spray(), _TEN_DIGITS),
            ("end of the IBAN", self.iban, of_iban, _ENDS_OF_AN_IBAN),
            ("identity", self.identity, Spray(0), _POSTCODES),
        ]
        sources = [(way, network, 1) for network, way in enumerate(_NETWORKS)]
        sources.append((f"{_ADDRESSES:,} IPv4 addresses", 0, _ADDRESSES))
        return [
            Attack(
                secret, way, _bounded(_times(self.from_network(network, spray), number_of_them), of_a_member), values
            )
            for way, network, number_of_them in sources
            for secret, of_a_member, spray, values in secrets
        ]


def _bounded(of_sources: Guesses, of_a_member: Guesses | None) -> Guesses:
    """Count the guesses that both the sources and all members together allow; None: members have no limit."""
    if of_a_member is None:
        return of_sources
    of_members = _times(of_a_member, _MEMBERS)
    return Guesses(*map(min, zip(astuple(of_sources), astuple(of_members), strict=True)))


def _times(guesses: Guesses, number_of_them: int) -> Guesses:
    return Guesses(*(number_of_them * count for count in astuple(guesses)))


def guesses() -> str:
    """Write how many guesses attackers have."""
    arithmetic = Arithmetic(Limits.of_template())
    windows = arithmetic.limits.login.source_policy.windows
    bursts = [f"{when_a_window_ends(window):,}" for window in windows]
    counted = [">guesses at once", ">in a day", ">in a year"]
    return f"""\
{allowed_pins():,} of the {_SIX_DIGITS:,} PINs may be chosen. A member's own data exclude {most_own_data()} more at
most: {percentage((allowed_pins() - most_own_data()) / _SIX_DIGITS)} of all PINs are open to every member.

One member:

{table(["secret", "how", *counted, ">chance in a day", ">in a year"], _rows(arithmetic.targeted(), percentage))}

All members, of whom there are {_MEMBERS:,}:

{table(["secret", "from", *counted, ">hits in a day", ">in a year"], _rows(arithmetic.spraying(), _hits))}

Around the end of a window of {windows[0].seconds // 60} minutes, claims under way are not seen yet: one address, /56 or
/48 then has {bursts[0]}, {bursts[1]} or {bursts[2]} guesses at once, and no more than above in a day."""


def lock_outs() -> str:
    """Write for how long strangers keep members out."""
    return lock_out_table(Limits.of_template())


def scarce() -> str:
    """Write for how long members wait for letters, and what ends e-mails for all."""
    limits = Limits.of_template()
    budget = limits.emails.email_budget_a_day
    members = math.ceil(budget / limits.reset.emails_a_day)
    addresses = math.ceil(budget / limits.login.source_emails_a_day)
    return f"""\
{letter_table(limits)}

The day's {budget:,} e-mails are used up by codes to {members:,} members who have an e-mail address, requested from
{addresses:,} IPv4 addresses."""


SECTIONS: dict[str, Callable[[], str]] = {"guesses": guesses, "lock-outs": lock_outs, "letters and e-mails": scarce}
"""What is written, by the name in its mark."""


def written_into(text: str) -> str:
    """Replace each section between its marks in a text.

    Raises:
        SystemExit: a mark is missing.
    """
    return sections.written_into(text, COMMAND, {section: written() for section, written in SECTIONS.items()})


def _rows(attacks: list[Attack], shown: Callable[[float], str]) -> list[list[str]]:
    return [
        [
            one.secret,
            one.way,
            *(f"{count:,}" for count in (one.guesses.at_once, one.guesses.a_day, one.guesses.a_year)),
            shown(one.guesses.a_day / one.space),
            shown(one.guesses.a_year / one.space),
        ]
        for one in attacks
    ]


def _hits(expected: float) -> str:
    return number(min(expected, _MEMBERS))


if __name__ == "__main__":
    for written in SECTIONS.values():
        print(written(), end="\n\n")
    if "--write" in sys.argv[1:]:
        TARGET.write_text(written_into(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
