"""Records a letter up to the provider's door: the calls of AWS, and the answers of Maileva's simulator."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from bench.recording import CONTEXT
from letters import send_handler
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.maileva_server import FakeMaileva
from simulators.print_providers.subscriptions import subscribe_to_maileva

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.recording import Recorded, Recorder
    from letters.providers.http_client import HttpRequest, HttpResponse
    from simulators.sign_in_driver import FrontDoor

_LOGIN, _PASSWORD = "bench", "invented"
_SECRET = {
    "maileva": {
        "client_id": "maileva-client",
        "client_secret": "maileva-secret",
        "webhook_login": _LOGIN,
        "webhook_password": _PASSWORD,
    }
}


def record_letter(recorder: Recorder, door: FrontDoor, event: Mapping[str, Any]) -> Recorded:
    """Record one letter from its message to the provider's receipt."""
    cloud = door.cloud
    cloud.secrets.content = dict(_SECRET)
    fake = FakeMaileva(clock=door.clock, post=_unread, pause=lambda _: None, faults=None)
    subscribe_to_maileva(fake, "https://members.example/v1/letters/status/maileva", _LOGIN, _PASSWORD)
    through, replies = in_process(fake), []

    def transport(request: HttpRequest) -> HttpResponse:
        response = through(request)
        replies.append(
            {
                "operation": f"provider {request.method} {urlsplit(request.url).path}",
                "subject": "",
                "status": response.status,
                "answer": response.body.decode(),
                "headers": dict(response.headers),
            }
        )
        return response

    environment = cloud.environment("LettersFunction", {"LetterProvider": "maileva"})
    runtime = replace(door.runtime, environment=environment, pause=lambda _: None)
    send = send_handler.compose(runtime, lambda: transport)
    recorded = recorder.record(event, lambda: send(dict(event), CONTEXT)["batchItemFailures"])
    if not fake.letters():
        raise RuntimeError("the recorded letter did not reach the provider")
    return replace(recorded, tape=[*recorded.tape, *replies], has_own_code=True)


def _unread(request: HttpRequest) -> HttpResponse:
    raise RuntimeError(f"no notification is expected, and here is one: {request.url}")
