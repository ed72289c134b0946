"""Makes the adapters of all print providers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.model.job import ProviderName
from letters.providers.api import CredentialSource
from letters.providers.credentials import ProviderSecret
from letters.providers.maileva.adapter import Maileva, MailevaSettings
from letters.providers.pingen.adapter import Pingen, PingenSettings

if TYPE_CHECKING:
    from collections.abc import Mapping

    from letters.model.print_provider import PrintProvider
    from letters.providers.http_client import Transport
    from member_access.platform.runtime import Runtime


@dataclass(frozen=True)
class ProviderConfiguration:
    """The settings of all providers, and the name of the one that sends new letters."""

    chosen: ProviderName
    secret_arn: str
    maileva: MailevaSettings
    pingen: PingenSettings


@dataclass(frozen=True)
class Providers:
    """The adapters by name.

    Attributes:
        chosen: sends new letters.
        secret: the credentials of all.
    """

    adapters: Mapping[ProviderName, PrintProvider]
    chosen: PrintProvider
    secret: ProviderSecret

    @classmethod
    def of(cls, configuration: ProviderConfiguration, runtime: Runtime, transport: Transport) -> Providers:
        """Make all adapters: the previous provider may still report on its letters."""
        secret = ProviderSecret(runtime.clients.secretsmanager, configuration.secret_arn, runtime.now)
        maileva = CredentialSource(lambda: secret.maileva().credentials, secret.expire)
        pingen = CredentialSource(lambda: secret.pingen().credentials, secret.expire)
        adapters: dict[ProviderName, PrintProvider] = {
            ProviderName.MAILEVA: Maileva(configuration.maileva, transport, maileva),
            ProviderName.PINGEN: Pingen(configuration.pingen, transport, pingen),
        }
        return cls(adapters, adapters[configuration.chosen], secret)
