"""The evaluator of alarms decides as CloudWatch documents it."""

from __future__ import annotations

import pytest

from simulators.alarms import Alarm, UnknownAlarm, evaluate
from simulators.metrics import Metric, Metrics, UnknownPattern, embedded_metrics, matches

METRIC = Metric("shop", "failures")
NOON = 1_800_014_400
LINE = {"message": "login.failed", "audit": {"known_browser": True, "limit": None}}


def alarm(**properties: object) -> Alarm:
    plain = {
        "Namespace": "shop",
        "MetricName": "failures",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 3,
        "Threshold": 1,
        "ComparisonOperator": "GreaterThanOrEqualToThreshold",
    }
    return Alarm.of({**plain, **properties})


def metrics(points: str) -> Metrics:
    """The last minutes before noon, the newest last: X breaches, 0 does not, - has no data."""
    found = Metrics()
    for back, point in enumerate(reversed(points)):
        if point != "-":
            found.put(METRIC, NOON - 60 * back - 30, 1 if point == "X" else 0)
    return found


@pytest.mark.parametrize(
    ("points", "breaching", "not_breaching"),
    [
        ("0-X-X", False, False),
        ("0----", False, False),
        ("-----", True, False),
        ("0XX-X", True, True),
        ("--X--", True, False),
    ],
)
def test_missing_data_count_as_in_the_table_of_cloudwatch(points: str, breaching: bool, not_breaching: bool) -> None:
    found = metrics(points)

    assert alarm(TreatMissingData="breaching").rings(found, NOON) == breaching
    assert alarm(TreatMissingData="notBreaching").rings(found, NOON) == not_breaching


@pytest.mark.parametrize(("points", "rings"), [("X-X-X", True), ("X---X", False), ("XXX--", True), ("00X0X", False)])
def test_some_of_the_periods_may_be_enough(points: str, rings: bool) -> None:
    some = alarm(EvaluationPeriods=5, DatapointsToAlarm=3, TreatMissingData="notBreaching")

    assert some.rings(metrics(points), NOON) == rings


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a + b", 5),
        ("a / nothing", None),
        ("IF(a >= 3, 1, 0)", 0),
        ("IF(nothing > 1, 1, 0)", None),
        ("FILL(nothing, 7)", 7),
        ("IF(HOUR(nothing) >= 11 AND HOUR(nothing) < 12, FILL(nothing, 0), 1)", 0),
    ],
)
def test_metric_math_leaves_out_what_is_missing(expression: str, value: float | None) -> None:
    assert evaluate(expression, {"a": 2, "b": 3, "nothing": None}, NOON - 3600) == value


@pytest.mark.parametrize("expression", ["RATE(a)", "a % a"])
def test_unknown_metric_math_is_an_error(expression: str) -> None:
    with pytest.raises(UnknownAlarm):
        evaluate(expression, {"a": 1}, NOON)


def test_a_learned_threshold_is_not_evaluated() -> None:
    with pytest.raises(UnknownAlarm):
        alarm(ThresholdMetricId="usual")


@pytest.mark.parametrize(
    ("pattern", "is_counted"),
    [
        ('{ $.message = "login.failed" && $.audit.known_browser IS TRUE }', True),
        ('{ $.message = "login.failed" && $.audit.limit = "source" }', False),
        ('{ $.audit.limit = "source" || $.message = "login.failed" }', True),
        ("{ $.message IS TRUE }", False),
        ('{ $.audit.no.such = "x" }', False),
    ],
)
def test_a_filter_counts_lines_by_their_fields(pattern: str, is_counted: bool) -> None:
    assert matches(pattern, LINE) == is_counted


def test_an_unknown_filter_pattern_is_an_error() -> None:
    with pytest.raises(UnknownPattern):
        matches("{ $.latency > 5 }", LINE)


def test_an_embedded_metric_has_the_dimensions_that_it_names() -> None:
    log = (
        'START\n{"_aws": {"CloudWatchMetrics": [{"Namespace": "shop", "Dimensions": [["service"]], '
        '"Metrics": [{"Name": "sales"}]}]}, "service": "till", "sales": [2.0]}\n{"message": "other"}'
    )

    assert list(embedded_metrics(log)) == [(Metric("shop", "sales", frozenset({("service", "till")})), 2.0)]
