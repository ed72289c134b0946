"""The results for a letter of the responses of an API and its token service."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from letters.model.job import ProviderCode
from letters.model.print_provider import Rejected, RetryLater, Unknown
from letters.providers.api import CallFailed, ProviderApi, ProviderTokens
from letters.providers.http_client import HttpRequest, HttpResponse, NoResponse
from member_access.values.types import Instant
from tests.letters.scenes import credentials

if TYPE_CHECKING:
    from letters.model.print_provider import Failure

NOW = Instant(1_795_421_100)
"""Mon, 23 Nov 2026 08:05:00 GMT."""
TOKEN = HttpResponse(200, {}, b'{"access_token": "token", "expires_in": "300"}')


class Service:
    """Answers token requests with ``tokens`` and calls with ``replies``, in turn; repeats the last one."""

    def __init__(self, *replies: HttpResponse | None, tokens: tuple[HttpResponse | None, ...] = (TOKEN,)) -> None:
        self._replies = {"token": list(tokens), "api": list(replies)}
        self.requests: list[HttpRequest] = []

    def __call__(self, request: HttpRequest) -> HttpResponse:
        self.requests.append(request)
        replies = self._replies["token" if request.url.endswith("/token") else "api"]
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if reply is None:
            raise NoResponse
        return reply

    def sent_to_api(self) -> list[HttpRequest]:
        return [request for request in self.requests if not request.url.endswith("/token")]


def api(service: Service, *secrets: str) -> ProviderApi:
    source = credentials("client", *(secrets or ("secret",)))
    tokens = ProviderTokens(
        service, source, lambda given: HttpRequest("POST", f"https://{given.client_secret.reveal()}.example/token")
    )
    return ProviderApi(service, tokens)


def failure(service: Service) -> Failure:
    with pytest.raises(CallFailed) as caught:
        api(service).call(HttpRequest("GET", "https://api.example/thing"), NOW)
    return caught.value.result


def test_a_call_carries_the_access_token() -> None:
    service = Service(HttpResponse(200))
    api(service).call(HttpRequest("GET", "https://api.example/thing"), NOW)
    assert service.sent_to_api()[0].headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (None, Unknown(ProviderCode("no-reply"))),
        (HttpResponse(500), Unknown(ProviderCode("http-500"))),
        (HttpResponse(502), Unknown(ProviderCode("http-502"))),
        (HttpResponse(408), Unknown(ProviderCode("http-408"))),
        (HttpResponse(404), Unknown(ProviderCode("http-404"))),
        (HttpResponse(302, {"location": "https://elsewhere.example/"}), Unknown(ProviderCode("http-302"))),
        (HttpResponse(429), RetryLater(None, ProviderCode("http-429"))),
        (HttpResponse(429, {"retry-after": "17"}), RetryLater(17, ProviderCode("http-429"))),
        (HttpResponse(503, {"retry-after": "86400"}), RetryLater(900, ProviderCode("http-503"))),
        (
            HttpResponse(503, {"retry-after": "Mon, 23 Nov 2026 08:06:30 GMT"}),
            RetryLater(90, ProviderCode("http-503")),
        ),
        (HttpResponse(503, {"retry-after": "Mon, 23 Nov 2026 08:00:00 GMT"}), RetryLater(1, ProviderCode("http-503"))),
        (HttpResponse(503, {"retry-after": "soon"}), RetryLater(None, ProviderCode("http-503"))),
        (HttpResponse(409), RetryLater(None, ProviderCode("http-409"))),
        (HttpResponse(403), RetryLater(None, ProviderCode("http-403"))),
        (HttpResponse(401), RetryLater(None, ProviderCode("http-401"))),
        (HttpResponse(400, {}, b'{"errors": [{"code": "EMPTY_DOCUMENT"}]}'), Rejected(ProviderCode("EMPTY_DOCUMENT"))),
        (HttpResponse(422, {}, b'{"code": "state"}'), Rejected(ProviderCode("state"))),
        (HttpResponse(422, {}, b"<html>"), Rejected(ProviderCode("http-422"))),
        (HttpResponse(400, {}, b'{"errors": [{"code": "12 rue X"}]}'), Rejected(ProviderCode("unreadable"))),
    ],
)
def test_only_a_refusal_of_the_letter_itself_rejects_it(reply: HttpResponse | None, expected: Failure) -> None:
    assert failure(Service(reply)) == expected


def test_a_refused_token_is_requested_again_once() -> None:
    service = Service(HttpResponse(401), HttpResponse(200))
    api(service).call(HttpRequest("GET", "https://api.example/thing"), NOW)
    assert [request.url for request in service.requests] == [
        "https://secret.example/token",
        "https://api.example/thing",
        "https://secret.example/token",
        "https://api.example/thing",
    ]


@pytest.mark.parametrize("status", [400, 401])
def test_refused_credentials_are_read_again_once(status: int) -> None:
    service = Service(HttpResponse(200), tokens=(HttpResponse(status), TOKEN))
    api(service, "old", "new").call(HttpRequest("GET", "https://api.example/thing"), NOW)
    assert [request.url for request in service.requests][:2] == [
        "https://old.example/token",
        "https://new.example/token",
    ]


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (HttpResponse(401), "token-http-401"),
        (HttpResponse(500), "token-http-500"),
        (None, "token-no-reply"),
        (HttpResponse(200, {}, b"{}"), "token-unreadable"),
        (HttpResponse(200, {}, b"<html>"), "token-unreadable"),
    ],
)
def test_without_a_token_nothing_was_asked_so_the_letter_is_tried_again(
    token: HttpResponse | None, reason: str
) -> None:
    service = Service(HttpResponse(200), tokens=(token,))
    assert failure(service) == RetryLater(None, ProviderCode(reason))
    assert service.sent_to_api() == []


@pytest.mark.parametrize(
    ("granted", "usable_seconds"),
    [({"expires_in": 300}, 240), ({"expires_in": "300"}, 240), ({"expires_in": 40}, 20), ({}, 30)],
)
def test_a_token_is_used_until_a_minute_before_it_expires(granted: dict[str, object], usable_seconds: int) -> None:
    token = HttpResponse(200, {}, json.dumps({"access_token": "token", **granted}).encode())
    service = Service(HttpResponse(200), tokens=(token,))
    used = api(service)
    for later, tokens_asked in ((0, 1), (usable_seconds - 1, 1), (usable_seconds, 2)):
        used.call(HttpRequest("GET", "https://api.example/thing"), Instant(NOW + later))
        assert len(service.requests) - len(service.sent_to_api()) == tokens_asked


def test_neither_requests_nor_credentials_show_their_secrets() -> None:
    request = HttpRequest("POST", "https://api.example/", {"Authorization": "Bearer hush"}, b"hush")
    assert "hush" not in repr((request, HttpResponse(200, {}, b"hush"), credentials("client", "hush").read()))
