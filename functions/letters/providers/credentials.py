"""The secret of the print providers in AWS Secrets Manager: credentials for us there, and for them here.

One JSON object with an entry for each provider that is, or was, in use::

    {"maileva": {"client_id": "…", "client_secret": "…", "username": "…", "password": "…",
                 "webhook_login": "…", "webhook_password": "…"},
     "pingen":  {"client_id": "…", "client_secret": "…", "webhook_keys": ["…"]}}

``username`` and ``password`` are for Maileva's password mode alone; Pingen has one key for each category of events.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
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


LONGEST_STALE_SECONDS = 300
"""A secret that was replaced is read anew so soon, where a call from outside cannot be told to be ours."""

Entry = TypeVar("Entry", bound="_Entry")
SecretText = Annotated[Secret, BeforeValidator(_secret)]


class _Entry(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)

    client_id: str
    client_secret: SecretText


class MailevaEntry(_Entry):
    """What Maileva and we know of each other."""

    username: str | None = None
    password: SecretText | None = None
    webhook_login: SecretText
    webhook_password: SecretText

    @property
    def credentials(self) -> ClientCredentials:
        """For Maileva's token service."""
        return ClientCredentials(self.client_id, self.client_secret, self.username, self.password)


class PingenEntry(_Entry):
    """What Pingen and we know of each other."""

    webhook_keys: tuple[SecretText, ...]

    @property
    def credentials(self) -> ClientCredentials:
        """For Pingen's token service."""
        return ClientCredentials(self.client_id, self.client_secret)


class ProviderSecret:
    """The secret, read at the first need and kept until it is forgotten."""

    def __init__(self, secretsmanager: SecretsManagerClient, arn: str, now: Callable[[], Instant]) -> None:
        self._secretsmanager = secretsmanager
        self._arn = arn
        self._now = now
        self._kept: Mapping[str, Any] | None = None
        self._read_at = Instant(0)

    def maileva(self) -> MailevaEntry:
        """Maileva's entry.

        Raises:
            CredentialsMissing: there is none, or it lacks something.
            Unavailable: Secrets Manager did not answer.
        """
        return self._entry(ProviderName.MAILEVA, MailevaEntry)

    def pingen(self) -> PingenEntry:
        """Pingen's entry.

        Raises:
            CredentialsMissing: there is none, or it lacks something.
            Unavailable: Secrets Manager did not answer.
        """
        return self._entry(ProviderName.PINGEN, PingenEntry)

    def forget(self, *, kept_at_least: int = 0) -> bool:
        """Have it read anew at the next need, if it has been kept for so many seconds; whether that is so."""
        if self._kept is None or self._now() - self._read_at < kept_at_least:
            return False
        self._kept = None
        return True

    def _entry(self, provider: ProviderName, model: type[Entry]) -> Entry:
        given = self._content().get(provider)
        try:
            return model.model_validate(given)
        except ValidationError as error:
            # The error's own text holds what was read, so it is left behind.
            wrong = ", ".join(sorted({str(one["loc"][0]) for one in error.errors(include_input=False) if one["loc"]}))
        # So that one which is filled now is found soon, and a stranger cannot make us read it all the time.
        self.forget(kept_at_least=LONGEST_STALE_SECONDS)
        raise CredentialsMissing(f"the secret's entry for {provider} lacks {wrong or 'everything'}")

    def _content(self) -> Mapping[str, Any]:
        if self._kept is None:
            with translate_errors():
                answer = self._secretsmanager.get_secret_value(SecretId=self._arn)
            self._kept, self._read_at = _object(answer.get("SecretString", "")), self._now()
        return self._kept


@dataclass(frozen=True)
class SecretCredentials:
    """The credentials of one entry, as an adapter asks for them."""

    secret: ProviderSecret
    entry: Callable[[], MailevaEntry | PingenEntry]

    def __call__(self) -> ClientCredentials:
        """The credentials.

        Raises:
            CredentialsMissing: the secret has none.
            Unavailable: Secrets Manager did not answer.
        """
        return self.entry().credentials

    def invalidate(self) -> None:
        """They were refused: the secret is read anew."""
        self.secret.forget()


def _object(text: str) -> Mapping[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
