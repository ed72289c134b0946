"""What the tests of the portal on the stack share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.support.stack_members import access_items

if TYPE_CHECKING:
    from tests.support.local_stack import Stack


@pytest.fixture(autouse=True)
def forgiven_source(stack: Stack) -> None:
    """All visitors come from this machine: what others failed at is not to count against them."""
    for item in access_items(stack, "SOURCE#"):
        stack.cloud.dynamodb.delete_item(TableName=stack.outputs()["AccessTable"], Key={"pk": item["pk"]})
