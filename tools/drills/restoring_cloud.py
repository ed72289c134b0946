"""Stands before the local cloud, whose own restore copies the present items, and restores a table to a moment.

Everything else goes through. What a restore answers, and in which order, is in ``simulators.point_in_time``.
"""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING

import urllib3
from werkzeug.wrappers import Request, Response

from local.front import HOST, listening_socket, serving

if TYPE_CHECKING:
    from collections.abc import Generator

    from simulators.point_in_time import PointInTime

_DYNAMODB = "DynamoDB_20120810."
_TIMEOUT_SECONDS = 60


@contextmanager
def restoring_cloud(endpoint_url: str, backups: PointInTime) -> Generator[str]:
    """Run it, and yield its address.

    Args:
        endpoint_url: the local cloud.
        backups: answers the calls of a restore.
    """
    with urllib3.PoolManager() as http, listening_socket(0) as listener:

        @Request.application
        def application(request: Request) -> Response:
            service, _, operation = request.headers.get("X-Amz-Target", "").rpartition(".")
            if f"{service}." == _DYNAMODB and (answered := backups.answer(operation, request.get_data(as_text=True))):
                status, body = answered
                return Response(json.dumps(body), status, content_type="application/x-amz-json-1.0")
            answer = http.request(
                request.method,
                endpoint_url + request.full_path.removesuffix("?"),
                body=request.get_data(),
                headers=dict(request.headers),
                redirect=False,
                retries=False,
                timeout=_TIMEOUT_SECONDS,
            )
            return Response(answer.data, answer.status, content_type=answer.headers.get("Content-Type"))

        with serving(application, listener):
            yield f"http://{HOST}:{listener.getsockname()[1]}"
