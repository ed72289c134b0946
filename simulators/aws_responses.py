"""Responses for boto3 clients whose requests do not go over a network."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

if TYPE_CHECKING:
    from collections.abc import Mapping


class OfflineResponse(AWSResponse):
    """A response that a ``before-send`` handler returns in place of the network's."""

    def __init__(self, url: str, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        sent = HTTPHeaders()
        for name, value in (headers or {}).items():
            sent[name] = value
        super().__init__(url, status, sent, None)
        self._content = body
