"""The HTTP edge, on Powertools' router: parses requests and writes every response in the same form.

An operation is the contract of one call; the OpenAPI document is built from it. A route connects it to the function
that answers. A refusal that the function raises becomes a problem (RFC 9457); any other exception an opaque 500.
"""

from __future__ import annotations

import json
import re
from base64 import b64decode
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from aws_lambda_powertools.event_handler import APIGatewayRestResolver, CORSConfig
from aws_lambda_powertools.event_handler import Response as GatewayResponse
from aws_lambda_powertools.event_handler.exceptions import NotFoundError
from pydantic import ValidationError

from member_access.api import problems
from member_access.api.client_address import client_address
from member_access.api.cookies import sent_cookies
from member_access.api.fields import Body
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
    from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEvent
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from pydantic import BaseModel

    from member_access.platform.runtime import Runtime
    from member_access.settings import ApiSettings
    from member_access.values.types import Secret

BodyType = TypeVar("BodyType", bound=Body)

BASE_PATH = "/v1"
"""The stage, and the base path of a custom domain."""

_MAX_BODY = 8 * 1024
# For notifications: providers document no maximum length, and this leaves room for all attributes of a letter.
_MAX_RAW_BODY = 64 * 1024
_TRY_AGAIN_SECONDS = 5
# A variable part of a path: API Gateway and OpenAPI write it in braces, Powertools' router in angle brackets.
_POWERTOOLS = re.compile(r"\{(\w+)\}")
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


@dataclass(frozen=True)
class Success:
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


@dataclass(frozen=True)
class Scheme:
    """The authentication of a caller other than a browser, as documented.

    Attributes:
        name: the scheme's name in the document.
        definition: a security scheme of OpenAPI 3.1 (§4.8.27).
    """

    name: str
    definition: Mapping[str, str]


@dataclass(frozen=True)
class Operation(Generic[BodyType]):
    """The contract of one call.

    Attributes:
        method: the HTTP method.
        path: the path below the stage.
        name: the operation's id for generated clients.
        summary: one sentence.
        body: the model of the request's body.
        success: the successful response.
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
    refusals: tuple[type[Refusal], ...] = ()
    reads: tuple[str, ...] = ()
    cacheable: int = 0
    scheme: Scheme | None = None


@dataclass(frozen=True)
class Request(Generic[BodyType]):
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


@dataclass(frozen=True)
class Response:
    """The successful response of a call."""

    body: Mapping[str, Any] | None = None
    cookies: Sequence[Cookie] = ()


@dataclass(frozen=True)
class Route(Generic[BodyType]):
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
        # A custom domain of API Gateway leaves its base path in the path of an event.
        self._resolver = APIGatewayRestResolver(
            cors=_cors(settings.allowed_origins), debug=False, strip_prefixes=[BASE_PATH]
        )
        self._methods: dict[str, tuple[str, ...]] = {}
        for route in routes:
            self._add(route)
        self._resolver.exception_handler(NotFoundError)(self._no_route)
        self._resolver.exception_handler(Exception)(self._failed)

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Answer an event of API Gateway (proxy integration of a REST API)."""
        with self._logger.append_context_keys(request_id=context.aws_request_id):
            return self._resolver.resolve(event, context)

    def _add(self, route: Route[Any]) -> None:
        operation = route.operation
        operation.body.model_rebuild()
        # API Gateway leaves out the body of an answer to HEAD (RFC 9110 §9.3.2).
        methods = ["GET", "HEAD"] if operation.method == "GET" else [operation.method]
        self._methods[operation.path] = (*self._methods.get(operation.path, ()), *methods)

        # The router passes the variable parts of the path; the request has them too.
        def respond(**_: str) -> GatewayResponse[str]:
            answer = route.answer(self._request(operation))
            return self._response(
                operation.success.status,
                answer.body,
                content_type="application/json",
                cookies=answer.cookies,
                cacheable=operation.cacheable,
            )

        self._resolver.route(_POWERTOOLS.sub(r"<\1>", operation.path), method=methods)(respond)

    def _request(self, operation: Operation[BodyType]) -> Request[BodyType]:
        event = self._resolver.current_event
        headers = {name.lower(): text for name, text in event.headers.items()}
        if operation.method != "GET":
            self._check_origin(headers)
        peer = event.request_context.identity.source_ip or ""
        return Request(
            body=self._body(operation.body),
            headers=headers,
            cookies=sent_cookies("; ".join(event.multi_value_headers.get("cookie", []))),
            source=client_address(peer, headers, self._origin_verify_secret),
            path=event.path_parameters,
        )

    def _check_origin(self, headers: Mapping[str, str]) -> None:
        # SameSite=Strict does not keep sibling hosts from sending our cookies. Only browsers send Sec-Fetch-Site.
        from_elsewhere = headers.get("sec-fetch-site") in _OTHER_SITES
        if from_elsewhere and headers.get("origin") not in self._allowed_origins:
            raise ForbiddenOrigin

    def _body(self, model: type[BodyType]) -> BodyType:
        if model is NoBody:
            return model()
        event = self._resolver.current_event
        if len(event.body or "") > (_MAX_RAW_BODY if model is RawBody else _MAX_BODY):
            raise RequestTooLarge
        if model is RawBody:
            return model.model_validate({"content": _raw(event)})
        if event.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise MalformedRequest
        try:
            return model.model_validate_json(
                event.decoded_body or "", context={"identifier_pattern": self._pattern, "now": self._now()}
            )
        except ValidationError as error:
            # Raised outside this block, so that the refusal's context does not keep the values sent.
            refusal = _refused_fields(error)
        except ValueError:
            refusal = MalformedRequest()
        raise refusal

    def _no_route(self, _: NotFoundError) -> GatewayResponse[str]:
        event = self._resolver.current_event
        allowed = self._methods.get(event.resource)
        return self._refused(MethodNotAllowed(allow=allowed) if allowed else NotFound())

    def _failed(self, error: Exception) -> GatewayResponse[str]:
        if isinstance(error, Refusal):
            return self._refused(error)
        self._logger.error("request.failed", extra=describe(error))
        if isinstance(error, Unavailable):
            return self._refused(TryLater(retry_after=_TRY_AGAIN_SECONDS))
        return self._problem(problems.problem(problems.INTERNAL_ERROR, 500, self._language), {})

    def _refused(self, refusal: Refusal) -> GatewayResponse[str]:
        body = problems.problem(refusal.code, refusal.status, self._language, refusal)
        return self._problem(body, problems.problem_headers(refusal))

    def _problem(self, body: dict[str, Any], headers: dict[str, str]) -> GatewayResponse[str]:
        return self._response(body["status"], body, content_type=problems.CONTENT_TYPE, headers=headers)

    def _response(  # noqa: PLR0913 - the parts of an HTTP response
        self,
        status: int,
        body: Mapping[str, Any] | None,
        *,
        content_type: str,
        headers: Mapping[str, str] | None = None,
        cookies: Sequence[Cookie] = (),
        cacheable: int = 0,
    ) -> GatewayResponse[str]:
        return GatewayResponse(
            status_code=status,
            content_type=content_type if body is not None else None,
            headers={
                **_SECURITY_HEADERS,
                "Cache-Control": f"public, max-age={cacheable}" if cacheable else "no-store",
                "Content-Language": self._language.value,
                "Vary": "Accept-Language, Origin",
                **(headers or {}),
            },
            cookies=list(cookies),
            body=json.dumps(body, ensure_ascii=False, separators=(",", ":")) if body is not None else "",
        )

    @property
    def _language(self) -> Language:
        return Language.preferred(self._resolver.current_event.headers.get("accept-language"))


def _raw(event: APIGatewayProxyEvent) -> bytes:
    body = event.body or ""
    if not event.is_base64_encoded:
        return body.encode()
    try:
        return b64decode(body, validate=True)
    except ValueError:
        raise MalformedRequest from None


def _cors(origins: tuple[str, ...]) -> CORSConfig | None:
    if not origins:
        return None
    return CORSConfig(
        allow_origin=origins[0],
        extra_origins=list(origins[1:]),
        allow_headers=["Accept-Language", "Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
        allow_credentials=True,
        max_age=600,
    )


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
