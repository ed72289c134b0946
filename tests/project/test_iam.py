"""The evaluator of IAM's conditions that the tests of the roles rely on."""

from __future__ import annotations

import pytest

from simulators.aws_calls import Permission, RecordedRequest
from simulators.template import Statement
from tests.support.iam import allows, unused

KEYS = "dynamodb:LeadingKeys"
GET = Permission("dynamodb:GetItem", "table")


def statement(conditions: dict[str, dict[str, str | list[str]]], effect: str = "Allow") -> Statement:
    return Statement(effect, ("dynamodb:GetItem",), ("table",), conditions)


@pytest.mark.parametrize(
    ("operator", "patterns", "values", "holds"),
    [
        ("StringEquals", "a", ("a",), True),
        ("StringEquals", ["a", "b"], ("b",), True),
        ("StringEquals", "a*", ("ab",), False),
        ("StringEquals", "a", ("A",), False),
        ("StringEquals", "a", None, False),
        ("StringEqualsIfExists", "a", None, True),
        ("StringEqualsIfExists", "a", ("b",), False),
        ("StringLike", "A#*", ("A#1",), True),
        ("StringLike", "A#*", ("A#",), True),
        ("StringLike", "A#*", ("BA#1",), False),
        ("StringLike", "A#*", ("A_B#1",), False),
        ("StringLike", "A.*", ("AB",), False),
        ("StringLike", "A?", ("AB",), True),
        ("StringLike", "A?", ("A",), False),
        ("StringLike", "A*", ("A\nB",), True),
        ("ForAllValues:StringLike", ["A#*", "B#*"], ("A#1", "B#1"), True),
        ("ForAllValues:StringLike", ["A#*", "B#*"], ("A#1", "C#1"), False),
        ("ForAllValues:StringLike", "A#*", None, True),
        ("ForAllValues:StringEquals", ["a"], (), True),
    ],
)
def test_a_condition_holds_as_aws_documents_it(
    operator: str, patterns: str | list[str], values: tuple[str, ...] | None, holds: bool
) -> None:
    context = {} if values is None else {KEYS: values}

    assert allows([statement({operator: {KEYS: patterns}})], RecordedRequest(GET, context)) is holds


def test_all_conditions_of_one_statement_must_hold() -> None:
    both = statement({"ForAllValues:StringLike": {KEYS: "A#*"}, "StringEquals": {"ses:FromAddress": "a"}})

    assert allows([both], RecordedRequest(GET, {KEYS: ("A#1",), "ses:FromAddress": ("a",)}))
    assert not allows([both], RecordedRequest(GET, {KEYS: ("A#1",), "ses:FromAddress": ("b",)}))


def test_two_statements_do_not_add_up_for_one_request() -> None:
    statements = [statement({"ForAllValues:StringLike": {KEYS: pattern}}) for pattern in ("A#*", "B#*")]

    assert allows(statements, RecordedRequest(GET, {KEYS: ("B#1",)}))
    assert not allows(statements, RecordedRequest(GET, {KEYS: ("A#1", "B#1")}))


@pytest.mark.parametrize("other", [Permission("dynamodb:PutItem", "table"), Permission("dynamodb:GetItem", "other")])
def test_another_action_or_resource_is_refused(other: Permission) -> None:
    assert allows([statement({})], RecordedRequest(GET, {}))
    assert not allows([statement({})], RecordedRequest(other, {}))


def test_a_statement_that_denies_allows_nothing() -> None:
    assert not allows([statement({}, effect="Deny")], RecordedRequest(GET, {}))


def test_an_unknown_operator_is_an_error() -> None:
    with pytest.raises(KeyError):
        allows([statement({"NumericEquals": {KEYS: "A"}})], RecordedRequest(GET, {KEYS: ("A",)}))


@pytest.mark.parametrize(
    ("values", "is_allowed"), [(("A",), False), (("B",), True), (None, True)], ids=["same", "other", "none"]
)
def test_a_negated_operator_holds_where_no_pattern_matches(values: tuple[str, ...] | None, is_allowed: bool) -> None:
    context = {KEYS: values} if values else {}
    assert allows([statement({"StringNotLike": {KEYS: "A*"}})], RecordedRequest(GET, context)) is is_allowed


def test_several_values_need_a_set_operator() -> None:
    with pytest.raises(ValueError, match="one value"):
        allows([statement({"StringLike": {KEYS: "A"}})], RecordedRequest(GET, {KEYS: ("A", "B")}))


def test_a_pattern_that_no_request_matches_is_named() -> None:
    wide = statement({"ForAllValues:StringLike": {KEYS: ["A#*", "B#*"]}})

    assert unused([wide], [RecordedRequest(GET, {KEYS: ("A#1",)})]) == [("dynamodb:GetItem", KEYS, "B#*")]
    assert unused([wide], [RecordedRequest(GET, {KEYS: ("A#1", "B#1")})]) == []
