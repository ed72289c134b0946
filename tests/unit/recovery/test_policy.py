"""Which code may be requested when: examples, and a walk beside a plain model of the rules."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from member_access.recovery.codes import Channel, MemberCodes, RequestId
from member_access.recovery.policy import (
    Issue,
    IssuedCode,
    Reset,
    ResetPolicy,
    TooSoon,
    UnderWay,
    channel_of,
    continued,
)
from member_access.throttling.policy import Attempts
from member_access.values.types import Instant

DAY = 86_400
NOW = Instant(1_800_000_000)
POLICY = ResetPolicy(
    email_code=600,
    email_interval=60,
    emails_a_day=5,
    letter_code=21 * DAY,
    letter_interval=8 * DAY,
    letters_a_month=3,
)
ID = RequestId("a" * 32)


def ago(*seconds: int) -> tuple[Instant, ...]:
    return tuple(Instant(NOW - one) for one in seconds)


def letter_requested(seconds_ago: int) -> Reset:
    (moment,) = ago(seconds_ago)
    return Reset(letter=IssuedCode(ID, moment, Instant(moment + 21 * DAY)), letters=(moment,), revision=1)


@pytest.mark.parametrize(
    ("seen", "outcome"),
    [
        (Reset(), Issue),
        (Reset(emails=ago(60)), Issue),
        (Reset(emails=ago(59)), TooSoon(1)),
        (Reset(emails=ago(0)), TooSoon(60)),
        (Reset(emails=ago(5000, 4000, 3000, 2000)), Issue),
        (Reset(emails=ago(5000, 4000, 3000, 2000, 1000)), TooSoon(DAY - 5000)),
        (Reset(emails=ago(DAY, 4000, 3000, 2000, 1000)), Issue),
        (Reset(emails=ago(DAY - 10, 4000, 3000, 2000, 30)), TooSoon(30)),
    ],
)
def test_an_email_is_sent_or_comes_too_soon(seen: Reset, outcome: type[Issue] | TooSoon) -> None:
    verdict = POLICY.request(seen, Channel.EMAIL, ID, NOW, voided=False)
    assert isinstance(verdict, Issue) if outcome is Issue else verdict == outcome


def test_a_new_email_code_voids_the_older_one_but_no_letter() -> None:
    seen = Reset(
        email=IssuedCode(RequestId("b" * 32), Instant(NOW - 100), Instant(NOW + 500)),
        letter=letter_requested(2 * DAY).letter,
        emails=ago(100),
        revision=4,
    )
    verdict = POLICY.request(seen, Channel.EMAIL, ID, NOW, voided=False)
    assert isinstance(verdict, Issue)
    assert verdict.reset.email == IssuedCode(ID, NOW, Instant(NOW + 600))
    assert verdict.reset.letter == seen.letter
    assert verdict.reset.revision == 5
    assert verdict.resend_after == 60


def test_asking_again_for_a_letter_under_way_sends_nothing() -> None:
    seen = letter_requested(2 * DAY)
    verdict = POLICY.request(seen, Channel.LETTER, RequestId("c" * 32), NOW, voided=False)
    assert seen.letter
    assert verdict == UnderWay(seen.letter, 6 * DAY)


def test_after_eight_days_another_letter_goes_and_voids_the_first() -> None:
    verdict = POLICY.request(letter_requested(8 * DAY), Channel.LETTER, RequestId("c" * 32), NOW, voided=False)
    assert isinstance(verdict, Issue)
    assert verdict.code == IssuedCode(RequestId("c" * 32), NOW, Instant(NOW + 21 * DAY))


def test_a_used_letter_is_not_followed_by_another_within_eight_days() -> None:
    used = Reset(letters=ago(2 * DAY))
    assert POLICY.request(used, Channel.LETTER, ID, NOW, voided=False) == TooSoon(6 * DAY)


def test_a_fourth_letter_within_thirty_days_waits() -> None:
    seen = Reset(letters=ago(26 * DAY, 18 * DAY, 10 * DAY))
    assert POLICY.request(seen, Channel.LETTER, ID, NOW, voided=False) == TooSoon(4 * DAY)


def test_a_letter_of_eight_days_ago_is_not_under_way_any_more() -> None:
    eight_days_ago = letter_requested(8 * DAY)
    seen = replace(eight_days_ago, letters=(*ago(26 * DAY, 18 * DAY), *eight_days_ago.letters))
    assert POLICY.request(seen, Channel.LETTER, ID, NOW, voided=False) == TooSoon(4 * DAY)


def test_requests_are_remembered_for_as_long_as_they_count() -> None:
    seen = Reset(emails=ago(DAY, DAY - 1), letters=ago(30 * DAY, 30 * DAY - 1))
    by_email = POLICY.request(seen, Channel.EMAIL, ID, NOW, voided=False)
    by_letter = POLICY.request(seen, Channel.LETTER, ID, NOW, voided=False)
    assert isinstance(by_email, Issue)
    assert isinstance(by_letter, Issue)
    assert (by_email.reset.emails, by_email.reset.letters) == ((*ago(DAY - 1), NOW), ago(30 * DAY - 1))
    assert (by_letter.reset.emails, by_letter.reset.letters) == (ago(DAY - 1), (*ago(30 * DAY - 1), NOW))


def test_wrong_tries_that_voided_the_codes_begin_a_new_generation() -> None:
    seen = Reset(email=IssuedCode(ID, Instant(NOW - 100), Instant(NOW + 500)), letter=letter_requested(9 * DAY).letter)
    verdict = POLICY.request(seen, Channel.EMAIL, RequestId("d" * 32), NOW, voided=True)
    assert isinstance(verdict, Issue)
    assert verdict.reset.generation == 1
    assert verdict.reset.letter is None, "the letter's code was voided too"


@pytest.mark.parametrize(("kept", "tried", "generation"), [(0, 0, 0), (0, 2, 2), (1, 2, 2), (3, 2, 3)])
def test_a_reset_continues_in_the_later_generation_of_its_tries(kept: int, tried: int, generation: int) -> None:
    reset = continued(Reset(generation=kept, emails=ago(60), revision=4), Attempts(credential_version=tried))
    assert reset == Reset(generation=generation, emails=ago(60), revision=4)


def test_a_letter_after_voiding_leaves_no_code_by_email_open() -> None:
    seen = Reset(email=IssuedCode(ID, Instant(NOW - 100), Instant(NOW + 500)))
    verdict = POLICY.request(seen, Channel.LETTER, RequestId("d" * 32), NOW, voided=True)
    assert isinstance(verdict, Issue)
    assert verdict.reset.open_codes == {Channel.LETTER: verdict.code}


def test_a_voided_letter_is_not_under_way_any_more() -> None:
    verdict = POLICY.request(letter_requested(2 * DAY), Channel.LETTER, ID, NOW, voided=True)
    assert verdict == TooSoon(6 * DAY)


@pytest.mark.parametrize(
    ("wanted", "is_member", "has_email", "draw", "channel"),
    [
        (None, True, True, 99, Channel.EMAIL),
        (None, True, False, 0, Channel.LETTER),
        (Channel.LETTER, True, True, 0, Channel.LETTER),
        (None, False, False, 79, Channel.EMAIL),
        (None, False, False, 80, Channel.LETTER),
        (Channel.LETTER, False, False, 0, Channel.LETTER),
    ],
)
def test_the_channel_is_the_members_or_a_decoys(
    wanted: Channel | None,
    is_member: bool,
    has_email: bool,
    draw: int,
    channel: Channel,
) -> None:
    assert channel_of(wanted, is_member=is_member, has_email=has_email, decoy_share=80, decoy_draw=draw) is channel


def test_codes_follow_from_member_channel_and_request() -> None:
    codes = MemberCodes(b"k" * 32)
    assert codes.code(Channel.EMAIL, ID) == codes.code(Channel.EMAIL, ID)
    assert codes.code(Channel.EMAIL, ID) != codes.code(Channel.LETTER, ID)
    assert codes.code(Channel.EMAIL, ID) != MemberCodes(b"l" * 32).code(Channel.EMAIL, ID)
    assert "k" * 8 not in repr(codes)


@pytest.mark.parametrize(("channel", "code"), [(Channel.EMAIL, "455374"), (Channel.LETTER, "266619")])
def test_a_code_in_the_post_outlives_a_release(channel: Channel, code: str) -> None:
    # What openssl makes of the key, the channel, a NUL and the request: HMAC-SHA-256 modulo a million.
    assert MemberCodes(b"k" * 32).code(channel, ID).reveal() == code


def test_codes_are_spread_evenly() -> None:
    codes = MemberCodes(b"k" * 32)
    digits = Counter(
        digit
        for number in range(5000)
        for digit in enumerate(codes.code(Channel.EMAIL, RequestId(f"{number:032}")).reveal())
    )
    # 500 expected of each digit at each place; seven standard deviations either way.
    assert len(digits) == 60
    assert all(350 < count < 650 for count in digits.values())


class ResetMachine(RuleBasedStateMachine):
    """Requests by both channels, use of codes, waits, and voidings."""

    @initialize()
    def start(self) -> None:
        self.now = NOW
        self.reset = Reset()
        self.names = itertools.count()
        self.sent: dict[Channel, list[Instant]] = {Channel.EMAIL: [], Channel.LETTER: []}

    @rule(seconds=st.sampled_from([1, 30, 60, 600, 3600, DAY, 8 * DAY]))
    def wait(self, seconds: int) -> None:
        self.now = Instant(self.now + seconds)

    @rule(channel=st.sampled_from(Channel), voided=st.sampled_from([False, False, False, True]))
    def request(self, channel: Channel, voided: bool) -> None:
        name = RequestId(f"{next(self.names):032}")
        verdict = POLICY.request(self.reset, channel, name, self.now, voided=voided)
        if isinstance(verdict, Issue):
            self.sent[channel].append(self.now)
            assert verdict.reset.open_codes[channel].request_id == name
            self.reset = verdict.reset
        elif isinstance(verdict, UnderWay):
            assert verdict.code == self.reset.letter
        else:
            again = POLICY.request(self.reset, channel, name, Instant(self.now + verdict.seconds), voided=voided)
            assert isinstance(again, Issue)

    @invariant()
    def no_channel_is_used_more_often_than_allowed(self) -> None:
        for channel, interval, most, window in (
            (Channel.EMAIL, 60, 5, DAY),
            (Channel.LETTER, 8 * DAY, 3, 30 * DAY),
        ):
            moments = self.sent[channel]
            assert all(later - earlier >= interval for earlier, later in itertools.pairwise(moments))
            assert all(later - earlier >= window for earlier, later in zip(moments, moments[most:], strict=False))


TestResetMachine = ResetMachine.TestCase
TestResetMachine.settings = settings(stateful_step_count=50)
