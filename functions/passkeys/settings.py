"""The settings of passkeys."""

from __future__ import annotations

from functools import cached_property
from typing import Self

from pydantic import model_validator

from member_access.settings import OneLine
from member_access.settings.sessions import SessionSettings
from passkeys.ceremony import RelyingParty


class PasskeySettings(SessionSettings):
    """The settings of this function; ``template.yaml`` says what each means."""

    emails_queue_url: str
    insurer_name: OneLine
    passkey_domain: str = ""

    @model_validator(mode="after")
    def _check_domain(self) -> Self:
        if not f".{self._host}".endswith(f".{self.passkey_domain or self._host}"):
            raise ValueError("PASSKEY_DOMAIN must be the host of PUBLIC_ORIGIN or a domain that it belongs to")
        return self

    @property
    def _host(self) -> str:
        return self.public_origin.partition("://")[2].partition(":")[0]

    @cached_property
    def relying_party(self) -> RelyingParty:
        """The service, as authenticators know it."""
        return RelyingParty(
            domain=self.passkey_domain or self._host,
            name=self.insurer_name,
            origins=(self.public_origin, *self.allowed_origins),
        )
