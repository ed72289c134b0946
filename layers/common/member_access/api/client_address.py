"""The client's IP address, as seen by API Gateway, or by CloudFront in front of it."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

VERIFY_HEADER = "x-origin-verify"
"""Carries the secret that proves that a request came through CloudFront."""
ADDRESS_HEADER = "true-client-ip"
"""Carries the client's address; CloudFront overwrites any value that a client sent."""


def client_address(peer: str, headers: Mapping[str, str], secret: SecretStr) -> str:
    """Return the address that the limits by source use.

    Args:
        peer: the address that called API Gateway.
        headers: of the request, by their names in lower case.
        secret: shared by CloudFront and this function; empty without CloudFront.

    Returns:
        An address that the client cannot choose: without the right secret, the header is ignored.
    """
    shared = secret.get_secret_value().encode()
    shown = headers.get(VERIFY_HEADER, "").encode()
    if not shared or not hmac.compare_digest(shown, shared):
        return peer
    try:
        return str(ip_address(headers.get(ADDRESS_HEADER, "")))
    except ValueError:
        return peer
