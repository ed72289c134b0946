"""The limits of a stack, as the policies of its functions, from the parameters that it was deployed with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from identifier.settings import IdentifierSettings
from member_access.settings import PinSettings, TableSettings
from member_access.settings.codes import CodeSettings
from ops.stack import StackNotFound

if TYPE_CHECKING:
    from member_access.recovery.policy import ResetPolicy
    from member_access.throttling.policy import AttemptPolicy, DailyPolicy
    from ops.stack import Stack

Settings = TypeVar("Settings", bound=TableSettings)


@dataclass(frozen=True)
class MemberLimits:
    """What limits the guesses and requests for one member.

    Attributes:
        pin: guesses at the PIN by strangers together, or in one known browser.
        known_browsers: guesses at the PIN in all known browsers together.
        iban: guesses at the end of the IBAN.
        codes: requests for codes.
    """

    pin: AttemptPolicy
    known_browsers: AttemptPolicy
    iban: DailyPolicy
    codes: ResetPolicy

    @classmethod
    def of(cls, stack: Stack) -> Self:
        """Return the limits of a stack.

        Raises:
            StackNotFound: the stack was deployed from another template.
        """
        pins = _numbers(PinSettings, stack)
        return cls(
            pin=pins.attempt_policy,
            known_browsers=pins.known_browsers_policy,
            iban=_numbers(IdentifierSettings, stack).iban_policy,
            codes=_numbers(CodeSettings, stack).reset_policy,
        )


def _numbers(kind: type[Settings], stack: Stack) -> Settings:
    """Return settings with their numbers alone, by the parameters of the same names."""
    names = {name: _parameter(name) for name, field in kind.model_fields.items() if field.annotation is int}
    if missing := sorted(set(names.values()) - set(stack.parameters)):
        raise StackNotFound(
            f"Stack {stack.name} has no parameter {missing[0]}. Deploy this version of the template first."
        )
    numbers: dict[str, Any] = {name: int(stack.parameters[parameter]) for name, parameter in names.items()}
    return cast("Settings", kind.model_construct(**numbers))


def _parameter(setting: str) -> str:
    return "".join(part.capitalize() for part in setting.split("_"))
