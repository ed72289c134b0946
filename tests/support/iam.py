"""Decides like IAM whether the statements of a role, or the policy of a key, allow a request.

It knows what the template uses: in a role statements that allow exact actions on exact resources, in the policy of a
key statements that allow or deny, and a few condition operators (IAM User Guide, "IAM JSON policy elements: Condition
operators" and "Set operators for multivalued context keys").
"""

from __future__ import annotations

import operator
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from simulators.aws_calls import RecordedRequest
    from simulators.template import Statement


def allows(statements: Iterable[Statement], request: RecordedRequest) -> bool:
    """Whether a statement allows the request: the action, the resource, and each of its conditions.

    Raises:
        KeyError: a condition operator is not known here.
    """
    return any(
        statement.effect == "Allow"
        and _concerns(statement, request)
        and all(
            _holds(name, patterns, request.context.get(key))
            for name, key, patterns in _conditions(statement.conditions)
        )
        for statement in statements
    )


def key_policy_allows(policy: Mapping[str, Any], action: str, context: Mapping[str, Sequence[str]]) -> bool:
    """Whether the policy of a key lets the account's IAM allow an action to a principal of the account.

    Args:
        policy: the resolved document; each principal in it includes the whole account.
        action: such as ``kms:Sign``.
        context: values by condition key, such as ``aws:PrincipalArn``.
    """
    effects = {
        statement["Effect"]
        for statement in policy["Statement"]
        if any(_like(action, pattern) for pattern in listed(statement["Action"]))
        and all(
            _holds(name, patterns, context.get(key))
            for name, key, patterns in _conditions(statement.get("Condition", {}))
        )
    }
    return effects == {"Allow"}


def listed(texts: str | list[str]) -> list[str]:
    """Return what a policy may write as one text or as a list, such as its actions, as a list."""
    return [texts] if isinstance(texts, str) else texts


def unused(statements: Iterable[Statement], requests: Sequence[RecordedRequest]) -> list[tuple[str, str, str]]:
    """Return the action, the condition key and the pattern of each pattern that no request matches."""
    return [
        (action, key, pattern)
        for statement in statements
        for action in statement.actions
        for name, key, patterns in _conditions(statement.conditions)
        for pattern in patterns
        if not any(
            _comparison(name)(value, pattern)
            for request in requests
            if request.permission.action == action and _concerns(statement, request)
            for value in request.context.get(key, ())
        )
    ]


def patterns_of(statement: Statement, key: str) -> tuple[str, ...]:
    """Return the patterns that a statement has for a condition key."""
    return tuple(
        pattern for _, name, patterns in _conditions(statement.conditions) if name == key for pattern in patterns
    )


def _concerns(statement: Statement, request: RecordedRequest) -> bool:
    return request.permission.action in statement.actions and request.permission.resource in statement.resources


def _conditions(
    conditions: Mapping[str, Mapping[str, str | list[str]]],
) -> Iterator[tuple[str, str, Sequence[str]]]:
    """Yield the operator, the key and the patterns of each condition."""
    for name, keys in conditions.items():
        for key, patterns in keys.items():
            yield name, key, [patterns] if isinstance(patterns, str) else patterns


def _holds(name: str, patterns: Sequence[str], values: Sequence[str] | None) -> bool:
    compare, for_all = _comparison(name), name.startswith("ForAllValues:")
    # A negated operator holds where the key is missing, and where no pattern matches.
    negated = "Not" in name
    if values is None:
        return for_all or negated or name.endswith("IfExists")
    if not for_all and len(values) != 1:
        raise ValueError(f"{name} compares one value, not {values}")
    return all(any(compare(value, pattern) for pattern in patterns) is not negated for value in values)


def _like(value: str, pattern: str) -> bool:
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), value, re.DOTALL) is not None


_COMPARISONS: Mapping[str, Callable[[str, str], bool]] = {
    "ArnLike": _like,
    "StringEquals": operator.eq,
    "StringLike": _like,
}


def _comparison(name: str) -> Callable[[str, str], bool]:
    return _COMPARISONS[name.removeprefix("ForAllValues:").removesuffix("IfExists").replace("Not", "")]
