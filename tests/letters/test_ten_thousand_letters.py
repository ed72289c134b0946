"""Thousands of letters through a provider, a network, a function and a queue that all fail at random."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from heapq import heappop, heappush
from random import Random
from typing import TYPE_CHECKING

import pytest

from letters.giving_up import Postponed
from letters.model.job import JobState, LetterId, ProviderName
from member_access.values.types import Instant
from simulators.print_providers.fake_http import in_process
from simulators.print_providers.faults import Fault, FaultKind
from tests.letters.disturbances import Answer, Crash, CrashPlan, stepwise_jobs, stepwise_transport
from tests.letters.scenes import DAY, LEASE_SECONDS, REDELIVERY_SECONDS, Scene, scene_of
from tests.support.parts import quick_and_slow

if TYPE_CHECKING:
    from collections.abc import Callable

FEW, THOUSANDS = 500, 5_000
"""For each of the two providers."""
ARRIVAL_SECONDS = 6 * 3600
MOST_STEPS = 14


@dataclass
class RandomFaults:
    random: Random
    share: float = 0.15
    seen: Counter[FaultKind] = field(default_factory=Counter)

    def next_for(self, route: str) -> Fault | None:  # noqa: ARG002 - every route fails alike
        if self.random.random() >= self.share:
            return None
        fault = Fault(self.random.choice(list(FaultKind)), seconds=self.random.randint(1, 90))
        self.seen[fault.kind] += 1
        return fault


class World:
    """A queue that delivers at least once, to functions that are killed and overtaken."""

    def __init__(self, name: ProviderName, seed: int) -> None:
        self.random = Random(seed)  # noqa: S311 - a repeatable draw, no secret
        self.faults = RandomFaults(self.random)
        self.scene = scene_of(name, faults=self.faults)
        self.messages: list[tuple[int, LetterId]] = []
        self.happened: Counter[str] = Counter()

    def queue(self, letter_id: LetterId, after: int) -> None:
        heappush(self.messages, (self.scene.clock.time + after, letter_id))

    def run(self) -> None:
        next_sweep = self.scene.clock.time + DAY // 4
        while self.messages:
            due, letter_id = heappop(self.messages)
            self.scene.clock.time = Instant(max(due, self.scene.clock.time))
            if self.scene.clock.time >= next_sweep:
                next_sweep = self.scene.clock.time + DAY // 4
                self._sweep()
            if self.random.random() < 0.05:
                self.happened["message doubled"] += 1
                self.queue(letter_id, self.random.randint(0, REDELIVERY_SECONDS))
            self._deliver(letter_id)

    def _deliver(self, letter_id: LetterId) -> None:
        hook = self._hook(letter_id)
        provider = self.scene.connect(stepwise_transport(in_process(self.scene.fake), hook))
        sender = self.scene.sender(provider, stepwise_jobs(self.scene.jobs, hook))
        try:
            result = self.scene.deliver(sender, letter_id)
        except Crash:
            self.happened["killed"] += 1
            self.queue(letter_id, REDELIVERY_SECONDS)
            return
        if isinstance(result, Postponed):
            self.happened["later"] += 1
            self.queue(letter_id, result.seconds)

    def _hook(self, letter_id: LetterId) -> Callable[[Callable[[], Answer]], Answer]:
        """Disturb one step of this delivery: not at all, by a crash, or by another delivery."""
        step, fate = self.random.randint(1, MOST_STEPS), self.random.random()
        plan = CrashPlan(step if fate < 0.1 else 0, after=self.random.random() < 0.5)

        def run(call: Callable[[], Answer]) -> Answer:
            answer = plan.run(call)
            if plan.steps == step and 0.1 <= fate < 0.2:
                self.happened["overtaken"] += 1
                if fate < 0.15:
                    self.happened["overtaken after its lease"] += 1
                    self.scene.clock.advance(LEASE_SECONDS)
                self._deliver(letter_id)
            return answer

        return run

    def _sweep(self) -> None:
        try:
            self.scene.sweep(self.scene.connect(in_process(self.scene.fake))).run(self.scene.clock.time)
        finally:
            for letter_id in self.scene.queued:
                self.queue(letter_id, 0)
            self.scene.queued.clear()


@pytest.mark.parametrize("name", ProviderName)
@pytest.mark.parametrize("letters", quick_and_slow(FEW, THOUSANDS))
def test_under_random_faults_no_letter_is_lost_or_posted_twice(name: ProviderName, letters: int) -> None:
    world = World(name, seed=20_261_123)
    scene: Scene = world.scene
    letter_ids = [LetterId(f"{number:032x}") for number in range(letters)]
    for letter_id in letter_ids:
        scene.open(letter_id)
        world.queue(letter_id, world.random.randint(0, ARRIVAL_SECONDS))

    world.run()

    submitted = Counter(letter.reference for letter in scene.fake.letters())
    recorded = Counter(scene.job(letter_id).reference for letter_id in letter_ids)
    assert submitted == recorded
    assert set(submitted.values()) == {1}
    assert {scene.job(letter_id).state for letter_id in letter_ids} == {JobState.SUBMITTED}

    world.faults.share = 0
    scene.clock.advance(2 * DAY)
    scene.sweep().run(scene.clock.time)
    assert scene.drafts() == 0
    assert len(scene.fake.letters()) == letters

    assert set(world.faults.seen) == set(FaultKind)
    assert (
        min(world.happened[what] for what in ("killed", "overtaken", "overtaken after its lease", "later"))
        > letters // 50
    )
