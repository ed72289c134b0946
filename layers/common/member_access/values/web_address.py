"""Web addresses that secrets are sent to: over TLS, or to this machine."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import AfterValidator

from member_access.errors import InvalidValue

# Browsers send an origin in lower case and without the default port.
_ORIGIN = r"(https://[0-9a-z.-]+(:(?!443\b)[0-9]+)?|http://(127\.0\.0\.1|localhost)(:(?!80\b)[0-9]+)?)"
_ORIGIN_FORM = re.compile(_ORIGIN, re.ASCII)
_URL_FORM = re.compile(_ORIGIN + r"(/[!-~]*)?", re.ASCII)


def _origin(text: str) -> str:
    if not _ORIGIN_FORM.fullmatch(text):
        raise InvalidValue("must be https:// and a host in lower case, and nothing else; http:// on this machine only")
    return text


def _url(text: str) -> str:
    if not _URL_FORM.fullmatch(text):
        raise InvalidValue("must be an address that begins with https://; http:// on this machine only")
    return text


Origin = Annotated[str, AfterValidator(_origin)]
"""An origin exactly as browsers send it (RFC 6454 §6.2)."""

SecureUrl = Annotated[str, AfterValidator(_url)]
"""An address that credentials and codes may be sent to."""
