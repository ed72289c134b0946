"""Runs the three letter functions as the cloud does, with a print provider's fake behind them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from letters import notification_handler, send_handler, sweep_handler
from letters.model.job import ProviderName
from letters.providers.http_client import HttpResponse
from simulators.cloud import queue_url
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.maileva_server import FakeMaileva
from simulators.print_providers.pingen_server import FakePingen
from simulators.print_providers.subscriptions import subscribe_to_maileva, subscribe_to_pingen
from simulators.sign_in_driver import api_event
from tests.support.event_source import Context, EventSource
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Mapping

    from letters.providers.http_client import HttpRequest, Transport
    from member_access.platform.runtime import Runtime
    from simulators.print_providers.fake_provider import FakeProvider
    from simulators.print_providers.faults import FaultSource
    from simulators.sign_in_driver import FrontDoor

ORGANISATION = "organisation-1"
LOGIN, PASSWORD, SIGNING_KEY = "maileva-calls", "a:password with é", "example-signing-key-1234"
SECRET: Mapping[str, Mapping[str, object]] = {
    "maileva": {
        "client_id": "maileva-client",
        "client_secret": "maileva-secret",
        "webhook_login": LOGIN,
        "webhook_password": PASSWORD,
    },
    "pingen": {
        "client_id": "pingen-client",
        "client_secret": "pingen-secret",
        "webhook_keys": ["another-key-of-another-category", SIGNING_KEY],
    },
}
_CALLBACK = "https://members.example/v1/letters/status"


class LetterRoom:
    """The functions behind a front door, composed as in new containers.

    Attributes:
        fake: the provider.
        queue: the queue of letters and the function that reads it.
        provider: the name of the provider.
        organisation: the account at Pingen.
    """

    def __init__(
        self,
        door: FrontDoor,
        provider: ProviderName = ProviderName.MAILEVA,
        parameters: Mapping[str, str] | None = None,
        faults: FaultSource | None = None,
    ) -> None:
        self._door = door
        self._cloud = door.cloud
        self._cloud.secrets.content = dict(SECRET)
        self.provider, self.organisation = provider, ORGANISATION
        self._parameters = {"LetterProvider": provider, "PingenOrganisation": ORGANISATION, **(parameters or {})}
        self.fake: FakeProvider
        if provider is ProviderName.MAILEVA:
            self.fake = fake = FakeMaileva(clock=door.clock, post=self.notify, pause=_at_once, faults=faults)
            subscribe_to_maileva(fake, f"{_CALLBACK}/maileva", LOGIN, PASSWORD)
        else:
            self.fake = pingen = FakePingen(clock=door.clock, post=self.notify, pause=_at_once, faults=faults)
            subscribe_to_pingen(pingen, ORGANISATION, f"{_CALLBACK}/pingen", SIGNING_KEY)
        self.fake.requests.clear()
        self.restart()

    def restart(self, transport: Transport | None = None) -> None:
        """Replace the containers, and with them all that the functions remember."""
        sent = transport or in_process(self.fake)
        self._status = notification_handler.compose(self._runtime("LetterStatusFunction"), lambda: sent)
        self._sweep = sweep_handler.compose(self._runtime("LetterSweepFunction"), lambda: sent)
        handler = send_handler.compose(self._runtime("LettersFunction"), lambda: sent)
        self.queue = EventSource(self._cloud, "LettersQueue", handler)

    def reconfigure(self, parameters: Mapping[str, str]) -> None:
        """Deploy with other parameters; keep the fake."""
        self._parameters |= parameters
        self.restart()

    def call(self, event: dict[str, Any]) -> dict[str, Any]:
        """Pass an event of API Gateway to the function for notifications."""
        return self._status(event, Context())

    def notify(self, request: HttpRequest) -> HttpResponse:
        """Pass a notification through API Gateway to the function."""
        path = urlsplit(request.url).path.removeprefix("/v1")
        event = api_event(request.method, path, request.body.decode(), request.headers, "203.0.113.9")
        answer = self.call(event)
        return HttpResponse(answer["statusCode"], {}, answer["body"].encode())

    def sweep(self) -> dict[str, Any]:
        """Run the daily sweep, as the schedule does."""
        report: dict[str, Any] = self._sweep({}, Context())
        return report

    def enqueue(self, request_id: str) -> None:
        """Put a message into the queue again."""
        self._cloud.queues.put(queue_url("LettersQueue"), json.dumps({"request_id": request_id}))

    def jobs(self) -> list[dict[str, str]]:
        """The jobs in the table: attributes as text, in the order in which they were asked for."""
        jobs = [
            {name: str(next(iter(value.values()))) for name, value in item.items()}
            for item in items(self._cloud, "LETTER#")
        ]
        return sorted(jobs, key=lambda job: (int(job["requested_at"]), job["pk"]))

    def states(self) -> list[str]:
        """The states of the jobs."""
        return [job["letter_state"] for job in self.jobs()]

    def _runtime(self, function: str) -> Runtime:
        return replace(self._door.runtime, environment=self._cloud.environment(function, self._parameters))


def _at_once(_: float) -> None:
    """Latency without waiting."""
