"""What a deployment would change is shown, and a stack that cannot be updated is refused with the way out."""

from __future__ import annotations

import pytest

from tools.deployment.deployed_stack import DeployedStack, check_state, differences
from tools.deployment.refusals import DeployRefused


def stack(parameters: dict[str, str] | None = None, status: str = "UPDATE_COMPLETE") -> DeployedStack:
    return DeployedStack("access", "eu-west-3", status, parameters or {}, {}, {})


@pytest.mark.parametrize(
    ("before", "after", "shown"),
    [
        ({"A": "1"}, {"A": "1"}, []),
        ({"A": "1"}, {"A": "2"}, ["A: '1' becomes '2'"]),
        ({}, {"A": "1"}, ["A: new, '1'"]),
        ({"A": "1"}, {}, ["A: gone, was '1'"]),
        ({"A": "L???t?"}, {"A": "L’Été"}, []),
        ({"A": "L’Été"}, {"A": "L’Été"}, []),
        ({"A": "L?Hiver"}, {"A": "L’Été"}, ["A: 'L?Hiver' becomes 'L’Été'"]),
        ({"A": "(a.b)"}, {"A": "(a+b)"}, ["A: '(a.b)' becomes '(a+b)'"]),
    ],
)
def test_each_change_has_a_line(before: dict[str, str], after: dict[str, str], shown: list[str]) -> None:
    assert list(differences(stack(before), after)) == shown


@pytest.mark.parametrize(
    "status", ["CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "REVIEW_IN_PROGRESS"]
)
def test_a_stack_that_takes_an_update_is_taken(status: str) -> None:
    check_state(stack(status=status))


@pytest.mark.parametrize(
    ("status", "remedy"),
    [
        ("ROLLBACK_COMPLETE", "delete it (aws cloudformation delete-stack --stack-name access --region eu-west-3)"),
        (
            "UPDATE_ROLLBACK_FAILED",
            "aws cloudformation continue-update-rollback --stack-name access --region eu-west-3",
        ),
        ("UPDATE_IN_PROGRESS", "wait for its end"),
    ],
)
def test_a_stack_that_takes_no_update_is_refused_with_the_way_out(status: str, remedy: str) -> None:
    with pytest.raises(DeployRefused) as refused:
        check_state(stack(status=status))

    assert remedy in str(refused.value)
