"""The limits that the template sets, and the guesses that they allow."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emails.settings import EmailSettings
from identifier.settings import IdentifierSettings
from letters.settings import LettersSettings
from login.settings import LoginSettings
from member_access.throttling.policy import DAYS_PER_YEAR, SECONDS_PER_DAY
from reset.settings import ResetSettings
from simulators.template import LogicalNames, project_template
from tools.attackers import most_guesses

if TYPE_CHECKING:
    from collections.abc import Callable

    from member_access.values.types import Instant

YEAR = DAYS_PER_YEAR * SECONDS_PER_DAY


@dataclass(frozen=True)
class Limits:
    """The settings of the functions with the template's defaults."""

    login: LoginSettings
    reset: ResetSettings
    identifier: IdentifierSettings
    letters: LettersSettings
    emails: EmailSettings

    @classmethod
    def of_template(cls) -> Limits:
        """Read them from ``template.yaml``."""
        required = {"Environment": "local", "PublicOrigin": "https://members.example"}
        login, reset, identifier, letters, emails = (
            project_template().function_environment(f"{name}Function", LogicalNames(), required)
            for name in ("Login", "Reset", "Identifier", "Letters", "Emails")
        )
        return cls(
            LoginSettings.from_environment(login),
            ResetSettings.from_environment(reset),
            IdentifierSettings.from_environment(identifier),
            LettersSettings.from_environment(letters),
            EmailSettings.from_environment(emails),
        )


@dataclass(frozen=True)
class Guesses:
    """The number of guesses that an attacker has.

    Attributes:
        at_once: within the first second.
        a_day: within any 24 hours.
        a_year: within any 365 days.
    """

    at_once: int
    a_day: int
    a_year: int

    @classmethod
    def of(cls, attack: Callable[[Instant, Instant], int]) -> Guesses:
        """Let an attack continue for a second, for a day and for a year."""
        return cls(*(most_guesses(attack, seconds) for seconds in (1, SECONDS_PER_DAY, YEAR)))
