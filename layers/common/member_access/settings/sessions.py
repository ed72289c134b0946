"""The settings of the functions that open or continue sessions."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from member_access.sessions.access_tokens import AccessTokens, TokenProfile
from member_access.sessions.policy import SessionPolicy
from member_access.settings import Audiences, CommonSettings, Seconds

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_kms import KMSClient


class SessionSettings(CommonSettings):
    """The settings of sessions and access tokens. Durations are in seconds."""

    signing_key_arn: str
    next_signing_key_arn: str = ""
    former_signing_key_arn: str = ""
    access_token_seconds: Seconds
    service_audiences: Audiences = ()
    session_idle_seconds: Annotated[int, Field(ge=300, le=31_536_000)]
    session_longest_seconds: Seconds
    session_grace_seconds: Seconds

    @cached_property
    def session_policy(self) -> SessionPolicy:
        """The durations of a session."""
        return SessionPolicy(
            idle=self.session_idle_seconds,
            longest=self.session_longest_seconds,
            grace=self.session_grace_seconds,
        )

    @property
    def other_signing_key_arns(self) -> tuple[str, ...]:
        """The keys that verify tokens without signing any: the next one and the former one, if there are."""
        return tuple(filter(None, (self.next_signing_key_arn, self.former_signing_key_arn)))

    @property
    def audience(self) -> str | list[str]:
        """The audience of access tokens (RFC 7519 §4.1.3): the origin, and the registered services if there are any."""
        audiences = list(dict.fromkeys((self.public_origin, *self.service_audiences)))
        return audiences if len(audiences) > 1 else self.public_origin

    @cached_property
    def token_profile(self) -> TokenProfile:
        """The claims that all access tokens share."""
        return TokenProfile(
            issuer=self.issuer,
            audience=self.audience,
            client_id="espace-adherent",
            lifetime=self.access_token_seconds,
        )

    def access_tokens(self, kms: KMSClient, random_bytes: Callable[[int], bytes]) -> AccessTokens:
        """Make the access tokens of these settings."""
        return AccessTokens(
            kms, self.signing_key_arn, self.token_profile, random_bytes, other_keys=self.other_signing_key_arns
        )
