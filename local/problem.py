"""Errors of the local server itself, in the API's format (RFC 9457)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from werkzeug.wrappers import Response

if TYPE_CHECKING:
    from werkzeug.exceptions import HTTPException


def problem(refused: HTTPException) -> Response:
    """Build the response for an HTTP error."""
    response = Response(
        json.dumps(
            {
                "type": "about:blank",
                "title": refused.name,
                "status": refused.code,
                "detail": refused.description,
            }
        ),
        status=refused.code,
        mimetype="application/problem+json",
    )
    response.headers["Cache-Control"] = "no-store"
    return response
