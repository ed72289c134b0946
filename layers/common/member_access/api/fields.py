"""The fields of request bodies: parsed into the domain's types at the edge, refused with a reason's code."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from member_access.errors import InvalidValue
from member_access.values.types import Identifier, OneTimeCode, Pin

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

Value = TypeVar("Value")


class Body(BaseModel):
    """A request body: an object with these fields and no others."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


def parsed(
    parse: Callable[[str, ValidationInfo], Value],
    reason: str,
    other_reasons: Mapping[type[InvalidValue], str] = MappingProxyType({}),
) -> PlainValidator:
    """A field that a parser of ours reads; what the parser refuses is refused for this reason.

    Args:
        parse: the parser.
        reason: the code of the reason (see ``texts``).
        other_reasons: the codes for errors that say more.
    """

    def validate(value: Any, info: ValidationInfo) -> Value:  # noqa: ANN401 - whatever JSON holds
        if not isinstance(value, str):
            raise PydanticCustomError("not-text", "not text")
        try:
            return parse(value, info)
        except InvalidValue as refused:
            why = other_reasons.get(type(refused), reason)
        # The reason alone, and outside the except block: what was sent is not repeated.
        raise PydanticCustomError(why, "refused")

    return PlainValidator(validate)


def _parse_identifier(text: str, info: ValidationInfo) -> Identifier:
    pattern: re.Pattern[str] = info.context["identifier_pattern"] if info.context else Identifier.DEFAULT_PATTERN
    return Identifier.parse(text, pattern)


IdentifierField = Annotated[
    Identifier,
    parsed(_parse_identifier, "identifier"),
    WithJsonSchema(
        {
            "type": "string",
            "description": "Trimmed and upper-cased; then six to twelve letters or digits.",
            "examples": ["A1234567"],
        }
    ),
]

_SIX_DIGITS = {"type": "string", "pattern": "^[0-9]{6}$", "format": "password"}

PinField = Annotated[
    Pin,
    parsed(lambda text, _: Pin.parse(text), "six-digits"),
    WithJsonSchema({**_SIX_DIGITS, "description": "Six ASCII digits; leading zeros count."}),
]

CodeField = Annotated[
    OneTimeCode,
    parsed(lambda text, _: OneTimeCode.parse(text), "six-digits"),
    WithJsonSchema({**_SIX_DIGITS, "description": "The six digits of the e-mail or the letter, without a blank."}),
]
