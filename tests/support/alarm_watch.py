"""Watches what the functions log and what the queues hold, and evaluates the template's alarms over it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from simulators.alarms import Alarm, UnknownAlarm
from simulators.cloud import queue_url
from simulators.metrics import Metric, Metrics, embedded_metrics, filtered_metrics
from simulators.template import PSEUDO_PARAMETERS, LogicalNames, project_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from simulators.sign_in_driver import FrontDoor

STACK = PSEUDO_PARAMETERS["AWS::StackName"]
_RECEIPTS_THAT_HIDE = 3


def resolved(kind: str, **options: str) -> dict[str, Any]:
    """Return the resolved properties of the resources of a kind that production has, by logical name."""
    template = project_template()
    parameters = {"Environment": "production", "PublicOrigin": "https://members.example", **options}
    return {
        name: template.resolve(node["Properties"], LogicalNames(), parameters)
        for name, node in template.resources(kind).items()
        if "Condition" not in node or template.holds({"Condition": node["Condition"]}, parameters)
    }


def service_of(function: str) -> str:
    """Return the service that a function names in its log and its metrics."""
    properties = project_template().resources("AWS::Serverless::Function")[function]["Properties"]
    service: str = properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]
    return service


def alarms(**options: str) -> dict[str, Alarm]:
    """Return the alarms with a fixed threshold, by name."""
    found = {}
    for name, properties in resolved("AWS::CloudWatch::Alarm", **options).items():
        try:
            found[name] = Alarm.of(properties)
        except UnknownAlarm:
            continue
    return found


class AlarmWatch:
    """CloudWatch for the flows behind a front door.

    Args:
        door: logs what the metric filters count.
        capture: returns what was written to the standard output since the last call: embedded metrics.
    """

    def __init__(self, door: FrontDoor, capture: Callable[[], str]) -> None:
        self._door = door
        self._capture = capture
        self._read = 0
        self._alarms = alarms()
        self.metrics = Metrics()

    def note(self, function: str) -> list[Metric]:
        """Count what a function has logged since the last look; return its metrics."""
        counted = list(self._counted(function))
        for metric, value in counted:
            self.metrics.put(metric, self._door.clock() - 1, value)
        return [metric for metric, _ in counted]

    def note_queues(self) -> None:
        """Count the messages in the queues as SQS does.

        The age leaves out a message that was received three times ("Available CloudWatch metrics for Amazon SQS").
        """
        now = self._door.clock()
        for name in project_template().resources("AWS::SQS::Queue"):
            messages = self._door.cloud.queues.in_queue(queue_url(name))
            ages = [now - message.sent_at for message in messages if message.receipts < _RECEIPTS_THAT_HIDE]
            dimensions = frozenset({("QueueName", f"{name}.QueueName")})
            self.metrics.put(
                Metric("AWS/SQS", "ApproximateAgeOfOldestMessage", dimensions), now - 1, max(ages, default=0)
            )
            self.metrics.put(
                Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", dimensions), now - 1, len(messages)
            )

    def ringing(self) -> set[str]:
        """Return the names of the alarms that ring now."""
        now = self._door.clock()
        return {name for name, alarm in self._alarms.items() if alarm.rings(self.metrics, now)}

    def _counted(self, function: str) -> Iterator[tuple[Metric, float]]:
        own, lines = ("service", self._door.runtime.logger.service), self._door.events()[self._read :]
        self._read += len(lines)
        for metric, value in embedded_metrics(self._capture()):
            if own not in metric.dimensions:
                raise AssertionError(f"{metric} is of another service than the log")
            yield Metric(metric.namespace, metric.name, frozenset({("service", service_of(function))})), value
        for properties in _filters_of(function):
            for metric in filtered_metrics(properties, lines):
                yield metric, 1


def _filters_of(function: str) -> Iterator[Mapping[str, Any]]:
    properties = project_template().resources("AWS::Serverless::Function")[function]["Properties"]
    log_group = properties["LoggingConfig"]["LogGroup"]["Ref"]
    for found in resolved("AWS::Logs::MetricFilter").values():
        if found["LogGroupName"] == log_group:
            yield found
