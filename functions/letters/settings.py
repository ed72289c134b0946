"""The settings of the three letter functions; ``template.yaml`` explains each of them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator

from letters.model.job import ProviderName
from letters.providers.maileva.adapter import MailevaSettings
from letters.providers.pingen.adapter import PingenSettings
from letters.providers.registry import ProviderConfiguration
from member_access.settings import ApiSettings, Count, TableSettings
from member_access.settings.insurer import InsurerSettings
from member_access.values.web_address import SecureUrl


class ProviderSettings(TableSettings):
    """The settings of the print providers, for all three functions."""

    letter_provider: ProviderName
    letter_in_colour: bool
    letter_owner: str
    letters_queue_url: str
    provider_secret_arn: str
    maileva_api_url: SecureUrl
    maileva_token_url: SecureUrl
    maileva_version: str
    maileva_postage: Literal["URGENT", "FAST", "ECONOMIC"]
    maileva_archiving_years: Annotated[Literal[0, 1, 3, 6, 10], BeforeValidator(int)]
    pingen_api_url: SecureUrl
    pingen_token_url: SecureUrl
    pingen_organisation: str
    pingen_product: Literal["fast", "cheap", "bulk", "premium", "registered"]
    pingen_address_position: Literal["left", "right"]

    @property
    def providers(self) -> ProviderConfiguration:
        """The providers' settings, as their registry takes them."""
        return ProviderConfiguration(
            chosen=self.letter_provider,
            secret_arn=self.provider_secret_arn,
            maileva=MailevaSettings(
                api_url=self.maileva_api_url,
                token_url=self.maileva_token_url,
                version=self.maileva_version,
                owner=self.letter_owner,
                postage=self.maileva_postage,
                archiving_years=self.maileva_archiving_years,
                in_colour=self.letter_in_colour,
            ),
            pingen=PingenSettings(
                api_url=self.pingen_api_url,
                token_url=self.pingen_token_url,
                organisation=self.pingen_organisation,
                owner=self.letter_owner,
                product=self.pingen_product,
                address_position=self.pingen_address_position,
                in_colour=self.letter_in_colour,
            ),
        )


class LettersSettings(ProviderSettings, InsurerSettings):
    """The settings of the function that sends letters."""

    code_key_arn: str
    emails_queue_url: str
    letters_a_day: Count


class LetterStatusSettings(ProviderSettings, ApiSettings):
    """The settings of the function that receives the providers' notifications."""


class LetterSweepSettings(ProviderSettings):
    """The settings of the daily sweep."""
