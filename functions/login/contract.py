"""The operations of this function: their requests, responses and refusals. The OpenAPI document is built from them."""

from __future__ import annotations

from typing import Literal

from member_access.api.code_sent import CodeSent
from member_access.api.cookies import CONFIRM_COOKIE, DEVICE_COOKIES, SESSION_COOKIE
from member_access.api.fields import Answer, Body, CodeField, IdentifierField, OptionalCodeField, PinField
from member_access.api.router import NoBody, Operation, Success
from member_access.api.tokens import Tokens
from member_access.errors import Refusal
from member_access.pin_verification import InvalidCredentials, PinDisabled
from member_access.recovery.invalid_code import InvalidCode
from member_access.throttling.guard import TooManyAttempts


class SessionExpired(Refusal):
    """No session, or one that has ended."""

    code = "session-expired"
    status = 401


KEYS_PATH = "/.well-known/jwks.json"
_CACHEABLE_SECONDS = 300


class Credentials(Body):
    """The credentials a member signs in with."""

    identifier: IdentifierField
    pin: PinField


class CodeOfStep(Body):
    """The code of a second step."""

    code: CodeField


class StepUp(Body):
    """A request for a code, or the code."""

    code: OptionalCodeField = None


class PublicKey(Answer):
    """A public key as a JWK (RFC 7517)."""

    kty: Literal["RSA"]
    use: Literal["sig"]
    alg: Literal["RS256"]
    kid: str
    n: str
    e: str


class PublicKeys(Answer):
    """The public keys that verify access tokens."""

    keys: list[PublicKey]


class Configuration(Answer):
    """The issuer's metadata, for services that verify access tokens.

    They choose the algorithm by ``id_token_signing_alg_values_supported``. The issuer is no OpenID provider, and states
    nothing that only a provider has.
    """

    issuer: str
    jwks_uri: str
    subject_types_supported: list[str]
    id_token_signing_alg_values_supported: list[str]


SIGN_IN = Operation(
    method="POST",
    path="/login",
    name="signIn",
    summary="Sign in with an identifier and a PIN",
    body=Credentials,
    success=Success(200, "The member is signed in.", Tokens, sets=(SESSION_COOKIE, DEVICE_COOKIES)),
    instead=Success(
        202, "The PIN is right and the browser is new: a code is on its way.", CodeSent, sets=(CONFIRM_COOKIE,)
    ),
    refusals=(InvalidCredentials, TooManyAttempts, PinDisabled),
    reads=(DEVICE_COOKIES,),
)
CONFIRM = Operation(
    method="POST",
    path="/login/confirm",
    name="confirmSignIn",
    summary="Finish a sign-in in a new browser with the code that was sent",
    body=CodeOfStep,
    success=Success(200, "The member is signed in.", Tokens, sets=(SESSION_COOKIE, DEVICE_COOKIES, CONFIRM_COOKIE)),
    refusals=(InvalidCode, TooManyAttempts),
    reads=(CONFIRM_COOKIE, DEVICE_COOKIES),
)
STEP_UP = Operation(
    method="POST",
    path="/login/step-up",
    name="stepUp",
    summary="Raise the level of a session: request a code, then send it",
    body=StepUp,
    success=Success(200, "The level is `pin-code`, as of now.", Tokens, sets=(CONFIRM_COOKIE,)),
    instead=Success(202, "A code is on its way.", CodeSent, sets=(CONFIRM_COOKIE,)),
    refusals=(SessionExpired, InvalidCode, TooManyAttempts),
    reads=(SESSION_COOKIE, CONFIRM_COOKIE),
)
REFRESH = Operation(
    method="POST",
    path="/login/refresh",
    name="refreshSession",
    summary="Get a new access token for a session and replace its cookie",
    body=NoBody,
    success=Success(200, "The session continues.", Tokens, sets=(SESSION_COOKIE,)),
    refusals=(SessionExpired,),
    reads=(SESSION_COOKIE,),
)
SIGN_OUT = Operation(
    method="POST",
    path="/logout",
    name="signOut",
    summary="End a session",
    body=NoBody,
    success=Success(204, "The session has ended, or there was none.", sets=(SESSION_COOKIE,)),
    reads=(SESSION_COOKIE,),
)
SIGNING_KEYS = Operation(
    method="GET",
    path=KEYS_PATH,
    name="signingKeys",
    summary="Get the public keys that verify access tokens",
    body=NoBody,
    success=Success(200, "The key set (RFC 7517).", PublicKeys),
    cacheable=_CACHEABLE_SECONDS,
)
CONFIGURATION = Operation(
    method="GET",
    path="/.well-known/openid-configuration",
    name="configuration",
    summary="Get the issuer's metadata and the address of its keys",
    body=NoBody,
    success=Success(200, "The issuer's metadata.", Configuration),
    cacheable=_CACHEABLE_SECONDS,
)

OPERATIONS = (SIGN_IN, CONFIRM, STEP_UP, REFRESH, SIGN_OUT, SIGNING_KEYS, CONFIGURATION)


def configuration(issuer: str) -> dict[str, object]:
    """Return the issuer's metadata that services need to verify access tokens."""
    return Configuration(
        issuer=issuer,
        jwks_uri=issuer + KEYS_PATH,
        subject_types_supported=["public"],
        id_token_signing_alg_values_supported=["RS256"],
    ).model_dump()
