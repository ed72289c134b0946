"""The functions behind API Gateway, which has verified the token already: by its own authorizer, or by ours."""

from __future__ import annotations

import time
from typing import Any

from protected_service.answers import answer
from protected_service.settings import LEVEL


def http_api(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer a call of the HTTP API. Its authorizer passes on all claims as text."""
    claims = event["requestContext"]["authorizer"]["jwt"]["claims"]
    return answer(event["rawPath"], claims, LEVEL, time.time())


def rest_api(event: dict[str, Any], _: object) -> dict[str, Any]:
    """Answer a call of the REST API. Our authorizer passes on the claims that it chose, as text."""
    return answer(event["path"], event["requestContext"]["authorizer"], LEVEL, time.time())
