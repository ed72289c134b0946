"""The fields of request bodies: parses them into domain types, or rejects them with a reason code."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, PlainValidator, ValidationInfo, WithJsonSchema
from pydantic_core import PydanticCustomError

from member_access.errors import InvalidValue
from member_access.values.types import Identifier, OneTimeCode, Pin, parse_code

if TYPE_CHECKING:
    import re
    from collections.abc import Callable, Mapping

Value = TypeVar("Value")


class Body(BaseModel):
    """A request body: a JSON object with these fields and no others."""

    # The API of a function builds the bodies that it reads; no one reads those of base classes.
    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True, defer_build=True)


class Answer(BaseModel):
    """The body of a response. Most only document it, so it is built when something uses it."""

    model_config = ConfigDict(defer_build=True)


def parsed(
    parse: Callable[[str, ValidationInfo], Value],
    reason: str,
    other_reasons: Mapping[type[InvalidValue], str] = MappingProxyType({}),
) -> PlainValidator:
    """Validate a field with one of this project's parsers, and reject it with a reason code.

    Args:
        parse: the parser.
        reason: the reason code (see ``texts``).
        other_reasons: more precise reason codes, by error class.
    """

    def validate(value: Any, info: ValidationInfo) -> Value:  # noqa: ANN401 - any JSON value
        if not isinstance(value, str):
            raise PydanticCustomError("not-text", "not text")
        try:
            return parse(value, info)
        except InvalidValue as refused:
            why = other_reasons.get(type(refused), reason)
        # Raised outside the except block and with the reason only, so that the error does not repeat the value.
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
            "description": "Six to twelve letters or digits; blanks are ignored, and lower case is accepted.",
            "examples": ["A1234567"],
        }
    ),
]

SECRET_TEXT = {"type": "string", "format": "password"}

PinField = Annotated[
    Pin,
    parsed(lambda text, _: Pin.parse(text), "six-digits"),
    WithJsonSchema(
        {**SECRET_TEXT, "pattern": "^[0-9]{6}$", "description": "Six ASCII digits, including leading zeros."}
    ),
]

_PARSED_CODE = parsed(lambda text, _: parse_code(text), "code")
_CODE = WithJsonSchema(
    {
        **SECRET_TEXT,
        "description": "The six digits from the e-mail, which need the cookie of their request, or the ten digits "
        "from the letter. Spaces, dots and hyphens are ignored.",
        "examples": ["482 913", "48 29 13 05 67"],
    }
)
CodeField = Annotated[OneTimeCode, _PARSED_CODE, _CODE]
OptionalCodeField = Annotated[OneTimeCode | None, _PARSED_CODE, _CODE]
