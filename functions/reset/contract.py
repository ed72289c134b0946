"""What the calls of this function take and answer; the OpenAPI document is made from it."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, Field, WithJsonSchema

from member_access.api.cookies import DEVICE_COOKIE
from member_access.api.fields import Body, CodeField, IdentifierField, PinField, parsed
from member_access.api.router import Operation, Success
from member_access.errors import InvalidValue, Refusal
from member_access.pin_verification import InvalidCredentials, PinDisabled
from member_access.recovery.codes import Channel
from member_access.throttling.guard import TooManyAttempts
from reset.reset_tokens import ResetToken


class InvalidCode(Refusal):
    """The code is wrong, used, expired or void; which of these is not said."""

    code = "invalid-code"
    status = 401


class InvalidResetToken(Refusal):
    """The token that a code was exchanged for is wrong, used or expired."""

    code = "invalid-reset-token"
    status = 401


class WeakPin(Refusal):
    """The new PIN is one that others would guess; the field's reason says why (NIST SP 800-63B-4 §3.1.1.2)."""

    code = "weak-pin"
    status = 422


class PinsDiffer(Refusal):
    """The new PIN and its confirmation are not the same."""

    code = "pins-differ"
    status = 422


def _letter(text: str) -> Channel:
    if text != Channel.LETTER:
        raise InvalidValue("only a letter can be chosen")
    return Channel.LETTER


ResetTokenField = Annotated[
    ResetToken,
    parsed(lambda text, _: ResetToken.parse(text), "token"),
    WithJsonSchema({"type": "string", "pattern": "^[0-9a-f]{64}$", "format": "password"}),
]
LetterField = Annotated[
    Channel | None,
    parsed(lambda text, _: _letter(text), "channel"),
    WithJsonSchema({"type": "string", "const": "letter", "description": "For who no longer has the mailbox."}),
]


class CodeRequest(Body):
    """Who wants a code."""

    identifier: IdentifierField
    channel: LetterField = None


class CodeSent(BaseModel):
    """How the code goes; for an identifier that nobody has, how it would."""

    channel: Literal["email", "letter"]
    expires_in: int = Field(description="Seconds for which the code works.")
    resend_after: int = Field(description="Seconds after which another one may be asked for.")


class CodeVerification(Body):
    """A code, and whose it is."""

    identifier: IdentifierField
    code: CodeField


class ResetTokenIssued(BaseModel):
    """What a code is exchanged for."""

    reset_token: str
    expires_in: int = Field(description="Seconds for which the token works.")


class NewPin(Body):
    """A new PIN, by a token."""

    reset_token: ResetTokenField
    pin: PinField
    pin_confirmation: PinField


class PinChange(Body):
    """A new PIN, by the present one."""

    identifier: IdentifierField
    pin: PinField
    new_pin: PinField
    new_pin_confirmation: PinField


REQUEST_CODE = Operation(
    method="POST",
    path="/reset",
    name="requestCode",
    summary="Ask for a one-time code by e-mail, or by letter",
    body=CodeRequest,
    success=Success(202, "The code is on its way.", CodeSent),
    refusals=(TooManyAttempts,),
)
VERIFY_CODE = Operation(
    method="POST",
    path="/reset/verify",
    name="verifyCode",
    summary="Exchange a one-time code for a token that sets a PIN",
    body=CodeVerification,
    success=Success(200, "The code was right, and is used up.", ResetTokenIssued),
    refusals=(InvalidCode, TooManyAttempts),
)
SET_PIN = Operation(
    method="POST",
    path="/reset/pin",
    name="setPin",
    summary="Set a PIN with the token; every session ends",
    body=NewPin,
    success=Success(204, "The PIN is set, and this browser is known.", sets=(DEVICE_COOKIE,)),
    refusals=(InvalidResetToken, WeakPin, PinsDiffer),
)
CHANGE_PIN = Operation(
    method="POST",
    path="/pin",
    name="changePin",
    summary="Replace the PIN by another; every session ends",
    body=PinChange,
    success=Success(204, "The PIN is changed."),
    refusals=(InvalidCredentials, TooManyAttempts, PinDisabled, WeakPin, PinsDiffer),
    reads=(DEVICE_COOKIE,),
)

OPERATIONS = (REQUEST_CODE, VERIFY_CODE, SET_PIN, CHANGE_PIN)
