"""What guessing is worth against the limits of the template: ``python -m tools.guessing``.

Prints two tables, and writes them into ``docs/security.md`` with ``--write``. The guesses come from attackers that
play against the functions' own policies (``tools/attackers.py``), set as ``template.yaml`` sets them by default.
"""

from __future__ import annotations

import math
import sys
from dataclasses import dataclass
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samtranslator.yaml_helper import yaml_parse

from identifier.settings import IdentifierSettings
from login.settings import LoginSettings
from member_access.pins.blocklist import PinBlocklist
from member_access.recovery.codes import Channel
from member_access.throttling.policy import DAYS_PER_YEAR, SECONDS_PER_DAY
from member_access.values.types import Identifier, Pin
from reset.settings import ResetSettings
from tools.attackers import at_codes, at_counter, at_pins_that_are_reset, from_source, most_guesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.values.types import Instant

_PROJECT = Path(__file__).parent.parent
TARGET = _PROJECT / "docs/security.md"
BEGIN, END = "<!-- python -m tools.guessing --write -->", "<!-- end of what tools/guessing.py has written -->"

_DAY, _YEAR = SECONDS_PER_DAY, DAYS_PER_YEAR * SECONDS_PER_DAY
_SIX_DIGITS = 1_000_000
_MEMBERS = 1_000_000
_ADDRESSES = 10_000

# The last six characters of a French IBAN are four of the account number and the key of the RIB, 01 to 97. Who knows
# the bank, the branch and the account's first seven characters is left with the four, for the key follows from them.
_ENDS_OF_AN_IBAN = 10_000 * 97
_ENDS_OF_A_KNOWN_ACCOUNT = 10_000
# La Poste has about 6,300 postcodes. The number itself tells the year and the month of birth.
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
        template = yaml_parse((_PROJECT / "template.yaml").read_text(encoding="utf-8"))
        return cls(
            login=LoginSettings.from_environment(_environment(template, "LoginFunction")),
            reset=ResetSettings.from_environment(_environment(template, "ResetFunction")),
            identifier=IdentifierSettings.from_environment(_environment(template, "IdentifierFunction")),
        )


@dataclass(frozen=True)
class Guesses:
    """How many guesses an attacker has."""

    a_day: int
    a_year: int

    @classmethod
    def of(cls, attack: Callable[[Instant, Instant], int]) -> Guesses:
        """Let an attack go on for a day, and for a year."""
        return cls(most_guesses(attack, _DAY), most_guesses(attack, _YEAR))

    def __add__(self, other: Guesses) -> Guesses:
        return Guesses(self.a_day + other.a_day, self.a_year + other.a_year)


@dataclass(frozen=True)
class Attack:
    """One line of a table.

    Attributes:
        secret: what is guessed.
        way: how.
        guesses: how many.
        space: among how many equally likely values.
    """

    secret: str
    way: str
    guesses: Guesses
    space: int


@cache
def allowed_pins() -> int:
    """How many PINs may be chosen, the member's own data apart: these refuse a few more."""
    weak, identifier = PinBlocklist.load(), Identifier("UNKNOWN")
    return sum(weak.weakness(Pin(f"{number:06}"), identifier, "") is None for number in range(_SIX_DIGITS))


@dataclass(frozen=True)
class Arithmetic:
    """The attacks on one member, and those on all."""

    limits: Limits

    @cached_property
    def pin(self) -> Guesses:
        """Guesses at one member's PIN if no one intervenes."""
        return Guesses.of(partial(at_counter, self.limits.login.attempt_policy))

    @cached_property
    def pin_at_worst(self) -> Guesses:
        """At one member's PIN, when the member's own sign-ins end every row of failures."""
        return Guesses.of(partial(at_counter, self.limits.login.attempt_policy, row_ends=True))

    @cached_property
    def email_code(self) -> Guesses:
        """At one member's codes by e-mail."""
        return self._codes(Channel.EMAIL)

    @cached_property
    def letter_code(self) -> Guesses:
        """At one member's codes by letter."""
        return self._codes(Channel.LETTER)

    @cached_property
    def iban(self) -> Guesses:
        """At the end of one member's IBAN."""
        return Guesses.of(partial(at_counter, self.limits.identifier.iban_policy))

    @cached_property
    def identity(self) -> Guesses:
        """At what belongs to one social-security number."""
        return Guesses.of(partial(at_counter, self.limits.identifier.identity_policy))

    @cached_property
    def source(self) -> Guesses:
        """From one source address."""
        return Guesses.of(partial(from_source, self.limits.login.source_policy))

    def targeted(self) -> list[Attack]:
        """The attacks on one member, from as many addresses as it takes."""
        pins, resets = self.limits.login.attempt_policy, self.limits.reset.reset_policy
        renewed = Guesses.of(partial(at_pins_that_are_reset, pins, resets))
        worst, space = self.pin_at_worst, allowed_pins()
        return [
            Attack("PIN", "until it is disabled", self.pin, space),
            Attack("PIN", "the member signs in from unknown browsers after each guess", worst, space),
            Attack("PIN", "the same, with the cookie of a known browser as well", worst + worst, space),
            Attack("PIN", "the member sets a new one at once whenever it is disabled", renewed, space),
            Attack("code by e-mail", "a new code is asked for whenever one may be", self.email_code, _SIX_DIGITS),
            Attack("code by letter", "a new letter is asked for whenever one may be", self.letter_code, _SIX_DIGITS),
            Attack("end of the IBAN", "nothing is known of the IBAN", self.iban, _ENDS_OF_AN_IBAN),
            Attack("end of the IBAN", "all before the end is known", self.iban, _ENDS_OF_A_KNOWN_ACCOUNT),
            Attack(
                "identity",
                "the number is known, postcode and day of birth are not",
                self.identity,
                _POSTCODES * _DAYS_OF_A_MONTH,
            ),
            Attack("identity", "number and birth date are known, the postcode is not", self.identity, _POSTCODES),
        ]

    def spraying(self, addresses: int) -> list[Attack]:
        """The attacks on all members at once, from so many addresses."""
        resets, codes = self.limits.reset.reset_policy, self.limits.reset.code_policy
        tries_at_an_email = most_guesses(partial(at_counter, codes), resets.email_code)
        tries_at_a_letter = most_guesses(partial(at_counter, codes), resets.letter_code)
        ibans_a_day = self.limits.identifier.iban_policy.a_day
        spray = partial(self._spray, addresses)
        return [
            Attack("PIN", "", spray(self.pin), allowed_pins()),
            Attack("code by e-mail", "", spray(self.email_code, tries_at_an_email), _SIX_DIGITS),
            Attack("code by letter", "", spray(self.letter_code, tries_at_a_letter), _SIX_DIGITS),
            Attack("end of the IBAN", "", spray(self.iban, ibans_a_day), _ENDS_OF_AN_IBAN),
            Attack("identity", "", spray(self.identity), _POSTCODES),
        ]

    def _codes(self, channel: Channel) -> Guesses:
        settings = self.limits.reset
        return Guesses.of(partial(at_codes, settings.code_policy, settings.reset_policy, channel))

    def _spray(self, addresses: int, of_a_member: Guesses, tries_for_a_request: int | None = None) -> Guesses:
        """No more than the addresses allow, and no more than all members together.

        A request for a code or a challenge counts against its source like a wrong guess; at best it buys so many tries.
        """
        share = 1 if tries_for_a_request is None else tries_for_a_request / (tries_for_a_request + 1)
        return Guesses(
            min(int(addresses * self.source.a_day * share), _MEMBERS * of_a_member.a_day),
            min(int(addresses * self.source.a_year * share), _MEMBERS * of_a_member.a_year),
        )


def document() -> str:
    """The tables as they stand in ``docs/security.md``, between the markers."""
    arithmetic = Arithmetic(Limits.of_template())
    one_member = [
        "| secret | how | guesses in a day | in a year | chance in a day | in a year |",
        "|---|---|---:|---:|---:|---:|",
        *(
            _line(attack.secret, attack.way, *_counts(attack), *map(percentage, _hits(attack)))
            for attack in arithmetic.targeted()
        ),
    ]
    all_members = [
        f"| secret | addresses | guesses in a day | in a year | hits among {_MEMBERS:,} members in a day | in a year |",
        "|---|---:|---:|---:|---:|---:|",
        *(
            _line(attack.secret, f"{addresses:,}", *_counts(attack), *(number(min(n, _MEMBERS)) for n in _hits(attack)))
            for addresses in (1, _ADDRESSES)
            for attack in arithmetic.spraying(addresses)
        ),
    ]
    return "\n".join(
        [
            f"{allowed_pins():,} of the {_SIX_DIGITS:,} PINs may be chosen.",
            "",
            "One member:",
            "",
            *one_member,
            "",
            "All members:",
            "",
            *all_members,
        ]
    )


def written_into(text: str) -> str:
    """A text with what stands between its markers replaced."""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise SystemExit(f"The tables go between {BEGIN} and {END}, but one of these marks is missing.")
    return f"{before}{BEGIN}\n\n{document()}\n\n{END}{after}"


def percentage(chance: float) -> str:
    """A chance in a hundred, to two digits that mean something."""
    return f"{number(100 * chance)} %" if chance < 1 else "100 %"


def number(value: float) -> str:
    """A number to two digits that mean something, or whole where it has more."""
    if value <= 0:
        return "0"
    decimals = max(0, 1 - math.floor(math.log10(value)))
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if decimals else text


def _environment(template: dict[str, Any], function: str) -> dict[str, str]:
    """A function's environment where nothing is deployed: parameters have their defaults, resources no name."""
    defaults = {name: node.get("Default", "-") for name, node in template["Parameters"].items()}
    shared, own = template["Globals"]["Function"], template["Resources"][function]["Properties"]
    variables = {**shared["Environment"]["Variables"], **own["Environment"]["Variables"]}
    return {name: str(_value(node, defaults)) for name, node in variables.items()}


def _value(node: Any, defaults: dict[str, Any]) -> object:  # noqa: ANN401 - YAML has no narrower type
    match node:
        case {"Ref": str() as name}:
            return defaults.get(name, "-")
        case str():
            return node
        case _:
            return "-"


def _counts(attack: Attack) -> tuple[str, str]:
    return f"{attack.guesses.a_day:,}", f"{attack.guesses.a_year:,}"


def _hits(attack: Attack) -> tuple[float, float]:
    return attack.guesses.a_day / attack.space, attack.guesses.a_year / attack.space


def _line(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"


if __name__ == "__main__":
    print(document())
    if "--write" in sys.argv[1:]:
        TARGET.write_text(written_into(TARGET.read_text(encoding="utf-8")), encoding="utf-8")
