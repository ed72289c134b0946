"""Writes are conditional on what was decided on: who comes second finds what the first has left."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

import pytest

from identifier.challenges import Challenge, Challenged, delete_challenge, put_challenge
from member_access.errors import Unavailable
from member_access.members.pseudonyms import Pseudonym
from member_access.members.store import member_from_item, member_key
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
from member_access.sessions.browser_families import BrowserFamily, Product, System
from member_access.sessions.browsers import DeviceToken
from member_access.sessions.item import change_sign_ins, restart_sign_ins, sign_ins_from_item, sign_ins_key
from member_access.sessions.methods import Method
from member_access.sessions.pin_counter import PinCounter, PinLimits
from member_access.sessions.policy import End, Ending, Repeat, Rotate, Session, SessionPolicy, TokenParts, start_session
from member_access.sessions.records import KnownBrowser
from member_access.sessions.sign_ins import SignIns
from member_access.sessions.store import Sessions
from member_access.throttling.counters import AttemptStore, SingleCounter, attempts_from_item, decide
from member_access.throttling.policy import Attempts, Disabled, Wait
from member_access.values.types import Identifier, Instant
from reset.reset_tokens import USES, ResetGrant, ResetToken, claim_use, delete_reset_token, put_reset_token
from simulators.aws_calls import failing
from simulators.clock import NOON
from simulators.sign_in_driver import FrontDoor
from tests.support.policies import ATTEMPTS

if TYPE_CHECKING:
    from member_access.platform.aws import Item
    from simulators.cloud import Cloud

MEMBER = Identifier("A1234567")
FAMILY = BrowserFamily(Product.FIREFOX, System.ANDROID)
COUNTER, CODES = "ATTEMPTS#iban#person", "RESET#person"
CODE = IssuedCode(RequestId("c" * 32), NOON, Instant(NOON + 600))
WHOSE = Pseudonym("0" * 32)
BROWSER = DeviceToken.new(WHOSE, bytes).digest
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


def item(cloud: Cloud, key: str) -> Item | None:
    return cloud.dynamodb.get_item(TableName=cloud.tables["AccessTable"], Key={"pk": {"S": key}}).get("Item")


def started(cloud: Cloud, table: str) -> tuple[Session, TokenParts]:
    """A session in the table, and its token."""
    numbers = itertools.count(1)
    session, token = start_session(
        MEMBER, WHOSE, Method.PIN, FAMILY, NOON, lambda length: next(numbers).to_bytes(length)
    )
    sign_ins = SignIns(credential_version=1, identifier=MEMBER).with_sessions((session,))
    transact(cloud.dynamodb, [restart_sign_ins(table, sign_ins_key(WHOSE), sign_ins, NOON)])
    return session, token.parts()


def _known() -> KnownBrowser:
    return KnownBrowser(BROWSER, NOON, NOON, Attempts(credential_version=1))


def sign_ins(cloud: Cloud) -> SignIns:
    """What the table holds."""
    return sign_ins_from_item(item(cloud, sign_ins_key(WHOSE)))


def pin_counter(read: SignIns, digest: bytes = BROWSER, version: int = 1) -> PinCounter:
    """The counters of a guess at a PIN."""
    return PinCounter(sign_ins_key(WHOSE), read, version, digest, NOON, PinLimits(ATTEMPTS, ATTEMPTS))


def guess(counters: AttemptStore, read: PinCounter) -> PinCounter | Wait | Disabled:
    """Claim a guess at a PIN."""
    allowed = decide(read, read.credential_version, NOON)
    return counters.claim(read, allowed, read.credential_version, NOON) if isinstance(allowed, tuple) else allowed


def claim(counters: AttemptStore, seen: Attempts, now: Instant = NOON) -> Attempts | Wait | Disabled:
    """Claim one guess at the counter, decided on this state."""
    read = SingleCounter(COUNTER, seen, ATTEMPTS)
    allowed = decide(read, 1, now)
    assert isinstance(allowed, tuple)
    verdict = counters.claim(read, allowed, 1, now)
    return verdict.seen if isinstance(verdict, SingleCounter) else verdict


def counted(claimed: Attempts | Wait | Disabled) -> SingleCounter:
    """The counter with a guess in it."""
    assert isinstance(claimed, Attempts)
    return SingleCounter(COUNTER, claimed, ATTEMPTS)


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


def test_a_guess_that_is_taken_back_leaves_the_others_in_the_row(counters: AttemptStore, cloud: Cloud) -> None:
    for _ in range(2):
        claimed = claim(counters, attempts_from_item(item(cloud, COUNTER)))
    transact(cloud.dynamodb, [counters.uncount(counted(claimed))])

    after = attempts_from_item(item(cloud, COUNTER))
    assert (after.failures, sum(after.failures_by_day.values()), after.revision) == (1, 1, 3)


def test_a_guess_that_is_not_looked_at_is_released(counters: AttemptStore, cloud: Cloud) -> None:
    first = counted(claim(counters, Attempts()))
    second = counted(claim(counters, first.seen))
    counters.release(second, NOON)
    counters.release(first, NOON)

    after = attempts_from_item(item(cloud, COUNTER))
    assert (after.failures, sum(after.failures_by_day.values()), after.revision) == (0, 0, 4)


@pytest.mark.parametrize(("failures", "version"), [(0, 1), (1, 2)])
def test_a_guess_whose_row_has_ended_is_not_released(
    counters: AttemptStore, cloud: Cloud, table: str, failures: int, version: int
) -> None:
    first = counted(claim(counters, Attempts()))
    later = first.seen._replace(failures=failures, credential_version=version)
    transact(cloud.dynamodb, [first.write(table, (later,), NOON)])
    before = item(cloud, COUNTER)
    counters.release(first, NOON)

    assert item(cloud, COUNTER) == before


def test_a_row_ends_at_another_counter_only_where_there_is_one(counters: AttemptStore, cloud: Cloud) -> None:
    with pytest.raises(TransactionCancelled):
        transact(cloud.dynamodb, [counters.reset_streak(COUNTER)])
    claim(counters, Attempts())
    transact(cloud.dynamodb, [counters.reset_streak(COUNTER)])

    after = attempts_from_item(item(cloud, COUNTER))
    assert (after.failures, sum(after.failures_by_day.values()), after.revision) == (0, 1, 2)


def test_guesses_at_a_pin_decided_on_the_same_state_count_in_turn(counters: AttemptStore, cloud: Cloud) -> None:
    verdicts = [guess(counters, pin_counter(SignIns())) for _ in range(4)]

    assert [one.states[0].failures for one in verdicts if isinstance(one, PinCounter)] == [1, 2, 3]
    assert verdicts[3] == Wait(60)
    assert sign_ins(cloud).strangers.failures == 3


def test_a_right_pin_ends_the_row_and_uncounts_itself_alone(counters: AttemptStore, cloud: Cloud, table: str) -> None:
    started(cloud, table)
    guess(counters, pin_counter(sign_ins(cloud)))
    claimed = guess(counters, pin_counter(sign_ins(cloud)))
    assert isinstance(claimed, PinCounter)
    guess(counters, pin_counter(sign_ins(cloud)))
    change_sign_ins(cloud.dynamodb, table, claimed.key, claimed.read, claimed.cleared, NOON)

    after = sign_ins(cloud)
    assert (after.strangers.failures, sum(after.strangers.failures_by_day.values())) == (0, 2)
    assert len(after.sessions) == 1


def test_a_guess_in_a_known_browser_leaves_the_strangers_counter(
    counters: AttemptStore, cloud: Cloud, table: str
) -> None:
    started(cloud, table)
    claimed = pin_counter(sign_ins(cloud))
    change_sign_ins(
        cloud.dynamodb, table, claimed.key, claimed.read, lambda seen: claimed.signed_in(seen, BROWSER, FAMILY), NOON
    )
    known = guess(counters, pin_counter(sign_ins(cloud)))
    assert isinstance(known, PinCounter)
    after = sign_ins(cloud)

    assert (after.strangers.failures, after.together.failures, after.browsers[0].attempts.failures) == (0, 1, 1)
    change_sign_ins(cloud.dynamodb, table, known.key, known.read, known.cleared, NOON)
    after = sign_ins(cloud)
    assert (after.together.failures, after.browsers[0].attempts.failures) == (0, 0)


def test_a_browser_that_was_forgotten_since_counts_as_a_strangers(
    counters: AttemptStore, cloud: Cloud, table: str
) -> None:
    for _ in range(2):
        started(cloud, table)
    known = pin_counter(SignIns(revision=1, credential_version=1).with_browser(_known()))
    assert len(known.states) == 2
    claimed = guess(counters, known)

    assert isinstance(claimed, PinCounter)
    assert claimed.browser is None
    assert sign_ins(cloud).strangers.failures == 1


def test_a_sign_in_that_a_new_pin_has_overtaken_starts_nothing(
    counters: AttemptStore, cloud: Cloud, table: str
) -> None:
    started(cloud, table)
    claimed = guess(counters, pin_counter(sign_ins(cloud)))
    assert isinstance(claimed, PinCounter)
    newer = SignIns(credential_version=2, identifier=MEMBER)
    transact(cloud.dynamodb, [restart_sign_ins(table, claimed.key, newer, NOON)])
    before = item(cloud, claimed.key)

    written = change_sign_ins(
        cloud.dynamodb, table, claimed.key, claimed.read, lambda seen: claimed.signed_in(seen, BROWSER, FAMILY), NOON
    )
    assert not written
    assert item(cloud, claimed.key) == before


def test_a_sign_in_of_a_member_who_was_erased_since_starts_nothing(
    counters: AttemptStore, cloud: Cloud, table: str
) -> None:
    started(cloud, table)
    claimed = guess(counters, pin_counter(sign_ins(cloud)))
    assert isinstance(claimed, PinCounter)
    cloud.dynamodb.delete_item(TableName=table, Key={"pk": {"S": claimed.key}})

    written = change_sign_ins(
        cloud.dynamodb, table, claimed.key, claimed.read, lambda seen: claimed.signed_in(seen, BROWSER, FAMILY), NOON
    )
    assert not written
    assert item(cloud, claimed.key) is None


def test_a_guess_at_a_new_pin_finds_nothing_of_the_old_one(counters: AttemptStore, cloud: Cloud, table: str) -> None:
    started(cloud, table)
    for _ in range(3):
        guess(counters, pin_counter(sign_ins(cloud)))
    claimed = guess(counters, pin_counter(sign_ins(cloud), version=2))

    assert isinstance(claimed, PinCounter)
    after = sign_ins(cloud)
    assert (after.credential_version, after.strangers.failures, after.sessions, after.identifier) == (2, 1, (), "")


def test_a_session_is_read_as_it_was_stored_until_it_is_ended(cloud: Cloud, table: str, sessions: Sessions) -> None:
    session, token = started(cloud, table)
    seen = sessions.read(WHOSE)

    assert seen.session(session.digest) == session
    assert sessions.end(seen, token, NOON) == session
    assert sessions.read(WHOSE).sessions == ()
    assert sessions.end(seen, token, NOON) is None


def test_the_second_refresh_of_one_token_finds_the_first(cloud: Cloud, table: str, sessions: Sessions) -> None:
    _, token = started(cloud, table)
    seen, soon = sessions.read(WHOSE), Instant(NOON + 60)
    first = sessions.rotate(seen, token, soon)

    assert isinstance(first, Rotate)
    assert sessions.rotate(seen, token, soon) == Repeat(first.token)
    assert sessions.rotate(seen, token._replace(token=bytes(32)), soon) == End(Ending.REUSE)
    assert sessions.read(WHOSE).sessions == (first.session,)


def test_a_guess_and_a_refresh_at_once_are_both_written(
    counters: AttemptStore, cloud: Cloud, table: str, sessions: Sessions
) -> None:
    _, token = started(cloud, table)
    seen = sessions.read(WHOSE)
    guess(counters, pin_counter(seen))
    rotated = sessions.rotate(seen, token, Instant(NOON + 60))

    assert isinstance(rotated, Rotate)
    after = sign_ins(cloud)
    assert (after.strangers.failures, after.sessions, after.revision) == (1, (rotated.session,), seen.revision + 2)


def test_a_session_goes_no_further_once_a_new_pin_was_set(cloud: Cloud, table: str, sessions: Sessions) -> None:
    _, token = started(cloud, table)
    seen = sessions.read(WHOSE)
    newer = SignIns(credential_version=2, identifier=MEMBER)
    transact(cloud.dynamodb, [restart_sign_ins(table, sign_ins_key(WHOSE), newer, NOON)])

    assert sessions.rotate(seen, token, Instant(NOON + 60)) is None
    assert sign_ins(cloud).sessions == ()


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

    assert reset_from_item(item(cloud, CODES)) == asked._replace(letter=None, revision=2)


def test_voiding_a_letter_keeps_when_codes_were_asked_for(cloud: Cloud, table: str) -> None:
    asked = Reset(CODE, emails=(EmailAsked(NOON, LAPTOP),), letters=(NOON,), revision=1)
    transact(cloud.dynamodb, [put_reset(table, CODES, Reset(), asked, NOON)])
    transact(cloud.dynamodb, [void_letter(table, CODES, Instant(NOON + 60))])

    assert reset_from_item(item(cloud, CODES)) == asked._replace(letter=None, revision=2)


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
    assert tried == [*(EMAILED._replace(tries=number) for number in range(1, 6)), Untried.SPENT, Untried.SPENT]


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
