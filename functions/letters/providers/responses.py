"""Reads the providers' responses leniently, because providers add fields and values without notice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from letters.model.job import ProviderCode, ProviderReference
from letters.model.print_provider import Unknown
from letters.providers.api import CallFailed
from member_access.values.types import Instant

if TYPE_CHECKING:
    from letters.providers.http_client import HttpResponse


class LenientResponse(BaseModel):
    """A response; ignores the fields that we do not need."""

    model_config = ConfigDict(extra="ignore", frozen=True, arbitrary_types_allowed=True, defer_build=True)


Model = TypeVar("Model", bound=LenientResponse)


def read_as(model: type[Model], response: HttpResponse) -> Model:
    """Read the body of a success.

    Raises:
        CallFailed: it does not match the provider's documentation, so we do not know what the provider did.
    """
    try:
        return model.model_validate_json(response.body)
    except ValidationError:
        raise CallFailed(Unknown(ProviderCode(ProviderCode.UNREADABLE))) from None


def _reference(given: object) -> object:
    return ProviderReference.parse(given) if isinstance(given, str) else given


ReferenceField = Annotated[ProviderReference, BeforeValidator(_reference)]
"""The provider's identifier of a letter, safe in a URL."""


def _instant(given: object) -> Instant | None:
    if not isinstance(given, str):
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    return Instant(int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))


InstantField = Annotated[Instant | None, BeforeValidator(_instant)]
"""A time in ISO 8601, also with an offset without a colon; None if missing or unreadable."""
