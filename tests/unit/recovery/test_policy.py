"""Which code may be requested when: examples, and a walk beside a plain model of the rules."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from member_access.recovery.codes import Channel, MemberCodes, Purpose, RequestId
from member_access.recovery.policy import (
    EmailAsked,
    Issue,
    IssuedCode,
    KnownBrowserId,
    Reset,
    ResetPolicy,
    TooSoon,
    UnderWay,
    channel_of,
)
from member_access.values.types import Instant

DAY = 86_400
NOW = Instant(1_800_000_000)
POLICY = ResetPolicy(
    email_code=600,
    email_tries=5,
    email_interval=60,
    emails_a_day=5,
    emails_a_day_in_all=15,
    letter_code=21 * DAY,
    letter_interval=8 * DAY,
    letters_a_month=3,
)
ID = RequestId("a" * 32)
LAPTOP, PHONE, TABLET = (KnownBrowserId(name) for name in ("laptop", "phone", "tablet"))
FIVE = (5000, 4000, 3000, 2000, 1000)


def ago(*seconds: int) -> tuple[Instant, ...]:
    return tuple(Instant(NOW - one) for one in seconds)


def asked(*seconds: int, by: KnownBrowserId | None = None) -> tuple[EmailAsked, ...]:
    return tuple(EmailAsked(moment, by) for moment in ago(*seconds))


def in_order(*requests: tuple[EmailAsked, ...]) -> Reset:
    return Reset(emails=tuple(sorted(itertools.chain(*requests), key=lambda one: one.at)))


def letter_requested(seconds_ago: int) -> Reset:
    (moment,) = ago(seconds_ago)
    return Reset(letter=IssuedCode(ID, moment, Instant(moment + 21 * DAY)), letters=(moment,), revision=1)


@pytest.mark.parametrize(
    ("seen", "asker", "outcome"),
    [
        (Reset(), None, Issue),
        (Reset(emails=asked(60)), None, Issue),
        (Reset(emails=asked(59)), None, TooSoon(1)),
        (Reset(emails=asked(0)), None, TooSoon(60)),
        (Reset(emails=asked(*FIVE[1:])), None, Issue),
        (Reset(emails=asked(*FIVE)), None, TooSoon(DAY - 5000)),
        (Reset(emails=asked(DAY, *FIVE[1:])), None, Issue),
        (Reset(emails=asked(DAY - 10, 4000, 3000, 2000, 30)), None, TooSoon(30)),
        # Strangers and known browsers do not slow each other down.
        (Reset(emails=asked(0)), LAPTOP, Issue),
        (Reset(emails=asked(0, by=LAPTOP)), None, Issue),
        (Reset(emails=asked(0, by=LAPTOP)), PHONE, Issue),
        (Reset(emails=asked(59, by=LAPTOP)), LAPTOP, TooSoon(1)),
        (Reset(emails=asked(*FIVE)), LAPTOP, Issue),
        (Reset(emails=asked(*FIVE, by=LAPTOP)), LAPTOP, TooSoon(DAY - 5000)),
        (Reset(emails=asked(*FIVE, by=LAPTOP)), PHONE, Issue),
        (in_order(asked(*FIVE), asked(*FIVE[1:], by=LAPTOP)), LAPTOP, Issue),
        # Fifteen in all, for any asker.
        (in_order(asked(*FIVE), asked(*FIVE, by=LAPTOP), asked(*FIVE, by=PHONE)), TABLET, TooSoon(DAY - 5000)),
        (in_order(asked(*FIVE), asked(*FIVE, by=LAPTOP), asked(*FIVE[1:], by=PHONE)), TABLET, Issue),
        (in_order(asked(DAY, *FIVE[1:]), asked(*FIVE, by=LAPTOP), asked(*FIVE, by=PHONE)), TABLET, Issue),
    ],
)
def test_an_email_is_sent_or_comes_too_soon(
    seen: Reset, asker: KnownBrowserId | None, outcome: type[Issue] | TooSoon
) -> None:
    verdict = POLICY.request(seen, Channel.EMAIL, ID, NOW, asker)
    assert isinstance(verdict, Issue) if outcome is Issue else verdict == outcome


def test_a_code_by_email_is_counted_for_its_asker_and_leaves_the_letter() -> None:
    seen = letter_requested(2 * DAY)._replace(emails=asked(100), revision=4)
    verdict = POLICY.request(seen, Channel.EMAIL, ID, NOW, LAPTOP)
    assert verdict == Issue(
        seen._replace(emails=(*asked(100), EmailAsked(NOW, LAPTOP)), revision=5),
        IssuedCode(ID, NOW, Instant(NOW + 600)),
        resend_after=60,
    )


def test_asking_again_for_a_letter_under_way_sends_nothing() -> None:
    seen = letter_requested(2 * DAY)
    verdict = POLICY.request(seen, Channel.LETTER, RequestId("c" * 32), NOW, LAPTOP)
    assert seen.letter
    assert verdict == UnderWay(seen.letter, 6 * DAY)


def test_after_eight_days_another_letter_goes_and_voids_the_first() -> None:
    verdict = POLICY.request(letter_requested(8 * DAY), Channel.LETTER, RequestId("c" * 32), NOW, None)
    assert isinstance(verdict, Issue)
    assert verdict.code == IssuedCode(RequestId("c" * 32), NOW, Instant(NOW + 21 * DAY))
    assert verdict.reset.letter == verdict.code


def test_a_used_letter_is_not_followed_by_another_within_eight_days() -> None:
    used = Reset(letters=ago(2 * DAY))
    assert POLICY.request(used, Channel.LETTER, ID, NOW, None) == TooSoon(6 * DAY)


def test_a_fourth_letter_within_thirty_days_waits() -> None:
    seen = Reset(letters=ago(26 * DAY, 18 * DAY, 10 * DAY))
    assert POLICY.request(seen, Channel.LETTER, ID, NOW, None) == TooSoon(4 * DAY)


def test_a_letter_of_eight_days_ago_is_not_under_way_any_more() -> None:
    eight_days_ago = letter_requested(8 * DAY)
    seen = eight_days_ago._replace(letters=(*ago(26 * DAY, 18 * DAY), *eight_days_ago.letters))
    assert POLICY.request(seen, Channel.LETTER, ID, NOW, None) == TooSoon(4 * DAY)


def test_requests_are_remembered_for_as_long_as_they_count() -> None:
    seen = Reset(emails=asked(DAY, DAY - 1), letters=ago(30 * DAY, 30 * DAY - 1))
    by_email = POLICY.request(seen, Channel.EMAIL, ID, NOW, None)
    by_letter = POLICY.request(seen, Channel.LETTER, ID, NOW, None)
    assert isinstance(by_email, Issue)
    assert isinstance(by_letter, Issue)
    assert (by_email.reset.emails, by_email.reset.letters) == (asked(DAY - 1, 0), ago(30 * DAY - 1))
    assert (by_letter.reset.emails, by_letter.reset.letters) == (asked(DAY - 1), (*ago(30 * DAY - 1), NOW))


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
    assert codes.by_email(ID) == codes.by_email(ID)
    assert codes.by_email(ID).reveal() != codes.by_letter(ID).reveal()[-6:]
    assert codes.by_email(ID) != codes.by_email(RequestId("b" * 32))
    assert codes.by_email(ID) != MemberCodes(b"l" * 32).by_email(ID)
    assert "k" * 8 not in repr(codes)


def test_a_code_in_the_post_outlives_a_release() -> None:
    # What openssl makes of the key, the channel, a NUL and the request: HMAC-SHA-256 modulo a power of ten.
    codes = MemberCodes(b"k" * 32)
    assert codes.by_email(ID).reveal() == "455374"
    assert codes.by_letter(ID).reveal() == "8871266619"


def test_codes_are_spread_evenly() -> None:
    codes, names = MemberCodes(b"k" * 32), [RequestId(f"{number:032}") for number in range(5000)]
    for of_channel, length in ((codes.by_email, 6), (codes.by_letter, 10)):
        digits = Counter(digit for name in names for digit in enumerate(of_channel(name).reveal()))
        # 500 expected of each digit at each place; seven standard deviations either way.
        assert len(digits) == 10 * length
        assert all(350 < count < 650 for count in digits.values())


class ResetMachine(RuleBasedStateMachine):
    """Requests by both channels and several askers, and waits, beside a list of what was sent."""

    @initialize()
    def start(self) -> None:
        self.now = NOW
        self.reset = Reset()
        self.names = itertools.count()
        self.letters: list[Instant] = []
        self.emails: list[Instant] = []
        self.emails_of: defaultdict[KnownBrowserId | None, list[Instant]] = defaultdict(list)

    @rule(seconds=st.sampled_from([1, 30, 60, 600, 3600, DAY, 8 * DAY]))
    def wait(self, seconds: int) -> None:
        self.now = Instant(self.now + seconds)

    @rule(channel=st.sampled_from(Channel), asker=st.sampled_from([None, LAPTOP, PHONE, TABLET]))
    def request(self, channel: Channel, asker: KnownBrowserId | None) -> None:
        name = RequestId(f"{next(self.names):032}")
        verdict = POLICY.request(self.reset, channel, name, self.now, asker)
        if isinstance(verdict, Issue):
            assert verdict.code.request_id == name
            self.reset = verdict.reset
            if channel is Channel.LETTER:
                assert self.reset.letter == verdict.code
                self.letters.append(self.now)
            else:
                self.emails.append(self.now)
                self.emails_of[asker].append(self.now)
        elif isinstance(verdict, UnderWay):
            assert verdict.code == self.reset.letter
        else:
            again = POLICY.request(self.reset, channel, name, Instant(self.now + verdict.seconds), asker)
            assert isinstance(again, Issue)

    @rule()
    def use_the_letter(self) -> None:
        self.reset = self.reset._replace(letter=None)

    @invariant()
    def nothing_is_sent_more_often_than_allowed(self) -> None:
        keeps_to(self.letters, 8 * DAY, 3, 30 * DAY)
        keeps_to(self.emails, 0, 15, DAY)
        for moments in self.emails_of.values():
            keeps_to(moments, 60, 5, DAY)

    @invariant()
    def no_stranger_keeps_a_known_browser_from_a_code(self) -> None:
        if not any(one.asker for one in self.reset.emails):
            assert isinstance(POLICY.request(self.reset, Channel.EMAIL, ID, self.now, LAPTOP), Issue)


def keeps_to(moments: list[Instant], interval: int, most: int, window: int) -> None:
    assert all(later - earlier >= interval for earlier, later in itertools.pairwise(moments))
    assert all(later - earlier >= window for earlier, later in zip(moments, moments[most:], strict=False))


TestResetMachine = ResetMachine.TestCase
TestResetMachine.settings = settings(stateful_step_count=50)


def test_an_invitation_by_email_carries_a_letters_code_and_counts_as_no_letter() -> None:
    verdict = POLICY.invite(Reset(revision=4), Channel.EMAIL, ID, NOW)

    code = IssuedCode(ID, NOW, Instant(NOW + 21 * DAY))
    assert verdict == Issue(Reset(letter=code, revision=5), code, 0)
    asked = POLICY.request(verdict.reset, Channel.LETTER, RequestId("b" * 32), Instant(NOW + 1), None)
    assert isinstance(asked, Issue), "a letter is not kept waiting by an e-mail that no one reads"
    assert asked.reset.letter == IssuedCode(RequestId("b" * 32), Instant(NOW + 1), Instant(NOW + 1 + 21 * DAY))


def test_an_invitation_by_letter_is_a_request_like_any_other() -> None:
    seen = Reset(letters=(Instant(NOW - 9 * DAY),), revision=1)
    assert POLICY.invite(seen, Channel.LETTER, ID, NOW) == POLICY.request(seen, Channel.LETTER, ID, NOW, None)


@pytest.mark.parametrize("channel", Channel)
def test_an_invitation_voids_no_letter_that_is_under_way(channel: Channel) -> None:
    asked = POLICY.request(Reset(), Channel.LETTER, RequestId("b" * 32), NOW, None)
    assert isinstance(asked, Issue)
    later = Instant(NOW + 3 * DAY)
    assert POLICY.invite(asked.reset, channel, ID, later) == UnderWay(asked.code, 5 * DAY)


def test_a_code_of_one_purpose_is_another_for_the_other() -> None:
    codes = MemberCodes(b"key" * 11)
    assert codes.by_email(ID) == codes.by_email(ID, Purpose.RESET) != codes.by_email(ID, Purpose.CONFIRM)
    assert codes.by_letter(ID) == codes.by_letter(ID, Purpose.RESET) != codes.by_letter(ID, Purpose.CONFIRM)
