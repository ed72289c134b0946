"""Pingen v2 by its documentation, in memory, but stricter: it refuses everything that is not documented."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from hashlib import sha256
from hmac import digest
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.wrappers import Response

from letters.providers.http_client import HttpRequest, PooledTransport
from member_access.values.types import Instant
from simulators.print_providers.fake_provider import FakeProvider, SubmittedLetter, route
from simulators.print_providers.pdf_facts import lines_in
from simulators.print_providers.pingen_documents import Order, event, iso, shown
from simulators.print_providers.pingen_rules import (
    JSON_API,
    address_window,
    create_attributes,
    fitness,
    send_attributes,
    webhook_attributes,
)
from simulators.print_providers.rules import Refused, check

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Request as WsgiRequest

    from letters.providers.http_client import Transport
    from simulators.print_providers.faults import FaultSource

TOKEN_PATH = "/auth/access-tokens"
_DAY = 24 * 3600
_STEPS = ("submitted", "accepted", "printing", "transferring", "sent", "delivered")
_CATEGORIES = {
    "sent": "sent",
    "delivered": "delivered",
    "undeliverable": "undeliverable",
    **dict.fromkeys(("invalid", "action_required", "unprintable", "rejected"), "issues"),
}


@dataclass
class _Upload:
    signature: str
    expires_at: Instant
    content: bytes | None = None
    is_spent: bool = False


@dataclass
class _Remembered:
    body: bytes
    reply: bytes
    status: int
    until: Instant = field(default=Instant(0))


class FakePingen(FakeProvider):
    """The identity service, the file storage, the letters of one organisation, and its webhooks."""

    content_type = JSON_API
    TOKEN_SECONDS = 43_200
    UPLOAD_SECONDS = 3600

    def __init__(  # noqa: PLR0913 - an organisation has that much
        self,
        *,
        clock: Callable[[], Instant] = lambda: Instant(int(time.time())),
        client_id: str = "pingen-client",
        client_secret: str = "pingen-secret",  # noqa: S107 - invented
        organisation: str = "organisation-1",
        validation_seconds: int = 5,
        post: Transport | None = None,
        pause: Callable[[float], None] = time.sleep,
        faults: FaultSource | None = None,
    ) -> None:
        super().__init__(clock=clock, post=post or PooledTransport(), pause=pause, faults=faults)
        self._client_secret = client_secret
        self.validation_seconds = validation_seconds
        self.orders: dict[str, Order] = {}
        self._client_id = client_id
        self._organisation = organisation
        self._uploads: dict[str, _Upload] = {}
        self._remembered: dict[tuple[str, str], _Remembered] = {}
        self._webhooks: dict[str, tuple[str, str]] = {}

    def letters(self) -> list[SubmittedLetter]:
        """List every letter that was sent."""
        return [
            SubmittedLetter(
                reference=letter.id,
                custom_id=letter.attributes["file_original_name"],
                address=lines_in(letter.pdf, address_window(letter.attributes["address_position"])),
                status=letter.status,
                submitted_at=letter.submitted_at,
                pdf=letter.pdf,
            )
            for letter in sorted(self.orders.values(), key=lambda one: one.submitted_at or 0)
            if letter.submitted_at is not None
        ]

    def advance(self, reference: str, status: str | None = None, *, webhook: str = "send") -> None:
        """Move a letter on."""
        letter = self.orders[reference]
        if status is None:
            status = _STEPS[min(_STEPS.index(letter.status) + 1, len(_STEPS) - 1)]
        letter.status = status
        category = _CATEGORIES.get(status, "")
        if category in self._webhooks:
            self._notify(letter, category, webhook)

    def _notify(self, letter: Order, category: str, webhook: str) -> None:
        url, key = self._webhooks[category]
        body = event(
            letter,
            category=category,
            event_id=f"webhook-event-{self.number()}",
            organisation=self._organisation,
            url=url,
            now=self.clock(),
        )
        raw = json.dumps(body).encode()
        headers = {"Content-Type": JSON_API, "Signature": digest(key.encode(), raw, sha256).hex()}
        request = HttpRequest("POST", url, headers, raw)
        forged = {**headers, "Signature": digest(b"another key", raw, sha256).hex()}
        self.notify(request, webhook=webhook, badly_signed=replace(request, headers=forged))

    def is_taken(self, status: int) -> bool:
        """Pingen accepts any success."""
        return 200 <= status < 300

    def error(self, status: int, code: str, message: str = "") -> Response:
        """Answer with a JSON:API error."""
        one = {"code": code, "title": code, "detail": message, "source": {"pointer": message}}
        return self.json({"errors": [one]}, status, {"X-Request-Id": f"request-{self.number()}"})

    @route(TOKEN_PATH, "POST")
    def token(self, request: WsgiRequest) -> Response:
        """Grant an access token."""
        form = dict(parse_qsl(request.get_data(as_text=True), strict_parsing=True))
        expected = {
            "grant_type": "client_credentials",
            "client_id": self._client_id,
            "client_secret": self._client_secret,
        }
        scope = form.pop("scope", "")
        if request.mimetype != "application/x-www-form-urlencoded" or form != expected:
            return self.error(401, "invalid_client")
        if "letter" not in scope.split():
            return self.error(400, "invalid_scope")
        granted = {"token_type": "Bearer", "expires_in": self.TOKEN_SECONDS, "access_token": self.grant_token()}
        return self.json(granted)

    @route("/file-upload", "GET")
    def request_upload(self, request: WsgiRequest) -> Response:
        """Make an address for the upload of one file."""
        if not self.is_authorized(request):
            return self.error(401, "unauthorized")
        name = f"upload-{self.number()}"
        upload = _Upload(f"signature-of-{name}", Instant(self.clock() + self.UPLOAD_SECONDS))
        url = f"{request.host_url}uploads/{name}"
        self._uploads[url] = upload
        attributes = {"url": url, "url_signature": upload.signature, "expires_at": iso(upload.expires_at)}
        return self.json({"data": {"id": name, "type": "file_uploads", "attributes": attributes}})

    @route("/uploads/<name>", "PUT")
    def upload_file(self, request: WsgiRequest, name: str) -> Response:
        """Store one file at the presigned address; refuse a bearer token beside its signature."""
        upload = self._uploads.get(f"{request.host_url}uploads/{name}")
        if "Authorization" in request.headers or request.mimetype != "application/pdf":
            return self.error(400, "InvalidArgument")
        if upload is None or upload.content is not None or upload.expires_at <= self.clock():
            return self.error(403, "AccessDenied")
        upload.content = request.get_data()
        return Response(status=200)

    @route("/organisations/<organisation>/deliveries/letters", "POST")
    def create_letter(self, request: WsgiRequest, organisation: str) -> Response:
        """Make a letter from an uploaded file, and start its validation."""
        return self._guarded(request, organisation, lambda: self._once(request, lambda: self._create(request)))

    @route("/organisations/<organisation>/deliveries/letters", "GET")
    def list_letters(self, request: WsgiRequest, organisation: str) -> Response:
        """List one page of the letters."""
        return self._guarded(request, organisation, lambda: self._list(request))

    @route("/organisations/<organisation>/deliveries/letters/<reference>", "GET")
    def read_letter(self, request: WsgiRequest, organisation: str, reference: str) -> Response:
        """Show a letter."""
        return self._guarded(request, organisation, lambda: self._document(self._find(reference)))

    @route("/organisations/<organisation>/deliveries/letters/<reference>", "DELETE")
    def delete_letter(self, request: WsgiRequest, organisation: str, reference: str) -> Response:
        """Delete a letter that was never sent."""
        return self._guarded(request, organisation, lambda: self._delete(reference))

    @route("/organisations/<organisation>/deliveries/letters/<reference>/send", "PATCH")
    def send_letter(self, request: WsgiRequest, organisation: str, reference: str) -> Response:
        """Send a letter for printing and posting."""
        return self._guarded(
            request, organisation, lambda: self._once(request, lambda: self._send_off(reference, request))
        )

    @route("/organisations/<organisation>/webhooks", "POST")
    def subscribe(self, request: WsgiRequest, organisation: str) -> Response:
        """Subscribe to one category of events."""
        return self._guarded(request, organisation, lambda: self._subscribe(request))

    def _guarded(self, request: WsgiRequest, organisation: str, serve: Callable[[], Response]) -> Response:
        if not self.is_authorized(request):
            return self.error(401, "unauthorized")
        if organisation != self._organisation:
            return self.error(404, "not_found")
        if request.headers.get("Accept") != JSON_API:
            return self.error(406, "not_acceptable")
        try:
            return serve()
        except KeyError:
            return self.error(404, "not_found")
        except Refused as refused:
            return self.error(422, refused.code, refused.pointer)

    def _once(self, request: WsgiRequest, serve: Callable[[], Response]) -> Response:
        """Replay a success for 24 hours; refuse the same key with another body."""
        key = request.headers.get("Idempotency-Key", "")
        if not key:
            return serve()
        check(len(key) <= 64, "idempotency_key_too_long")
        place, body = (request.path, key), request.get_data()
        known = self._remembered.get(place)
        if known is not None and known.until > self.clock():
            check(known.body == body, "FAKE_IDEMPOTENCY_KEY_REUSED")
            replay = {"Idempotent-Replayed": "true"}
            return Response(known.reply, known.status, replay, content_type=JSON_API)
        response = serve()
        until = Instant(self.clock() + _DAY)
        self._remembered[place] = _Remembered(body, response.get_data(), response.status_code, until)
        return response

    def _create(self, request: WsgiRequest) -> Response:
        attributes = create_attributes(request)
        upload = self._uploads.get(attributes["file_url"])
        pointer = "/data/attributes/file_url"
        if upload is None or upload.content is None or upload.is_spent or upload.expires_at <= self.clock():
            raise Refused("file_url_invalid", pointer)
        check(upload.signature == attributes["file_url_signature"], "file_url_signature_invalid", pointer)
        upload.is_spent = True
        now = self.clock()
        letter = Order(
            f"letter-{self.number()}", attributes, upload.content, now, Instant(now + self.validation_seconds)
        )
        self.orders[letter.id] = letter
        return self._document(letter, 201)

    def _list(self, request: WsgiRequest) -> Response:
        check(set(request.args) <= {"page[number]", "page[limit]", "sort"}, "FAKE_UNKNOWN_PARAMETER")
        number, limit = int(request.args.get("page[number]", "1")), int(request.args.get("page[limit]", "20"))
        check(number >= 1 and 1 <= limit <= 100, "page_invalid")
        check(request.args.get("sort", "created_at") in ("created_at", "-created_at"), "sort_invalid")
        newest_first = request.args.get("sort") == "-created_at"
        everything = sorted(self.orders.values(), key=lambda one: one.created_at, reverse=newest_first)
        meta = {"current_page": number, "last_page": max(1, -(-len(everything) // limit)), "total": len(everything)}
        page = everything[(number - 1) * limit : number * limit]
        return self.json({"data": [shown(self._find(one.id)) for one in page], "meta": meta})

    def _delete(self, reference: str) -> Response:
        check(self._find(reference).submitted_at is None, "state")
        del self.orders[reference]
        return Response(status=204)

    def _send_off(self, reference: str, request: WsgiRequest) -> Response:
        letter = self._find(reference)
        letter.attributes |= send_attributes(request, reference)
        check(letter.status == "valid", "state")
        letter.status, letter.submitted_at = "submitted", self.clock()
        return self._document(letter)

    def _subscribe(self, request: WsgiRequest) -> Response:
        asked = webhook_attributes(request)
        self._webhooks[asked["event_category"]] = (asked["url"], asked["signing_key"])
        data = {"id": f"webhook-{self.number()}", "type": "webhooks", "attributes": asked}
        return self.json({"data": data}, 201)

    def _document(self, letter: Order, status: int = 200) -> Response:
        return self.json({"data": shown(letter)}, status)

    def _find(self, reference: str) -> Order:
        letter = self.orders[reference]
        if letter.status == "validating" and self.clock() >= letter.valid_at:
            letter.status = fitness(letter.pdf, letter.attributes["address_position"])
        return letter
