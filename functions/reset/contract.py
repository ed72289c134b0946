"""The operations of this function: their requests, responses and refusals. The OpenAPI document is built from them."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, WithJsonSchema

from member_access.api.code_sent import CodeSent
from member_access.api.cookies import DEVICE_COOKIES, RESET_COOKIE
from member_access.api.fields import SECRET_TEXT, Answer, Body, CodeField, IdentifierField, PinField, parsed
from member_access.api.router import Operation, Success
from member_access.errors import InvalidValue, Refusal
from member_access.pin_verification import InvalidCredentials, PinDisabled, SignInFirst
from member_access.recovery.codes import Channel
from member_access.recovery.invalid_code import InvalidCode
from member_access.throttling.guard import TooManyAttempts
from reset.reset_tokens import ResetToken


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
        raise InvalidValue("the only possible choice is a letter")
    return Channel.LETTER


ResetTokenField = Annotated[
    ResetToken,
    parsed(lambda text, _: ResetToken(text), "invalid"),
    WithJsonSchema({**SECRET_TEXT, "description": "The token that the code was exchanged for."}),
]
LetterField = Annotated[
    Channel | None,
    parsed(lambda text, _: _letter(text), "channel"),
    WithJsonSchema(
        {
            "type": "string",
            "const": "letter",
            "description": "Send the code by letter, for members who can no longer read their e-mail.",
        }
    ),
]


class CodeRequest(Body):
    """A member's request for a one-time code."""

    identifier: IdentifierField
    channel: LetterField = None


class CodeVerification(Body):
    """A one-time code and the identifier of its member. A code from an e-mail also needs the cookie of its request."""

    identifier: IdentifierField
    code: CodeField


class ResetTokenIssued(Answer):
    """A token that authorises the member to set a new PIN."""

    reset_token: str
    expires_in: int = Field(description="Number of seconds before the token expires.")


class NewPin(Body):
    """A new PIN, authorised by a reset token."""

    reset_token: ResetTokenField
    pin: PinField
    pin_confirmation: PinField


class PinChange(Body):
    """A new PIN, authorised by the current one."""

    identifier: IdentifierField
    pin: PinField
    new_pin: PinField
    new_pin_confirmation: PinField


REQUEST_CODE = Operation(
    method="POST",
    path="/reset",
    name="requestCode",
    summary="Request a one-time code by e-mail or by letter",
    body=CodeRequest,
    success=Success(
        202, "The request was accepted. If the identifier exists, a code is on its way.", CodeSent, (RESET_COOKIE,)
    ),
    refusals=(TooManyAttempts,),
    reads=(DEVICE_COOKIES,),
)
VERIFY_CODE = Operation(
    method="POST",
    path="/reset/verify",
    name="verifyCode",
    summary="Exchange a one-time code for a reset token",
    body=CodeVerification,
    success=Success(200, "The code was correct and cannot be used again.", ResetTokenIssued, (RESET_COOKIE,)),
    refusals=(InvalidCode, TooManyAttempts),
    reads=(RESET_COOKIE, DEVICE_COOKIES),
)
SET_PIN = Operation(
    method="POST",
    path="/reset/pin",
    name="setPin",
    summary="Set a new PIN with a reset token and end every session",
    body=NewPin,
    success=Success(204, "The PIN was set, and this browser is now the only known one.", sets=(DEVICE_COOKIES,)),
    refusals=(InvalidResetToken, WeakPin, PinsDiffer),
)
CHANGE_PIN = Operation(
    method="POST",
    path="/pin",
    name="changePin",
    summary="Change the PIN with the current one and end every session",
    body=PinChange,
    success=Success(204, "The PIN was changed, and this browser is now the only known one.", sets=(DEVICE_COOKIES,)),
    refusals=(InvalidCredentials, TooManyAttempts, PinDisabled, SignInFirst, WeakPin, PinsDiffer),
    reads=(DEVICE_COOKIES,),
)

OPERATIONS = (REQUEST_CODE, VERIFY_CODE, SET_PIN, CHANGE_PIN)
