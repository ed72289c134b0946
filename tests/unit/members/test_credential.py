"""The version of a PIN never comes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from member_access.members.store import NO_CREDENTIAL, Credential
from member_access.values.types import Instant

NOW = Instant(1_800_000_000)


@given(st.lists(st.tuples(st.integers(1, 86_400), st.booleans())))
def test_no_version_comes_back_after_restores(steps: list[tuple[int, bool]]) -> None:
    now, credential, given_so_far, kept = NOW, NO_CREDENTIAL, {NO_CREDENTIAL.version}, [NO_CREDENTIAL]
    for seconds, is_restored in steps:
        now = Instant(now + seconds)
        if is_restored:
            credential = kept[len(kept) // 2]
        version = credential.next_version(now)
        assert version > max(given_so_far)
        given_so_far.add(version)
        credential = Credential(None, version)
        kept.append(credential)


def test_two_pins_of_one_second_have_two_versions() -> None:
    first = Credential(None, NO_CREDENTIAL.next_version(NOW))
    assert first.next_version(NOW) == first.version + 1


def test_a_clock_that_is_late_gives_no_older_version() -> None:
    assert Credential(None, NOW).next_version(Instant(NOW - 5)) == NOW + 1
