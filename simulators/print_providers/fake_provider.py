"""The base of the fakes of providers: routes, access tokens, faults, notifications and routes for a test or operator.

Routes that begin with ``/_`` are not the provider's: ``GET /_letters`` lists submitted letters, ``GET
/_letters/<reference>.pdf`` is the page, ``POST /_advance/<reference>`` moves a letter on and notifies, ``POST
/_notifications`` sends held-back or failed notifications again, ``POST /_faults`` plans a fault.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from functools import cache
from threading import RLock
from typing import TYPE_CHECKING, Any, TypeVar

from werkzeug.exceptions import HTTPException
from werkzeug.routing import Map, Rule
from werkzeug.wrappers import Response

from letters.providers.http_client import NoResponse
from member_access.values.types import Instant
from simulators.print_providers.faults import Fault, FaultKind, FaultSource, PlannedFaults
from simulators.print_providers.pdf_facts import pdf_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from werkzeug.wrappers import Request as WsgiRequest

    from letters.providers.http_client import HttpRequest, Transport

    Route = Callable[..., Response]

Method = TypeVar("Method", bound="Route")


class ReplyDropped(Exception):
    """The connection breaks before the response."""


def route(rule: str, *methods: str) -> Callable[[Method], Method]:
    """Serve a path by this method, whose name also names the route in faults."""

    def mark(method: Method) -> Method:
        method.route_rule = (rule, methods)  # type: ignore[attr-defined]  # only FakeProvider reads it
        return method

    return mark


@dataclass(frozen=True)
class SubmittedLetter:
    """A letter to print: each costs postage."""

    reference: str
    custom_id: str
    address: tuple[str, ...]
    status: str
    submitted_at: Instant
    pdf: bytes = field(repr=False)


@dataclass
class Notification:
    """A notification; ``status`` is the receiver's response, 0 if there was none."""

    request: HttpRequest
    status: int | None = None


class FakeProvider:
    """Keeps everything in memory, and serves one request at a time."""

    TOKEN_SECONDS = 300

    def __init__(
        self,
        *,
        clock: Callable[[], Instant],
        post: Transport,
        pause: Callable[[float], None],
        faults: FaultSource | None = None,
    ) -> None:
        self.clock = clock
        self.planned_faults = PlannedFaults()
        self.notifications: list[Notification] = []
        self.requests: list[str] = []
        self._faults = faults or self.planned_faults
        self._post = post
        self._pause = pause
        self._lock = RLock()
        self._tokens: dict[str, Instant] = {}
        self._numbers = 0
        self._map = self._routes()

    def handle(self, request: WsgiRequest) -> Response:
        """Serve a request.

        Raises:
            ReplyDropped: the connection must break.
        """
        try:
            name, arguments = self._map.bind_to_environ(request.environ).match()
        except HTTPException as error:
            return self.error(error.code or 500, "ROUTE_NOT_FOUND")
        if request.path.startswith("/_"):
            return self._serve(name, request, arguments)
        fault = self._faults.next_for(name)
        self.requests.append(name)
        if fault is not None and fault.kind in _BEFORE_WORK:
            return self._refused(fault)
        with self._lock:
            response = self._serve(name, request, arguments)
        if fault is not None:
            match fault.kind:
                case FaultKind.DROP_REPLY:
                    raise ReplyDropped
                case FaultKind.SERVER_ERROR_AFTER_WORK:
                    return self.error(500, "INTERNAL")
                case FaultKind.LATENCY:
                    self._pause(fault.seconds)
                case _:
                    pass
        return response

    def letters(self) -> list[SubmittedLetter]:
        """List the submitted letters, oldest first."""
        raise NotImplementedError

    def advance(self, reference: str, status: str | None = None, *, webhook: str = "send") -> None:
        """Move a letter to a status, or one step on, and notify.

        Args:
            reference: the provider's identifier of the letter.
            status: any status, or None for the next one.
            webhook: ``send``, ``twice``, ``badly-signed``, ``hold`` or ``none``.
        """
        raise NotImplementedError

    def error(self, status: int, code: str, message: str = "") -> Response:
        """Answer with an error in the provider's format."""
        raise NotImplementedError

    def send_notifications(self, *, newest_first: bool = False) -> None:
        """Send every notification that was held back or not accepted."""
        waiting = [one for one in self.notifications if one.status is None or not self.is_taken(one.status)]
        for notification in reversed(waiting) if newest_first else waiting:
            self._send(notification)

    def is_taken(self, status: int) -> bool:
        """Whether the provider accepts a receiver's status as success."""
        raise NotImplementedError

    def revoke_tokens(self) -> None:
        """Forget all access tokens before they expire."""
        self._tokens.clear()

    def number(self) -> int:
        """A new number."""
        self._numbers += 1
        return self._numbers

    def json(self, content: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:  # noqa: ANN401 - JSON
        """Answer with JSON."""
        return Response(json.dumps(content), status, headers, content_type=self.content_type)

    content_type = "application/json"

    def grant_token(self) -> str:
        """Make an access token."""
        token = f"token-{self.number()}"
        self._tokens[token] = Instant(self.clock() + self.TOKEN_SECONDS)
        return token

    def is_authorized(self, request: WsgiRequest) -> bool:
        """Whether the request has a valid access token."""
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return scheme == "Bearer" and self._tokens.get(token, 0) > self.clock()

    def notify(self, request: HttpRequest, *, webhook: str, badly_signed: HttpRequest) -> None:
        """Send a notification in one of the ways of ``advance``."""
        match webhook:
            case "none":
                return
            case "hold":
                self.notifications.append(Notification(request))
            case "badly-signed":
                self._send_new(badly_signed)
            case "twice":
                self._send_new(request)
                self._send_new(request)
            case _:
                self._send_new(request)

    @classmethod
    @cache
    def _routes(cls) -> Map:
        marked = {name: getattr(getattr(cls, name), "route_rule", None) for name in dir(cls)}
        rules = [Rule(rule[0], methods=rule[1], endpoint=name) for name, rule in marked.items() if rule is not None]
        return Map(rules, strict_slashes=False)

    def _serve(self, name: str, request: WsgiRequest, arguments: Mapping[str, Any]) -> Response:
        served: Response = getattr(self, name)(request, **arguments)
        return served

    def _send_new(self, request: HttpRequest) -> None:
        notification = Notification(request)
        self.notifications.append(notification)
        self._send(notification)

    def _send(self, notification: Notification) -> None:
        try:
            notification.status = self._post(notification.request).status
        except NoResponse:
            notification.status = 0

    def _refused(self, fault: Fault) -> Response:
        headers = {"Retry-After": str(fault.seconds)}
        match fault.kind:
            case FaultKind.UNAUTHORIZED:
                return self.error(401, "UNAUTHORIZED")
            case FaultKind.TOO_MANY_REQUESTS:
                response = self.error(429, "TOO_MANY_REQUESTS")
                response.headers.update(headers)
                return response
            case FaultKind.UNAVAILABLE:
                response = self.error(503, "UNAVAILABLE")
                response.headers.update(headers)
                return response
            case FaultKind.SERVER_ERROR:
                return self.error(500, "INTERNAL")
            case _:
                raise ReplyDropped

    @route("/_letters", "GET")
    def show_letters(self, request: WsgiRequest) -> Response:
        """List the submitted letters."""
        return self.json(
            [
                {
                    "reference": letter.reference,
                    "custom_id": letter.custom_id,
                    "address": letter.address,
                    "text": facts.text if (facts := pdf_facts(letter.pdf)) else "",
                    "status": letter.status,
                    "submitted_at": letter.submitted_at,
                    "pdf_url": f"{request.host_url}_letters/{letter.reference}.pdf",
                }
                for letter in self.letters()
            ]
        )

    @route("/_letters/<reference>.pdf", "GET")
    def show_pdf(
        self,
        request: WsgiRequest,  # noqa: ARG002 - every route is given it
        reference: str,
    ) -> Response:
        """Show the page of a letter."""
        for letter in self.letters():
            if letter.reference == reference:
                return Response(letter.pdf, content_type="application/pdf")
        return self.error(404, "NO_SUCH_LETTER")

    @route("/_advance/<reference>", "POST")
    def advance_letter(self, request: WsgiRequest, reference: str) -> Response:
        """Move a letter on, and list all notifications so far."""
        asked = request.get_json(silent=True) or {}
        self.advance(reference, asked.get("status"), webhook=asked.get("webhook", "send"))
        return self.show_notifications(request)

    @route("/_notifications", "GET", "POST")
    def show_notifications(self, request: WsgiRequest) -> Response:
        """List notifications with their responses; a POST sends the unaccepted ones again."""
        if request.method == "POST" and request.path == "/_notifications":
            self.send_notifications(newest_first=request.args.get("order") == "newest-first")
        return self.json([{"url": one.request.url, "status": one.status} for one in self.notifications])

    @route("/_faults", "POST")
    def plan_fault(self, request: WsgiRequest) -> Response:
        """Plan a fault."""
        fault = Fault(**(request.get_json() | {"kind": FaultKind(request.get_json()["kind"])}))
        self.planned_faults.plan(fault)
        return self.json(asdict(fault), 201)


_BEFORE_WORK = frozenset(
    {
        FaultKind.DROP_REQUEST,
        FaultKind.SERVER_ERROR,
        FaultKind.UNAUTHORIZED,
        FaultKind.TOO_MANY_REQUESTS,
        FaultKind.UNAVAILABLE,
    }
)
