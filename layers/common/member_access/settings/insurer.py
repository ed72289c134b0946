"""The settings of the functions that write to members in the insurer's name."""

from __future__ import annotations

from functools import cached_property
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator

from member_access.errors import InvalidValue
from member_access.settings import TableSettings
from member_access.wording.insurer import Insurer, accent_complaint, one_line_complaint


def _lines(text: object) -> object:
    return tuple(line.strip() for line in text.split("|")) if isinstance(text, str) else text


def _one_line(text: str) -> str:
    if complaint := one_line_complaint(text):
        raise InvalidValue(complaint)
    return text


def _accent(text: str) -> str:
    if complaint := accent_complaint(text):
        raise InvalidValue(complaint)
    return text


OneLine = Annotated[str, AfterValidator(_one_line)]
"""Text for e-mail headers and paper."""


class InsurerSettings(TableSettings):
    """The settings of the functions that write to members in the insurer's name."""

    insurer_name: OneLine
    insurer_address: Annotated[tuple[OneLine, ...], BeforeValidator(_lines)]
    insurer_site: OneLine
    insurer_helpline: OneLine
    brand_accent: Annotated[str, AfterValidator(_accent)]

    @cached_property
    def insurer(self) -> Insurer:
        """The insurer that members read as the sender."""
        return Insurer(
            self.insurer_name, self.insurer_address, self.insurer_site, self.insurer_helpline, self.brand_accent
        )
