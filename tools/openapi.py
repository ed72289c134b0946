"""Builds the OpenAPI 3.1 document of the API from the functions' contracts: ``python -m tools.openapi``.

Not at run time, because the imports would slow a cold start by a tenth of a second.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from itertools import groupby
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue, models_json_schema

from account import contract as account_contract
from identifier import contract as identifier_contract
from letters import contract as status_contract
from login import contract as login_contract
from member_access.api.cookies import CONFIRM_COOKIE, DEVICE_COOKIES, RESET_COOKIE, SESSION_COOKIE
from member_access.api.problems import CONTENT_TYPE, INTERNAL_ERROR
from member_access.api.refusals import ForbiddenOrigin, InvalidRequest, MalformedRequest, RequestTooLarge, TryLater
from member_access.api.router import NoBody, Operation, RawBody, Success
from member_access.wording.texts import PROBLEMS, Language
from passkeys import contract as passkeys_contract
from reset import contract as reset_contract

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from pydantic import BaseModel
    from pydantic_core.core_schema import WithDefaultSchema

    from member_access.errors import Refusal

TARGET = Path(__file__).parent.parent / "docs/openapi.json"
OPERATIONS: tuple[Operation[Any], ...] = (
    *login_contract.OPERATIONS,
    *reset_contract.OPERATIONS,
    *identifier_contract.OPERATIONS,
    *passkeys_contract.OPERATIONS,
    *account_contract.OPERATIONS,
    *status_contract.OPERATIONS,
)

_VARIABLE = re.compile(r"\{(\w+)\}")
_REF = "#/components/schemas/{model}"
_SECONDS = {"type": "integer", "minimum": 1}
_ANY_BODY: tuple[type[Refusal], ...] = (MalformedRequest, InvalidRequest, RequestTooLarge)
_COOKIES = {
    SESSION_COOKIE: "The refresh token of the session, replaced at every use.",
    DEVICE_COOKIES: "Identifies a known browser of one member: the member has signed in there with the present PIN, or "
    "has set it. The tag stands for the member; a browser keeps such cookies of five members.",
    RESET_COOKIE: "The handle of the latest request for a code; a code from an e-mail works only beside it. A verified "
    "code deletes it.",
    CONFIRM_COOKIE: "The handle of the second step that this browser is asked for; a right code deletes it.",
}
_PROBLEM = {
    "type": "object",
    "description": "A problem as defined by RFC 9457. `detail` is the sentence to show to the member.",
    "required": ["type", "code", "title", "status", "detail"],
    "additionalProperties": False,
    "properties": {
        "type": {"type": "string", "format": "uri"},
        "code": {"type": "string", "enum": sorted(PROBLEMS)},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "retry_after": {**_SECONDS, "description": "Number of seconds before the next attempt."},
        "tries_left": {
            "type": "integer",
            "minimum": 0,
            "description": "Number of wrong attempts before the next limit, after a wrong one. In a 401: before the "
            "first wait (PIN), the end of the code, or the end of the day's attempts (IBAN). In a 429: before the PIN "
            "is disabled. The same for an unknown identifier.",
        },
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["pointer", "detail"],
                "additionalProperties": False,
                "properties": {
                    "pointer": {"type": "string", "description": "The field, as a JSON Pointer (RFC 6901)."},
                    "detail": {"type": "string"},
                },
            },
        },
    },
}


class _WithoutDefaults(GenerateJsonSchema):
    """A schema generator that describes an optional field without a default; ``null`` is not a valid value."""

    def default_schema(self, schema: WithDefaultSchema) -> JsonSchemaValue:
        return self.generate_inner(schema["schema"])


def openapi() -> dict[str, Any]:
    """Build the document."""
    paths: dict[str, dict[str, Any]] = {}
    for operation in OPERATIONS:
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(operation)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Espace Adhérent access",
            "version": "1",
            "description": "Sign-in for the members of a health insurer. Errors are problem details (RFC 9457): "
            "their sentences follow `Accept-Language` (`fr` or `en`), their codes never change. An unknown path "
            "returns 404 `not-found`; a method that a path does not support returns 405 `method-not-allowed`. "
            "Paths that take GET take HEAD too. A browser's page of another host may make the other calls only if its "
            "origin is configured; else they return 403 `forbidden-origin`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "/v1"}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": _PROBLEM, **_schemas(OPERATIONS)},
            "securitySchemes": {
                **{
                    _scheme(name): {"type": "apiKey", "in": "cookie", "name": name, "description": description}
                    for name, description in _COOKIES.items()
                },
                **{one.scheme.name: dict(one.scheme.definition) for one in OPERATIONS if one.scheme},
            },
        },
    }


def document() -> str:
    """Return the content of the committed file."""
    return json.dumps(openapi(), ensure_ascii=False, indent=2) + "\n"


def _operation(operation: Operation[Any]) -> dict[str, Any]:
    takes_body = operation.body is not NoBody
    of_body = (RequestTooLarge,) if operation.body is RawBody else _ANY_BODY if takes_body else ()
    of_origin = (ForbiddenOrigin,) if operation.method != "GET" else ()
    refusals: tuple[type[Refusal], ...] = (*operation.refusals, *of_body, *of_origin, TryLater)
    described: dict[str, Any] = {"operationId": operation.name, "summary": operation.summary}
    if takes_body:
        in_provider_documents = {"type": "object", "description": "Defined in the print provider's documentation."}
        schema = in_provider_documents if operation.body is RawBody else _ref(operation.body)
        described["requestBody"] = {"required": True, "content": {"application/json": {"schema": schema}}}
    if names := _VARIABLE.findall(operation.path):
        described["parameters"] = [
            {"name": name, "in": "path", "required": True, "schema": {"type": "string"}} for name in names
        ]
    described["security"] = _security(operation)
    described["responses"] = {
        **{str(success.status): _success(success) for success in _successes(operation)},
        **_problems(refusals),
    }
    return described


def _security(operation: Operation[Any]) -> list[dict[str, list[str]]]:
    """Return the requirements of a call; an empty list says that it needs none (OpenAPI 3.1 §4.8.10)."""
    if operation.scheme:
        return [{operation.scheme.name: []}]
    cookies: list[dict[str, list[str]]] = [{_scheme(name): []} for name in operation.reads]
    # The empty requirement says that every cookie is optional.
    return [*cookies, {}] if cookies else []


def _successes(operation: Operation[Any]) -> tuple[Success, ...]:
    return (operation.success, *((operation.instead,) if operation.instead else ()))


def _success(success: Success) -> dict[str, Any]:
    answer: dict[str, Any] = {"description": success.description}
    if success.sets:
        cookies = " and ".join(f"`{name}`" for name in success.sets)
        answer["headers"] = {"Set-Cookie": {"description": f"Sets {cookies}.", "schema": {"type": "string"}}}
    if success.body:
        answer["content"] = {"application/json": {"schema": _ref(success.body)}}
    return answer


def _problems(refusals: Sequence[type[Refusal]]) -> dict[str, Any]:
    codes = [*((refusal.status, refusal.code) for refusal in refusals), (500, INTERNAL_ERROR)]
    by_status = groupby(sorted(codes), key=itemgetter(0))
    schemes = {refusal.authenticate for refusal in refusals if refusal.status == HTTPStatus.UNAUTHORIZED}
    return {str(status): _problem(status, [code for _, code in group], schemes) for status, group in by_status}


def _problem(status: int, codes: list[str], schemes: Iterable[str]) -> dict[str, Any]:
    answer: dict[str, Any] = {
        "description": "; ".join(f"`{code}`: {PROBLEMS[code].title.in_(Language.ENGLISH)}" for code in codes),
        "content": {CONTENT_TYPE: {"schema": {"$ref": _REF.format(model="Problem")}}},
    }
    if status == HTTPStatus.UNAUTHORIZED:
        answer["headers"] = {
            "WWW-Authenticate": {
                "description": "API Gateway sends it as `x-amzn-Remapped-WWW-Authenticate`.",
                "schema": {"type": "string", "enum": sorted(schemes)},
            }
        }
    if status in {429, 503}:
        answer["headers"] = {"Retry-After": {"description": "Number of seconds to wait.", "schema": _SECONDS}}
    return answer


def _schemas(operations: Iterable[Operation[Any]]) -> dict[str, Any]:
    bodies = {operation.body for operation in operations} - {NoBody, RawBody}
    answers = {success.body for operation in operations for success in _successes(operation) if success.body}
    name = attrgetter("__name__")
    _, schemas = models_json_schema(
        [(model, "validation") for model in sorted(bodies, key=name)]
        + [(model, "serialization") for model in sorted(answers, key=name)],
        ref_template=_REF,
        schema_generator=_WithoutDefaults,
    )
    definitions: dict[str, Any] = schemas["$defs"]
    return _reachable(definitions, [model.__name__ for model in (*bodies, *answers)])


def _reachable(definitions: dict[str, Any], names: list[str]) -> dict[str, Any]:
    """Leave out what no call refers to: pydantic also defines the classes behind fields that it describes in full."""
    found, left = set[str](), list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            text = json.dumps(definitions[name])
            left += [other for other in definitions if f'"{_REF.format(model=other)}"' in text]
    return {name: schema for name, schema in definitions.items() if name in found}


def _ref(model: type[BaseModel]) -> dict[str, str]:
    return {"$ref": _REF.format(model=model.__name__)}


def _scheme(cookie: str) -> str:
    return cookie.removeprefix("__Host-").partition("-")[0]


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="utf-8")
    print(f"{len(OPERATIONS)} operations in {TARGET.name}")
