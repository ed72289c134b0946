"""Counts events as metrics of CloudWatch, by a line in the log (embedded metric format): no call of AWS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aws_lambda_powertools.metrics import MetricUnit, single_metric

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger


def count(logger: Logger, namespace: str, name: str) -> None:
    """Count one event of a function under its name, with the function's service as the only dimension."""
    with single_metric(
        name=name,
        unit=MetricUnit.Count,
        value=1,
        namespace=namespace,
        default_dimensions={"service": logger.service},
    ):
        pass
