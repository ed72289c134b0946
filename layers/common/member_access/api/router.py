"""The HTTP edge: parses requests and writes every response in the same form.

An operation is the contract of one call; the OpenAPI document is built from it. A route connects it to the function
that answers. A refusal that the function raises becomes a problem (RFC 9457); any other exception an opaque 500.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar

from pydantic import ValidationError

from member_access.api import problems
from member_access.api.client_address import client_address
from member_access.api.cookies import sent_cookies
from member_access.api.fields import Body
from member_access.api.gateway import Event, answer, cors_headers, preflight_headers
from member_access.api.refusals import (
    ForbiddenOrigin,
    InvalidRequest,
    MalformedRequest,
    MethodNotAllowed,
    NotFound,
    RequestTooLarge,
    TryLater,
)
from member_access.errors import FieldError, Refusal, Unavailable, describe
from member_access.wording.texts import FIELD_REASONS, Language

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from aws_lambda_powertools.shared.cookies import Cookie
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from pydantic import BaseModel

    from member_access.platform.runtime import Runtime
    from member_access.settings import ApiSettings
    from member_access.values.types import Secret

BodyType = TypeVar("BodyType", bound=Body)

_JSON = "application/json"
_MAX_BODY = 8 * 1024
# For notifications: providers document no maximum length, and this leaves room for all attributes of a letter.
_MAX_RAW_BODY = 64 * 1024
_TRY_AGAIN_SECONDS = 5
_SECURITY_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
}
_OTHER_SITES = frozenset(("same-site", "cross-site"))
_REASONS = {"missing": "missing", "extra_forbidden": "unknown", "model_type": "not-an-object"}


class NoBody(Body):
    """The body of a call that takes none; the request's body is not read."""


class RawBody(Body):
    """The unparsed body of a call whose signature covers its bytes."""

    content: bytes


class Success(NamedTuple):
    """The successful response of a call, as documented.

    Attributes:
        status: the HTTP status.
        description: the meaning of the response.
        body: the model of the body, or None.
        sets: the names of the cookies that the response sets.
    """

    status: int
    description: str
    body: type[BaseModel] | None = None
    sets: tuple[str, ...] = ()


class Scheme(NamedTuple):
    """The authentication of a caller other than a browser, as documented.

    Attributes:
        name: the scheme's name in the document.
        definition: a security scheme of OpenAPI 3.1 (§4.8.27).
    """

    name: str
    definition: Mapping[str, str]


class Operation(NamedTuple, Generic[BodyType]):
    """The contract of one call.

    Attributes:
        method: the HTTP method.
        path: the path below the stage.
        name: the operation's id for generated clients.
        summary: one sentence.
        body: the model of the request's body.
        success: the successful response.
        instead: another successful response, which asks for one call more.
        refusals: the refusals of this call, in addition to those of every call.
        reads: the names of the cookies that it reads.
        cacheable: how many seconds the response may be cached; 0 for never.
        scheme: the authentication of a caller other than a browser.
    """

    method: str
    path: str
    name: str
    summary: str
    body: type[BodyType]
    success: Success
    instead: Success | None = None
    refusals: tuple[type[Refusal], ...] = ()
    reads: tuple[str, ...] = ()
    cacheable: int = 0
    scheme: Scheme | None = None


class Request(NamedTuple, Generic[BodyType]):
    """A parsed call.

    Attributes:
        body: the fields.
        headers: the headers, by lower-case name.
        cookies: the cookies of the request, by name.
        source: the address of the caller (see ``client_address``).
        path: the variable parts of the path, by name.
    """

    body: BodyType
    headers: Mapping[str, str]
    cookies: Mapping[str, Secret]
    source: str
    path: Mapping[str, str]


class Response(NamedTuple):
    """The successful response of a call; its status is that of ``Operation.success`` where it names none."""

    body: Mapping[str, Any] | None = None
    cookies: Sequence[Cookie] = ()
    status: int | None = None


class Route(NamedTuple, Generic[BodyType]):
    """An operation and the function that answers it."""

    operation: Operation[BodyType]
    answer: Callable[[Request[BodyType]], Response]


class Api:
    """The calls of one function, behind API Gateway."""

    def __init__(self, settings: ApiSettings, runtime: Runtime, routes: Sequence[Route[Any]]) -> None:
        self._logger = runtime.logger
        self._now = runtime.now
        self._allowed_origins = settings.allowed_origins
        self._origin_verify_secret = settings.origin_verify_secret
        self._pattern = re.compile(settings.identifier_pattern, re.ASCII)
        self._routes: dict[str, dict[str, Route[Any]]] = {}
        for route in routes:
            operation = route.operation
            operation.body.model_rebuild()
            # API Gateway leaves out the body of an answer to HEAD (RFC 9110 §9.3.2).
            methods = ("GET", "HEAD") if operation.method == "GET" else (operation.method,)
            self._routes.setdefault(operation.path, {}).update(dict.fromkeys(methods, route))

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer an event of API Gateway (proxy integration of a REST API)."""
        with self._logger.append_context_keys(request_id=context.aws_request_id):
            sent = Event.of(event)
            reply = self._reply(sent)
            headers = {
                **_SECURITY_HEADERS,
                "Cache-Control": "no-store",
                "Content-Language": _language(sent).value,
                "Vary": "Accept-Language, Origin",
                **cors_headers(sent.headers.get("origin"), self._allowed_origins),
                **reply.headers,
            }
            return answer(reply.status, headers, reply.cookies, reply.body)

    def _reply(self, event: Event) -> _Reply:
        routes = self._routes.get(event.resource)
        if not routes:
            return _refused(NotFound(), event)
        if route := routes.get(event.method):
            try:
                return self._answered(route, event)
            except Exception as error:  # noqa: BLE001 - a failure of any kind becomes a problem
                return self._failed(error, event)
        if event.method == "OPTIONS" and self._allowed_origins:
            return _Reply(HTTPStatus.NO_CONTENT, preflight_headers(routes))
        return _refused(MethodNotAllowed(allow=tuple(routes)), event)

    def _answered(self, route: Route[Any], event: Event) -> _Reply:
        operation = route.operation
        response = route.answer(self._request(operation, event))
        headers = {"Cache-Control": f"public, max-age={operation.cacheable}"} if operation.cacheable else {}
        status = response.status or operation.success.status
        if response.body is None:
            return _Reply(status, headers, cookies=response.cookies)
        headers["Content-Type"] = _JSON
        return _Reply(status, headers, _json(response.body), response.cookies)

    def _failed(self, error: Exception, event: Event) -> _Reply:
        if isinstance(error, Refusal):
            return _refused(error, event)
        self._logger.error("request.failed", extra=describe(error))
        if isinstance(error, Unavailable):
            return _refused(TryLater(retry_after=_TRY_AGAIN_SECONDS), event)
        return _problem(problems.problem(problems.INTERNAL_ERROR, 500, _language(event)), {})

    def _request(self, operation: Operation[BodyType], event: Event) -> Request[BodyType]:
        if operation.method != "GET":
            self._check_origin(event.headers)
        return Request(
            body=self._body(operation.body, event),
            headers=event.headers,
            cookies=sent_cookies(event.cookies),
            source=client_address(event.peer, event.headers, self._origin_verify_secret),
            path=event.path,
        )

    def _check_origin(self, headers: Mapping[str, str]) -> None:
        # SameSite=Strict does not keep sibling hosts from sending our cookies. Only browsers send Sec-Fetch-Site.
        from_elsewhere = headers.get("sec-fetch-site") in _OTHER_SITES
        if from_elsewhere and headers.get("origin") not in self._allowed_origins:
            raise ForbiddenOrigin

    def _body(self, model: type[BodyType], event: Event) -> BodyType:
        if model is NoBody:
            return model()
        if len(event.text) > (_MAX_RAW_BODY if model is RawBody else _MAX_BODY):
            raise RequestTooLarge
        refusal: Refusal
        try:
            if model is RawBody:
                return model.model_validate({"content": event.body})
            if event.headers.get("content-type", "").partition(";")[0].strip().lower() != _JSON:
                raise MalformedRequest
            return model.model_validate_json(
                event.body, context={"identifier_pattern": self._pattern, "now": self._now()}
            )
        except ValidationError as error:
            # Raised outside this block, so that the refusal's context does not keep the values sent.
            refusal = _refused_fields(error)
        except ValueError:
            refusal = MalformedRequest()
        raise refusal


class _Reply(NamedTuple):
    """What is particular to one answer."""

    status: int
    headers: Mapping[str, str]
    body: str = ""
    cookies: Sequence[Cookie] = ()


def _refused(refusal: Refusal, event: Event) -> _Reply:
    body = problems.problem(refusal.code, refusal.status, _language(event), refusal)
    return _problem(body, problems.problem_headers(refusal))


def _problem(body: dict[str, Any], headers: dict[str, str]) -> _Reply:
    return _Reply(body["status"], {"Content-Type": problems.CONTENT_TYPE, **headers}, _json(body))


def _json(body: Mapping[str, Any]) -> str:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def _language(event: Event) -> Language:
    return Language.preferred(event.headers.get("accept-language"))


def _refused_fields(error: ValidationError) -> InvalidRequest | MalformedRequest:
    fields = []
    for problem in error.errors(include_input=False, include_context=False, include_url=False):
        kind = problem["type"]
        if kind == "json_invalid":
            return MalformedRequest()
        reason = _REASONS.get(kind, kind if kind in FIELD_REASONS else "invalid")
        # The caller chose the name of an unknown field, so do not repeat it.
        pointer = "" if reason == "unknown" else "".join(f"/{part}" for part in problem["loc"])
        fields.append(FieldError(pointer, reason))
    return InvalidRequest(fields=tuple(dict.fromkeys(fields)))
