"""What the replies of an API and its token service mean for a letter."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from http_client import Reply, Request
from letter_errors import CallFailed, NoReply
from letter_job import ProviderWord
from member_access.types import Instant
from provider import Rejected, RetryLater, Unknown
from provider_api import AccessTokens, ProviderApi
from tests.letters.scenes import Credentials

if TYPE_CHECKING:
    from provider import Failure

NOW = Instant(1_795_421_100)
"""Mon, 23 Nov 2026 08:05:00 GMT."""
TOKEN = Reply(200, {}, b'{"access_token": "token", "expires_in": "300"}')


class Service:
    """Answers token requests with ``tokens`` and calls with ``replies``, in turn; the last one stays."""

    def __init__(self, *replies: Reply | None, tokens: tuple[Reply | None, ...] = (TOKEN,)) -> None:
        self._replies = {"token": list(tokens), "api": list(replies)}
        self.requests: list[Request] = []

    def __call__(self, request: Request) -> Reply:
        self.requests.append(request)
        replies = self._replies["token" if request.url.endswith("/token") else "api"]
        reply = replies.pop(0) if len(replies) > 1 else replies[0]
        if reply is None:
            raise NoReply
        return reply

    def sent_to_api(self) -> list[Request]:
        return [request for request in self.requests if not request.url.endswith("/token")]


def api(service: Service, *secrets: str) -> ProviderApi:
    credentials = Credentials("client", *(secrets or ("secret",)))
    tokens = AccessTokens(
        service, credentials, lambda given: Request("POST", f"https://{given.client_secret.reveal()}.example/token")
    )
    return ProviderApi(service, tokens)


def failure(service: Service) -> Failure:
    with pytest.raises(CallFailed) as caught:
        api(service).call(Request("GET", "https://api.example/thing"), NOW)
    return caught.value.result


def test_a_call_carries_the_access_token() -> None:
    service = Service(Reply(200))
    api(service).call(Request("GET", "https://api.example/thing"), NOW)
    assert service.sent_to_api()[0].headers["Authorization"] == "Bearer token"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (None, Unknown(ProviderWord("no-reply"))),
        (Reply(500), Unknown(ProviderWord("http-500"))),
        (Reply(502), Unknown(ProviderWord("http-502"))),
        (Reply(408), Unknown(ProviderWord("http-408"))),
        (Reply(404), Unknown(ProviderWord("http-404"))),
        (Reply(302, {"location": "https://elsewhere.example/"}), Unknown(ProviderWord("http-302"))),
        (Reply(429), RetryLater(None, ProviderWord("http-429"))),
        (Reply(429, {"retry-after": "17"}), RetryLater(17, ProviderWord("http-429"))),
        (Reply(503, {"retry-after": "86400"}), RetryLater(900, ProviderWord("http-503"))),
        (
            Reply(503, {"retry-after": "Mon, 23 Nov 2026 08:06:30 GMT"}),
            RetryLater(90, ProviderWord("http-503")),
        ),
        (Reply(503, {"retry-after": "Mon, 23 Nov 2026 08:00:00 GMT"}), RetryLater(1, ProviderWord("http-503"))),
        (Reply(503, {"retry-after": "soon"}), RetryLater(None, ProviderWord("http-503"))),
        (Reply(409), RetryLater(None, ProviderWord("http-409"))),
        (Reply(403), RetryLater(None, ProviderWord("http-403"))),
        (Reply(401), RetryLater(None, ProviderWord("http-401"))),
        (Reply(400, {}, b'{"errors": [{"code": "EMPTY_DOCUMENT"}]}'), Rejected(ProviderWord("EMPTY_DOCUMENT"))),
        (Reply(422, {}, b'{"code": "state"}'), Rejected(ProviderWord("state"))),
        (Reply(422, {}, b"<html>"), Rejected(ProviderWord("http-422"))),
        (Reply(400, {}, b'{"errors": [{"code": "12 rue X"}]}'), Rejected(ProviderWord("unreadable"))),
    ],
)
def test_only_a_refusal_of_the_letter_itself_rejects_it(reply: Reply | None, expected: Failure) -> None:
    assert failure(Service(reply)) == expected


def test_a_refused_token_is_asked_for_anew_once() -> None:
    service = Service(Reply(401), Reply(200))
    api(service).call(Request("GET", "https://api.example/thing"), NOW)
    assert [request.url for request in service.requests] == [
        "https://secret.example/token",
        "https://api.example/thing",
        "https://secret.example/token",
        "https://api.example/thing",
    ]


@pytest.mark.parametrize("status", [400, 401])
def test_refused_credentials_are_read_anew_once(status: int) -> None:
    service = Service(Reply(200), tokens=(Reply(status), TOKEN))
    api(service, "old", "new").call(Request("GET", "https://api.example/thing"), NOW)
    assert [request.url for request in service.requests][:2] == [
        "https://old.example/token",
        "https://new.example/token",
    ]


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (Reply(401), "token-http-401"),
        (Reply(500), "token-http-500"),
        (None, "token-no-reply"),
        (Reply(200, {}, b"{}"), "token-unreadable"),
        (Reply(200, {}, b"<html>"), "token-unreadable"),
    ],
)
def test_without_a_token_nothing_was_asked_so_the_letter_is_tried_again(token: Reply | None, reason: str) -> None:
    service = Service(Reply(200), tokens=(token,))
    assert failure(service) == RetryLater(None, ProviderWord(reason))
    assert service.sent_to_api() == []


@pytest.mark.parametrize(
    ("granted", "usable_seconds"),
    [({"expires_in": 300}, 240), ({"expires_in": "300"}, 240), ({"expires_in": 40}, 20), ({}, 30)],
)
def test_a_token_is_used_until_a_minute_before_it_expires(granted: dict[str, object], usable_seconds: int) -> None:
    token = Reply(200, {}, json.dumps({"access_token": "token", **granted}).encode())
    service = Service(Reply(200), tokens=(token,))
    used = api(service)
    for later, tokens_asked in ((0, 1), (usable_seconds - 1, 1), (usable_seconds, 2)):
        used.call(Request("GET", "https://api.example/thing"), Instant(NOW + later))
        assert len(service.requests) - len(service.sent_to_api()) == tokens_asked


def test_neither_requests_nor_credentials_show_their_secrets() -> None:
    request = Request("POST", "https://api.example/", {"Authorization": "Bearer hush"}, b"hush")
    assert "hush" not in repr((request, Reply(200, {}, b"hush"), Credentials("client", "hush")()))
