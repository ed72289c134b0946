"""What an operator can set of the letters; ``template.yaml`` says what each setting means."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, PositiveInt

from letters.model.job import ProviderName
from letters.providers.maileva.adapter import MailevaSettings
from letters.providers.pingen.adapter import PingenSettings
from member_access.settings import ApiSettings, InsurerSettings, TableSettings


class ProviderSettings(TableSettings):
    """The print providers, for all three functions."""

    letter_provider: ProviderName
    letter_owner: str
    provider_secret_arn: str
    maileva_api_url: str
    maileva_token_url: str
    maileva_version: str
    maileva_postage: Literal["URGENT", "FAST", "ECONOMIC"]
    maileva_archiving_years: Annotated[Literal[0, 1, 3, 6, 10], BeforeValidator(int)]
    pingen_api_url: str
    pingen_token_url: str
    pingen_organisation: str
    pingen_product: Literal["fast", "cheap", "bulk", "premium", "registered"]
    pingen_address_position: Literal["left", "right"]

    @property
    def maileva(self) -> MailevaSettings:
        """Where Maileva is and how it prints."""
        return MailevaSettings(
            api_url=self.maileva_api_url,
            token_url=self.maileva_token_url,
            version=self.maileva_version,
            owner=self.letter_owner,
            postage=self.maileva_postage,
            archiving_years=self.maileva_archiving_years,
        )

    @property
    def pingen(self) -> PingenSettings:
        """Where Pingen is and how it prints."""
        return PingenSettings(
            api_url=self.pingen_api_url,
            token_url=self.pingen_token_url,
            organisation=self.pingen_organisation,
            owner=self.letter_owner,
            product=self.pingen_product,
            address_position=self.pingen_address_position,
        )


class LettersSettings(ProviderSettings, InsurerSettings):
    """The settings of the function that sends letters."""

    code_key_arn: str
    letters_queue_url: str
    letters_a_day: PositiveInt


class LetterStatusSettings(ProviderSettings, ApiSettings):
    """The settings of the function that takes the providers' notifications."""


class LetterSweepSettings(ProviderSettings):
    """The settings of the daily sweep."""

    letters_queue_url: str
