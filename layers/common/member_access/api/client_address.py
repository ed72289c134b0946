"""The address of who calls: what API Gateway sees, unless CloudFront stands between and says whom it sees."""

from __future__ import annotations

import hmac
from ipaddress import ip_address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import SecretStr

VERIFY_HEADER = "x-origin-verify"
"""Carries the secret by which a request shows that it came through CloudFront."""
ADDRESS_HEADER = "true-client-ip"
"""Carries the caller's address; the distribution writes it over whatever a caller sent."""


def client_address(peer: str, headers: Mapping[str, str], secret: SecretStr) -> str:
    """The address that limits by source count for.

    Args:
        peer: the address that API Gateway was called from.
        headers: of the request, by their names in lower case.
        secret: what CloudFront and this function share; empty where nothing stands in front of API Gateway.

    Returns:
        An address that the caller could not choose: without the right secret what a header says is not believed.
    """
    shared = secret.get_secret_value().encode()
    shown = headers.get(VERIFY_HEADER, "").encode()
    if not shared or not hmac.compare_digest(shown, shared):
        return peer
    try:
        return str(ip_address(headers.get(ADDRESS_HEADER, "")))
    except ValueError:
        return peer
