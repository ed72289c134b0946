"""The settings of passkeys."""

from __future__ import annotations

from functools import cached_property

from pydantic import ValidationInfo, field_validator

from member_access.errors import InvalidValue
from member_access.settings.insurer import OneLine
from member_access.settings.sessions import SessionSettings
from passkeys.ceremony import RelyingParty


class PasskeySettings(SessionSettings):
    """The settings of this function; ``template.yaml`` says what each means."""

    emails_queue_url: str
    insurer_name: OneLine
    passkey_domain: str = ""

    @field_validator("passkey_domain")
    @classmethod
    def _check_domain(cls, domain: str, info: ValidationInfo) -> str:
        if domain and not f".{_host(info.data.get('public_origin', ''))}".endswith(f".{domain}"):
            raise InvalidValue("must be the host of PUBLIC_ORIGIN or a domain that it belongs to")
        return domain

    @cached_property
    def relying_party(self) -> RelyingParty:
        """The service, as authenticators know it."""
        return RelyingParty(
            domain=self.passkey_domain or _host(self.public_origin),
            name=self.insurer_name,
            origins=(self.public_origin, *self.allowed_origins),
        )


def _host(origin: str) -> str:
    return origin.partition("://")[2].partition(":")[0]
