"""Maileva by its specification, in memory, but stricter: it refuses everything that is not specified."""

from __future__ import annotations

import json
import time
from base64 import b64encode
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from werkzeug.wrappers import Response

from letters.providers.http_client import HttpRequest, PooledTransport
from member_access.values.types import Instant
from simulators.print_providers import maileva_rules
from simulators.print_providers.fake_provider import FakeProvider, SubmittedLetter, route
from simulators.print_providers.maileva_documents import Sending, iso, notification, shown
from simulators.print_providers.maileva_rules import LINE_FIELDS
from simulators.print_providers.rules import Refused, check, json_object

if TYPE_CHECKING:
    from collections.abc import Callable

    from werkzeug.wrappers import Request as WsgiRequest

    from letters.providers.http_client import Transport
    from simulators.print_providers.faults import FaultSource

TOKEN_PATH = "/auth/realms/services/protocol/openid-connect/token"

_STEPS = ("PENDING", "ACCEPTED", "PREPARING", "PROCESSED")
_EVENTS = {
    "ACCEPTED": "ON_STATUS_ACCEPTED",
    "REJECTED": "ON_STATUS_REJECTED",
    "PROCESSED": "ON_STATUS_PROCESSED",
    "PROCESSED_WITH_ERRORS": "ON_STATUS_PROCESSED_WITH_ERRORS",
    "N10": "ON_UNDELIVERED_MAIL_RECEIVED",
}


class FakeMaileva(FakeProvider):
    """The token service, the sendings of one account, and the subscriptions to notifications."""

    def __init__(  # noqa: PLR0913 - an account has that much
        self,
        *,
        clock: Callable[[], Instant] = lambda: Instant(int(time.time())),
        client_id: str = "maileva-client",
        client_secret: str = "maileva-secret",  # noqa: S107 - invented
        version: str = "v2",
        post: Transport | None = None,
        pause: Callable[[float], None] = time.sleep,
        faults: FaultSource | None = None,
    ) -> None:
        super().__init__(clock=clock, post=post or PooledTransport(), pause=pause, faults=faults)
        self.sendings: dict[str, Sending] = {}
        self._client_secret = client_secret
        self._client_id = client_id
        self._version = version
        self._subscriptions: dict[str, tuple[str, str, str]] = {}

    def letters(self) -> list[SubmittedLetter]:
        """One letter for every recipient of a submitted sending: each is an envelope."""
        return [
            SubmittedLetter(
                reference=sending.id,
                custom_id=recipient.get("custom_id", ""),
                address=tuple(recipient[name] for name in LINE_FIELDS if recipient.get(name)),
                status=sending.status,
                submitted_at=sending.submitted_at,
                pdf=sending.documents[min(sending.documents)],
            )
            for sending in sorted(self.sendings.values(), key=lambda one: one.submitted_at or 0)
            if sending.submitted_at is not None
            for recipient in sending.recipients
        ]

    def advance(self, reference: str, status: str | None = None, *, webhook: str = "send") -> None:
        """Move a submitted sending on; the status ``N10`` returns a processed letter."""
        sending = self.sendings[reference]
        if status is None:
            status = _STEPS[min(_STEPS.index(sending.status) + 1, len(_STEPS) - 1)]
        for recipient in sending.recipients:
            match status:
                case "PROCESSED":
                    recipient["status"] = "PROCESSED"
                case "REJECTED" | "PROCESSED_WITH_ERRORS":
                    recipient["status"] = "REJECTED"
                case "N10":
                    recipient["last_delivery_status"] = status
                    recipient["undelivered_mail_date"] = iso(self.clock())
                case _:
                    pass
        if status != "N10":
            sending.status = status
        event = _EVENTS.get(status)
        if event in self._subscriptions:
            self._notify(sending, event, webhook)

    def _notify(self, sending: Sending, event: str, webhook: str) -> None:
        url, login, password = self._subscriptions[event]
        body = notification(sending, event=event, client_id=self._client_id, version=self._version, now=self.clock())
        request = HttpRequest(
            "POST",
            url,
            {"Content-Type": "application/json", "Authorization": _basic(login, password)},
            json.dumps(body).encode(),
        )
        forged = {**request.headers, "Authorization": _basic(login, password + "x")}
        self.notify(request, webhook=webhook, badly_signed=replace(request, headers=forged))

    def is_taken(self, status: int) -> bool:
        """Maileva accepts only 201."""
        return status == HTTPStatus.CREATED

    def error(self, status: int, code: str, message: str = "") -> Response:
        """Answer with a list of errors for a 400, else with a single one."""
        one = {"code": code, "message": message or code.lower().replace("_", " ")}
        return self.json({"errors": [one]} if status == HTTPStatus.BAD_REQUEST else one, status)

    @route(TOKEN_PATH, "POST")
    def token(self, request: WsgiRequest) -> Response:
        """Grant an access token; its lifetime is text, as in the specification's example."""
        form = dict(parse_qsl(request.get_data(as_text=True), strict_parsing=True))
        if request.headers.get("Authorization") != _basic(self._client_id, self._client_secret):
            return self.error(401, "CLIENT_ERROR")
        if request.mimetype != "application/x-www-form-urlencoded" or form != {"grant_type": "client_credentials"}:
            return self.error(400, "CLIENT_ERROR")
        return self.json({"access_token": self.grant_token(), "expires_in": str(self.TOKEN_SECONDS)})

    @route("/mail/<version>/sendings", "POST")
    def create_sending(self, request: WsgiRequest, version: str) -> Response:
        """Make a draft."""
        return self._guarded(request, version, None, lambda _: self._create(request))

    @route("/mail/<version>/sendings", "GET")
    def list_sendings(self, request: WsgiRequest, version: str) -> Response:
        """List one page of the sendings."""
        return self._guarded(request, version, None, lambda _: self._list(request))

    @route("/mail/<version>/sendings/<reference>", "GET")
    def read_sending(self, request: WsgiRequest, version: str, reference: str) -> Response:
        """Show a sending."""
        return self._guarded(request, version, reference, lambda one: self.json(shown(one)))

    @route("/mail/<version>/sendings/<reference>", "DELETE")
    def delete_sending(self, request: WsgiRequest, version: str, reference: str) -> Response:
        """Delete a draft."""
        return self._guarded(request, version, reference, self._delete)

    @route("/mail/<version>/sendings/<reference>/documents", "POST")
    def add_document(self, request: WsgiRequest, version: str, reference: str) -> Response:
        """Add the file."""
        return self._guarded(request, version, reference, lambda one: self._add_document(one, request))

    @route("/mail/<version>/sendings/<reference>/recipients", "POST")
    def add_recipient(self, request: WsgiRequest, version: str, reference: str) -> Response:
        """Add a recipient."""
        return self._guarded(request, version, reference, lambda one: self._add_recipient(one, request))

    @route("/mail/<version>/sendings/<reference>/recipients", "GET")
    def list_recipients(self, request: WsgiRequest, version: str, reference: str) -> Response:
        """List the recipients."""
        return self._guarded(request, version, reference, self._list_recipients)

    @route("/mail/<version>/sendings/<reference>/submit", "POST")
    def submit_sending(self, request: WsgiRequest, version: str, reference: str) -> Response:
        """Submit a sending for printing and posting."""
        return self._guarded(request, version, reference, lambda one: self._submit(one, request))

    @route("/notification_center/v2/subscriptions", "POST")
    def subscribe(self, request: WsgiRequest) -> Response:
        """Subscribe to one event of one kind of resource."""
        return self._guarded(request, self._version, None, lambda _: self._subscribe(request))

    def _guarded(
        self,
        request: WsgiRequest,
        version: str,
        reference: str | None,
        serve: Callable[[Sending], Response],
    ) -> Response:
        if not self.is_authorized(request):
            return self.error(401, "UNAUTHORIZED")
        if version != self._version:
            return self.error(404, "ROUTE_NOT_FOUND")
        sending = _NO_SENDING if reference is None else self.sendings.get(reference)
        if sending is None:
            return self.error(404, "SENDING_NOT_FOUND")
        try:
            return serve(sending)
        except Refused as refused:
            return self.error(400, refused.code)

    def _create(self, request: WsgiRequest) -> Response:
        sending = Sending(f"sending-{self.number()}", maileva_rules.sending_settings(request), self.clock())
        self.sendings[sending.id] = sending
        return self.json(shown(sending), 201, {"Location": f"{request.url}/{sending.id}"})

    def _list(self, request: WsgiRequest) -> Response:
        start, count = int(request.args.get("start_index", "1")), int(request.args.get("count", "50"))
        check(start >= 1 and 1 <= count <= 500, "WRONG_PAGING")
        everything = list(self.sendings.values())
        page = everything[start - 1 : start - 1 + count]
        paging: dict[str, object] = {"total_results": len(everything)}
        if start - 1 + count < len(everything):
            paging["next"] = f"/sendings?start_index={start + count}&count={count}"
        return self.json({"sendings": [shown(one) for one in page], "paging": paging})

    def _delete(self, sending: Sending) -> Response:
        check(sending.status == "DRAFT", "SENDING_STATUS_IS_NOT_DRAFT")
        del self.sendings[sending.id]
        return Response(status=204)

    def _add_document(self, sending: Sending, request: WsgiRequest) -> Response:
        check(sending.status == "DRAFT", "SENDING_STATUS_IS_NOT_DRAFT")
        metadata, content = maileva_rules.document(request)
        check(metadata["priority"] not in sending.documents, "DUPLICATE_PRIORITY")
        sending.documents[metadata["priority"]] = content
        shown = {"id": f"document-{self.number()}", **metadata, "type": "application/pdf", "size": len(content)}
        return self.json(shown, 201)

    def _add_recipient(self, sending: Sending, request: WsgiRequest) -> Response:
        check(sending.status == "DRAFT", "SENDING_STATUS_IS_NOT_DRAFT")
        shown = maileva_rules.recipient(request) | {"id": f"recipient-{self.number()}", "status": "DRAFT"}
        sending.recipients.append(shown)
        return self.json(shown, 201)

    def _list_recipients(self, sending: Sending) -> Response:
        return self.json({"recipients": sending.recipients, "paging": {"total_results": len(sending.recipients)}})

    def _submit(self, sending: Sending, request: WsgiRequest) -> Response:
        check(sending.status == "DRAFT", "SENDING_STATUS_IS_NOT_DRAFT")
        check(not request.get_data(), "FAKE_SUBMIT_HAS_NO_BODY")
        check(bool(sending.documents), "FAKE_NO_DOCUMENT")
        check(bool(sending.recipients), "FAKE_NO_RECIPIENT")
        sending.status, sending.submitted_at = "PENDING", self.clock()
        for recipient in sending.recipients:
            recipient["status"] = "PENDING"
        return Response(status=200)

    def _subscribe(self, request: WsgiRequest) -> Response:
        asked = json_object(request, "application/json")
        check(set(asked) == {"event_type", "resource_type", "callback_url", "authentication"}, "FAKE_WRONG_FIELDS")
        check(asked["event_type"] in _EVENTS.values(), "WRONG_EVENT_TYPE")
        check(asked["resource_type"] == f"mail/{self._version}/sendings", "WRONG_RESOURCE_TYPE")
        basic = asked["authentication"]["basic"]
        self._subscriptions[asked["event_type"]] = (asked["callback_url"], basic["login"], basic["password"])
        return self.json(asked | {"id": f"subscription-{self.number()}"}, 201)


_NO_SENDING = Sending("", {}, Instant(0))


def _basic(login: str, password: str) -> str:
    return f"Basic {b64encode(f'{login}:{password}'.encode()).decode()}"
