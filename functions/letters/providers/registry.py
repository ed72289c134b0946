"""The print providers that there are, put together from the settings and the secret."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.model.job import ProviderName
from letters.page.geometry import MAILEVA, PINGEN_LEFT, PINGEN_RIGHT
from letters.providers.credentials import ProviderSecret, SecretCredentials
from letters.providers.maileva.adapter import Maileva
from letters.providers.pingen.adapter import Pingen

if TYPE_CHECKING:
    from collections.abc import Mapping

    from letters.model.print_provider import PrintProvider
    from letters.page.geometry import AddressWindow
    from letters.providers.http_client import Transport
    from letters.settings import ProviderSettings
    from member_access.platform.runtime import Runtime


@dataclass(frozen=True)
class Providers:
    """The adapters by name.

    Attributes:
        chosen: the one that letters go with.
        secret: the credentials of all.
    """

    adapters: Mapping[ProviderName, PrintProvider]
    chosen: PrintProvider
    secret: ProviderSecret

    @classmethod
    def of(cls, settings: ProviderSettings, runtime: Runtime, transport: Transport) -> Providers:
        """All providers: the one before may still have something to say about letters of its time."""
        secret = ProviderSecret(runtime.clients.secretsmanager, settings.provider_secret_arn, runtime.now)
        adapters: dict[ProviderName, PrintProvider] = {
            ProviderName.MAILEVA: Maileva(settings.maileva, transport, SecretCredentials(secret, secret.maileva)),
            ProviderName.PINGEN: Pingen(settings.pingen, transport, SecretCredentials(secret, secret.pingen)),
        }
        return cls(adapters, adapters[settings.letter_provider], secret)


def window_of(settings: ProviderSettings) -> AddressWindow:
    """What the chosen provider wants in the window of the envelope."""
    if settings.letter_provider is ProviderName.MAILEVA:
        return MAILEVA
    return PINGEN_LEFT if settings.pingen_address_position == "left" else PINGEN_RIGHT
