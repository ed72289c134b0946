"""Counts guesses against the limits of the template: ``python -m tools.guessing``.

Prints two tables; with ``--write`` also writes them into ``docs/security.md``. The guesses come from attackers that
play against the functions' own policies (``tools/attackers.py``) with the defaults of ``template.yaml``.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from identifier.settings import IdentifierSettings
from login.settings import LoginSettings
from member_access.pins.blocklist import PinBlocklist
from member_access.pins.own_data import MOST_PINS
from member_access.recovery.codes import Channel
from member_access.throttling.policy import DAYS_PER_YEAR, SECONDS_PER_DAY
from member_access.values.types import Identifier, Pin
from reset.settings import ResetSettings
from simulators.template import LogicalNames, project_template
from tools.attackers import at_codes, at_counter, at_pins_that_are_reset, from_source, most_guesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.values.types import Instant

TARGET = Path(__file__).parent.parent / "docs/security.md"
BEGIN, END = "<!-- python -m tools.guessing --write -->", "<!-- end of what tools/guessing.py has written -->"

_SIX_DIGITS = 1_000_000
_MEMBERS = 1_000_000
_ADDRESSES = 10_000

# The last six characters of a French IBAN are four of the account number and the key of the RIB, 01 to 97. The key
# follows from the rest: someone who knows the bank, the branch and the account's first seven characters guesses four.
_ENDS_OF_AN_IBAN = 10_000 * 97
_ENDS_OF_A_KNOWN_ACCOUNT = 10_000
# La Poste has about 6,300 postcodes. The social-security number itself contains the year and the month of birth.
_POSTCODES = 6_300
_DAYS_OF_A_MONTH = 31


@dataclass(frozen=True)
class Limits:
    """The settings of the functions with the template's defaults."""

    login: LoginSettings
    reset: ResetSettings
    identifier: IdentifierSettings

    @classmethod
    def of_template(cls) -> Limits:
        """Read them from ``template.yaml``."""
        required = {"Environment": "local", "PublicOrigin": "https://members.example"}
        login, reset, identifier = (
            project_template().function_environment(f"{name}Function", LogicalNames(), required)
            for name in ("Login", "Reset", "Identifier")
        )
        return cls(
            LoginSettings.from_environment(login),
            ResetSettings.from_environment(reset),
            IdentifierSettings.from_environment(identifier),
        )


@dataclass(frozen=True)
class Guesses:
    """The number of guesses that an attacker has."""

    a_day: int
    a_year: int

    @classmethod
    def of(cls, attack: Callable[[Instant, Instant], int]) -> Guesses:
        """Let an attack continue for a day, and for a year."""
        return cls(most_guesses(attack, SECONDS_PER_DAY), most_guesses(attack, DAYS_PER_YEAR * SECONDS_PER_DAY))


@dataclass(frozen=True)
class Attack:
    """One line of a table.

    Attributes:
        secret: the secret that is guessed.
        way: the circumstances, or the number of addresses.
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
        letter_code: guesses at one member's codes by letter.
        iban: guesses at the end of one member's IBAN.
        identity: guesses at the data that belong to one social-security number.
        source: guesses from one source address.
    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        codes = partial(at_codes, limits.reset.code_policy, limits.reset.reset_policy)
        self.pin = Guesses.of(partial(at_counter, limits.login.attempt_policy))
        self.email_code = Guesses.of(partial(codes, Channel.EMAIL))
        self.letter_code = Guesses.of(partial(codes, Channel.LETTER))
        self.iban = Guesses.of(partial(at_counter, limits.identifier.iban_policy))
        self.identity = Guesses.of(partial(at_counter, limits.identifier.identity_policy))
        self.source = Guesses.of(partial(from_source, limits.login.source_policy.windows[0]))

    def targeted(self) -> list[Attack]:
        """List the attacks on one member, from any number of addresses."""
        pins, resets, space = self.limits.login.attempt_policy, self.limits.reset.reset_policy, allowed_pins()
        forgiven = Guesses.of(partial(at_counter, pins, forgiven=True))
        # A known browser has a counter of its own.
        twice = Guesses(2 * forgiven.a_day, 2 * forgiven.a_year)
        renewed = Guesses.of(partial(at_pins_that_are_reset, pins, resets))
        days = _POSTCODES * _DAYS_OF_A_MONTH
        return [
            Attack("PIN", "until it is disabled", self.pin, space),
            Attack("PIN", "the member signs in from unknown browsers after each guess", forgiven, space),
            Attack("PIN", "the same, with the cookie of a known browser as well", twice, space),
            Attack("PIN", "the member sets a new one at once whenever it is disabled", renewed, space),
            Attack("code by e-mail", "a new code is requested as soon as allowed", self.email_code, _SIX_DIGITS),
            Attack("code by letter", "a new letter is requested as soon as allowed", self.letter_code, _SIX_DIGITS),
            Attack("end of the IBAN", "the IBAN is unknown", self.iban, _ENDS_OF_AN_IBAN),
            Attack("end of the IBAN", "the rest of the IBAN is known", self.iban, _ENDS_OF_A_KNOWN_ACCOUNT),
            Attack("identity", "the number is known; postcode and day of birth are not", self.identity, days),
            Attack("identity", "number and birth date are known; the postcode is not", self.identity, _POSTCODES),
        ]

    def spraying(self, addresses: int) -> list[Attack]:
        """List the attacks on all members at once, from a number of addresses."""
        resets, codes = self.limits.reset.reset_policy, partial(at_counter, self.limits.reset.code_policy)
        a_day = self.limits.identifier.iban_policy.a_day
        space, way = allowed_pins(), f"{addresses:,}"

        def spray(of_a_member: Guesses, tries: int | None = None) -> Guesses:
            # At most the guesses that the addresses allow, and at most those at all members together. A request for a
            # code or a challenge counts against its source like a wrong guess, and gives at most this number of tries.
            share = addresses * (1 if tries is None else tries / (tries + 1))
            return Guesses(
                min(int(share * self.source.a_day), _MEMBERS * of_a_member.a_day),
                min(int(share * self.source.a_year), _MEMBERS * of_a_member.a_year),
            )

        by_email = spray(self.email_code, most_guesses(codes, resets.email_code))
        by_letter = spray(self.letter_code, most_guesses(codes, resets.letter_code))
        return [
            Attack("PIN", way, spray(self.pin), space),
            Attack("code by e-mail", way, by_email, _SIX_DIGITS),
            Attack("code by letter", way, by_letter, _SIX_DIGITS),
            Attack("end of the IBAN", way, spray(self.iban, a_day), _ENDS_OF_AN_IBAN),
            Attack("identity", way, spray(self.identity), _POSTCODES),
        ]


def document() -> str:
    """Return the tables that stand in ``docs/security.md`` between the markers."""
    arithmetic = Arithmetic(Limits.of_template())
    hits = f"hits among {_MEMBERS:,} members"
    return f"""\
{allowed_pins():,} of the {_SIX_DIGITS:,} PINs may be chosen. A member's own data exclude {most_own_data()} more at
most: {percentage((allowed_pins() - most_own_data()) / _SIX_DIGITS)} of all PINs are open to every member.

One member:

| secret | how | guesses in a day | in a year | chance in a day | in a year |
|---|---|---:|---:|---:|---:|
{_rows(arithmetic.targeted(), percentage)}

All members:

| secret | addresses | guesses in a day | in a year | {hits} in a day | in a year |
|---|---:|---:|---:|---:|---:|
{_rows(arithmetic.spraying(1) + arithmetic.spraying(_ADDRESSES), lambda value: number(min(value, _MEMBERS)))}"""


def _rows(attacks: list[Attack], shown: Callable[[float], str]) -> str:
    return "\n".join(
        f"| {one.secret} | {one.way} | {one.guesses.a_day:,} | {one.guesses.a_year:,} "
        f"| {shown(one.guesses.a_day / one.space)} | {shown(one.guesses.a_year / one.space)} |"
        for one in attacks
    )


def written_into(text: str) -> str:
    """Replace the tables between the markers of a text.

    Raises:
        SystemExit: a marker is missing.
    """
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"The tables go between {BEGIN} and {END}, but one of these marks is missing.")
    return f"{before}{BEGIN}\n\n{document()}\n\n{END}{after}"


def percentage(chance: float) -> str:
    """Write a chance as a percentage with two significant digits."""
    return f"{number(100 * chance)} %" if chance < 1 else "100 %"


def number(value: float) -> str:
    """Write a number with two significant digits, or as an integer if it has more."""
    if value <= 0:
        return "0"
    decimals = max(0, 1 - math.floor(math.log10(value)))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


if __name__ == "__main__":
    print(document())
    if "--write" in sys.argv[1:]:
        TARGET.write_text(written_into(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
