"""Writes are conditional on what was decided on: who comes second finds what the first has left."""

from __future__ import annotations

import itertools
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from identifier.challenges import Challenge, Challenged, delete_challenge, put_challenge
from member_access.errors import Conflict, Unavailable
from member_access.members.pseudonyms import Pseudonym
from member_access.members.store import Members, member_from_item, member_key
from member_access.platform.aws import TransactionCancelled, transact
from member_access.recovery.codes import RequestId
from member_access.recovery.emailed_codes import (
    EmailedCode,
    EmailedCodes,
    ResetHandle,
    Untried,
    emailed_code_from_item,
    is_open,
    void_code,
)
from member_access.recovery.policy import EmailAsked, IssuedCode, KnownBrowserId, Reset
from member_access.recovery.store import mark_letter_used, put_reset, reset_from_item, void_letter
from member_access.sessions.policy import Rotate, Session, SessionPolicy, refresh, start_session
from member_access.sessions.store import CREDENTIAL_CHANGED, Sessions
from member_access.throttling.counters import AttemptStore, Counter, attempts_from_item, decide
from member_access.throttling.policy import Attempts, Disabled, Wait
from member_access.values.types import Identifier, Instant
from reset.reset_tokens import USES, ResetGrant, ResetToken, claim_use, delete_reset_token, put_reset_token
from simulators.aws_calls import failing
from simulators.clock import NOON
from simulators.sign_in_driver import FrontDoor
from tests.support.policies import ATTEMPTS

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from member_access.platform.aws import Item
    from simulators.cloud import Cloud

MEMBER = Identifier("A1234567")
COUNTER, CODES = "ATTEMPTS#pin#person", "RESET#person"
CODE = IssuedCode(RequestId("c" * 32), NOON, Instant(NOON + 600))
HANDLE, PERSON, LAPTOP = ResetHandle("a" * 64), Pseudonym("person"), KnownBrowserId("laptop")
EMAILED = EmailedCode(PERSON, RequestId("c" * 32), credential_version=1, expires_at=Instant(NOON + 600))
NEWER_CODE = IssuedCode(RequestId("d" * 32), NOON, Instant(NOON + 600))


@pytest.fixture
def table(cloud: Cloud) -> str:
    """The table of counters, codes and sessions."""
    return cloud.tables["AccessTable"]


@pytest.fixture
def counters(cloud: Cloud, table: str) -> AttemptStore:
    """The counters in it."""
    return AttemptStore(cloud.dynamodb, table)


@pytest.fixture
def emailed(cloud: Cloud, table: str) -> EmailedCodes:
    """The codes by e-mail in it."""
    return EmailedCodes(cloud.dynamodb, table, tries=5)


@pytest.fixture
def sessions(cloud: Cloud, table: str) -> Sessions:
    """The sessions in it."""
    return Sessions(cloud.dynamodb, table, SessionPolicy(idle=1800, longest=43_200, grace=30))


@pytest.fixture
def unchanged(cloud: Cloud) -> TransactWriteItemTypeDef:
    """The condition that a member's PIN is still the first one; it is."""
    FrontDoor(cloud).add_member(MEMBER)
    return Members(cloud.dynamodb, cloud.tables["MembersTable"]).check_credential(MEMBER, 1)


def item(cloud: Cloud, key: str) -> Item | None:
    return cloud.dynamodb.get_item(TableName=cloud.tables["AccessTable"], Key={"pk": {"S": key}}).get("Item")


def started_and_rotated(cloud: Cloud, sessions: Sessions) -> tuple[Session, Session]:
    """A session in the table, and what a refresh would make of it."""
    numbers = itertools.count(1)
    session, token = start_session(MEMBER, 1, NOON, lambda length: next(numbers).to_bytes(length))
    transact(cloud.dynamodb, [sessions.put_session(session)])
    verdict = refresh(session, token, sessions.policy, Instant(NOON + 60))
    assert isinstance(verdict, Rotate)
    return session, verdict.session


def claim(counters: AttemptStore, seen: Attempts, now: Instant = NOON) -> Attempts | Wait | Disabled:
    """Claim one guess at the counter, decided on this state."""
    read = (Counter(COUNTER, seen, ATTEMPTS),)
    allowed = decide(read, 1, now)
    assert isinstance(allowed, tuple)
    verdict = counters.claim(read, allowed, 1, now)
    return verdict[0] if isinstance(verdict, tuple) else verdict


def test_guesses_decided_on_the_same_state_count_in_turn(counters: AttemptStore) -> None:
    verdicts = [claim(counters, Attempts()) for _ in range(4)]

    assert [counted.failures for counted in verdicts if isinstance(counted, Attempts)] == [1, 2, 3]
    assert verdicts[3] == Wait(60)


def test_a_claim_is_what_the_counter_says_afterwards(counters: AttemptStore, cloud: Cloud) -> None:
    first = claim(counters, Attempts())
    assert isinstance(first, Attempts)
    second = claim(counters, first, Instant(NOON + 1))

    assert attempts_from_item(item(cloud, COUNTER)) == second


def test_a_guess_that_loses_to_others_every_time_is_not_made(counters: AttemptStore, cloud: Cloud) -> None:
    with (
        failing(cloud.dynamodb, "UpdateItem", "ConditionalCheckFailedException"),
        pytest.raises(Unavailable),
    ):
        claim(counters, Attempts())


def test_a_success_ends_the_row_and_takes_back_itself_alone(counters: AttemptStore, cloud: Cloud) -> None:
    for _ in range(2):
        claimed = claim(counters, attempts_from_item(item(cloud, COUNTER)))
    assert isinstance(claimed, Attempts)
    transact(cloud.dynamodb, [counters.clear(COUNTER, claimed)])

    after = attempts_from_item(item(cloud, COUNTER))
    assert (after.failures, sum(after.failures_by_day.values()), after.revision) == (0, 1, 3)


def test_a_guess_that_is_taken_back_leaves_the_others_in_the_row(counters: AttemptStore, cloud: Cloud) -> None:
    for _ in range(2):
        claimed = claim(counters, attempts_from_item(item(cloud, COUNTER)))
    assert isinstance(claimed, Attempts)
    transact(cloud.dynamodb, [counters.uncount(COUNTER, claimed)])

    after = attempts_from_item(item(cloud, COUNTER))
    assert (after.failures, sum(after.failures_by_day.values()), after.revision) == (1, 1, 3)


def test_a_guess_that_is_not_looked_at_is_released(counters: AttemptStore, cloud: Cloud) -> None:
    first = claim(counters, Attempts())
    assert isinstance(first, Attempts)
    second = claim(counters, first)
    assert isinstance(second, Attempts)
    counters.release((Counter(COUNTER, first, ATTEMPTS),), (second,))

    after = attempts_from_item(item(cloud, COUNTER))
    assert (after.failures, sum(after.failures_by_day.values()), after.revision) == (1, 1, 3)


def test_a_guess_whose_row_has_ended_is_not_released(counters: AttemptStore, cloud: Cloud) -> None:
    first = claim(counters, Attempts())
    assert isinstance(first, Attempts)
    transact(cloud.dynamodb, [counters.clear(COUNTER, first)])
    before = item(cloud, COUNTER)
    counters.release((Counter(COUNTER, Attempts(), ATTEMPTS),), (first,))

    assert item(cloud, COUNTER) == before


def test_a_row_ends_at_another_counter_only_where_there_is_one(counters: AttemptStore, cloud: Cloud) -> None:
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [counters.reset_streak(COUNTER)])
    claim(counters, Attempts())
    transact(cloud.dynamodb, [counters.reset_streak(COUNTER)])

    after = attempts_from_item(item(cloud, COUNTER))
    assert (after.failures, sum(after.failures_by_day.values()), after.revision) == (0, 1, 2)


def test_a_session_is_read_as_it_was_stored_until_it_is_ended(cloud: Cloud, sessions: Sessions) -> None:
    session, _ = started_and_rotated(cloud, sessions)

    assert sessions.find(session.id_hash) == session
    assert sessions.end(session.id_hash) == session
    assert sessions.find(session.id_hash) is None
    assert sessions.end(session.id_hash) is None


def test_no_session_takes_the_place_of_another(cloud: Cloud, sessions: Sessions) -> None:
    session, rotated = started_and_rotated(cloud, sessions)
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [sessions.put_session(rotated)])

    assert sessions.find(session.id_hash) == session


def test_the_second_refresh_of_one_token_finds_the_first(
    cloud: Cloud, sessions: Sessions, unchanged: TransactWriteItemTypeDef
) -> None:
    session, rotated = started_and_rotated(cloud, sessions)

    assert sessions.rotate(session, rotated, unchanged) is None
    with pytest.raises(Conflict):
        sessions.rotate(session, rotated, unchanged)
    with pytest.raises(Conflict):
        sessions.confirm(session, unchanged)
    assert sessions.confirm(rotated, unchanged) is None
    assert sessions.find(session.id_hash) == rotated


def test_a_session_goes_no_further_once_the_pin_was_changed(
    cloud: Cloud, sessions: Sessions, unchanged: TransactWriteItemTypeDef
) -> None:
    session, rotated = started_and_rotated(cloud, sessions)
    FrontDoor(cloud).add_member(MEMBER, credential_version=2)

    assert sessions.rotate(session, rotated, unchanged) is CREDENTIAL_CHANGED
    assert sessions.confirm(session, unchanged) is CREDENTIAL_CHANGED
    assert sessions.find(session.id_hash) == session


def test_code_requests_decided_on_the_same_state_are_written_once(cloud: Cloud, table: str) -> None:
    transact(cloud.dynamodb, [put_reset(table, CODES, Reset(), Reset(CODE, revision=1), NOON)])
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [put_reset(table, CODES, Reset(), Reset(NEWER_CODE, revision=1), NOON)])

    assert reset_from_item(item(cloud, CODES)).letter == CODE


def test_the_code_of_a_letter_is_used_once(cloud: Cloud, table: str) -> None:
    asked = Reset(CODE, emails=(EmailAsked(NOON, None),), letters=(NOON,), revision=1)
    transact(cloud.dynamodb, [put_reset(table, CODES, Reset(), asked, NOON)])
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [mark_letter_used(table, CODES, NEWER_CODE)])
    transact(cloud.dynamodb, [mark_letter_used(table, CODES, CODE)])
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [mark_letter_used(table, CODES, CODE)])

    assert reset_from_item(item(cloud, CODES)) == replace(asked, letter=None, revision=2)


def test_voiding_a_letter_keeps_when_codes_were_asked_for(cloud: Cloud, table: str) -> None:
    asked = Reset(CODE, emails=(EmailAsked(NOON, LAPTOP),), letters=(NOON,), revision=1)
    transact(cloud.dynamodb, [put_reset(table, CODES, Reset(), asked, NOON)])
    transact(cloud.dynamodb, [void_letter(table, CODES, Instant(NOON + 60))])

    assert reset_from_item(item(cloud, CODES)) == replace(asked, letter=None, revision=2)


def test_voiding_without_a_letter_leaves_an_item_that_expires(cloud: Cloud, table: str) -> None:
    transact(cloud.dynamodb, [void_letter(table, CODES, NOON)])
    left = item(cloud, CODES)

    assert left is not None
    assert reset_from_item(left) == Reset(revision=1)
    assert int(left["expires_at"]["N"]) > NOON + 30 * 86_400


def test_a_code_by_email_has_five_tries_until_it_expires(cloud: Cloud, emailed: EmailedCodes) -> None:
    transact(cloud.dynamodb, [emailed.put_code(HANDLE, EMAILED)])
    assert emailed.claim_try(HANDLE, PERSON, EMAILED.expires_at) is Untried.SPENT

    last_second = Instant(EMAILED.expires_at - 1)
    tried = [emailed.claim_try(HANDLE, PERSON, last_second) for _ in range(7)]
    assert tried == [*(replace(EMAILED, tries=number) for number in range(1, 6)), Untried.SPENT, Untried.SPENT]


def test_tries_elsewhere_leave_those_of_a_code_as_they_are(cloud: Cloud, emailed: EmailedCodes) -> None:
    transact(cloud.dynamodb, [emailed.put_code(HANDLE, EMAILED)])
    for handle, subject in ((ResetHandle(""), PERSON), (ResetHandle("b" * 64), PERSON), (HANDLE, Pseudonym("other"))):
        assert emailed.claim_try(handle, subject, NOON) is Untried.ELSEWHERE

    assert emailed_code_from_item(item(cloud, HANDLE.key) or {}) == EMAILED


def test_a_code_by_email_is_used_once(cloud: Cloud, emailed: EmailedCodes) -> None:
    transact(cloud.dynamodb, [emailed.put_code(HANDLE, EMAILED)])
    transact(cloud.dynamodb, [emailed.delete_code(HANDLE)])
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [emailed.delete_code(HANDLE)])
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [void_code(emailed.table, HANDLE.key)])

    assert emailed.claim_try(HANDLE, PERSON, NOON) is Untried.ELSEWHERE


def test_a_voided_code_is_open_no_more_and_still_counts_tries(cloud: Cloud, emailed: EmailedCodes) -> None:
    FrontDoor(cloud).add_member(MEMBER)
    member = member_from_item(
        cloud.dynamodb.get_item(TableName=cloud.tables["MembersTable"], Key={"pk": {"S": member_key(MEMBER)}})["Item"],
        NOON,
    )
    transact(cloud.dynamodb, [emailed.put_code(HANDLE, EMAILED)])
    assert is_open(item(cloud, HANDLE.key), member)
    assert not is_open(item(cloud, HANDLE.key), None)
    assert not is_open(None, member)
    transact(cloud.dynamodb, [void_code(emailed.table, HANDLE.key)])
    assert not is_open(item(cloud, HANDLE.key), member)

    tried = emailed.claim_try(HANDLE, PERSON, NOON)
    assert isinstance(tried, EmailedCode)
    assert tried.tries == 1


def test_a_token_is_spent_once(cloud: Cloud, table: str) -> None:
    token = ResetToken("a" * 64)
    transact(cloud.dynamodb, [put_reset_token(table, token, ResetGrant(MEMBER, 1, CODE.expires_at))])
    transact(cloud.dynamodb, [delete_reset_token(table, token)])
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [delete_reset_token(table, token)])


def test_a_token_has_five_uses_until_it_expires(cloud: Cloud, table: str) -> None:
    token, grant = ResetToken("a" * 64), ResetGrant(MEMBER, 1, CODE.expires_at)
    transact(cloud.dynamodb, [put_reset_token(table, token, grant)])
    assert claim_use(cloud.dynamodb, table, token, CODE.expires_at) is None
    assert claim_use(cloud.dynamodb, table, ResetToken("b" * 64), NOON) is None

    last_second = Instant(CODE.expires_at - 1)
    claimed = [claim_use(cloud.dynamodb, table, token, last_second) for _ in range(USES + 1)]
    assert claimed == [grant] * 5 + [None]


def test_a_challenge_is_solved_once(cloud: Cloud, table: str) -> None:
    challenge = Challenge("a" * 64)
    stands_for = Challenged(Pseudonym("identity"), Pseudonym("tries"), MEMBER, CODE.expires_at)
    transact(cloud.dynamodb, [put_challenge(table, challenge, stands_for)])
    transact(cloud.dynamodb, [delete_challenge(table, challenge)])
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [delete_challenge(table, challenge)])
