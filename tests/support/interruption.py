"""Lets something else happen in the middle of a flow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud


def once_before(cloud: Cloud, operation: str, happens: Callable[[], object], *among: str) -> None:
    """Let something happen once, before the next call of an operation of DynamoDB.

    Args:
        cloud: its calls.
        operation: by its name, such as ``UpdateItem``.
        happens: what happens; its own calls of the operation trigger nothing.
        among: texts that the call's parameters must have.
    """
    events, name = cloud.dynamodb.meta.events, f"before-parameter-build.dynamodb.{operation}"

    def happen(params: dict[str, Any], **_: object) -> None:
        if all(text in repr(params) for text in among):
            events.unregister(name, happen)
            happens()

    events.register_first(name, happen)
