"""The settings of the functions that try the service."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Annotated

from pydantic import BeforeValidator

from member_access.settings import TableSettings
from member_access.values.web_address import Origin

if TYPE_CHECKING:
    from collections.abc import Mapping


class VersionCheckSettings(TableSettings):
    """The versions to check, by their ARNs; ``template.yaml`` explains the identifier."""

    login_version: str
    reset_version: str
    identifier_version: str
    account_version: str
    letter_status_version: str
    passkeys_version: str
    unknown_identifier: str

    @cached_property
    def versions(self) -> Mapping[str, str]:
        """The versions by the name of their function."""
        return {
            "login": self.login_version,
            "reset": self.reset_version,
            "identifier": self.identifier_version,
            "account": self.account_version,
            "letter-status": self.letter_status_version,
            "passkeys": self.passkeys_version,
        }


class CanarySettings(TableSettings):
    """Where the test member signs in, and the secret that holds their identifier and PIN."""

    public_origin: Annotated[Origin, BeforeValidator(lambda text: text.rstrip("/"))]
    canary_secret_arn: str
