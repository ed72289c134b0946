"""The smoke test notices each kind of wrong answer, and waits a moment for a right one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tools.deployment.smoke_test import TRIES, checks_of_api, checks_of_portal, failures, unlikely_identifier
from tools.deployment.web import WebAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

ISSUER = "https://members.mutuelle.fr/v1"
CONFIG = b'{"insurer": "L\xc3\xa9a"}'
PROBLEM = "application/problem+json"


class Site:
    """A deployment that answers as it should, until a test breaks a path of it."""

    def __init__(self) -> None:
        self.answers = {
            "/": WebAnswer(200, "text/html", b"<!doctype html><html>"),
            "/config.json": WebAnswer(200, "application/json", CONFIG),
            "/v1/.well-known/jwks.json": WebAnswer(200, "application/json", b'{"keys": [{}]}'),
            "/v1/.well-known/openid-configuration": WebAnswer(
                200, "application/json", json.dumps({"issuer": ISSUER}).encode()
            ),
            "/v1/login": WebAnswer(401, PROBLEM, b'{"code": "invalid-credentials"}'),
            "/v1/no-such-path": WebAnswer(404, PROBLEM, b"{}"),
        }
        self.waits: list[float] = []
        self.right_after: dict[str, int] = {}

    def send(self, method: str, url: str, body: Mapping[str, str] | None = None) -> WebAnswer:
        path = url.removeprefix("https://d1.cloudfront.net")
        assert (method == "POST") == (body is not None)
        if self.right_after.get(path, 0) > len(self.waits):
            return WebAnswer(503, "text/html", b"")
        return self.answers[path]

    def failures(self) -> list[str]:
        checks = [*checks_of_portal(CONFIG), *checks_of_api(ISSUER, "^[0-9A-Z]{6,12}$")]
        return failures(self, "https://d1.cloudfront.net", checks, self.waits.append)


def test_a_right_deployment_has_no_failure() -> None:
    site = Site()

    assert site.failures() == []
    assert site.waits == []


@pytest.mark.parametrize(
    ("path", "answer", "said"),
    [
        ("/", WebAnswer(403, "application/xml", b""), "The portal's first page .* answers 403 application/xml"),
        ("/config.json", WebAnswer(200, "application/json", b'{"insurer": "L?a"}'), "config.json .* just published"),
        ("/v1/.well-known/jwks.json", WebAnswer(200, "application/json", b'{"keys": []}'), "signing keys"),
        ("/v1/.well-known/jwks.json", WebAnswer(200, "text/html", b"<html>"), "signing keys"),
        ("/v1/.well-known/openid-configuration", WebAnswer(200, "application/json", b"{}"), f"issuer {ISSUER}"),
        ("/v1/login", WebAnswer(200, "application/json", b"{}"), "A sign-in .* must answer 401"),
        ("/v1/login", WebAnswer(503, PROBLEM, b"{}"), "answers 503"),
        ("/v1/login", WebAnswer(0, "", b"no such host"), r"answers no answer \(no such host\)"),
        ("/v1/no-such-path", WebAnswer(404, "text/html", b""), "An unknown path .* must answer 404"),
    ],
)
def test_a_wrong_answer_becomes_a_sentence(path: str, answer: WebAnswer, said: str) -> None:
    site = Site()
    site.answers[path] = answer

    (failure,) = site.failures()

    assert re.search(said, failure)
    assert len(site.waits) == TRIES - 1


def test_an_answer_that_becomes_right_is_no_failure() -> None:
    site = Site()
    site.right_after = {"/v1/login": 2}

    assert site.failures() == []
    assert len(site.waits) == 2


@pytest.mark.parametrize("pattern", ["^[0-9A-Z]{6,12}$", "[0-9]{8}", "[A-Z][0-9A-Z]{6}"])
def test_an_invented_identifier_has_the_right_form(pattern: str) -> None:
    assert re.fullmatch(pattern, unlikely_identifier(pattern))


def test_each_sign_in_has_another_identifier() -> None:
    assert len({unlikely_identifier("^[0-9A-Z]{6,12}$") for _ in range(20)}) == 20


def test_a_form_that_no_invented_identifier_has_gets_one_anyway() -> None:
    assert unlikely_identifier("A-[0-9]{3}/B")
