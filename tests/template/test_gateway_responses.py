"""API Gateway's own refusals have the form, the codes and the sentences of the API's."""

from __future__ import annotations

import json

import pytest

from member_access.api.problems import problem
from member_access.api.refusals import MalformedRequest, NotFound, RequestTooLarge, TryLater
from member_access.throttling.guard import TooManyAttempts
from member_access.wording.texts import Language
from simulators.template import project_template

RESPONSES = project_template().body["Resources"]["Api"]["Properties"]["GatewayResponses"]
REFUSALS = {kind.code: kind for kind in (MalformedRequest, NotFound, RequestTooLarge, TooManyAttempts, TryLater)}


@pytest.mark.parametrize("name", RESPONSES)
def test_a_gateway_response_is_the_problem_that_the_code_would_answer(name: str) -> None:
    response = RESPONSES[name]
    body = json.loads(response["ResponseTemplates"]["application/json"])
    refusal = REFUSALS[body["code"]](retry_after=body.get("retry_after"))
    assert body == problem(refusal.code, refusal.status, Language.FRENCH, refusal)
    assert response["StatusCode"] == refusal.status

    headers = response["ResponseParameters"]["Headers"]
    assert headers["Content-Type"] == "'application/problem+json'"
    assert headers["Content-Language"] == "'fr'", "API Gateway cannot choose by a header of the request (decision 44)"
    assert headers["Cache-Control"] == "'no-store'"
    assert headers["X-Content-Type-Options"] == "'nosniff'"
    assert headers.get("Retry-After") == (f"'{refusal.retry_after}'" if refusal.retry_after else None)


def test_every_refusal_of_the_gateway_is_covered() -> None:
    assert {"DEFAULT_4XX", "DEFAULT_5XX", "MISSING_AUTHENTICATION_TOKEN", "THROTTLED", "REQUEST_TOO_LARGE"} <= set(
        RESPONSES
    )
