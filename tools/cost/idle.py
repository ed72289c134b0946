"""What the two stacks cost in a month in which no one uses them, counted in their templates."""

from __future__ import annotations

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING

from member_access import audit_events
from member_access.audit import AuditEvent
from simulators.template import project_template
from tools.cost.bill import bill, templates

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.template import Node
    from tools.cost.prices import Prices
    from tools.cost.usage import Usage

MEMBERS = 1_000_000
_GB = 1e9
_MINUTES = 43_200
_POLLERS = 5
_POLLS_A_MINUTE = 3
"""Lambda keeps five pollers for each queue, and each waits for twenty seconds (Lambda developer guide, "Configuring
scaling behavior for SQS event source mappings"; SQS developer guide, "Long polling")."""
_MINUTES_BETWEEN_RUNS = 5


def idle(usage: Usage, prices: Prices) -> list[tuple[str, int | str, float]]:
    """List what costs by the month: its name, its number, and its cost in dollars."""
    acls = _resources("AWS::WAFv2::WebACL")
    stored = usage.member_bytes * MEMBERS / _GB
    numbers = {
        "kms key": len(_resources("AWS::KMS::Key")),
        "secret": len(_resources("AWS::SecretsManager::Secret")),
        "waf acl": len(acls),
        "waf rule": sum(len(acl["Properties"]["Rules"]) for acl in acls),
        "alarm": sum(metrics_of(node["Properties"]) for node in _resources("AWS::CloudWatch::Alarm")),
        "dashboard": len(_resources("AWS::CloudWatch::Dashboard")),
        "metric": len(metric_names()),
        "sqs request": _queues_with_pollers() * _POLLERS * _POLLS_A_MINUTE * _MINUTES,
    }
    runs = _MINUTES // _MINUTES_BETWEEN_RUNS
    rows: list[tuple[str, int | str, float]] = [
        (name, number, number * prices.of(name)) for name, number in numbers.items()
    ]
    return [
        *rows,
        ("sign-in of the test member", runs, runs * sum(bill(usage.flows["sign-in"], prices).values())),
        (f"data of {MEMBERS:,} members", f"{stored:.2f} GB", stored * prices.of("dynamodb GB")),
        ("point-in-time recovery of them", f"{stored:.2f} GB", stored * prices.of("dynamodb backup GB")),
    ]


def metrics_of(alarm: Node) -> int:
    """Count the metrics by which CloudWatch bills an alarm: one that learns has the band's two besides its own."""
    looked_at = sum("MetricStat" in one for one in alarm.get("Metrics", [])) or 1
    return looked_at + 2 * ("ThresholdMetricId" in alarm)


def _queues_with_pollers() -> int:
    functions = project_template().resources("AWS::Serverless::Function").values()
    return sum(event["Type"] == "SQS" for node in functions for event in node["Properties"].get("Events", {}).values())


def metric_names() -> set[str]:
    """Return the custom metrics: those that audit events and filters count, and those that alarms of the stack name."""
    named = {event.name for event in audit_event_kinds() if "name" in vars(event)}
    for node in project_template().resources("AWS::Logs::MetricFilter").values():
        named |= {one["MetricName"] for one in node["Properties"]["MetricTransformations"]}
    for alarm in project_template().resources("AWS::CloudWatch::Alarm").values():
        properties = alarm["Properties"]
        if not str(properties.get("Namespace", "")).startswith("AWS/") and "MetricName" in properties:
            named.add(properties["MetricName"])
    return named


def _resources(kind: str) -> list[Node]:
    return [node for template in templates() for node in template.resources(kind).values()]


def audit_event_kinds() -> Iterator[type[AuditEvent]]:
    """Yield every class of the audit trail's catalogue."""
    for module in pkgutil.iter_modules(audit_events.__path__, f"{audit_events.__name__}."):
        for kind in vars(import_module(module.name)).values():
            if isinstance(kind, type) and issubclass(kind, AuditEvent) and kind.__module__ == module.name:
                yield kind
