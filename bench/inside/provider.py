"""Answers the calls of the print provider from those that were recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from letters.providers.http_client import HttpRequest, HttpResponse

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class RecordedProvider:
    """A transport that gives the same answer to each request of a kind."""

    def __init__(self, calls: Iterable[Mapping[str, Any]]) -> None:
        self._answers = {
            call["operation"]: HttpResponse(call["status"], call["headers"], call["answer"].encode()) for call in calls
        }

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer one request."""
        return self._answers[f"provider {request.method} {urlsplit(request.url).path}"]
