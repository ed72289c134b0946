"""Sends letters through Pingen v2: uploads the file, makes a letter from it, and sends the letter once it is valid.

Pingen validates in the background and reads the address from the window of the page.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode

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
    Unknown,
    Uploaded,
    Waiting,
)
from letters.providers.api import NO_SUCH_THING, CallFailed, ProviderApi, ProviderTokens, as_retry, send
from letters.providers.http_client import HttpRequest
from letters.providers.pingen.responses import (
    DRAFTS,
    UNFIT,
    VALID,
    LetterData,
    LetterResponse,
    LettersResponse,
    UploadResponse,
    file_name,
    letter_id_of,
    letter_status,
    unfit_to_send,
)
from letters.providers.responses import read_as
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from letters.providers.api import ClientCredentials, CredentialSource
    from letters.providers.http_client import HttpResponse, Transport

_JSON_API = "application/vnd.api+json"
_PAGE = 100
_MAX_UPLOAD_SECONDS = 12 * 3600
"""Less than the 24 hours for which Pingen remembers an idempotency key."""
_DRAFT_WEEKS = 5
_SECONDS_PER_WEEK = 7 * 24 * 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class PingenSettings:
    """The settings of Pingen.

    Attributes:
        api_url: ``https://api.pingen.com``, or staging.
        token_url: the identity service.
        organisation: the identifier of the organisation that pays.
        owner: marks our letters among others of the organisation; without a dot, as the file's name begins with it.
        product: ``cheap`` is the *Lettre verte* in France.
        address_position: the side of the window.
        in_colour: whether to print in colour, which costs more.
    """

    api_url: str
    token_url: str
    organisation: str
    owner: str
    product: Literal["fast", "cheap", "bulk", "premium", "registered"] = "cheap"
    address_position: Literal["left", "right"] = "right"
    in_colour: bool = False


class Pingen:
    """The adapter."""

    name = ProviderName.PINGEN

    def __init__(self, settings: PingenSettings, transport: Transport, credentials: CredentialSource) -> None:
        self._settings = settings
        self._letters = f"{settings.api_url}/organisations/{settings.organisation}/deliveries/letters"
        self._transport = transport
        self._api = ProviderApi(transport, ProviderTokens(transport, credentials, self._token_request))

    def draft(self, letter: Letter, upload: Upload | None, now: Instant) -> Uploaded | Drafted | Failure:
        """Upload the file, and at the next call make a letter from it.

        The upload is recorded in between: the idempotency key covers its address, and a new attempt would get another.
        """
        try:
            if upload is None or upload.expires_at <= now:
                return Uploaded(self._upload(letter.pdf(), now))
            return Drafted(self._create(letter.letter_id, upload, now))
        except CallFailed as failed:
            return failed.result

    def submit(self, letter: Letter, reference: ProviderReference, now: Instant) -> Accepted | Waiting | Failure:
        """Send the letter if Pingen has validated it and has read the printed address correctly."""
        try:
            read = self._read(reference, now)
            if read.attributes.status in UNFIT:
                return Rejected(ProviderCode(read.attributes.status))
            status = letter_status(read, self._settings.owner)
            if read.attributes.status == VALID:
                reason = unfit_to_send(read, letter.address)
                if reason is not None:
                    return Rejected(reason)
                status = self._send(letter, reference, now)
        except CallFailed as failed:
            return failed.result
        return Waiting(status) if status.state in (None, JobState.DRAFTED) else Accepted(status)

    def status(self, reference: ProviderReference, now: Instant) -> LetterStatus | Failure:
        """Read a letter's status."""
        try:
            return letter_status(self._read(reference, now), self._settings.owner)
        except CallFailed as failed:
            return failed.result

    def delete_draft(self, reference: ProviderReference, now: Instant) -> Deleted | Failure:
        """Delete a letter after checking that it was never sent."""
        try:
            if self._read(reference, now).attributes.status not in DRAFTS:
                return Rejected(ProviderCode("not-a-draft"))
            self._call("DELETE", f"{self._letters}/{reference}", now)
        except CallFailed as failed:
            return Deleted() if failed.result == NO_SUCH_THING else failed.result
        return Deleted()

    def drafts(self, now: Instant) -> list[Draft] | Failure:
        """List our drafts of the last five weeks."""
        found: list[Draft] = []
        oldest = now - _DRAFT_WEEKS * _SECONDS_PER_WEEK
        number = last = 1
        try:
            while number <= last:
                query = urlencode({"page[number]": number, "page[limit]": _PAGE, "sort": "-created_at"})
                page = read_as(LettersResponse, self._call("GET", f"{self._letters}?{query}", now))
                recent = [item for item in page.data if (item.attributes.created_at or now) >= oldest]
                found += [draft for item in recent if (draft := self._draft_of(item))]
                number, last = number + 1, page.meta.last_page if len(recent) == len(page.data) else 0
        except CallFailed as failed:
            return failed.result
        return found

    def _draft_of(self, letter: LetterData) -> Draft | None:
        letter_id = letter_id_of(letter, self._settings.owner)
        created_at = letter.attributes.created_at
        if letter.attributes.status not in DRAFTS or letter_id is None or created_at is None:
            return None
        return Draft(letter.id, letter_id, created_at)

    def _upload(self, pdf: bytes, now: Instant) -> Upload:
        response = self._call("GET", f"{self._settings.api_url}/file-upload", now)
        target = read_as(UploadResponse, response).data.attributes
        # The signed address is its own permission: with a bearer token as well, the storage refuses the file.
        put = HttpRequest("PUT", target.url, {"Content-Type": "application/pdf"}, pdf)
        if send(self._transport, put).status not in (HTTPStatus.OK, HTTPStatus.CREATED):
            raise CallFailed(Unknown(ProviderCode("upload-refused")))
        latest = Instant(now + _MAX_UPLOAD_SECONDS)
        expires_at = latest if target.expires_at is None else min(target.expires_at, latest)
        return Upload(target.url, target.url_signature, expires_at)

    def _create(self, letter_id: LetterId, upload: Upload, now: Instant) -> ProviderReference:
        attributes = {
            "file_original_name": file_name(self._settings.owner, letter_id),
            "file_url": upload.url,
            "file_url_signature": upload.signature,
            "address_position": self._settings.address_position,
            "auto_send": False,
        }
        body = {"data": {"type": "letters", "attributes": attributes}}
        # The key must be unique to this body: another upload makes another body.
        key = f"{letter_id}-{sha256(upload.url.encode()).hexdigest()[:16]}"
        try:
            return read_as(LetterResponse, self._call("POST", self._letters, now, body, key)).data.id
        except CallFailed as failed:
            raise as_retry(failed) from None

    def _send(self, letter: Letter, reference: ProviderReference, now: Instant) -> LetterStatus:
        attributes = {
            "delivery_product": self._settings.product,
            "print_mode": "simplex",
            "print_spectrum": "color" if self._settings.in_colour else "grayscale",
        }
        body = {"data": {"id": reference, "type": "letters", "attributes": attributes}}
        try:
            self._call("PATCH", f"{self._letters}/{reference}/send", now, body, f"{letter.letter_id}-send")
        except CallFailed as failed:
            # If the letter is no longer valid, another attempt may have sent it.
            if not isinstance(failed.result, Rejected):
                raise
            status = letter_status(self._read(reference, now), self._settings.owner)
            if status.state is JobState.DRAFTED:
                raise as_retry(failed) from None
            return status
        return LetterStatus(letter_id=letter.letter_id, state=JobState.SUBMITTED, code=ProviderCode("submitted"))

    def _read(self, reference: ProviderReference, now: Instant) -> LetterData:
        return read_as(LetterResponse, self._call("GET", f"{self._letters}/{reference}", now)).data

    def _call(
        self,
        method: str,
        url: str,
        now: Instant,
        body: Mapping[str, object] | None = None,
        key: str | None = None,
    ) -> HttpResponse:
        headers = {"Accept": _JSON_API}
        if body is not None:
            headers["Content-Type"] = _JSON_API
        if key is not None:
            headers["Idempotency-Key"] = key
        content = b"" if body is None else json.dumps(body).encode()
        return self._api.call(HttpRequest(method, url, headers, content), now)

    def _token_request(self, credentials: ClientCredentials) -> HttpRequest:
        form = {
            "grant_type": "client_credentials",
            "client_id": credentials.client_id,
            "client_secret": credentials.client_secret.reveal(),
            "scope": "letter",
        }
        return HttpRequest(
            "POST",
            self._settings.token_url,
            {"Content-Type": "application/x-www-form-urlencoded"},
            urlencode(form).encode(),
        )
