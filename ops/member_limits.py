"""The limits of a stack, as the policies of its functions, from the parameters that it was deployed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from identifier.settings import IdentifierSettings
from member_access.settings import PinSettings, TableSettings
from member_access.settings.codes import CodeSettings
from member_access.settings.sessions import SessionSettings
from ops.stack import StackNotFound

if TYPE_CHECKING:
    from member_access.recovery.policy import ResetPolicy
    from member_access.sessions.policy import SessionPolicy
    from member_access.throttling.policy import AttemptPolicy, DailyPolicy
    from ops.stack import Stack

Settings = TypeVar("Settings", bound=TableSettings)


@dataclass(frozen=True)
class MemberLimits:
    """What limits the guesses and requests for one member.

    Attributes:
        sessions: how long sessions last.
        pin: guesses at the PIN by strangers together, or in one known browser.
        known_browsers: guesses at the PIN in all known browsers together.
        iban: guesses at the end of the IBAN.
        codes: requests for codes.
        searches: searches for an identifier in one known browser.
        reminders_a_day: e-mails with their identifier to one member.
        emails_a_day: e-mails to all members.
        letters_a_day: letters to all members.
    """

    sessions: SessionPolicy
    pin: AttemptPolicy
    known_browsers: AttemptPolicy
    iban: DailyPolicy
    codes: ResetPolicy
    searches: AttemptPolicy
    reminders_a_day: int
    emails_a_day: int
    letters_a_day: int

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """Return the limits of a stack.

        Raises:
            StackNotFound: the stack was deployed from another template.
        """
        pins, searches = _numbers(PinSettings, stack), _numbers(IdentifierSettings, stack)
        return cls(
            sessions=_numbers(SessionSettings, stack).session_policy,
            pin=pins.attempt_policy,
            known_browsers=pins.known_browsers_policy,
            iban=searches.iban_policy,
            codes=_numbers(CodeSettings, stack).reset_policy,
            searches=searches.identity_policy,
            reminders_a_day=_number(stack, "RemindersADay"),
            emails_a_day=_number(stack, "EmailBudgetADay"),
            letters_a_day=_number(stack, "LettersADay"),
        )


def _numbers(kind: type[Settings], stack: Stack) -> Settings:
    """Return settings with their numbers alone, by the parameters of the same names."""
    names = {name: _parameter(name) for name, field in kind.model_fields.items() if field.annotation is int}
    numbers: dict[str, Any] = {name: _number(stack, parameter) for name, parameter in sorted(names.items())}
    return cast("Settings", kind.model_construct(**numbers))


def _number(stack: Stack, parameter: str) -> int:
    if parameter not in stack.parameters:
        raise StackNotFound(
            f"Stack {stack.name} has no parameter {parameter}. Deploy this version of the template first."
        )
    return int(stack.parameters[parameter])


def _parameter(setting: str) -> str:
    return "".join(part.capitalize() for part in setting.split("_"))
