"""The operations of this function: their requests, responses and refusals. The OpenAPI document is built from them.

Requests and options are in the JSON forms of WebAuthn Level 3, §5.1.8 to §5.1.10: browsers read and write them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field, WithJsonSchema

from member_access.api.bearer import ACCESS_TOKEN, InvalidToken, SignInAgain
from member_access.api.cookies import DEVICE_COOKIES, SESSION_COOKIE
from member_access.api.fields import Answer, Body, parsed
from member_access.api.router import NoBody, Operation, Success
from member_access.api.tokens import Tokens
from member_access.errors import Refusal
from member_access.throttling.guard import TooManyAttempts
from passkeys.names import LONGEST_NAME, parse_name


class PasskeyRejected(Refusal):
    """The answer to a challenge does not sign anyone in; what is wrong with it is not said."""

    code = "invalid-credentials"
    status = 401
    reason = "passkey"


class PasskeyNotAdded(Refusal):
    """What the authenticator has made cannot be a passkey here, or the challenge was spent or has expired."""

    code = "passkey-not-added"
    status = 422


class TooManyPasskeys(Refusal):
    """The member has as many passkeys as fit on the list."""

    code = "too-many-passkeys"
    status = 409


_BASE64 = {"type": "string", "format": "base64url"}
Base64 = Annotated[str, WithJsonSchema(_BASE64)]
_SIGNED = {"description": "What the browser signs, as JSON."}


class AssertionResponse(Body):
    """An authenticator's answer at a sign-in."""

    model_config = ConfigDict(extra="ignore")

    client_data: Annotated[str, Field(alias="clientDataJSON"), WithJsonSchema(_BASE64 | _SIGNED)]
    authenticator_data: Annotated[str, Field(alias="authenticatorData"), WithJsonSchema(_BASE64)]
    signature: Base64
    user_handle: Annotated[str | None, Field(alias="userHandle"), WithJsonSchema(_BASE64)] = None


class Assertion(Body):
    """A browser's answer at a sign-in: `PublicKeyCredential.toJSON()`. Other members are ignored."""

    model_config = ConfigDict(extra="ignore")

    id: Base64
    response: AssertionResponse


class AttestationResponse(Body):
    """An authenticator's answer when it has made a passkey."""

    model_config = ConfigDict(extra="ignore")

    client_data: Annotated[str, Field(alias="clientDataJSON"), WithJsonSchema(_BASE64 | _SIGNED)]
    attestation_object: Annotated[str, Field(alias="attestationObject"), WithJsonSchema(_BASE64)]


class Attestation(Body):
    """A browser's answer when an authenticator has made a passkey: `PublicKeyCredential.toJSON()`."""

    model_config = ConfigDict(extra="ignore")

    id: Base64
    response: AttestationResponse


class NewPasskeyRequest(Body):
    """A passkey to add."""

    credential: Attestation
    name: Annotated[
        str,
        parsed(lambda text, _: parse_name(text), "passkey-name"),
        WithJsonSchema(
            {
                "type": "string",
                "maxLength": LONGEST_NAME,
                "description": "The member's name for it; without one, the browser's and the system's.",
            }
        ),
    ] = ""


class SignInOptions(Answer):
    """The options of a sign-in, for `PublicKeyCredential.parseRequestOptionsFromJSON`; the same for everyone."""

    challenge: str
    timeout: int = Field(description="Number of milliseconds before the challenge expires.")
    rpId: str  # noqa: N815 - WebAuthn's name
    allowCredentials: list[str] = Field(max_length=0)  # noqa: N815 - as above
    userVerification: Literal["required"]  # noqa: N815 - as above


class RelyingPartyEntity(Answer):
    """The service."""

    id: str
    name: str


class UserEntity(Answer):
    """The member, by a random handle."""

    id: str
    name: str
    displayName: str  # noqa: N815 - WebAuthn's name


class KeyParameters(Answer):
    """A kind of signature."""

    type: Literal["public-key"]
    alg: int


class CredentialDescriptor(Answer):
    """A passkey that the member has already."""

    type: Literal["public-key"]
    id: str


class AuthenticatorSelection(Answer):
    """What an authenticator must do."""

    residentKey: Literal["required"]  # noqa: N815 - WebAuthn's name
    requireResidentKey: Literal[True]  # noqa: N815 - as above
    userVerification: Literal["required"]  # noqa: N815 - as above


class NewPasskeyOptions(Answer):
    """The options of a new passkey, for `PublicKeyCredential.parseCreationOptionsFromJSON`."""

    rp: RelyingPartyEntity
    user: UserEntity
    challenge: str
    pubKeyCredParams: list[KeyParameters]  # noqa: N815 - WebAuthn's name
    timeout: int = Field(description="Number of milliseconds before the challenge expires.")
    excludeCredentials: list[CredentialDescriptor]  # noqa: N815 - as above
    authenticatorSelection: AuthenticatorSelection  # noqa: N815 - as above
    attestation: Literal["none"]


class PasskeyAnswer(Answer):
    """A passkey."""

    id: str
    name: str
    created_at: str = Field(description="RFC 3339, in UTC.", json_schema_extra={"format": "date-time"})
    last_used_at: str | None = Field(
        default=None,
        description="RFC 3339, in UTC; absent before the first use.",
        json_schema_extra={"format": "date-time"},
    )


class PasskeysAnswer(Answer):
    """A member's passkeys, the oldest first."""

    passkeys: list[PasskeyAnswer]


SIGN_IN_OPTIONS = Operation(
    method="POST",
    path="/login/passkey/options",
    name="passkeyOptions",
    summary="Get a challenge to sign in with a passkey",
    body=NoBody,
    success=Success(200, "The options, the same for everyone.", SignInOptions),
)
SIGN_IN = Operation(
    method="POST",
    path="/login/passkey",
    name="signInWithPasskey",
    summary="Sign in with a passkey",
    body=Assertion,
    success=Success(200, "The member is signed in.", Tokens, sets=(SESSION_COOKIE, DEVICE_COOKIES)),
    refusals=(PasskeyRejected, TooManyAttempts),
    reads=(DEVICE_COOKIES,),
)
LIST = Operation(
    method="GET",
    path="/passkeys",
    name="passkeys",
    summary="List the member's passkeys",
    body=NoBody,
    success=Success(200, "The passkeys.", PasskeysAnswer),
    refusals=(InvalidToken,),
    scheme=ACCESS_TOKEN,
)
NEW_OPTIONS = Operation(
    method="POST",
    path="/passkeys/options",
    name="newPasskeyOptions",
    summary="Get a challenge to add a passkey, at most five minutes after a sign-in",
    body=NoBody,
    success=Success(200, "The options.", NewPasskeyOptions),
    refusals=(InvalidToken, SignInAgain, TooManyPasskeys),
    scheme=ACCESS_TOKEN,
)
ADD = Operation(
    method="POST",
    path="/passkeys",
    name="addPasskey",
    summary="Add a passkey, at most five minutes after a sign-in",
    body=NewPasskeyRequest,
    success=Success(201, "The passkey signs the member in from now on.", PasskeyAnswer),
    refusals=(InvalidToken, SignInAgain, PasskeyNotAdded, TooManyPasskeys),
    scheme=ACCESS_TOKEN,
)
DELETE = Operation(
    method="DELETE",
    path="/passkeys/{id}",
    name="deletePasskey",
    summary="Delete a passkey, at most five minutes after a sign-in",
    body=NoBody,
    success=Success(204, "The member has no such passkey any more."),
    refusals=(InvalidToken, SignInAgain),
    scheme=ACCESS_TOKEN,
)

OPERATIONS = (SIGN_IN_OPTIONS, SIGN_IN, LIST, NEW_OPTIONS, ADD, DELETE)
