"""Deliveries of letters that meet: at the lease, at the budget of a day, and on their whole way."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from letters.model.job import JobState, LeaseHolder, LetterId, ProviderCode, ProviderName, ProviderReference
from letters.model.job_store import Held, Leased, LeaseLost
from letters.storage.daily_quota import DailyQuota
from member_access.errors import Unavailable
from member_access.values.types import Instant
from tests.letters.scenes import LEASE_SECONDS, LETTER_ID, letter_request, scene_of
from tests.support.at_once import all_at_once
from tests.support.letter_jobs import OpenedDynamoDbLetterJobs
from tests.support.parts import ON_DYNAMODB_LOCAL
from tests.support.table import items

if TYPE_CHECKING:
    from letters.model.job import LetterJob
    from simulators.cloud import Cloud

NOW = Instant(1_795_421_100)
DELIVERIES = 40


@pytest.fixture
def jobs(cloud: Cloud) -> OpenedDynamoDbLetterJobs:
    """The store."""
    return OpenedDynamoDbLetterJobs(cloud.dynamodb, cloud.tables["AccessTable"])


def job(jobs: OpenedDynamoDbLetterJobs, letter_id: LetterId = LETTER_ID) -> LetterJob:
    found = jobs.get(letter_id)
    assert found is not None
    return found


def test_of_many_deliveries_at_once_one_gets_the_lease(jobs: OpenedDynamoDbLetterJobs) -> None:
    jobs.open(letter_request(NOW))
    until = Instant(NOW + LEASE_SECONDS)

    def claim(number: int) -> type:
        return type(jobs.claim(LETTER_ID, LeaseHolder(f"delivery-{number}"), until=until, now=NOW))

    claims = all_at_once([lambda number=number: claim(number) for number in range(DELIVERIES)])  # type: ignore[misc]
    assert Counter(claims) == {Leased: 1, Held: DELIVERIES - 1}
    assert job(jobs).attempts == 1


def test_of_many_that_take_an_expired_lease_over_one_records_its_draft(jobs: OpenedDynamoDbLetterJobs) -> None:
    jobs.open(letter_request(NOW))
    jobs.claim(LETTER_ID, LeaseHolder("killed"), until=NOW, now=Instant(NOW - 60))
    until = Instant(NOW + LEASE_SECONDS)

    def walk(number: int) -> bool:
        holder, reference = LeaseHolder(f"delivery-{number}"), ProviderReference(f"draft-{number}")
        jobs.claim(LETTER_ID, holder, until=until, now=NOW)
        try:
            jobs.record_draft(LETTER_ID, holder, ProviderName.MAILEVA, reference, NOW, address_mark="mark")
        except LeaseLost:
            return False
        return job(jobs).reference == reference

    recorded = all_at_once([lambda number=number: walk(number) for number in range(DELIVERIES)])  # type: ignore[misc]
    assert recorded.count(True) == 1


def test_events_at_once_move_a_letter_to_the_highest_state(jobs: OpenedDynamoDbLetterJobs) -> None:
    jobs.open(letter_request(NOW))
    states = [JobState.SUBMITTED, JobState.POSTED, JobState.UNDELIVERED, JobState.REJECTED] * 10
    all_at_once([lambda state=state: jobs.advance(LETTER_ID, state, ProviderCode("word"), NOW) for state in states])  # type: ignore[misc]
    assert job(jobs).state is JobState.UNDELIVERED


def places(cloud: Cloud) -> int:
    (counter,) = items(cloud, "LETTER_BUDGET#")
    return int(counter["letters"]["N"])


def reserve(budget: DailyQuota, letter: LetterJob, *, has_email: bool = False) -> bool:
    """As the queue does it: a delivery that met too many others comes again."""
    while True:
        try:
            return budget.reserve(letter, NOW, has_email=has_email)
        except Unavailable:
            continue


def test_letters_at_once_get_exactly_as_many_places_as_there_are(cloud: Cloud, jobs: OpenedDynamoDbLetterJobs) -> None:
    ids = [LetterId(f"{number:032x}") for number in range(DELIVERIES)]
    for letter_id in ids:
        jobs.open(letter_request(NOW, letter_id))
    budget = DailyQuota(cloud.dynamodb, cloud.tables["AccessTable"], 7)
    taken = all_at_once([lambda one=one: reserve(budget, job(jobs, one)) for one in ids])  # type: ignore[misc]
    assert (taken.count(True), places(cloud)) == (7, 7)
    assert [job(jobs, letter_id).has_reservation for letter_id in ids] == taken


def test_letters_with_email_at_once_get_a_fifth_and_leave_the_rest(
    cloud: Cloud, jobs: OpenedDynamoDbLetterJobs
) -> None:
    ids = [LetterId(f"{number:032x}") for number in range(DELIVERIES)]
    for letter_id in ids:
        jobs.open(letter_request(NOW, letter_id))
    budget = DailyQuota(cloud.dynamodb, cloud.tables["AccessTable"], 10)
    with_email = [number % 2 == 0 for number in range(DELIVERIES)]
    taken = all_at_once(
        [
            lambda one=one, has_email=has_email: reserve(budget, job(jobs, one), has_email=has_email)  # type: ignore[misc]
            for one, has_email in zip(ids, with_email, strict=True)
        ]
    )
    assert Counter(zip(with_email, taken, strict=True)) == {
        (True, True): 2,
        (True, False): 18,
        (False, True): 8,
        (False, False): 12,
    }
    (counter,) = items(cloud, "LETTER_BUDGET#")
    assert (counter["letters"]["N"], counter["with_email"]["N"]) == ("10", "2")


def test_deliveries_of_one_letter_at_once_take_one_place(cloud: Cloud, jobs: OpenedDynamoDbLetterJobs) -> None:
    jobs.open(letter_request(NOW))
    budget = DailyQuota(cloud.dynamodb, cloud.tables["AccessTable"], 7)
    unplaced = job(jobs)
    taken = all_at_once([lambda: reserve(budget, unplaced) for _ in range(DELIVERIES)])
    assert (taken.count(True), places(cloud)) == (DELIVERIES, 1)


@ON_DYNAMODB_LOCAL
@pytest.mark.parametrize("provider", ProviderName)
def test_messages_delivered_many_times_at_once_post_one_letter_each(
    jobs: OpenedDynamoDbLetterJobs, provider: ProviderName
) -> None:
    scene = scene_of(provider)
    scene.jobs = jobs
    ids = [LetterId(f"{number:032x}") for number in range(5)]
    for letter_id in ids:
        scene.open(letter_id)
    for _ in range(10):
        all_at_once([lambda one=one: scene.deliver(letter_id=one) for one in ids for _ in range(4)])  # type: ignore[misc]
        scene.clock.advance(LEASE_SECONDS)
    posted = Counter(letter.reference for letter in scene.fake.letters())
    assert posted == Counter(job(jobs, letter_id).reference for letter_id in ids)
    assert set(posted.values()) == {1}
    assert {job(jobs, letter_id).state for letter_id in ids} == {JobState.SUBMITTED}
