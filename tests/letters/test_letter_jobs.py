"""The conditions of writes to letter jobs, in DynamoDB and in the in-memory store of other tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from letters.giving_up import Finished
from letters.model.job import (
    JobState,
    LeaseHolder,
    LetterId,
    LetterJob,
    ProviderCode,
    ProviderName,
    ProviderReference,
    Upload,
)
from letters.model.job_store import Held, Leased, LeaseLost, NoJob, Settled
from member_access.values.types import Identifier, Instant
from tests.letters.scenes import DAY, MEMBER, SUBJECT, letter_request
from tests.support.letter_jobs import OpenedDynamoDbLetterJobs
from tests.support.letter_jobs_in_memory import InMemoryLetterJobs
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud
    from tests.letters.scenes import OpenedJobs, Scene

NOW = Instant(1_795_421_100)
ID = LetterId("0123456789abcdef0123456789abcdef")
FIRST, SECOND = LeaseHolder("first"), LeaseHolder("second")
REFERENCE, OTHER = ProviderReference("draft-1"), ProviderReference("draft-2")
UPLOAD = Upload("https://files.example/1", "signature", Instant(NOW + 3600))
WORD = ProviderCode("word")


@pytest.fixture
def stored(cloud: Cloud) -> OpenedDynamoDbLetterJobs:
    return OpenedDynamoDbLetterJobs(cloud.dynamodb, cloud.tables["AccessTable"])


@pytest.fixture(params=["in memory", "DynamoDB"])
def jobs(request: pytest.FixtureRequest) -> OpenedJobs:
    if request.param == "in memory":
        return InMemoryLetterJobs()
    jobs: OpenedJobs = request.getfixturevalue("stored")
    return jobs


def opened(jobs: OpenedJobs) -> None:
    jobs.open(letter_request(NOW, ID))


def claimed(jobs: OpenedJobs, holder: LeaseHolder = FIRST, now: int = NOW) -> None:
    claim = jobs.claim(ID, holder, until=Instant(now + 60), now=Instant(now))
    assert isinstance(claim, Leased)


def drafted(jobs: OpenedJobs) -> None:
    opened(jobs)
    claimed(jobs)
    jobs.record_draft(ID, FIRST, ProviderName.MAILEVA, REFERENCE, Instant(NOW + 1), address_mark="mark")


def job(jobs: OpenedJobs) -> LetterJob:
    found = jobs.get(ID)
    assert found is not None
    return found


def test_an_opened_job_is_requested_and_has_nothing_yet(jobs: OpenedJobs) -> None:
    opened(jobs)
    assert job(jobs) == LetterJob(
        letter_id=ID,
        identifier=MEMBER,
        subject=SUBJECT,
        state=JobState.REQUESTED,
        requested_at=NOW,
        changed_at=NOW,
        code_expires_at=Instant(NOW + 21 * DAY),
        post_by=Instant(NOW + 13 * DAY),
    )


def test_there_is_no_job_that_was_not_opened(jobs: OpenedJobs) -> None:
    assert jobs.get(ID) is None
    assert jobs.claim(ID, FIRST, until=NOW, now=NOW) == NoJob()
    assert not jobs.advance(ID, JobState.POSTED, WORD, NOW)
    assert jobs.get(ID) is None


def test_a_claim_counts_the_attempt_and_keeps_others_out_until_it_ends(jobs: OpenedJobs) -> None:
    opened(jobs)
    first = jobs.claim(ID, FIRST, until=Instant(NOW + 60), now=NOW)
    assert isinstance(first, Leased)
    assert first.job.attempts == 1
    assert jobs.claim(ID, SECOND, until=Instant(NOW + 90), now=Instant(NOW + 59)) == Held(Instant(NOW + 60))
    second = jobs.claim(ID, SECOND, until=Instant(NOW + 120), now=Instant(NOW + 60))
    assert isinstance(second, Leased)
    assert second.job.attempts == 2


def test_a_claim_whose_reply_was_lost_may_be_repeated(jobs: OpenedJobs) -> None:
    opened(jobs)
    claimed(jobs)
    claimed(jobs)


def test_a_released_job_may_be_claimed_at_once(jobs: OpenedJobs) -> None:
    opened(jobs)
    claimed(jobs)
    jobs.release(ID, FIRST, Instant(NOW + 60))
    assert job(jobs).next_attempt_at == NOW + 60
    claimed(jobs, SECOND)


def test_the_holder_notes_as_what_a_letter_waits(jobs: OpenedJobs) -> None:
    opened(jobs)
    claimed(jobs)
    for has_email in (True, False):
        jobs.record_wait(ID, FIRST, has_email=has_email)
        assert job(jobs).has_email is has_email
    with pytest.raises(LeaseLost):
        jobs.record_wait(ID, SECOND, has_email=True)


def test_a_drafted_letter_waits_no_more(jobs: OpenedJobs) -> None:
    drafted(jobs)
    with pytest.raises(LeaseLost):
        jobs.record_wait(ID, FIRST, has_email=True)


def test_only_the_holder_releases(jobs: OpenedJobs) -> None:
    opened(jobs)
    claimed(jobs)
    jobs.release(ID, SECOND, None)
    assert isinstance(jobs.claim(ID, SECOND, until=NOW, now=NOW), Held)


@pytest.mark.parametrize("state", [JobState.SUBMITTED, JobState.REJECTED, JobState.POSTED, JobState.UNDELIVERED])
def test_a_settled_job_is_not_claimed_even_by_the_holder(jobs: OpenedJobs, state: JobState) -> None:
    drafted(jobs)
    jobs.advance(ID, state, WORD, NOW)
    assert jobs.claim(ID, FIRST, until=Instant(NOW + 60), now=NOW) == Settled(state)


def test_an_upload_is_kept_until_the_draft_is_recorded(jobs: OpenedJobs) -> None:
    opened(jobs)
    claimed(jobs)
    jobs.record_upload(ID, FIRST, ProviderName.PINGEN, UPLOAD)
    assert job(jobs).upload == UPLOAD
    assert job(jobs).upload_at(ProviderName.PINGEN) == UPLOAD
    assert job(jobs).upload_at(ProviderName.MAILEVA) is None
    jobs.record_draft(ID, FIRST, ProviderName.PINGEN, REFERENCE, NOW, address_mark="mark")
    assert job(jobs).upload is None


def test_a_recorded_draft_is_the_only_one(jobs: OpenedJobs) -> None:
    drafted(jobs)
    found = job(jobs)
    assert (found.state, found.provider, found.reference, found.changed_at) == (
        JobState.DRAFTED,
        ProviderName.MAILEVA,
        REFERENCE,
        NOW + 1,
    )
    jobs.record_draft(ID, FIRST, ProviderName.MAILEVA, REFERENCE, Instant(NOW + 1), address_mark="mark")
    with pytest.raises(LeaseLost):
        jobs.record_draft(ID, FIRST, ProviderName.MAILEVA, OTHER, Instant(NOW + 2), address_mark="mark")
    with pytest.raises(LeaseLost):
        jobs.record_upload(ID, FIRST, ProviderName.MAILEVA, UPLOAD)
    assert job(jobs) == found


def test_who_has_lost_the_lease_records_nothing(jobs: OpenedJobs) -> None:
    opened(jobs)
    claimed(jobs)
    claimed(jobs, SECOND, NOW + 60)
    before = job(jobs)
    with pytest.raises(LeaseLost):
        jobs.record_upload(ID, FIRST, ProviderName.PINGEN, UPLOAD)
    with pytest.raises(LeaseLost):
        jobs.record_draft(ID, FIRST, ProviderName.PINGEN, REFERENCE, NOW, address_mark="mark")
    with pytest.raises(LeaseLost):
        jobs.record_rejection(ID, FIRST, WORD, NOW)
    assert job(jobs) == before


@pytest.mark.parametrize("prepare", [opened, drafted])
def test_a_job_that_is_still_ours_may_be_rejected(jobs: OpenedJobs, prepare: object) -> None:
    assert callable(prepare)
    prepare(jobs)
    claimed(jobs)
    jobs.record_rejection(ID, FIRST, WORD, Instant(NOW + 5))
    jobs.record_rejection(ID, FIRST, WORD, Instant(NOW + 5))
    assert (job(jobs).state, job(jobs).code, job(jobs).changed_at) == (JobState.REJECTED, WORD, NOW + 5)


@pytest.mark.parametrize("state", [JobState.SUBMITTED, JobState.POSTED])
def test_a_letter_that_has_gone_is_not_rejected_by_us(jobs: OpenedJobs, state: JobState) -> None:
    drafted(jobs)
    jobs.advance(ID, state, WORD, NOW)
    with pytest.raises(LeaseLost):
        jobs.record_rejection(ID, FIRST, WORD, NOW)
    assert job(jobs).state is state


@pytest.mark.parametrize("before", JobState)
@pytest.mark.parametrize("after", JobState)
def test_a_job_advances_to_higher_ranks_only_and_without_a_lease(
    jobs: OpenedJobs, before: JobState, after: JobState
) -> None:
    opened(jobs)
    jobs.advance(ID, before, WORD, NOW)
    has_moved = jobs.advance(ID, after, ProviderCode("later"), Instant(NOW + 9))
    assert has_moved is (after.rank > before.rank)
    assert job(jobs).state is (after if has_moved else before)
    if has_moved:
        assert (job(jobs).code, job(jobs).changed_at) == ("later", NOW + 9)


def test_jobs_that_have_not_moved_are_found_by_state_oldest_first(jobs: OpenedJobs) -> None:
    ids = [LetterId(f"{number:032x}") for number in range(4)]
    for age, letter_id in zip((10, 30, 20, 5), ids, strict=True):
        jobs.open(letter_request(Instant(NOW - age), letter_id))
    jobs.advance(ids[2], JobState.SUBMITTED, WORD, NOW)
    assert [found.letter_id for found in jobs.stale_jobs(JobState.REQUESTED, Instant(NOW - 10))] == [ids[1], ids[0]]
    assert [found.letter_id for found in jobs.stale_jobs(JobState.SUBMITTED, NOW)] == [ids[2]]
    assert list(jobs.stale_jobs(JobState.DRAFTED, NOW)) == []


def test_an_event_is_remembered_for_its_provider(jobs: OpenedJobs) -> None:
    assert not jobs.event_was_taken(ProviderName.PINGEN, "event-1")
    jobs.remember_event(ProviderName.PINGEN, "event-1", NOW)
    jobs.remember_event(ProviderName.PINGEN, "event-1", NOW)
    assert jobs.event_was_taken(ProviderName.PINGEN, "event-1")
    assert not jobs.event_was_taken(ProviderName.PINGEN, "event-2")
    assert not jobs.event_was_taken(ProviderName.MAILEVA, "event-1")


def test_a_word_that_is_not_known_is_kept_and_moves_nothing(jobs: OpenedJobs) -> None:
    jobs.keep_unknown_status(ID, WORD)
    assert jobs.get(ID) is None
    opened(jobs)
    jobs.keep_unknown_status(ID, WORD)
    assert (job(jobs).unknown_status, job(jobs).state, job(jobs).code) == (WORD, JobState.REQUESTED, None)


def test_dynamodb_forgets_events_when_no_provider_repeats_them_any_more(
    stored: OpenedDynamoDbLetterJobs, cloud: Cloud
) -> None:
    stored.remember_event(ProviderName.PINGEN, "event-1", NOW)
    (item,) = items(cloud)
    assert (item["pk"]["S"], item["expires_at"]["N"]) == ("LETTER_EVENT#pingen#event-1", str(NOW + 30 * DAY))


def test_all_pages_of_the_index_are_read(stored: OpenedDynamoDbLetterJobs) -> None:
    member = Identifier("X" * 60_000)
    for number in range(20):
        stored.open(letter_request(NOW, LetterId(f"{number:032x}"), member))
    assert len(list(stored.stale_jobs(JobState.REQUESTED, NOW))) == 20


def test_a_letter_goes_through_dynamodb(scene: Scene, stored: OpenedDynamoDbLetterJobs, cloud: Cloud) -> None:
    scene.jobs = stored
    scene.open()
    assert scene.deliver_until_done() == Finished(JobState.SUBMITTED)
    assert len(scene.fake.letters()) == 1
    (item,) = items(cloud)
    assert {name for name in item if name not in {"next_attempt_at", "lease_holder", "lease_until"}} == {
        "pk",
        "identifier",
        "subject",
        "letter_state",
        "state_rank",
        "changed_at",
        "requested_at",
        "code_expires_at",
        "post_by",
        "attempts",
        "expires_at",
        "provider",
        "provider_reference",
        "address_mark",
        "code",
    }
