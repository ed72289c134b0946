"""Kills the letter function before and after each step: a call to the provider or an access to the store.

Counts the steps instead of listing them: kills a delivery at its first step, its second … until it completes.
"""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

import pytest

from letters.giving_up import Finished
from letters.model.job import JobState, ProviderName
from simulators.print_providers.fake_http import in_process
from tests.letters.disturbances import Crash, CrashPlan, stepwise_jobs, stepwise_transport
from tests.letters.scenes import DAY, REDELIVERY_SECONDS, Scene, scene_of

if TYPE_CHECKING:
    from collections.abc import Iterator


def deliver_and_crash(scene: Scene, plan: CrashPlan) -> bool:
    """Deliver until the letter is done or the function is killed; the queue delivers again after its timeout."""
    provider = scene.connect(stepwise_transport(in_process(scene.fake), plan.run))
    sender = scene.sender(provider, stepwise_jobs(scene.jobs, plan.run))
    try:
        while not isinstance(scene.deliver(sender), Finished):
            scene.clock.advance(30)
    except Crash:
        scene.clock.advance(REDELIVERY_SECONDS)
        return True
    return False


def kills() -> Iterator[tuple[int, bool]]:
    """Before and after every step."""
    for step in count(1):
        yield step, False
        yield step, True


def assert_one_letter_and_no_rubbish(scene: Scene, killed_at: object) -> None:
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED), killed_at
    assert len(scene.fake.letters()) == 1, killed_at
    assert scene.job().reference == scene.fake.letters()[0].reference, killed_at
    scene.clock.advance(2 * DAY)
    scene.sweep().run(scene.clock.time)
    assert scene.drafts() == 0, killed_at
    assert len(scene.fake.letters()) == 1, killed_at


@pytest.mark.parametrize(
    ("name", "steps"),
    [
        # claim; token, create, document, recipient; record the draft; read, submit; advance
        (ProviderName.MAILEVA, 9),
        # claim; token, file address, upload; record the upload; create; record the draft; read; release (validation
        # takes its time); claim; read, send; advance
        (ProviderName.PINGEN, 13),
    ],
)
def test_a_function_killed_at_any_step_posts_exactly_one_letter(name: ProviderName, steps: int) -> None:
    for step in count(1):
        for after in (False, True):
            scene = scene_of(name)
            scene.open()
            was_killed = deliver_and_crash(scene, CrashPlan(step, after=after))
            assert_one_letter_and_no_rubbish(scene, (step, after))
        if not was_killed:
            break
    assert step == steps + 1


@pytest.mark.parametrize("name", ProviderName)
def test_killed_at_any_two_steps_it_posts_exactly_one_letter(
    name: ProviderName,
) -> None:
    for first, first_after in kills():
        for second, second_after in kills():
            scene = scene_of(name)
            scene.open()
            was_killed = deliver_and_crash(scene, CrashPlan(first, after=first_after))
            was_killed_again = deliver_and_crash(scene, CrashPlan(second, after=second_after))
            assert_one_letter_and_no_rubbish(scene, (first, first_after, second, second_after))
            if not was_killed_again:
                break
        if not was_killed:
            break
