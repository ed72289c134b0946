"""The operations of this function: their requests, responses and refusals. The OpenAPI document is built from them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, RootModel, WithJsonSchema

from identifier.challenges import Challenge
from member_access.api.cookies import DEVICE_COOKIES
from member_access.api.fields import SECRET_TEXT, Answer, Body, parsed
from member_access.api.router import Operation, Success
from member_access.errors import Refusal
from member_access.throttling.guard import TooManyAttempts
from member_access.values.birth_date import BirthDate
from member_access.values.iban_last_six import IbanLastSix
from member_access.values.nir import Nir, WrongNirKey
from member_access.values.postcode import Postcode


class NotRecognised(Refusal):
    """The challenge and the end of an IBAN do not belong together, or the challenge is over."""

    code = "not-recognised"
    status = 401


NirField = Annotated[
    Nir,
    parsed(lambda text, _: Nir.parse(text), "nir", {WrongNirKey: "nir-key"}),
    WithJsonSchema(
        {
            "type": "string",
            "format": "password",
            "description": "13 characters, or 15 with the two-digit key; spaces, dots, hyphens and words such as N° "
            "and clé are ignored.",
        }
    ),
]
BirthDateField = Annotated[
    BirthDate,
    parsed(lambda text, info: BirthDate.parse(text, info.context["now"]), "birth-date"),
    WithJsonSchema(
        {
            "type": "string",
            "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            "description": "As social security records it: 00 for an unknown day or month; lunar dates are accepted.",
        }
    ),
]
PostcodeField = Annotated[
    Postcode,
    parsed(lambda text, _: Postcode.parse(text), "postcode"),
    WithJsonSchema({"type": "string", "description": "Five digits in France; up to 16 letters and digits elsewhere."}),
]
ChallengeField = Annotated[
    Challenge,
    parsed(lambda text, _: Challenge(text), "invalid"),
    WithJsonSchema({**SECRET_TEXT, "description": "The challenge that the search returned."}),
]
IbanField = Annotated[
    IbanLastSix,
    parsed(lambda text, _: IbanLastSix.parse(text), "iban-last-six"),
    WithJsonSchema({"type": "string", "description": "The last six characters of the IBAN."}),
]


class IdentityData(Body):
    """The personal data that identify a member who has forgotten the identifier."""

    nir: NirField
    birth_date: BirthDateField
    postcode: PostcodeField


class DeliveredByEmail(Answer):
    """The identifier was sent to the member's e-mail address."""

    delivery: Literal["email"]
    masked_email: str = Field(examples=["s****@c****.fr"])


class IbanRequired(Answer):
    """The member must give the end of an IBAN to see the identifier."""

    delivery: Literal["screen"]
    challenge: str
    expires_in: int = Field(description="Number of seconds before the challenge expires.")


class IdentifierDelivery(RootModel):  # type: ignore[type-arg]  # a parameter would be built at once, for milliseconds
    """How the member gets the identifier. Data that match no member get a challenge that no IBAN solves."""

    model_config = ConfigDict(defer_build=True)

    root: DeliveredByEmail | IbanRequired


class IbanAnswer(Body):
    """The answer to a challenge: the end of the IBAN the member's reimbursements are paid into."""

    challenge: ChallengeField
    iban_last6: IbanField


class IdentifierFound(Answer):
    """The identifier found."""

    identifier: str


FIND = Operation(
    method="POST",
    path="/identifier",
    name="findIdentifier",
    summary="Find an identifier by social security number, birth date and postcode",
    body=IdentityData,
    success=Success(200, "How the member gets the identifier.", IdentifierDelivery),
    refusals=(TooManyAttempts,),
    reads=(DEVICE_COOKIES,),
)
SOLVE = Operation(
    method="POST",
    path="/identifier/iban",
    name="showIdentifier",
    summary="Show the identifier in exchange for the last six characters of the IBAN",
    body=IbanAnswer,
    success=Success(200, "The identifier.", IdentifierFound),
    refusals=(NotRecognised, TooManyAttempts),
)

OPERATIONS = (FIND, SOLVE)
