"""Where a guess at a PIN counts, and what a right one leaves."""

from __future__ import annotations

import pytest

from member_access.members.pseudonyms import Pseudonym
from member_access.sessions.browser_families import BrowserFamily, Product, System
from member_access.sessions.item import sign_ins_key
from member_access.sessions.pin_counter import PinCounter, PinLimits
from member_access.sessions.records import KnownBrowser
from member_access.sessions.sign_ins import SignIns
from member_access.throttling.counters import consequence, decide
from member_access.throttling.guard import tries_left
from member_access.throttling.policy import Attempts, Disabled, Wait
from member_access.values.types import Instant
from tests.support.policies import ATTEMPTS

NOW = Instant(1_800_000_000)
TODAY = NOW // 86_400
OVER_ALL = ATTEMPTS._replace(free_attempts=30, consecutive_failures=30)
FAMILY = BrowserFamily(Product.FIREFOX, System.ANDROID)
KNOWN, UNKNOWN = b"k" * 16, b"u" * 16
BROWSER = KnownBrowser(KNOWN, Instant(NOW - 900), Instant(NOW - 900), Attempts(credential_version=3))
STORED = SignIns(revision=5, credential_version=3).with_browser(BROWSER)


def at(digest: bytes, read: SignIns = STORED, version: int = 3) -> PinCounter:
    return PinCounter(sign_ins_key(Pseudonym("0" * 32)), read, version, digest, NOW, PinLimits(ATTEMPTS, OVER_ALL))


def claimed(counter: PinCounter) -> PinCounter:
    """The counter after a claim."""
    states = decide(counter, counter.credential_version, NOW)
    assert isinstance(states, tuple)
    return counter.written(states)


def test_a_stranger_counts_for_all_strangers_alone() -> None:
    after = claimed(at(UNKNOWN)).read
    assert (after.strangers.failures, after.together.failures, after.browsers[0].attempts.failures) == (1, 0, 0)
    assert after.revision == 6


def test_a_known_browser_counts_for_itself_and_for_all_known_ones() -> None:
    after = claimed(at(KNOWN)).read
    assert (after.strangers.failures, after.together.failures, after.browsers[0].attempts.failures) == (0, 1, 1)


@pytest.mark.parametrize("digest", [KNOWN, UNKNOWN])
def test_each_has_three_guesses_before_a_wait(digest: bytes) -> None:
    counter, left = at(digest), []
    for _ in range(3):
        counter = claimed(counter)
        left.append(tries_left(counter, NOW))
    assert left == [2, 1, 7]
    assert consequence(counter, NOW) == decide(counter, 3, NOW) == Wait(60)


def test_the_limit_over_all_known_browsers_disables_the_pin_in_each() -> None:
    together = Attempts(29, Instant(NOW - 3600), {TODAY: 29}, credential_version=3)
    assert consequence(claimed(at(KNOWN, STORED._replace(together=together))), NOW) == Disabled()


def test_a_browser_of_an_earlier_credential_is_a_strangers() -> None:
    counter = at(KNOWN, version=4)
    assert counter.browser is None
    after = claimed(counter).read
    assert (after.credential_version, after.browsers) == (4, ())


def test_a_guess_at_an_earlier_credential_counts_at_the_present_one() -> None:
    counted = Attempts(2, NOW, {TODAY: 2}, credential_version=3)
    after = claimed(at(UNKNOWN, STORED._replace(strangers=counted), version=2)).read
    assert (after.credential_version, after.strangers.failures, len(after.browsers)) == (3, 3, 1)


def test_a_right_pin_in_an_unknown_browser_makes_it_known() -> None:
    earlier = Attempts(2, Instant(NOW - 9), {TODAY: 2}, credential_version=3)
    counter = claimed(at(UNKNOWN, STORED._replace(strangers=earlier, together=earlier)))
    after = counter.signed_in(counter.read, b"n" * 16, FAMILY)
    assert after is not None
    assert (after.strangers.failures, after.strangers.failures_by_day) == (0, {TODAY: 2})
    assert after.together == earlier
    assert after.browsers == (BROWSER, KnownBrowser(b"n" * 16, NOW, NOW, Attempts(credential_version=3), FAMILY))


def test_a_right_pin_in_a_known_browser_ends_its_row_and_that_of_all() -> None:
    other = BROWSER._replace(digest=b"o" * 16)
    counter = claimed(claimed(at(KNOWN, STORED.with_browser(other))))
    after = counter.signed_in(counter.read, KNOWN, FAMILY)
    assert after is not None
    assert (after.together.failures, sum(after.together.failures_by_day.values())) == (0, 1)
    assert [one.digest for one in after.browsers] == [other.digest, KNOWN], "the one that signed in last stands last"
    known = after.browsers[-1]
    assert (known.since, known.used_at, known.attempts.failures) == (BROWSER.since, NOW, 0)


def test_a_right_pin_keeps_what_its_browser_has_counted_since() -> None:
    counter = claimed(at(KNOWN))
    since = claimed(counter).read
    after = counter.cleared(since)
    assert after is not None
    assert after.browsers[0].attempts.failures_by_day == {TODAY: 1}, "the other guess is still counted"


def test_a_right_pin_without_a_sign_in_makes_no_browser_known() -> None:
    counter = claimed(at(UNKNOWN))
    after = counter.cleared(counter.read)
    assert after is not None
    assert (after.strangers.failures, after.browsers) == (0, (BROWSER,))


def test_a_right_pin_that_was_replaced_since_changes_nothing() -> None:
    counter = claimed(at(UNKNOWN))
    newer = counter.read._replace(credential_version=4)
    assert counter.cleared(newer) is None
    assert counter.signed_in(newer, UNKNOWN, FAMILY) is None


def test_states_that_are_not_those_of_the_counters_are_refused() -> None:
    with pytest.raises(ValueError, match="as many states"):
        at(UNKNOWN).written((Attempts(), Attempts()))
