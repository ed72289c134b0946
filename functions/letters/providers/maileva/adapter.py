"""Sends letters through Maileva (La Poste), by "Envoi et Suivi de Courriers simples" 2.6.

A sending gets a document and a recipient, and is then submitted. A submitted sending cannot be cancelled.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

from urllib3 import encode_multipart_formdata

from letters.model.job import JobState, LetterId, ProviderCode, ProviderName, ProviderReference, Upload
from letters.model.print_provider import (
    Accepted,
    Deleted,
    Draft,
    Drafted,
    Failure,
    Letter,
    LetterStatus,
    Rejected,
    RetryLater,
    Waiting,
)
from letters.providers.api import NO_SUCH_THING, CallFailed, ProviderApi, ProviderTokens, as_retry
from letters.providers.http_client import HttpRequest
from letters.providers.maileva.responses import (
    DRAFT,
    PENDING,
    PROCESSED,
    CreatedResponse,
    RecipientsResponse,
    SendingResponse,
    SendingsResponse,
    letter_id_of,
    letter_status,
)
from letters.providers.responses import read_as

if TYPE_CHECKING:
    from letters.providers.api import ClientCredentials, CredentialSource
    from letters.providers.http_client import HttpResponse, Transport
    from member_access.postal.address_block import AddressBlock
    from member_access.values.types import Instant

_JSON = {"Content-Type": "application/json", "Accept": "application/json"}
_PAGE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class MailevaSettings:
    """The settings of Maileva.

    Attributes:
        api_url: ``https://api.maileva.com``, or the sandbox.
        token_url: the realm's token service.
        version: ``v2``, or ``v3`` since 2026.
        owner: marks our sendings among others on the same account; at most 255 characters.
        postage: FAST is the *Lettre verte* (three days).
        archiving_years: 0, unless the contract refuses it; a letter with a code should not be kept.
        in_colour: whether to print in colour, which costs more.
    """

    api_url: str
    token_url: str
    version: str = "v2"
    owner: str
    postage: Literal["URGENT", "FAST", "ECONOMIC"] = "FAST"
    archiving_years: Literal[0, 1, 3, 6, 10] = 0
    in_colour: bool = False


class Maileva:
    """The adapter. It prints the address itself: the PDF's window stays blank."""

    name = ProviderName.MAILEVA

    def __init__(self, settings: MailevaSettings, transport: Transport, credentials: CredentialSource) -> None:
        self._settings = settings
        self._sendings = f"{settings.api_url}/mail/{settings.version}/sendings"
        tokens = ProviderTokens(transport, credentials, self._token_request)
        self._api = ProviderApi(transport, tokens)

    def draft(
        self,
        letter: Letter,
        upload: Upload | None,  # noqa: ARG002 - the file goes into the draft
        now: Instant,
    ) -> Drafted | Failure:
        """Make a sending with its document and its recipient.

        One attempt does all of it before it returns the reference: two attempts at the same sending could give it two
        recipients, and so print two letters.
        """
        pdf = letter.pdf()
        try:
            reference = self._create(letter.letter_id, now)
            try:
                self._post(f"{reference}/documents", *_document(pdf), now)
                self._post_json(f"{reference}/recipients", _recipient(letter), now)
            except CallFailed as failed:
                if isinstance(failed.result, Rejected | RetryLater):
                    self.delete_draft(reference, now)
                raise
        except CallFailed as failed:
            return failed.result
        return Drafted(reference)

    def submit(
        self,
        letter: Letter,
        reference: ProviderReference,
        now: Instant,
    ) -> Accepted | Waiting | Failure:
        """Submit the sending if it is still a draft."""
        try:
            sending = self._read(reference, now)
            is_draft = sending.status == DRAFT
            status = self._submit(letter, reference, now) if is_draft else self._status(sending, now)
        except CallFailed as failed:
            return failed.result
        return Waiting(status) if status.state is None else Accepted(status)

    def status(self, reference: ProviderReference, now: Instant) -> LetterStatus | Failure:
        """Read a sending's status and, once it is processed, its recipient's."""
        try:
            return self._status(self._read(reference, now), now)
        except CallFailed as failed:
            return failed.result

    def delete_draft(self, reference: ProviderReference, now: Instant) -> Deleted | Failure:
        """Delete a sending; Maileva deletes only drafts."""
        try:
            self._api.call(HttpRequest("DELETE", f"{self._sendings}/{reference}", _JSON), now)
        except CallFailed as failed:
            return Deleted() if failed.result == NO_SUCH_THING else failed.result
        return Deleted()

    def drafts(self, now: Instant) -> list[Draft] | Failure:
        """List our drafts. Maileva cannot filter, so every page is read."""
        found: list[Draft] = []
        start = 1
        try:
            while True:
                query = urlencode({"start_index": start, "count": _PAGE})
                response = self._api.call(HttpRequest("GET", f"{self._sendings}?{query}", _JSON), now)
                page = read_as(SendingsResponse, response)
                found += [draft for sending in page.sendings if (draft := self._draft_of(sending))]
                start += len(page.sendings)
                if not page.sendings or not page.paging.next:
                    return found
        except CallFailed as failed:
            return failed.result

    def _draft_of(self, sending: SendingResponse) -> Draft | None:
        letter_id = letter_id_of(sending, self._settings.owner)
        if sending.status != DRAFT or letter_id is None or sending.creation_date is None:
            return None
        return Draft(sending.id, letter_id, sending.creation_date)

    def _create(self, letter_id: LetterId, now: Instant) -> ProviderReference:
        settings = {
            "name": self._settings.owner,
            "custom_id": letter_id,
            "custom_data": self._settings.owner,
            "color_printing": self._settings.in_colour,
            "duplex_printing": False,
            "optional_address_sheet": False,
            "print_sender_address": False,
            "envelope_windows_type": "SIMPLE",
            "postage_type": self._settings.postage,
            "archiving_duration": self._settings.archiving_years,
            "treat_undelivered_mail": True,
        }
        try:
            return read_as(CreatedResponse, self._post_json("", settings, now)).id
        except CallFailed as failed:
            raise as_retry(failed) from None

    def _submit(self, letter: Letter, reference: ProviderReference, now: Instant) -> LetterStatus:
        try:
            self._post(f"{reference}/submit", {}, b"", now)
        except CallFailed as failed:
            # "Not a draft" may mean that another attempt succeeded.
            if not isinstance(failed.result, Rejected):
                raise
            sending = self._read(reference, now)
            if sending.status == DRAFT:
                raise as_retry(failed) from None
            return self._status(sending, now)
        return LetterStatus(letter_id=letter.letter_id, state=JobState.SUBMITTED, code=ProviderCode(PENDING))

    def _read(self, reference: ProviderReference, now: Instant) -> SendingResponse:
        return read_as(SendingResponse, self._api.call(HttpRequest("GET", f"{self._sendings}/{reference}", _JSON), now))

    def _status(self, sending: SendingResponse, now: Instant) -> LetterStatus:
        recipients = []
        if sending.status in PROCESSED:
            request = HttpRequest("GET", f"{self._sendings}/{sending.id}/recipients", _JSON)
            recipients = read_as(RecipientsResponse, self._api.call(request, now)).recipients
        return letter_status(sending, recipients, self._settings.owner)

    def _post(self, path: str, headers: dict[str, str], body: bytes, now: Instant) -> HttpResponse:
        url = f"{self._sendings}/{path}" if path else self._sendings
        return self._api.call(HttpRequest("POST", url, {"Accept": "application/json", **headers}, body), now)

    def _post_json(self, path: str, content: dict[str, object], now: Instant) -> HttpResponse:
        return self._post(path, _JSON, json.dumps(content).encode(), now)

    def _token_request(self, credentials: ClientCredentials) -> HttpRequest:
        pair = f"{credentials.client_id}:{credentials.client_secret.reveal()}".encode()
        form = {"grant_type": "client_credentials"}
        if credentials.username is not None and credentials.password is not None:
            form = {
                "grant_type": "password",
                "username": credentials.username,
                "password": credentials.password.reveal(),
            }
        return HttpRequest(
            "POST",
            self._settings.token_url,
            {
                "Authorization": f"Basic {b64encode(pair).decode()}",
                "Content-Type": "application/x-www-form-urlencoded",
            },
            urlencode(form).encode(),
        )


def _document(pdf: bytes) -> tuple[dict[str, str], bytes]:
    body, content_type = encode_multipart_formdata(
        [
            ("document", ("letter.pdf", pdf, "application/pdf")),
            ("metadata", json.dumps({"priority": 1, "name": "letter.pdf"})),
        ]
    )
    return {"Content-Type": content_type}, body


def _recipient(letter: Letter) -> dict[str, object]:
    return {
        "custom_id": letter.letter_id,
        **{f"address_line_{number}": line for number, line in _maileva_lines(letter.address).items() if line},
        "country_code": letter.address.country,
    }


def _maileva_lines(address: AddressBlock) -> dict[int, str]:
    """Maileva's six lines: 1 is a company, 2 the name, 3 the building; 4 to 6 are those of NF Z10-011.

    With a flat (line 2 of NF Z10-011) there is one more line before the street, so the name moves up.
    """
    name, flat, building, *rest = address.numbered
    first = (name, flat) if flat else ("", name)
    return dict(enumerate((*first, building, *rest), start=1))
