"""When a message that failed comes back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from member_access.outbox.worker import RetryPolicy

policies = st.builds(RetryPolicy, first_wait=st.integers(1, 60), longest_wait=st.integers(60, 7200))


def test_each_failure_doubles_the_wait_up_to_the_longest() -> None:
    policy = RetryPolicy(first_wait=5, longest_wait=30)

    assert [policy.wait_after(receipts) for receipts in range(1, 6)] == [5, 10, 20, 30, 30]


@given(policies, st.integers(1, 1000))
def test_a_wait_never_shrinks_and_never_exceeds_the_longest(policy: RetryPolicy, receipts: int) -> None:
    wait, next_wait = policy.wait_after(receipts), policy.wait_after(receipts + 1)

    assert policy.first_wait <= wait <= next_wait <= policy.longest_wait
