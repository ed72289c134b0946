"""The settings of the pseudonyms of members."""

from __future__ import annotations

from member_access.settings import TableSettings


class PseudonymSettings(TableSettings):
    """The keys that the pseudonyms derive from: of the sign-in and the reset, and of the search for an identifier."""

    sign_in_key_arn: str
    search_key_arn: str
