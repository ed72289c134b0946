"""CloudWatch's metrics without AWS: reads what a function logs, as CloudWatch does, and keeps the data points.

Two ways lead from a log to a metric: lines in the embedded metric format, and metric filters, whose patterns select
lines of JSON ("Filter and pattern syntax", CloudWatch Logs User Guide).
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_CONDITION = re.compile(r'\$\.(?P<path>[\w.]+) (?:(?P<is>IS TRUE)|= "(?P<text>[^"]*)")')


class UnknownPattern(Exception):
    """A filter pattern has a form that this reader does not support."""


@dataclass(frozen=True)
class Metric:
    """The identity of a metric: another set of dimensions is another metric."""

    namespace: str
    name: str
    dimensions: frozenset[tuple[str, str]] = frozenset()

    @classmethod
    def of(cls, node: Mapping[str, Any]) -> Self:
        """Return the metric that an alarm, or a ``MetricStat`` of one, names."""
        dimensions = frozenset((one["Name"], one["Value"]) for one in node.get("Dimensions", []))
        return cls(node["Namespace"], node["MetricName"], dimensions)


class Metrics:
    """The data points of metrics, by their time in seconds."""

    def __init__(self) -> None:
        self._points: dict[Metric, list[tuple[int, float]]] = defaultdict(list)

    def put(self, metric: Metric, at: int, value: float = 1) -> None:
        """Add one data point."""
        self._points[metric].append((at, value))

    def put_log(self, log: str, at: int) -> None:
        """Add what the lines of a log count."""
        for metric, value in embedded_metrics(log):
            self.put(metric, at, value)

    def between(self, metric: Metric, start: int, end: int) -> list[float]:
        """Return the values of a metric from ``start`` until before ``end``."""
        return [value for at, value in self._points[metric] if start <= at < end]


def json_lines(log: str) -> Iterator[dict[str, Any]]:
    """Yield the lines of a log that are JSON objects."""
    for line in log.splitlines():
        if line.startswith("{"):
            yield json.loads(line)


def embedded_metrics(log: str) -> Iterator[tuple[Metric, float]]:
    """Yield the values that lines in the embedded metric format count.

    Source: "Specification: Embedded metric format", CloudWatch User Guide.
    """
    for line in json_lines(log):
        for directive in line.get("_aws", {}).get("CloudWatchMetrics", []):
            for names in directive["Dimensions"]:
                dimensions = frozenset((name, line[name]) for name in names)
                for definition in directive["Metrics"]:
                    values = line[definition["Name"]]
                    for value in values if isinstance(values, list) else [values]:
                        yield Metric(directive["Namespace"], definition["Name"], dimensions), value


def filtered_metrics(properties: Mapping[str, Any], lines: Iterable[Mapping[str, Any]]) -> Iterator[Metric]:
    """Yield a metric of a resolved ``AWS::Logs::MetricFilter`` for each line that it counts."""
    (transformation,) = properties["MetricTransformations"]
    for line in lines:
        if matches(properties["FilterPattern"], line):
            yield Metric(transformation["MetricNamespace"], transformation["MetricName"])


def matches(pattern: str, line: Mapping[str, Any]) -> bool:
    """Return whether a filter pattern selects a line of JSON.

    Raises:
        UnknownPattern: it has other parts than texts and ``IS TRUE``, joined by one kind of operator.
    """
    body = pattern.strip().removeprefix("{").removesuffix("}").strip()
    operator, combine = (" && ", all) if " && " in body else (" || ", any)
    return combine(_holds(condition, line) for condition in body.split(operator))


def _holds(condition: str, line: Mapping[str, Any]) -> bool:
    parsed = _CONDITION.fullmatch(condition)
    if parsed is None:
        raise UnknownPattern(condition)
    value: Any = line
    for name in parsed["path"].split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value is True if parsed["is"] else value == parsed["text"]
