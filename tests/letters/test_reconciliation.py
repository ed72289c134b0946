"""The daily reconciliation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from letters.giving_up import Finished, Postponed
from letters.model.job import JobState, LetterId, ProviderCode, ProviderReference
from letters.model.observer import Attention
from member_access.values.types import Instant
from simulators.print_providers.faults import Fault, FaultKind
from tests.letters.scenes import DAY, LETTER_ID, Scene

if TYPE_CHECKING:
    from letters.reconciliation import ReconciliationReport


def sweep(scene: Scene) -> ReconciliationReport:
    return scene.sweep().run(scene.clock.time)


def draft_without_a_record(scene: Scene) -> None:
    """Leave an unrecorded draft, by a lost response."""
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, "create_sending"))
    scene.fake.planned_faults.plan(Fault(FaultKind.DROP_REPLY, "create_letter"))
    assert isinstance(scene.deliver(), Postponed)
    assert scene.drafts() == 1


def test_a_letter_whose_message_was_lost_is_queued_again(scene: Scene) -> None:
    scene.open()
    scene.clock.advance(3600)
    assert sweep(scene).queued_again == 1
    assert scene.queued == [LETTER_ID]


def test_a_letter_that_was_just_asked_for_is_left_to_its_message(scene: Scene) -> None:
    scene.open()
    scene.clock.advance(3599)
    assert sweep(scene).queued_again == 0
    assert scene.queued == []


def test_a_letter_whose_notification_was_lost_is_asked_after(scene: Scene) -> None:
    scene.open()
    scene.deliver_until_done()
    [submitted] = scene.fake.letters()
    scene.fake.advance(submitted.reference, "PROCESSED" if scene.name == "maileva" else "sent", webhook="none")
    scene.clock.advance(DAY)
    report = sweep(scene)
    assert (report.asked, report.moved, report.stuck) == (1, 1, 0)
    assert scene.job().state is JobState.POSTED


def test_a_letter_that_does_not_move_for_four_days_calls_for_an_operator(scene: Scene) -> None:
    scene.open()
    scene.deliver_until_done()
    scene.clock.advance(4 * DAY - 1)
    assert sweep(scene).stuck == 0
    scene.clock.advance(1)
    assert sweep(scene).stuck == 1
    assert scene.observer.attentions == [(LETTER_ID, Attention.STUCK)]


def test_a_letter_that_stays_unsent_for_four_days_is_stuck_too(scene: Scene) -> None:
    scene.open()
    scene.clock.advance(4 * DAY)
    report = sweep(scene)
    assert (report.queued_again, report.stuck) == (1, 1)


def test_an_unrecorded_draft_is_deleted_and_the_letter_still_goes(scene: Scene) -> None:
    draft_without_a_record(scene)
    scene.clock.advance(DAY - 1)
    assert sweep(scene).orphans_deleted == 0
    scene.clock.advance(1)
    assert sweep(scene).orphans_deleted == 1
    assert scene.drafts() == 0
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)
    assert len(scene.fake.letters()) == 1


def test_the_draft_that_a_letter_waits_with_is_kept(scene: Scene) -> None:
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "submit_sending"))
    scene.deliver()
    assert scene.job().state is JobState.DRAFTED
    scene.clock.advance(2 * DAY)
    assert sweep(scene).orphans_deleted == 0
    assert scene.drafts() == 1


def test_a_draft_of_a_letter_whose_job_has_expired_is_deleted(scene: Scene) -> None:
    draft_without_a_record(scene)
    scene.jobs = type(scene.jobs)()
    scene.clock.advance(DAY)
    assert sweep(scene).orphans_deleted == 1


def test_the_draft_of_a_rejected_letter_is_deleted_later(scene: Scene) -> None:
    scene.open()
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "submit_sending"))
    scene.deliver()
    scene.clock.advance(13 * DAY)
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "delete_sending"))
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, "delete_letter"))
    assert scene.deliver() == Finished(JobState.REJECTED)
    assert scene.drafts() == 1
    assert sweep(scene).orphans_deleted == 1


def test_a_silent_provider_stops_neither_sweep_nor_letters(scene: Scene) -> None:
    scene.open()
    scene.open(LetterId("f" * 32))
    scene.deliver_until_done()
    scene.clock.advance(4 * DAY)
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, times=10))
    report = sweep(scene)
    assert (report.queued_again, report.asked, report.moved, report.stuck) == (1, 1, 0, 2)
    assert not report.provider_answered


def test_a_letter_of_the_provider_before_is_not_asked_after_at_the_next(scene: Scene) -> None:
    scene.open()
    holder = scene.holder()
    other = next(name for name in type(scene.name) if name is not scene.name)
    scene.jobs.claim(LETTER_ID, holder, until=Instant(scene.clock.time + 60), now=scene.clock.time)
    scene.jobs.record_draft(
        LETTER_ID, holder, other, ProviderReference("elsewhere"), scene.clock.time, address_mark="mark"
    )
    scene.jobs.advance(LETTER_ID, JobState.SUBMITTED, ProviderCode("sent-there"), scene.clock.time)
    scene.clock.advance(4 * DAY)
    report = sweep(scene)
    assert (report.asked, report.stuck) == (0, 1)


def test_a_letter_that_waits_for_its_turn_is_not_queued_twice(scene: Scene) -> None:
    scene.open()
    scene.clock.advance(DAY)
    scene.fake.planned_faults.plan(Fault(FaultKind.UNAVAILABLE, seconds=900))
    assert isinstance(scene.deliver(), Postponed)
    assert sweep(scene).queued_again == 0
    scene.clock.advance(900 + 3600)
    assert sweep(scene).queued_again == 1


def test_a_provider_that_is_silent_is_not_asked_after_every_letter(scene: Scene) -> None:
    for number in range(8):
        scene.open(LetterId(f"{number:032x}"))
        scene.deliver_until_done(LetterId(f"{number:032x}"))
    scene.clock.advance(DAY)
    scene.fake.planned_faults.plan(Fault(FaultKind.SERVER_ERROR, times=100))
    report = sweep(scene)
    assert (report.asked, report.unanswered, report.moved) == (5, 5, 0)
