"""Code, document and template agree on every call."""

from __future__ import annotations

import json
from typing import Any

import openapi_spec_validator
import pytest

from simulators.template import project_template
from tools import openapi

DOCUMENT: dict[str, Any] = json.loads(openapi.TARGET.read_text(encoding="utf-8"))


def test_the_committed_document_is_the_one_the_code_makes() -> None:
    assert openapi.TARGET.read_text(encoding="utf-8") == openapi.document(), "run: make openapi"


def test_the_document_is_valid_openapi_3_1() -> None:
    assert DOCUMENT["openapi"].startswith("3.1")
    openapi_spec_validator.validate(DOCUMENT)


def test_document_and_template_have_the_same_methods_and_paths() -> None:
    documented = {(method.upper(), path) for path, methods in DOCUMENT["paths"].items() for method in methods}
    deployed = {(event.method, event.path) for event in project_template().api_events()}
    head = {("HEAD", path) for method, path in documented if method == "GET"}
    assert {call for call in deployed if call[0] != "ANY"} == documented | head


def test_every_path_takes_every_method_to_the_function_that_answers_405() -> None:
    events = project_template().api_events()
    catch_all = {(event.path, event.function) for event in events if event.method == "ANY"}
    assert catch_all == {(event.path, event.function) for event in events if event.method != "ANY"}


@pytest.mark.parametrize("operation", openapi.OPERATIONS, ids=lambda operation: operation.name)
def test_every_answer_has_a_schema_and_every_wait_a_header(operation: Any) -> None:  # noqa: ANN401 - of any body
    responses = DOCUMENT["paths"][operation.path][operation.method.lower()]["responses"]
    assert str(operation.success.status) in responses
    for status, response in responses.items():
        is_empty = status == str(operation.success.status) and operation.success.body is None
        assert ("content" in response) != is_empty
        assert ("WWW-Authenticate" in response.get("headers", {})) == (status == "401")
        assert ("Retry-After" in response.get("headers", {})) == (status in {"429", "503"})


@pytest.mark.parametrize("operation", openapi.OPERATIONS, ids=lambda operation: operation.name)
def test_every_call_says_which_credentials_it_takes(operation: Any) -> None:  # noqa: ANN401 - of any body
    described = DOCUMENT["paths"][operation.path][operation.method.lower()]
    assert (described["security"] == []) == (not operation.reads and operation.scheme is None)


def test_every_schema_is_of_a_call() -> None:
    text = json.dumps(DOCUMENT)
    assert [name for name in DOCUMENT["components"]["schemas"] if f'"#/components/schemas/{name}"' not in text] == []
