"""The bill for what a flow has used."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from simulators.template import ROOT, LogicalNames, Template, project_template

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tools.cost.prices import Prices
    from tools.cost.usage import Flow, Step

ASSUMPTIONS = Path(__file__).parent / "assumptions.json"
_PRODUCTION = {"Environment": "production", "PublicOrigin": "https://members.example"}
_GB = 1e9
_MEBIBYTES_IN_A_GIBIBYTE = 1024


@cache
def assumption(name: str) -> float:
    """Return a stated number that is not counted."""
    value: float = json.loads(ASSUMPTIONS.read_text(encoding="utf-8"))[name]["value"]
    return value


@dataclass(frozen=True)
class Duration:
    """How long the invocations of a step run.

    Attributes:
        seconds: all of them together, starts of containers included in proportion.
        gb_seconds: times the memory.
    """

    seconds: float
    gb_seconds: float

    @classmethod
    def of(cls, step: Step, memory: int | None = None) -> Duration:
        """Compute it from the counted work and the stated times of each piece.

        Args:
            step: what was counted.
            memory: of the function in MB; None for that of the template.
        """
        memory = memory or memory_of(step.function)
        slower = max(1.0, assumption("whole_processor_mb") / memory)
        work = step.argon2 * assumption("argon2_ms") + step.invocations * assumption("own_ms")
        waiting = step.hops * assumption("hop_ms") + step.provider_calls * assumption("provider_ms")
        starts = step.invocations * assumption("cold_share") * assumption("init_ms")
        seconds = (work * slower + waiting + starts) / 1000
        return cls(seconds, seconds * memory / _MEBIBYTES_IN_A_GIBIBYTE)


def bill(flow: Flow, prices: Prices) -> dict[str, float]:
    """Compute the cost of a flow in dollars, by service."""
    durations = [Duration.of(step) for step in flow.steps]
    invocations = sum(step.invocations for step in flow.steps)
    answers = sum(step.answer_bytes for step in flow.steps)
    return {
        "CloudFront": flow.requests * (prices.of("cdn request") + prices.of("cdn function"))
        + answers / _GB * prices.of("cdn GB"),
        # One firewall after the other: at CloudFront, at API Gateway.
        "WAF": flow.requests * sum(map(_firewalls, templates())) * prices.of("waf request"),
        "API Gateway": flow.requests * prices.of("api request"),
        "Lambda": invocations * prices.of("lambda request")
        + sum(one.gb_seconds for one in durations) * prices.of(f"lambda GB-second {architecture()}"),
        "KMS": flow.calls("kms") * prices.of("kms call"),
        "DynamoDB reads": flow.rru * prices.of("dynamodb RRU"),
        "DynamoDB writes": flow.wru * prices.of("dynamodb WRU"),
        "SQS": flow.calls("sqs") * prices.of("sqs request"),
        "SES": flow.calls("sesv2") * prices.of("ses e-mail"),
        "logs": log_bytes(flow) / _GB * prices.of("log GB"),
    }


def log_bytes(flow: Flow) -> float:
    """Compute the bytes that CloudWatch takes in for a flow."""
    lines = sum(step.log_events + step.invocations * assumption("platform_log_lines") for step in flow.steps)
    own = sum(step.log_bytes + step.invocations * assumption("platform_log_bytes") for step in flow.steps)
    edge = sum(assumption(name) for name, is_kept in _edge_logs().items() if is_kept)
    return own + lines * assumption("log_line_bytes") + flow.requests * edge


def page(prices: Prices) -> dict[str, float]:
    """Compute the cost of one visit of the portal's first page, when the browser has the files already and when not."""
    edge = templates()[-1]
    logs = assumption("portal_log_bytes") / _GB * prices.of("log GB")
    each = prices.of("cdn request") + _firewalls(edge) * prices.of("waf request") + logs * _has_portal_log(edge)
    sent = assumption("page_bytes") / _GB * prices.of("cdn GB")
    return {
        "again": assumption("page_files") * each,
        "for the first time": assumption("page_files_new") * each + sent,
    }


@cache
def templates() -> tuple[Template, Template]:
    """Return the templates of the two stacks: the main one, and that of the edge."""
    return project_template(), Template.read(ROOT / "edge.yaml")


@cache
def architecture() -> str:
    """Return the processor of the functions by default."""
    return project_template().parameter_defaults()["Architecture"]


@cache
def memory_of(function: str) -> int:
    """Return the memory of a function of the template in MB."""
    properties = project_template().resources("AWS::Serverless::Function")[function]["Properties"]
    memory: int = properties["MemorySize"]
    return memory


def _edge_logs() -> Mapping[str, bool]:
    """Return which logs of the edge the templates keep of each request, in production and by their defaults."""
    template, edge = templates()
    settings = [
        api["Properties"].get("AccessLogSetting") for api in template.resources("AWS::Serverless::Api").values()
    ]
    firewalls = [
        node["Properties"] for one in templates() for node in one.resources("AWS::WAFv2::LoggingConfiguration").values()
    ]
    return {
        "access_log_bytes": any(
            template.resolve({"kept": one}, LogicalNames(), _PRODUCTION).get("kept") for one in settings
        ),
        "portal_log_bytes": _has_portal_log(edge),
        "firewall_log_bytes": any(one.get("LoggingFilter", {}).get("DefaultBehavior") != "DROP" for one in firewalls),
    }


def _firewalls(template: Template) -> int:
    return len(template.resources("AWS::WAFv2::WebACL"))


def _has_portal_log(edge: Template) -> bool:
    return bool(edge.resources("AWS::Logs::Delivery"))
