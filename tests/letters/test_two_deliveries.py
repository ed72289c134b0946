"""One message delivered twice at once: two functions on the same letter."""

from __future__ import annotations

from itertools import count
from random import Random
from threading import Semaphore, Thread
from typing import TYPE_CHECKING

import pytest

from letters.giving_up import Finished, Postponed
from letters.model.job import JobState, ProviderName
from simulators.print_providers.fake_http import in_process
from tests.letters.disturbances import Answer, stepwise_jobs, stepwise_transport
from tests.letters.scenes import DAY, LEASE_SECONDS, Scene, scene_of
from tests.support.parts import quick_and_slow

if TYPE_CHECKING:
    from collections.abc import Callable

FEW, MANY = 30, 300
"""Orders in which two functions run."""


class Interruption:
    """Does something once, after the n-th step."""

    def __init__(self, step: int, happening: Callable[[], None]) -> None:
        self._step = step
        self._happening = happening
        self.steps = 0

    def run(self, call: Callable[[], Answer]) -> Answer:
        answer = call()
        self.steps += 1
        if self.steps == self._step:
            self._happening()
        return answer


def deliver_all(scene: Scene, interruption: Interruption) -> None:
    provider = scene.connect(stepwise_transport(in_process(scene.fake), interruption.run))
    sender = scene.sender(provider, stepwise_jobs(scene.jobs, interruption.run))
    while not isinstance(scene.deliver(sender), Finished):
        scene.clock.advance(30)


def assert_one_letter(scene: Scene, when: object) -> None:
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED), when
    assert [letter.reference for letter in scene.fake.letters()] == [scene.job().reference], when
    scene.clock.advance(2 * DAY)
    scene.sweep().run(scene.clock.time)
    assert scene.drafts() == 0, when


@pytest.mark.parametrize("name", ProviderName)
def test_a_second_delivery_during_the_first_leaves_the_letter_to_it(name: ProviderName) -> None:
    results: list[object] = []
    for step in count(1):
        scene = scene_of(name)
        scene.open()
        interruption = Interruption(step, lambda scene=scene: results.append(scene.deliver()))  # type: ignore[misc]
        deliver_all(scene, interruption)
        assert_one_letter(scene, step)
        if interruption.steps < step:
            break
    held = [result for result in results if isinstance(result, Postponed) and result.reason == "held"]
    assert len(held) >= 8


@pytest.mark.parametrize("name", ProviderName)
def test_taking_over_from_a_slow_delivery_makes_no_second_letter(name: ProviderName) -> None:
    for step in count(1):
        scene = scene_of(name)
        scene.open()

        def take_over(scene: Scene = scene) -> None:
            scene.clock.advance(LEASE_SECONDS)
            scene.deliver_until_done()

        interruption = Interruption(step, take_over)
        deliver_all(scene, interruption)
        assert_one_letter(scene, step)
        if interruption.steps < step:
            break


class Turns:
    """Lets two threads take turns, a step at a time, in a random order."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._go = [Semaphore(0), Semaphore(0)]
        self._stopped = Semaphore(0)
        self._alive = [0, 1]

    def hook(self, worker: int) -> Callable[[Callable[[], Answer]], Answer]:
        def run(call: Callable[[], Answer]) -> Answer:
            self._stopped.release()
            self._go[worker].acquire()
            return call()

        return run

    def finished(self, worker: int) -> None:
        self._alive.remove(worker)
        self._stopped.release()

    def conduct(self) -> None:
        for _ in (0, 1):
            self._stopped.acquire()
        while self._alive:
            self._go[self._random.choice(self._alive)].release()
            self._stopped.acquire()


@pytest.mark.parametrize("name", ProviderName)
@pytest.mark.parametrize("schedules", quick_and_slow(FEW, MANY))
def test_two_believed_holders_of_one_lease_post_one_letter(name: ProviderName, schedules: int) -> None:
    for seed in range(schedules):
        scene = scene_of(name)
        scene.open()
        turns = Turns(Random(seed))  # noqa: S311 - a repeatable draw, no secret

        def work(worker: int, scene: Scene = scene, turns: Turns = turns) -> None:
            hook = turns.hook(worker)
            provider = scene.connect(stepwise_transport(in_process(scene.fake), hook))
            sender = scene.sender(provider, stepwise_jobs(scene.jobs, hook))
            try:
                for _ in range(4):
                    scene.deliver(sender)
                    scene.clock.advance(LEASE_SECONDS)
            finally:
                turns.finished(worker)

        threads = [Thread(target=work, args=(worker,)) for worker in (0, 1)]
        for thread in threads:
            thread.start()
        turns.conduct()
        for thread in threads:
            thread.join()
        assert_one_letter(scene, seed)
