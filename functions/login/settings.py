"""The settings of the sign-in."""

from __future__ import annotations

from functools import cached_property

from pydantic import PositiveInt

from login.access_tokens import TokenProfile
from login.sessions import SessionPolicy
from member_access.settings import PinSettings


class LoginSettings(PinSettings):
    """The settings of this function, explained in ``template.yaml``. Durations are in seconds."""

    signing_key_arn: str
    access_token_seconds: PositiveInt
    session_idle_seconds: PositiveInt
    session_longest_seconds: PositiveInt
    session_grace_seconds: PositiveInt

    @cached_property
    def session_policy(self) -> SessionPolicy:
        """The durations of a session."""
        return SessionPolicy(
            idle=self.session_idle_seconds,
            longest=self.session_longest_seconds,
            grace=self.session_grace_seconds,
        )

    @cached_property
    def token_profile(self) -> TokenProfile:
        """The claims that all access tokens share."""
        return TokenProfile(
            issuer=self.issuer,
            audience=self.public_origin,
            client_id="espace-adherent",
            lifetime=self.access_token_seconds,
        )
