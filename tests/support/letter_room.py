"""The three functions of the letters, as the cloud runs them, with a print provider's fake behind them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import letter_status
import letter_sweep
import letters
from http_client import Reply
from letter_job import ProviderName
from tests.fakes.fake_http import in_process
from tests.fakes.maileva_server import FakeMaileva
from tests.fakes.pingen_server import FakePingen
from tests.fakes.subscriptions import subscribe_to_maileva, subscribe_to_pingen
from tests.support.cloud import queue_url
from tests.support.event_source import Context, EventSource
from tests.support.front_door import api_event

if TYPE_CHECKING:
    from collections.abc import Mapping

    from http_client import Request, Transport
    from member_access.runtime import Runtime
    from tests.fakes.fake_provider import FakeProvider
    from tests.fakes.faults import FaultSource
    from tests.support.front_door import FrontDoor

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
    """The functions behind a front door, composed as new containers compose them.

    Attributes:
        fake: the provider.
        queue: the queue of letters and the function that reads it.
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
        self._parameters = {"LetterProvider": provider, "PingenOrganisation": ORGANISATION, **(parameters or {})}
        self.fake: FakeProvider
        if provider is ProviderName.MAILEVA:
            self.fake = fake = FakeMaileva(clock=door.clock, post=self.notify, pause=_at_once, faults=faults)
            subscribe_to_maileva(fake, f"{_CALLBACK}/maileva", LOGIN, PASSWORD)
        else:
            self.fake = pingen = FakePingen(clock=door.clock, post=self.notify, pause=_at_once, faults=faults)
            subscribe_to_pingen(pingen, ORGANISATION, f"{_CALLBACK}/pingen", SIGNING_KEY)
        self.fake.requests.clear()
        self.start_anew()

    def start_anew(self, transport: Transport | None = None) -> None:
        """Replace the containers, and with them whatever the functions remember."""
        sent = transport or in_process(self.fake)
        self._status = letter_status.compose(self._runtime("LetterStatusFunction"), lambda: sent)
        self._sweep = letter_sweep.compose(self._runtime("LetterSweepFunction"), lambda: sent)
        handler = letters.compose(self._runtime("LettersFunction"), lambda: sent)
        self.queue = EventSource(self._cloud, "LettersQueue", handler)

    def reconfigure(self, parameters: Mapping[str, str]) -> None:
        """Deploy with other parameters; the fake stays who it is."""
        self._parameters |= parameters
        self.start_anew()

    def call(self, event: dict[str, Any]) -> dict[str, Any]:
        """Hand an event of API Gateway to the function that takes notifications."""
        return self._status(event, Context())

    def notify(self, request: Request) -> Reply:
        """Take a notification through API Gateway to the function."""
        path = urlsplit(request.url).path.removeprefix("/v1")
        event = api_event(request.method, path, request.body.decode(), request.headers, "203.0.113.9")
        answer = self.call(event)
        return Reply(answer["statusCode"], {}, answer["body"].encode())

    def sweep(self) -> dict[str, Any]:
        """Let the schedule call."""
        report: dict[str, Any] = self._sweep({}, Context())
        return report

    def announce(self, request_id: str) -> None:
        """Put a message into the queue, as if it had been delivered twice."""
        self._cloud.queues.put(queue_url("LettersQueue"), json.dumps({"request_id": request_id}))

    def jobs(self) -> list[dict[str, str]]:
        """The jobs in the table: attributes as text, in the order in which they were asked for."""
        found = self._cloud.dynamodb.scan(TableName=self._cloud.tables["AccessTable"])["Items"]
        jobs = [
            {name: str(next(iter(value.values()))) for name, value in item.items()}
            for item in found
            if item["pk"]["S"].startswith("LETTER#")
        ]
        return sorted(jobs, key=lambda job: (int(job["requested_at"]), job["pk"]))

    def states(self) -> list[str]:
        """How the jobs stand."""
        return [job["letter_state"] for job in self.jobs()]

    def _runtime(self, function: str) -> Runtime:
        return replace(self._door.runtime, environment=self._cloud.environment(function, self._parameters))


def _at_once(_: float) -> None:
    """Latency without waiting."""
