"""Counts of signatures: what an authenticator says, and what was seen before."""

from __future__ import annotations

import pytest

from passkeys.sign_in import is_cloned


@pytest.mark.parametrize(
    ("stored", "presented", "cloned"),
    [(0, 0, False), (7, 0, False), (0, 1, False), (7, 8, False), (7, 7, True), (7, 6, True), (7, 1, True)],
)
def test_a_count_that_was_seen_is_a_clones(stored: int, presented: int, cloned: bool) -> None:
    assert is_cloned(stored, presented) == cloned
