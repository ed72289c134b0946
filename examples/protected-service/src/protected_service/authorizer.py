"""The authorizer of the REST API: it verifies the token, and passes on what the functions need of it."""

from __future__ import annotations

import time
from typing import Any

from protected_service.settings import AUDIENCE, ISSUER
from protected_service.tokens import InvalidToken, Verifier, bearer

_verifier = Verifier(ISSUER, AUDIENCE, time.time)


def handler(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Allow the call, or let API Gateway answer 401: it does so for an error with the text ``Unauthorized``."""
    try:
        claims = _verifier.claims(bearer(event["authorizationToken"]))
    except InvalidToken:
        raise Exception("Unauthorized") from None  # noqa: TRY002 - API Gateway looks at the text alone
    allowed = {"Action": "execute-api:Invoke", "Effect": "Allow", "Resource": event["methodArn"]}
    return {
        "principalId": claims["sub"],
        "policyDocument": {"Version": "2012-10-17", "Statement": [allowed]},
        "context": {name: str(claims[name]) for name in ("sub", "acr", "auth_time") if name in claims},
    }
