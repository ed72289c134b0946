"""Pingen's responses, and the meaning of its statuses. Pingen may add statuses."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from pydantic import Field

from letters.model.job import JobState, LetterId, ProviderCode
from letters.model.print_provider import LetterStatus
from letters.providers.responses import InstantField, LenientResponse, ReferenceField
from member_access.errors import InvalidValue
from member_access.values.web_address import SecureUrl

if TYPE_CHECKING:
    from member_access.postal.address_block import AddressBlock

VALID = "valid"
VALIDATING = frozenset({"validating", "fixing"})
UNFIT = frozenset({"invalid", "action_required"})
DRAFTS = frozenset({VALID}) | VALIDATING | UNFIT
"""Statuses of a letter that was never sent."""

AWAITING_CREDITS = "awaiting_credits"

_STATES = {
    **dict.fromkeys((VALID, *VALIDATING), JobState.DRAFTED),
    **dict.fromkeys(
        (
            "submitted",
            "accepted",
            "inspection",
            "processing",
            "printing",
            "transferring",
            # The letter was submitted and waits until the account is topped up.
            AWAITING_CREDITS,
        ),
        JobState.SUBMITTED,
    ),
    **dict.fromkeys((*UNFIT, "unprintable", "rejected", "expired"), JobState.REJECTED),
    **dict.fromkeys(("sent", "delivered"), JobState.POSTED),
    "undeliverable": JobState.UNDELIVERED,
}


class UploadAttributes(LenientResponse):
    """The address for an upload."""

    url: SecureUrl
    url_signature: str
    expires_at: InstantField = None


class UploadData(LenientResponse):
    """A file upload as a JSON:API resource."""

    attributes: UploadAttributes


class UploadResponse(LenientResponse):
    """The response to the request for an upload."""

    data: UploadData


class Font(LenientResponse):
    """A font of the file; ``is_embedded`` is a number in the specification's example."""

    is_embedded: bool = False


class LetterAttributes(LenientResponse):
    """A letter."""

    status: str
    file_original_name: str | None = None
    address: str | None = None
    fonts: list[Font] = Field(default_factory=list)
    created_at: InstantField = None


class LetterData(LenientResponse):
    """A letter as a JSON:API resource."""

    id: ReferenceField
    attributes: LetterAttributes


class LetterResponse(LenientResponse):
    """One letter."""

    data: LetterData


class ListMeta(LenientResponse):
    """The number of a list's last page."""

    last_page: int = 1


class LettersResponse(LenientResponse):
    """A page of letters."""

    data: list[LetterData]
    meta: ListMeta = Field(default_factory=ListMeta)


def file_name(owner: str, letter_id: LetterId) -> str:
    """The name of a letter's file, which identifies our letter: Pingen keeps nothing else for us."""
    return f"{owner}.{letter_id}.pdf"


def letter_id_of(letter: LetterData, owner: str) -> LetterId | None:
    """Our identifier of a letter, or None if others in the same organisation made it."""
    name = letter.attributes.file_original_name or ""
    before, dot, rest = name.partition(".")
    if before != owner or not dot or not rest.endswith(".pdf"):
        return None
    try:
        return LetterId.parse(rest.removesuffix(".pdf"))
    except InvalidValue:
        return None


def letter_status(letter: LetterData, owner: str) -> LetterStatus:
    """A letter's status."""
    code = letter.attributes.status
    return LetterStatus(
        letter_id=letter_id_of(letter, owner),
        state=_STATES.get(code),
        code=ProviderCode.clean(code),
        created_at=letter.attributes.created_at,
        lacks_credit=code == AWAITING_CREDITS,
    )


def unfit_to_send(letter: LetterData, address: AddressBlock) -> ProviderCode | None:
    """Why not to send a letter that Pingen finds valid: a misread address, or a font that is not embedded."""
    read = _comparable(letter.attributes.address or "")
    if not all(_comparable(line) in read for line in address.numbered):
        return ProviderCode("address-misread")
    if not all(font.is_embedded for font in letter.attributes.fonts):
        return ProviderCode("font-not-embedded")
    return None


_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_NOT_ALPHANUMERIC = re.compile(r"[^0-9a-z]+")


def _comparable(text: str) -> str:
    """Keep only letters and digits: scanners differ about case, accents, blanks and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_LIGATURES))
    return _NOT_ALPHANUMERIC.sub("", plain)
