"""The adapters through the real network stack, against the fakes as HTTP servers."""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from threading import Event
from typing import TYPE_CHECKING

import pytest

from letters.giving_up import Finished, Postponed
from letters.model.job import JobState, ProviderName
from letters.providers.http_client import HttpRequest, NoResponse, PooledTransport
from letters.providers.maileva.adapter import Maileva, MailevaSettings
from letters.providers.pingen.adapter import Pingen, PingenSettings
from simulators.print_providers.fake_http import serving
from simulators.print_providers.faults import Fault, FaultKind
from simulators.print_providers.maileva_server import TOKEN_PATH as MAILEVA_TOKEN_PATH
from simulators.print_providers.maileva_server import FakeMaileva
from simulators.print_providers.pingen_server import TOKEN_PATH as PINGEN_TOKEN_PATH
from tests.letters.scenes import Scene, credentials, never, page, scene_of

if TYPE_CHECKING:
    from collections.abc import Generator

    from letters.model.print_provider import PrintProvider


pytestmark = pytest.mark.enable_socket


@contextmanager
def connected(scene: Scene, read_seconds: float = 10) -> Generator[tuple[str, PrintProvider]]:
    """The fake's address and the adapter that talks to it."""
    with serving(scene.fake) as url, closing(PooledTransport(read_seconds=read_seconds)) as transport:
        if scene.name is ProviderName.MAILEVA:
            settings = MailevaSettings(api_url=url, token_url=url + MAILEVA_TOKEN_PATH, owner="exemple-local")
            yield url, Maileva(settings, transport, credentials("maileva-client", "maileva-secret"))
        else:
            organisation = PingenSettings(
                api_url=url,
                token_url=url + PINGEN_TOKEN_PATH,
                organisation="organisation-1",
                owner="exemple-local",
            )
            yield url, Pingen(organisation, transport, credentials("pingen-client", "pingen-secret"))


def deliver_until_done(scene: Scene, provider: PrintProvider) -> None:
    sender = scene.sender(provider)
    while not isinstance(scene.deliver(sender), Finished):
        scene.clock.advance(30)


def get(url: str) -> bytes:
    with closing(PooledTransport()) as transport:
        reply = transport(HttpRequest("GET", url))
    assert reply.status == 200
    return reply.body


def post(url: str, content: object) -> int:
    with closing(PooledTransport()) as transport:
        return transport(
            HttpRequest("POST", url, {"Content-Type": "application/json"}, json.dumps(content).encode())
        ).status


def test_a_letter_sent_over_http_is_listed_with_address_text_and_page(scene: Scene) -> None:
    scene.open()
    with connected(scene) as (url, provider):
        deliver_until_done(scene, provider)
        [listed] = json.loads(get(f"{url}/_letters"))
        pdf = get(listed["pdf_url"])
    assert pdf == page(scene.name)
    assert listed["reference"] == scene.job().reference
    assert listed["address"] == [
        "Éléonore Garçon-Œuvray",
        "Appartement 4",
        "Bâtiment B, résidence Les Tilleuls",
        "33 AVENUE DE L HÔPITAL",
        "69003 LYON",
    ]
    assert "48 29 13 05 67" in listed["text"]
    assert listed["submitted_at"] >= scene.job().requested_at


def test_a_connection_broken_after_the_work_makes_no_second_letter(scene: Scene) -> None:
    route = "submit_sending" if scene.name is ProviderName.MAILEVA else "send_letter"
    scene.open()
    with connected(scene) as (url, provider):
        assert post(f"{url}/_faults", {"kind": "drop-reply", "route": route}) == 201
        deliver_until_done(scene, provider)
    assert scene.fake.requests.count(route) == 1
    assert len(scene.fake.letters()) == 1


@pytest.mark.parametrize("name", ProviderName)
def test_a_reply_that_takes_too_long_is_no_reply(name: ProviderName) -> None:
    is_over = Event()

    def pause(_: float) -> None:
        is_over.wait()

    scene = scene_of(name, pause=pause)
    scene.open()
    for route in ("create_sending", "create_letter"):
        scene.fake.planned_faults.plan(Fault(FaultKind.LATENCY, route))
    with connected(scene, read_seconds=0.5) as (_, provider):
        result = scene.deliver(scene.sender(provider))
        is_over.set()
    assert isinstance(result, Postponed)
    assert result.reason == "no-reply"
    assert scene.job().reference is None


def test_a_closed_port_is_no_reply() -> None:
    with serving(FakeMaileva(post=never)) as url:
        pass
    with closing(PooledTransport(connect_seconds=0.3)) as transport, pytest.raises(NoResponse):
        transport(HttpRequest("GET", url))


def test_a_letter_is_moved_on_from_outside(scene: Scene) -> None:
    scene.open()
    with connected(scene) as (url, provider):
        deliver_until_done(scene, provider)
        status = "PROCESSED" if scene.name is ProviderName.MAILEVA else "sent"
        assert post(f"{url}/_advance/{scene.job().reference}", {"status": status}) == 200
        assert json.loads(get(f"{url}/_letters"))[0]["status"] == status
        scene.clock.advance(2 * 24 * 3600)
        scene.sweep(provider).run(scene.clock.time)
    assert scene.job().state is JobState.POSTED
