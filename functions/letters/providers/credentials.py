"""Reads the print providers' secret in AWS Secrets Manager: our credentials with them, and theirs with us.

One JSON object has an entry for each current or previous provider::

    {"maileva": {"client_id": "…", "client_secret": "…", "username": "…", "password": "…",
                 "webhook_login": "…", "webhook_password": "…"},
     "pingen":  {"client_id": "…", "client_secret": "…", "webhook_keys": ["…"]}}

Only Maileva's password mode needs ``username`` and ``password``; Pingen has one key for each category of events.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from letters.model.job import ProviderName
from letters.providers.api import ClientCredentials, CredentialsMissing
from member_access.platform.aws import translate_errors
from member_access.values.types import Instant, Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_secretsmanager import SecretsManagerClient


def _secret(text: object) -> object:
    return Secret(text) if isinstance(text, str) and text else text


MAX_STALE_SECONDS = 300
"""After this many seconds, a call that fails authentication has the secret read again: it may have been rotated."""

Entry = TypeVar("Entry", bound="_Entry")
SecretText = Annotated[Secret, BeforeValidator(_secret)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True, defer_build=True)

    client_id: str
    client_secret: SecretText


class MailevaEntry(_Entry):
    """The credentials between Maileva and this service."""

    username: str | None = None
    password: SecretText | None = None
    webhook_login: SecretText
    webhook_password: SecretText

    @property
    def credentials(self) -> ClientCredentials:
        """For Maileva's token service."""
        return ClientCredentials(self.client_id, self.client_secret, self.username, self.password)


class PingenEntry(_Entry):
    """The credentials between Pingen and this service."""

    webhook_keys: tuple[SecretText, ...]

    @property
    def credentials(self) -> ClientCredentials:
        """For Pingen's token service."""
        return ClientCredentials(self.client_id, self.client_secret)


class ProviderSecret:
    """The secret, read when first needed and cached until it expires."""

    def __init__(self, secretsmanager: SecretsManagerClient, arn: str, now: Callable[[], Instant]) -> None:
        self._secretsmanager = secretsmanager
        self._arn = arn
        self._now = now
        self._cached: Mapping[str, Any] | None = None
        self._read_at = Instant(0)

    def maileva(self) -> MailevaEntry:
        """Maileva's entry.

        Raises:
            CredentialsMissing: it is missing or incomplete.
            Unavailable: Secrets Manager did not answer.
        """
        return self._entry(ProviderName.MAILEVA, MailevaEntry)

    def pingen(self) -> PingenEntry:
        """Pingen's entry.

        Raises:
            CredentialsMissing: it is missing or incomplete.
            Unavailable: Secrets Manager did not answer.
        """
        return self._entry(ProviderName.PINGEN, PingenEntry)

    def expire(self, *, min_age: int = 0) -> bool:
        """Drop the cached secret if it is at least ``min_age`` seconds old; return whether it was dropped."""
        if self._cached is None or self._now() - self._read_at < min_age:
            return False
        self._cached = None
        return True

    def _entry(self, provider: ProviderName, model: type[Entry]) -> Entry:
        try:
            return self._parsed(provider, model)
        except CredentialsMissing:
            # Finds a corrected entry at once, but a stranger cannot cause a read with every call.
            if not self.expire(min_age=MAX_STALE_SECONDS):
                raise
        return self._parsed(provider, model)

    def _parsed(self, provider: ProviderName, model: type[Entry]) -> Entry:
        given = self._content().get(provider)
        try:
            return model.model_validate(given)
        except ValidationError as error:
            # The error's own text repeats the secret.
            wrong = ", ".join(sorted({str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]}))
        raise CredentialsMissing(f"the secret's entry for {provider} lacks {wrong or 'everything'}")

    def _content(self) -> Mapping[str, Any]:
        if self._cached is None:
            with translate_errors():
                answer = self._secretsmanager.get_secret_value(SecretId=self._arn)
            self._cached, self._read_at = _object(answer.get("SecretString", "")), self._now()
        return self._cached


def _object(text: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
