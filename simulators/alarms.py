"""CloudWatch's alarms without AWS: evaluates the template's own alarms over data points.

Sources: "How CloudWatch evaluates missing data" and "Metric math syntax and functions", CloudWatch User Guide.
"""

from __future__ import annotations

import ast
import operator
from dataclasses import dataclass
from datetime import UTC, datetime
from statistics import fmean
from typing import TYPE_CHECKING, Any, Self

from simulators.metrics import Metric

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from simulators.metrics import Metrics

_MORE_PERIODS = 2
"""CloudWatch reads somewhat more periods than an alarm evaluates: two more in its documented examples."""

_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Sum": sum,
    "Average": fmean,
    "Maximum": max,
    # Of fewer than a hundred values.
    "p99": max,
}
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
}
_OPERATORS: Mapping[type[ast.AST], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Lt: operator.lt,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}


class UnknownAlarm(Exception):
    """An alarm has a part that this evaluator does not support, such as a learned threshold."""


@dataclass(frozen=True)
class Alarm:
    """An alarm with a fixed threshold, from the resolved properties of an ``AWS::CloudWatch::Alarm``."""

    properties: Mapping[str, Any]

    @classmethod
    def of(cls, properties: Mapping[str, Any]) -> Self:
        """Read an alarm.

        Raises:
            UnknownAlarm: its threshold is learned.
        """
        if "ThresholdMetricId" in properties:
            raise UnknownAlarm("a learned threshold")
        return cls(properties)

    @property
    def period(self) -> int:
        """The seconds that one value stands for."""
        periods = {stat["Period"] for stat in self._stats().values()}
        (period,) = periods
        return int(period)

    def rings(self, metrics: Metrics, now: int, more: int = _MORE_PERIODS) -> bool:
        """Return whether the alarm is in the state ALARM at a time.

        Args:
            metrics: the data points.
            now: seconds since 1970.
            more: the periods that CloudWatch reads besides those that the alarm evaluates.
        """
        wanted = self.properties["EvaluationPeriods"]
        values = [self._value(metrics, now - back * self.period) for back in range(wanted + more)]
        known = [value for value in values if value is not None][:wanted]
        breaching = sum(self._breaches(value) for value in known)
        if self.properties.get("TreatMissingData") == "breaching":
            breaching += wanted - len(known)
        return bool(breaching >= self.properties.get("DatapointsToAlarm", wanted))

    def _breaches(self, value: float) -> bool:
        return _COMPARISONS[self.properties["ComparisonOperator"]](value, self.properties["Threshold"])

    def _stats(self) -> dict[str, Mapping[str, Any]]:
        """Return the statistics by id; a plain alarm is one statistic."""
        if "Metrics" in self.properties:
            return {one["Id"]: one["MetricStat"] for one in self.properties["Metrics"] if "MetricStat" in one}
        statistic = self.properties.get("Statistic") or self.properties["ExtendedStatistic"]
        return {"": {"Metric": self.properties, "Stat": statistic, "Period": self.properties["Period"]}}

    def _value(self, metrics: Metrics, end: int) -> float | None:
        start = end - self.period
        values = {}
        for name, stat in self._stats().items():
            points = metrics.between(Metric.of(stat["Metric"]), start, end)
            values[name] = _STATISTICS[stat["Stat"]](points) if points else None
        for one in self.properties.get("Metrics", []):
            if "Expression" in one:
                return evaluate(one["Expression"], values, start)
        (value,) = values.values()
        return value


def evaluate(expression: str, values: Mapping[str, float | None], start: int) -> float | None:
    """Evaluate an expression of metric math for one period.

    Args:
        expression: uses arithmetic, comparisons, AND, ``IF``, ``FILL`` and ``HOUR`` (in UTC) alone.
        values: the values of the metrics by id; None where there are no data.
        start: when the period begins.

    Raises:
        UnknownAlarm: the expression has another part.
    """
    parsed = ast.parse(expression.replace(" AND ", " and "), mode="eval").body
    value: float | None = _Expression(values, start).value(parsed)
    return value


@dataclass(frozen=True)
class _Expression:
    values: Mapping[str, float | None]
    start: int

    def value(self, node: ast.expr) -> Any:  # noqa: ANN401 - a number, a truth or nothing
        match node:
            case ast.Constant(value=number):
                return number
            case ast.Name(id=name):
                return self.values[name]
            case ast.BoolOp(op=ast.And(), values=parts):
                return all(self.value(part) for part in parts)
            case ast.BinOp(left=left, op=op, right=right) | ast.Compare(left=left, ops=[op], comparators=[right]):
                return self._combined(op, self.value(left), self.value(right))
            case ast.Call(func=ast.Name(id=function), args=arguments):
                return self._called(function, arguments)
            case _:
                raise UnknownAlarm(ast.unparse(node))

    def _called(self, function: str, arguments: list[ast.expr]) -> Any:  # noqa: ANN401 - as above
        match function, arguments:
            case "FILL", [series, replacement]:
                known = self.value(series)
                return self.value(replacement) if known is None else known
            case "HOUR", [_]:
                return datetime.fromtimestamp(self.start, UTC).hour
            case "IF", [condition, if_true, if_false]:
                holds = self.value(condition)
                return None if holds is None else self.value(if_true if holds else if_false)
            case _:
                raise UnknownAlarm(function)

    @staticmethod
    def _combined(op: ast.AST, left: float | None, right: float | None) -> float | bool | None:
        if type(op) not in _OPERATORS:
            raise UnknownAlarm(ast.dump(op))
        return None if left is None or right is None else _OPERATORS[type(op)](left, right)
