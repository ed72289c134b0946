"""Notifications from the fakes, taken into jobs: late, early, twice, overtaken and forged."""

from __future__ import annotations

import pytest

from letters.giving_up import Finished, Postponed
from letters.model.job import JobState, ProviderName, ProviderReference
from letters.model.observer import Attention
from letters.model.print_provider import LetterEvent
from letters.providers.http_client import HttpRequest, HttpResponse
from letters.providers.maileva import webhook as maileva_webhook
from letters.providers.pingen import webhook as pingen_webhook
from letters.status_updates import EventAnswer, take_event
from member_access.values.types import Secret
from simulators.print_providers.faults import Fault, FaultKind
from simulators.print_providers.maileva_server import FakeMaileva
from simulators.print_providers.pingen_server import FakePingen
from simulators.print_providers.subscriptions import subscribe_to_maileva, subscribe_to_pingen
from tests.letters.scenes import DAY, LETTER_ID, Scene, scene_of
from tests.support.letter_jobs_in_memory import InMemoryLetterJobs

KEY = "example-signing-key-1234"
LOGIN, PASSWORD = "maileva", "example-password"
CALLBACK = "https://api.members.example/v1/letters/status"


class Receiver:
    """Stands in for our endpoint: authenticates the caller, reads the event and takes it."""

    def __init__(self) -> None:
        self.scene: Scene | None = None

    def __call__(self, request: HttpRequest) -> HttpResponse:
        scene = self.scene
        assert scene is not None
        if scene.name is ProviderName.MAILEVA:
            is_authentic = maileva_webhook.is_authentic(
                request.headers.get("Authorization"), Secret(LOGIN), Secret(PASSWORD)
            )
            event, taken = maileva_webhook.read_event(request.body), maileva_webhook.TAKEN_STATUS
        else:
            signature = request.headers.get("Signature")
            is_authentic = pingen_webhook.is_authentic(request.body, signature, [Secret(KEY)])
            event, taken = pingen_webhook.read_event(request.body), pingen_webhook.TAKEN_STATUS
        if not is_authentic:
            return HttpResponse(401)
        if event is not None and answer(scene, event) is EventAnswer.SEND_AGAIN:
            return HttpResponse(503)
        return HttpResponse(taken)


def answer(scene: Scene, event: LetterEvent) -> EventAnswer:
    return take_event(event, jobs=scene.jobs, provider=scene.provider(), observer=scene.observer, now=scene.clock.time)


@pytest.fixture
def scene(name: ProviderName) -> Scene:
    receiver = Receiver()
    scene = scene_of(name, post=receiver)
    receiver.scene = scene
    scene.open()
    subscribe(scene)
    return scene


@pytest.fixture(params=list(ProviderName))
def name(request: pytest.FixtureRequest) -> ProviderName:
    return ProviderName(request.param)


def subscribe(scene: Scene) -> None:
    """Subscribe as an operator does once."""
    if isinstance(scene.fake, FakeMaileva):
        subscribe_to_maileva(scene.fake, f"{CALLBACK}/maileva", LOGIN, PASSWORD)
    elif isinstance(scene.fake, FakePingen):
        subscribe_to_pingen(scene.fake, "organisation-1", f"{CALLBACK}/pingen", KEY)


STATUSES = {
    ProviderName.MAILEVA: {"posted": "PROCESSED", "undelivered": "N10", "rejected": "REJECTED"},
    ProviderName.PINGEN: {"posted": "sent", "undelivered": "undeliverable", "rejected": "unprintable"},
}


def advance(scene: Scene, what: str, webhook: str = "send") -> None:
    [letter] = scene.fake.letters()
    scene.fake.advance(letter.reference, STATUSES[scene.name][what], webhook=webhook)


def statuses(scene: Scene) -> list[int | None]:
    return [notification.status for notification in scene.fake.notifications]


def taken(scene: Scene) -> int:
    return 201 if scene.name is ProviderName.MAILEVA else 200


@pytest.mark.parametrize("what", ["posted", "rejected"])
def test_a_notification_moves_the_letter(scene: Scene, what: str) -> None:
    scene.deliver_until_done()
    advance(scene, what)
    assert scene.job().state == what
    assert statuses(scene) == [taken(scene)]
    assert [state for _, state, _ in scene.observer.changes] == [JobState.SUBMITTED, what]


def test_a_letter_that_came_back_is_undelivered_though_it_was_posted(scene: Scene) -> None:
    scene.deliver_until_done()
    advance(scene, "posted")
    advance(scene, "undelivered")
    assert scene.job().state is JobState.UNDELIVERED


def test_a_notification_that_comes_twice_is_taken_once(scene: Scene) -> None:
    scene.deliver_until_done()
    advance(scene, "posted", webhook="twice")
    assert statuses(scene) == [taken(scene)] * 2
    assert [state for _, state, _ in scene.observer.changes] == [JobState.SUBMITTED, JobState.POSTED]


def test_a_replayed_event_of_pingens_costs_no_question() -> None:
    receiver = Receiver()
    scene = receiver.scene = scene_of(ProviderName.PINGEN, post=receiver)
    scene.open()
    subscribe(scene)
    scene.deliver_until_done()
    advance(scene, "posted")
    asked = len(scene.fake.requests)
    assert receiver(scene.fake.notifications[0].request) == HttpResponse(200)
    assert len(scene.fake.requests) == asked


def test_a_forged_notification_is_refused_and_changes_nothing(scene: Scene) -> None:
    scene.deliver_until_done()
    asked = len(scene.fake.requests)
    advance(scene, "posted", webhook="badly-signed")
    assert statuses(scene) == [401]
    assert scene.job().state is JobState.SUBMITTED
    assert len(scene.fake.requests) == asked


def test_notifications_in_the_wrong_order_end_in_the_last_state(scene: Scene) -> None:
    scene.deliver_until_done()
    advance(scene, "posted", webhook="hold")
    advance(scene, "undelivered", webhook="hold")
    scene.fake.send_notifications(newest_first=True)
    assert statuses(scene) == [taken(scene)] * 2
    assert scene.job().state is JobState.UNDELIVERED


def test_late_trouble_does_not_move_a_posted_letter_back() -> None:
    receiver = Receiver()
    scene = receiver.scene = scene_of(ProviderName.PINGEN, post=receiver)
    scene.open()
    subscribe(scene)
    scene.deliver_until_done()
    advance(scene, "rejected", webhook="hold")
    advance(scene, "posted")
    scene.fake.send_notifications()
    assert scene.job().state is JobState.POSTED


def test_a_notification_that_overtakes_our_write_is_not_lost(scene: Scene) -> None:
    route = "submit_sending" if scene.name is ProviderName.MAILEVA else "send_letter"
    scene.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, route))
    while not scene.fake.letters():
        result = scene.deliver()
        scene.clock.advance(30)
    assert isinstance(result, Postponed)
    assert scene.job().state is JobState.DRAFTED
    advance(scene, "posted")
    assert scene.job().state is JobState.POSTED
    assert scene.deliver() == Finished(JobState.POSTED)
    assert len(scene.fake.letters()) == 1


def test_a_notification_about_a_letter_not_yet_known_is_retried(scene: Scene) -> None:
    scene.deliver_until_done()
    ours, scene.jobs = scene.jobs, InMemoryLetterJobs()
    advance(scene, "posted")
    assert statuses(scene) == [503]
    scene.jobs = ours
    scene.fake.send_notifications()
    assert statuses(scene) == [taken(scene)]
    assert scene.job().state is JobState.POSTED


def test_a_notification_about_a_forgotten_letter_is_not_retried_forever(scene: Scene) -> None:
    scene.deliver_until_done()
    scene.jobs = InMemoryLetterJobs()
    scene.clock.advance(DAY)
    advance(scene, "posted")
    assert statuses(scene) == [taken(scene)]


def test_a_notification_that_cannot_be_checked_now_is_asked_for_again(scene: Scene) -> None:
    scene.deliver_until_done()
    scene.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE))
    advance(scene, "posted")
    assert statuses(scene) == [503]
    scene.fake.send_notifications()
    assert statuses(scene) == [taken(scene)]
    assert scene.job().state is JobState.POSTED


def test_an_event_about_a_draft_that_was_given_up_changes_nothing(scene: Scene) -> None:
    scene.deliver_until_done()
    recorded = scene.job()
    strays = scene_of(scene.name)
    strays.fake, strays.clock = scene.fake, scene.clock
    scene.clock.advance(2 * 3600)
    strays.open()
    strays.deliver_until_done()
    stray = strays.job().reference
    assert stray is not None
    assert stray != recorded.reference
    scene.fake.advance(stray, STATUSES[scene.name]["posted"])
    assert scene.job() == recorded


def test_an_unknown_status_stays_at_the_provider_and_is_reported(scene: Scene) -> None:
    scene.deliver_until_done()
    reference = scene.job().reference
    assert reference is not None
    scene.fake.advance(reference, "teleported")
    assert answer(scene, LetterEvent(ProviderReference(reference))) is EventAnswer.TAKEN
    assert scene.job().state is JobState.SUBMITTED
    assert scene.observer.attentions == [(LETTER_ID, Attention.UNKNOWN_STATUS)]


def test_a_signed_event_counts_before_the_letter_shows_it() -> None:
    scene = scene_of(ProviderName.PINGEN)
    scene.open()
    scene.deliver_until_done()
    reference = scene.job().reference
    assert reference is not None
    event = LetterEvent(reference, ProviderReference("event-1"), JobState.POSTED)
    assert answer(scene, event) is EventAnswer.TAKEN
    assert scene.job().state is JobState.POSTED
