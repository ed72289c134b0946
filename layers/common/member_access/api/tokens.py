"""The body of every answer that opens or continues a session."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from member_access.api.fields import Answer


class Tokens(Answer):
    """An access token (RFC 6749 §5.1). The refresh token is set as a cookie."""

    access_token: str = Field(
        description="A JWT with the RFC 9068 profile, signed with RS256. `sid` names the session; `acr` and `amr` say "
        "how it was opened: `pin`, `pin-known-browser` where the member had signed in before, `pin-code` where a code "
        "was asked for as well, or `passkey`."
    )
    token_type: Literal["Bearer"]
    expires_in: int = Field(description="Number of seconds before the access token expires.")
