"""Reading what providers reply: leniently, since they add fields and values as they please."""

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
    """A reply of which we read what we need."""

    model_config = ConfigDict(extra="ignore", frozen=True, arbitrary_types_allowed=True)


Model = TypeVar("Model", bound=LenientResponse)


def read_as(model: type[Model], reply: HttpResponse) -> Model:
    """The body of a success.

    Raises:
        CallFailed: it is not what the provider documents, so what it did is not known.
    """
    try:
        return model.model_validate_json(reply.body)
    except ValidationError:
        raise CallFailed(Unknown(ProviderCode(ProviderCode.UNREADABLE))) from None


def _reference(given: object) -> object:
    return ProviderReference.parse(given) if isinstance(given, str) else given


ReferenceField = Annotated[ProviderReference, BeforeValidator(_reference)]
"""The provider's identifier of a letter, fit to stand in an address."""


def _instant(given: object) -> Instant | None:
    if not isinstance(given, str):
        return None
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        return None
    return Instant(int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()))


InstantField = Annotated[Instant | None, BeforeValidator(_instant)]
"""A moment in ISO 8601, also with an offset without a colon; None where it is missing or cannot be read."""
