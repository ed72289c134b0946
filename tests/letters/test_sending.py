"""Sending one letter, without crashes or parallel deliveries."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from letters.giving_up import Finished, Postponed, Suspended
from letters.model.job import CODE_VOID, JobState, LeaseHolder, LetterId, ProviderCode, ProviderName
from letters.model.observer import Attention
from letters.model.print_provider import Letter, NotWanted
from letters.sending import LetterSender, WrongProvider
from member_access.postal.address_block import LetterCannotBeSet
from member_access.values.types import Instant
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.faults import Fault, FaultKind
from simulators.samples.letters import address
from tests.letters.scenes import DAY, LEASE_SECONDS, LETTER_ID, MEMBER, Quota, Scene, scene_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.providers.http_client import HttpRequest, HttpResponse

POST_BY_DAYS = 13


def sender_with_page(scene: Scene, pdf: Callable[[], bytes]) -> LetterSender:
    return scene.sender(letter_for=lambda job: Letter(job.letter_id, address(), pdf))


def test_a_letter_is_submitted_once_and_reported_to_the_observer(scene: Scene) -> None:
    scene.open()
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)
    assert len(scene.fake.letters()) == 1
    assert [(letter_id, state) for letter_id, state, _ in scene.observer.changes] == [(LETTER_ID, JobState.SUBMITTED)]
    assert scene.observer.attentions == []


def test_a_redelivery_after_the_letter_has_gone_asks_nothing(scene: Scene) -> None:
    scene.open()
    scene.deliver_until_done()
    asked = len(scene.fake.requests)
    assert scene.deliver() == Finished(JobState.SUBMITTED)
    assert len(scene.fake.requests) == asked


def test_without_a_job_no_letter_goes(scene: Scene) -> None:
    assert scene.deliver() == Finished(None)
    assert scene.fake.requests == []


@pytest.mark.parametrize(
    ("fault", "seconds", "reason"),
    [
        (Fault(FaultKind.UNAVAILABLE, seconds=120), 120, "http-503"),
        (Fault(FaultKind.TOO_MANY_REQUESTS, seconds=45), 45, "http-429"),
        (Fault(FaultKind.TOO_MANY_REQUESTS, seconds=1), 30, "http-429"),
        (Fault(FaultKind.TOO_MANY_REQUESTS, seconds=3600), 900, "http-429"),
    ],
)
def test_the_wait_that_a_provider_asks_for_is_kept(scene: Scene, fault: Fault, seconds: int, reason: str) -> None:
    provider = scene.provider()
    provider.drafts(scene.clock.time)
    scene.open()
    scene.fake.planned_faults.plan(fault)
    assert scene.deliver(scene.sender(provider)) == Postponed(seconds, ProviderCode(reason))
    scene.clock.advance(seconds)
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)


def test_a_hundred_letters_survive_an_outage_and_none_goes_twice(scene: Scene) -> None:
    letter_ids = [LetterId(f"{number:032x}") for number in range(100)]
    scene.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE, times=150))
    scene.fake.planned_faults.plan(Fault(FaultKind.TOO_MANY_REQUESTS, times=150))
    waiting = letter_ids
    for letter_id in letter_ids:
        scene.open(letter_id)
    rounds = 0
    while waiting:
        rounds += 1
        waiting = [one for one in waiting if not isinstance(scene.deliver(letter_id=one), Finished)]
        scene.clock.advance(900)
    assert rounds > 3
    assert len(scene.fake.letters()) == 100
    assert len({letter.custom_id for letter in scene.fake.letters()}) == 100


def test_a_letter_failing_for_an_hour_calls_for_an_operator(scene: Scene) -> None:
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, times=12))
    started = scene.clock.time
    while not scene.observer.attentions:
        result = scene.deliver()
        assert isinstance(result, Postponed)
        scene.clock.advance(result.seconds)
    assert scene.observer.attentions == [(LETTER_ID, Attention.STUCK)]
    assert 3600 <= scene.clock.time - started < 5400
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)


def test_a_page_that_cannot_be_set_frees_the_letter(
    scene: Scene,
) -> None:
    def missing_glyph() -> bytes:
        raise LetterCannotBeSet("The letter's font has no U+4E2D.")

    scene.open()
    with pytest.raises(LetterCannotBeSet):
        scene.deliver(sender_with_page(scene, missing_glyph))
    assert scene.fake.requests == []
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)


def test_a_late_letter_without_a_draft_is_rejected_without_a_question(scene: Scene) -> None:
    scene.open()
    scene.clock.advance(POST_BY_DAYS * DAY)
    assert scene.deliver() == Finished(JobState.REJECTED)
    assert scene.job().code == "too-late"
    assert scene.fake.requests == []


def drafted_and_overdue(scene: Scene, fault: FaultKind) -> None:
    """Fail once at the submission, and wait until it is too late to post the letter."""
    scene.open()
    scene.fake.planned_faults.plan(Fault(fault, "submit_sending"))
    scene.fake.planned_faults.plan(Fault(fault, "send_letter"))
    while "submit_sending" not in scene.fake.requests and "send_letter" not in scene.fake.requests:
        scene.deliver()
        scene.clock.advance(30)
    assert scene.job().state is JobState.DRAFTED
    scene.clock.advance(POST_BY_DAYS * DAY)


def test_a_draft_whose_time_is_over_is_deleted(scene: Scene) -> None:
    drafted_and_overdue(scene, FaultKind.DROP_REQUEST)
    assert scene.deliver() == Finished(JobState.REJECTED)
    assert scene.job().code == "too-late"
    assert scene.drafts() == 0
    assert scene.fake.letters() == []


def test_a_letter_that_had_gone_before_its_time_was_over_counts_as_gone(scene: Scene) -> None:
    drafted_and_overdue(scene, FaultKind.DROP_REPLY)
    assert scene.deliver() == Finished(JobState.SUBMITTED)
    assert len(scene.fake.letters()) == 1


def test_a_letter_without_a_provider_status_is_parked(scene: Scene) -> None:
    drafted_and_overdue(scene, FaultKind.DROP_REPLY)
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "read_sending"))
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "read_letter"))
    assert scene.deliver() == Suspended(ProviderCode("too-late"))
    assert scene.job().state is JobState.DRAFTED
    assert (LETTER_ID, Attention.STUCK) in scene.observer.attentions


def test_another_delivery_waits_for_as_long_as_the_lease_lasts(scene: Scene) -> None:
    scene.open()
    scene.jobs.claim(
        LETTER_ID, LeaseHolder("killed"), until=Instant(scene.clock.time + LEASE_SECONDS), now=scene.clock.time
    )
    assert scene.deliver() == Postponed(LEASE_SECONDS, ProviderCode("held"))
    assert scene.fake.requests == []
    scene.clock.advance(LEASE_SECONDS)
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)


def test_a_letter_drafted_with_one_provider_stays_with_it() -> None:
    before, after = scene_of(ProviderName.MAILEVA), scene_of(ProviderName.PINGEN)
    drafted_and_overdue(before, FaultKind.DROP_REPLY)
    with pytest.raises(WrongProvider, match="maileva"):
        before.deliver(before.sender(after.provider()))
    assert before.deliver_until_done() == Finished(JobState.SUBMITTED)


def test_a_letter_without_a_draft_goes_to_the_provider_of_today() -> None:
    before, after = scene_of(ProviderName.PINGEN), scene_of(ProviderName.MAILEVA)
    before.open()
    before.fake.planned_faults.plan(Fault(FaultKind.DROP_REQUEST, "create_letter"))
    before.deliver()
    assert before.job().upload is not None
    after.jobs = before.jobs
    assert after.deliver_until_done() == Finished(JobState.SUBMITTED)
    assert after.job().provider is ProviderName.MAILEVA
    assert len(after.fake.letters()) == 1


def test_the_provider_does_not_get_the_members_identifier(scene: Scene) -> None:
    sent = bytearray()
    transport = in_process(scene.fake)

    def watched(request: HttpRequest) -> HttpResponse:
        sent.extend(request.url.encode() + request.body)
        return transport(request)

    scene.open()
    sender = scene.sender(scene.connect(watched))
    while not isinstance(scene.deliver(sender), Finished):
        scene.clock.advance(30)
    assert LETTER_ID.encode() in sent
    assert MEMBER.encode() not in sent


def test_a_letter_without_a_place_in_the_budget_is_parked_before_the_provider_hears_of_it(scene: Scene) -> None:
    scene.quota = Quota(0)
    scene.open()
    assert scene.deliver() == Suspended(ProviderCode("over-budget"))
    assert (scene.fake.requests, scene.job().next_attempt_at) == ([], None)
    assert scene.observer.attentions == [(LETTER_ID, Attention.OVER_QUOTA)]
    scene.quota.left = 1
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)


def test_a_letter_takes_one_place_however_often_it_is_tried(scene: Scene) -> None:
    scene.quota = Quota(1)
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, times=5))
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)
    assert scene.quota.left == 0


def test_a_letter_that_waits_says_when_it_comes_back(scene: Scene) -> None:
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE, seconds=300))
    result = scene.deliver()
    assert isinstance(result, Postponed)
    assert scene.job().next_attempt_at == scene.clock.time + result.seconds


def test_a_letter_without_use_is_rejected_without_a_question(scene: Scene) -> None:
    scene.open()
    sender = scene.sender(letter_for=lambda _: NotWanted(CODE_VOID))
    assert scene.deliver(sender) == Finished(JobState.REJECTED)
    assert (scene.job().code, scene.fake.requests) == (CODE_VOID, [])


def test_a_draft_that_is_of_no_use_any_more_is_deleted(scene: Scene) -> None:
    scene.open()
    for route in ("submit_sending", "send_letter"):
        scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, route))
    scene.deliver()
    assert (scene.job().state, scene.drafts()) == (JobState.DRAFTED, 1)
    assert scene.deliver(scene.sender(letter_for=lambda _: NotWanted(CODE_VOID))) == Finished(JobState.REJECTED)
    assert (scene.drafts(), scene.fake.letters()) == (0, [])


def test_a_letter_that_is_of_no_use_any_more_but_was_sent_counts_as_sent(scene: Scene) -> None:
    scene.open()
    for route in ("submit_sending", "send_letter"):
        scene.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, route))
    while scene.job().reference is None or not scene.fake.letters():
        scene.deliver()
        scene.clock.advance(30)
    assert scene.deliver(scene.sender(letter_for=lambda _: NotWanted(CODE_VOID))) == Finished(JobState.SUBMITTED)
