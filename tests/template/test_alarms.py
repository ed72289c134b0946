"""The alarms, the dashboard and the saved queries of the template look at what AWS and the code report."""

from __future__ import annotations

import json
import re
from functools import cache
from inspect import get_annotations
from typing import TYPE_CHECKING, Any

import pytest

from canary.sign_in_handler import ANSWERED, CHALLENGED, FAILED, SUCCEEDED
from letters.model.observer import Attention
from simulators.alarms import evaluate
from simulators.metrics import Metric
from simulators.template import ROOT, LogicalNames, Node, Template, project_template
from tools.cost.idle import audit_event_kinds

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from member_access.audit import AuditEvent

TEMPLATE = project_template()
STACK = "test"
LIVE = {"Environment": "production", "HostPortal": "true"}
TOPICS = {"AlarmTopicArn": "topic", "EdgeAlarmTopicArn": "topic"}
LAYER = ROOT / "layers" / "common" / "member_access"
EDGE = Template.read(ROOT / "edge.yaml")
FUNCTIONS = sorted(TEMPLATE.resources("AWS::Serverless::Function"))
# The engine calls these, tries them again, and fails in the end.
OF_THE_ENGINE = {
    text.partition(".")[0].removeprefix("${")
    for node in TEMPLATE.resources("AWS::Serverless::StateMachine").values()
    for value in node["Properties"]["DefinitionSubstitutions"].values()
    if (text := str(value.get("Fn::Sub", ""))).endswith(":live")
}
# The canary is its own alarm, a check of versions that fails ends the deployment, and an operator's command shows what
# fails in the others.
OF_COMMANDS = {"MailingsFunction", "PseudonymsFunction"}
WATCHED = sorted(set(FUNCTIONS) - {"CanaryFunction", "VersionCheckFunction"} - OF_COMMANDS - OF_THE_ENGINE)

# The metrics that AWS documents: namespace, dimensions, names.
DOCUMENTED: list[tuple[str, set[str], str]] = [
    # docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-metrics-and-dimensions.html
    ("AWS/ApiGateway", {"ApiName", "Stage"}, "5XXError 4XXError Latency Count"),
    # docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
    ("AWS/Lambda", {"FunctionName"}, "Errors Throttles Duration Invocations RecursiveInvocationsDropped"),
    # docs.aws.amazon.com/lambda/latest/dg/monitoring-concurrency.html: across all functions of a region
    ("AWS/Lambda", set(), "ClaimedAccountConcurrency"),
    # docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    ("AWS/SQS", {"QueueName"}, "ApproximateAgeOfOldestMessage ApproximateNumberOfMessagesVisible"),
    # docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
    ("AWS/DynamoDB", {"TableName"}, "ReadThrottleEvents WriteThrottleEvents"),
    ("AWS/DynamoDB", {"TableName"}, "ConsumedReadCapacityUnits ConsumedWriteCapacityUnits"),
    # docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html
    ("AWS/States", {"StateMachineArn"}, "ExecutionsFailed ExecutionsTimedOut"),
    # docs.aws.amazon.com/scheduler/latest/UserGuide/monitoring-cloudwatch.html
    ("AWS/Scheduler", {"ScheduleGroup"}, "InvocationDroppedCount"),
    # docs.aws.amazon.com/ses/latest/dg/reputationdashboard-cloudwatch-alarm.html: of the account
    ("AWS/SES", set(), "Reputation.BounceRate Reputation.ComplaintRate"),
    # docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/programming-cloudwatch-metrics.html
    ("AWS/CloudFront", {"DistributionId", "Region"}, "5xxErrorRate"),
    # docs.aws.amazon.com/waf/latest/developerguide/waf-metrics.html: with Region except for CloudFront
    ("AWS/WAFV2", {"WebACL", "Region", "Rule"}, "AllowedRequests BlockedRequests CountedRequests"),
    ("AWS/WAFV2", {"WebACL", "Rule"}, "AllowedRequests BlockedRequests ChallengeRequests CountedRequests"),
    # docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CloudWatch-Logs-Monitoring-CloudWatch-Metrics.html
    ("AWS/Logs", {"LogGroupName"}, "IncomingBytes"),
]
OF_AWS = {(namespace, name, frozenset(names)) for namespace, names, metrics in DOCUMENTED for name in metrics.split()}


def resolved(template: Template, node: Node) -> Node:
    return template.resolve(node, LogicalNames(), {**LIVE, **TOPICS, "PortalDistribution": "Portal"})


def alarms(template: Template = TEMPLATE) -> dict[str, Any]:
    found = template.resources("AWS::CloudWatch::Alarm")
    return {name: resolved(template, node["Properties"]) for name, node in found.items()}


ALARMS = {**alarms(), **alarms(EDGE)}


def metrics_of(alarm: dict[str, Any]) -> Iterator[tuple[Metric, str, int]]:
    """The metrics that an alarm looks at, each with its statistic and its period."""
    if "Metrics" not in alarm:
        yield Metric.of(alarm), alarm.get("Statistic") or alarm["ExtendedStatistic"], alarm["Period"]
    for one in alarm.get("Metrics", []):
        if "MetricStat" in one:
            yield Metric.of(one["MetricStat"]["Metric"]), one["MetricStat"]["Stat"], one["MetricStat"]["Period"]


def events() -> dict[str, type[AuditEvent]]:
    """The events of the audit trail by name."""
    return {kind.name: kind for kind in audit_event_kinds() if hasattr(kind, "name")}


def counted_by_filters() -> set[str]:
    filters = TEMPLATE.resources("AWS::Logs::MetricFilter").values()
    return {node["Properties"]["MetricTransformations"][0]["MetricName"] for node in filters}


def is_reported(metric: Metric) -> bool:
    """Whether AWS or the code report a metric under this name and these dimensions."""
    if metric.namespace != STACK:
        return (metric.namespace, metric.name, frozenset(name for name, _ in metric.dimensions)) in OF_AWS
    if not metric.dimensions:
        return metric.name in counted_by_filters()
    ((dimension, service),) = metric.dimensions
    return dimension == "service" and metric.name in counted_by_services().get(service, ())


@cache
def counted_by_services() -> dict[str, set[str]]:
    """What each service counts: the events of its package and of what that uses in the layer, and other metrics."""
    found = {}
    for node in TEMPLATE.resources("AWS::Serverless::Function").values():
        properties = node["Properties"]
        package = properties["Handler"].partition(".")[0]
        text = text_of(ROOT / "functions" / package)
        for used in set(re.findall(r"from member_access\.(\w+)", text)) - {"audit_events"}:
            text += text_of(LAYER / used, LAYER / f"{used}.py")
        named = {name for name, kind in events().items() if re.search(rf"\b{kind.__name__}\b", text)}
        found[properties["Environment"]["Variables"]["POWERTOOLS_SERVICE_NAME"]] = named | OTHERS.get(package, set())
    return found


OTHERS = {
    "canary": {SUCCEEDED, CHALLENGED, ANSWERED, FAILED},
    "emails": {"message.failed"},
    "letters": {"message.failed", "letters.swept", *(f"letters.{attention.value}" for attention in Attention)},
}


def text_of(folder: Path, module: Path | None = None) -> str:
    paths = [*folder.rglob("*.py"), *([module] if module and module.is_file() else [])]
    return "".join(path.read_text("utf-8") for path in paths)


@pytest.mark.parametrize("alarm", ALARMS)
def test_aws_or_the_code_report_what_an_alarm_looks_at(alarm: str) -> None:
    looked_at = list(metrics_of(ALARMS[alarm]))

    assert looked_at
    assert [metric for metric, _, _ in looked_at if not is_reported(metric)] == []


def test_hours_without_a_sign_in_ring_in_production_alone() -> None:
    with_it = [place for place in ("local", "staging", "production") if exists("SignInsStopped", Environment=place)]

    assert with_it == ["production"]


def test_before_launch_day_an_hour_without_a_sign_in_rings_nothing() -> None:
    assert not exists("SignInsStopped", Environment="production", Launched="false")


LEARNED = sorted(name for name, alarm in ALARMS.items() if "ThresholdMetricId" in alarm)


@pytest.mark.parametrize("alarm", LEARNED)
@pytest.mark.parametrize(("counted", "seen"), [(None, 20), (2, 20), (20, 20), (21, 21), (400, 400)])
def test_a_learned_alarm_takes_few_for_twenty(alarm: str, counted: float | None, seen: float) -> None:
    (expression,) = (one["Expression"] for one in ALARMS[alarm]["Metrics"] if one["Id"] == "now")

    assert evaluate(expression, {"counted": counted}, 0) == seen


@pytest.mark.parametrize("alarm", LEARNED)
def test_only_production_has_something_to_learn(alarm: str) -> None:
    assert [place for place in ("local", "staging", "production") if exists(alarm, Environment=place)] == ["production"]


def exists(alarm: str, **parameters: str) -> bool:
    return TEMPLATE.holds({"Condition": TEMPLATE.body["Resources"][alarm]["Condition"]}, parameters)


def test_a_metric_with_other_dimensions_is_not_reported() -> None:
    assert is_reported(Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible", frozenset({("QueueName", "q")})))
    assert not is_reported(Metric("AWS/SQS", "ApproximateNumberOfMessagesVisible"))
    assert not is_reported(Metric(STACK, "login.failed"))
    assert is_reported(Metric(STACK, "login.failed", frozenset({("service", "login")})))
    assert not is_reported(Metric(STACK, "login.failed", frozenset({("service", "emails")})))


@pytest.mark.parametrize("alarm", ALARMS)
def test_cloudwatch_accepts_how_far_an_alarm_looks_back(alarm: str) -> None:
    """PutMetricAlarm: at most seven days, and a day where the period is shorter than an hour."""
    (period,) = {period for _, _, period in metrics_of(ALARMS[alarm])}

    assert period * ALARMS[alarm]["EvaluationPeriods"] <= (604_800 if period >= 3600 else 86_400)


@pytest.mark.parametrize("alarm", ALARMS)
def test_an_alarm_reports_its_end_too(alarm: str) -> None:
    assert ALARMS[alarm]["OKActions"] == ALARMS[alarm]["AlarmActions"] == ["topic"]


def resources_of(namespace: str, dimension: str, metric: str | None = None) -> set[str]:
    """The resources that alarms look at by one dimension."""
    return {
        value.partition(".")[0]
        for alarm in alarms().values()
        for found, _, _ in metrics_of(alarm)
        if found.namespace == namespace and metric in {None, found.name}
        for name, value in found.dimensions
        if name == dimension
    }


def test_an_alarm_looks_at_every_queue() -> None:
    queues = set(TEMPLATE.resources("AWS::SQS::Queue"))
    read = {
        name for name, node in TEMPLATE.resources("AWS::SQS::Queue").items() if "RedrivePolicy" in node["Properties"]
    }

    assert resources_of("AWS/SQS", "QueueName", "ApproximateAgeOfOldestMessage") == read
    assert resources_of("AWS/SQS", "QueueName", "ApproximateNumberOfMessagesVisible") == queues - read


def events_of(function: str, kind: str) -> list[Node]:
    properties = TEMPLATE.resources("AWS::Serverless::Function")[function]["Properties"]
    return [event["Properties"] for event in properties.get("Events", {}).values() if event["Type"] == kind]


def test_alarms_look_at_every_function_by_who_calls_it() -> None:
    called = {kind: {name for name in WATCHED if events_of(name, kind)} for kind in ("Api", "SQS", "ScheduleV2")}

    assert resources_of("AWS/Lambda", "FunctionName", "Errors") == set(WATCHED)
    for metric in ("Throttles", "Duration"):
        assert resources_of("AWS/Lambda", "FunctionName", metric) == called["Api"]
    assert resources_of("AWS/Lambda", "FunctionName", "RecursiveInvocationsDropped") == called["SQS"]


def test_alarms_look_at_the_engine_of_loads() -> None:
    engines = set(TEMPLATE.resources("AWS::Serverless::StateMachine"))

    assert len(OF_THE_ENGINE) == 3
    for metric in ("ExecutionsFailed", "ExecutionsTimedOut"):
        assert resources_of("AWS/States", "StateMachineArn", metric) == engines


def test_a_function_that_feeds_its_own_queue_may_do_so_for_ever() -> None:
    """Lambda takes such a chain for an endless loop after 16 calls ("Lambda recursive loop detection")."""
    feeding = set()
    for function in FUNCTIONS:
        reads = {event["Queue"]["Fn::GetAtt"][0] for event in events_of(function, "SQS")}
        statements = TEMPLATE.role_statements(TEMPLATE.role_of(function), parameters=LIVE)
        sends = {name for one in statements if "sqs:SendMessage" in one.actions for name in one.resources}
        if reads & {name.partition(".")[0] for name in sends}:
            feeding.add(function)
    allowed = {
        name
        for name, node in TEMPLATE.resources("AWS::Serverless::Function").items()
        if node["Properties"].get("RecursiveLoop") == "Allow"
    }

    assert feeding == allowed == {"LettersFunction"}


def test_a_call_that_the_scheduler_gives_up_is_kept() -> None:
    for function in WATCHED:
        for schedule in events_of(function, "ScheduleV2"):
            assert schedule["DeadLetterConfig"]["Arn"]["Fn::GetAtt"][0] in TEMPLATE.resources("AWS::SQS::Queue")
            assert schedule["RetryPolicy"]["MaximumEventAgeInSeconds"] >= 3600
            group = resolved(TEMPLATE, schedule["GroupName"])
            assert group in resources_of("AWS/Scheduler", "ScheduleGroup")


def test_ses_may_publish_to_the_encrypted_topic_of_bounces() -> None:
    key = TEMPLATE.body["Resources"]["BouncesTopicKey"]["Properties"]
    (statement,) = (one for one in key["KeyPolicy"]["Statement"] if "Service" in one["Principal"])

    assert resolved(TEMPLATE, TEMPLATE.body["Resources"]["BouncesTopic"]["Properties"]) == {
        "KmsMasterKeyId": "BouncesTopicKey"
    }
    assert (statement["Effect"], statement["Principal"]) == ("Allow", {"Service": "ses.amazonaws.com"})
    # "Enable compatibility between event sources from AWS services and encrypted topics", Amazon SNS Developer Guide.
    assert set(statement["Action"]) == {"kms:Decrypt", "kms:GenerateDataKey*"}
    assert key["EnableKeyRotation"]


def test_a_report_that_sns_gives_up_waits_for_a_redrive() -> None:
    subscription = TEMPLATE.body["Resources"]["BouncesSubscription"]["Properties"]
    policy = TEMPLATE.body["Resources"]["BouncesQueuePolicy"]["Properties"]
    target = subscription["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]

    assert {"Ref": target} in policy["Queues"]
    assert policy["PolicyDocument"]["Statement"][0]["Resource"] == "*"
    assert subscription["RawMessageDelivery"], "the redriven report has the form of the others"


def denies_plain_http(statements: list[Node]) -> bool:
    return any(
        (one["Effect"], one["Principal"], one["Condition"]) == ("Deny", "*", {"Bool": {"aws:SecureTransport": False}})
        for one in statements
    )


@pytest.mark.parametrize("queue", sorted(TEMPLATE.resources("AWS::SQS::Queue")))
def test_a_queue_refuses_calls_without_tls(queue: str) -> None:
    policies = [
        resolved(TEMPLATE, node["Properties"])
        for node in TEMPLATE.resources("AWS::SQS::QueuePolicy").values()
        if {"Ref": queue} in node["Properties"]["Queues"]
    ]

    (policy,) = policies  # a queue has one policy: a second one replaces it
    assert denies_plain_http(policy["PolicyDocument"]["Statement"])


def test_the_topic_of_bounces_refuses_calls_without_tls() -> None:
    policy = resolved(TEMPLATE, TEMPLATE.body["Resources"]["BouncesTopicPolicy"]["Properties"]["PolicyDocument"])

    assert denies_plain_http(policy["Statement"])


def dashboard(host_portal: str = "true") -> list[dict[str, Any]]:
    (node,) = TEMPLATE.resources("AWS::CloudWatch::Dashboard").values()
    parameters = {**LIVE, "HostPortal": host_portal}
    body = TEMPLATE.resolve(node["Properties"]["DashboardBody"], LogicalNames(), parameters)
    widgets: list[dict[str, Any]] = json.loads(body)["widgets"]
    return widgets


def shown(widget: dict[str, Any]) -> Iterator[Metric]:
    for namespace, name, *rest in widget["properties"]["metrics"]:
        pairs = [part for part in rest if isinstance(part, str)]
        yield Metric(namespace, name, frozenset(zip(pairs[::2], pairs[1::2], strict=True)))


@pytest.mark.parametrize("widget", dashboard(), ids=lambda widget: widget["properties"]["title"])
def test_the_dashboard_shows_what_is_reported(widget: dict[str, Any]) -> None:
    assert [metric for metric in shown(widget) if not is_reported(metric)] == []
    assert (widget["properties"]["region"] == "us-east-1") == all(is_of_cloudfront(metric) for metric in shown(widget))


def is_of_cloudfront(metric: Metric) -> bool:
    """Whether a metric is reported to us-east-1 alone."""
    of_its_firewall = metric.namespace == "AWS/WAFV2" and "Region" not in dict(metric.dimensions)
    return metric.namespace == "AWS/CloudFront" or of_its_firewall


NOT_SHOWN = {
    *("CanaryFunction", "CanaryLogs", "VersionCheckFunction", "VersionCheckLogs"),
    *("PseudonymsFunction", "PseudonymsLogs"),
    "OperatorLogs",
    # A load lasts minutes and reports its end.
    *OF_THE_ENGINE,
    *("ImportEngineLogs", "ImportLoadLogs", "ImportRangesLogs", "ImportReportLogs"),
    # Logs of addresses: each exists only where a parameter asks for it.
    *("ApiAccessLogs", "FirewallLogs"),
}


def test_the_dashboard_shows_every_queue_function_and_table() -> None:
    named = {value.partition(".")[0] for widget in dashboard() for one in shown(widget) for _, value in one.dimensions}

    for kind in ("AWS::SQS::Queue", "AWS::Serverless::Function", "AWS::DynamoDB::Table", "AWS::Logs::LogGroup"):
        assert set(TEMPLATE.resources(kind)) - named == NOT_SHOWN & set(TEMPLATE.resources(kind))


def shown_first(widget: dict[str, Any]) -> Metric:
    return next(shown(widget))


def test_the_dashboard_needs_no_portal() -> None:
    (edge,) = (widget for widget in dashboard("false") if shown_first(widget).namespace == "AWS/CloudFront")

    assert edge["properties"]["metrics"][0][3] == "none"


QUERIES = TEMPLATE.resources("AWS::Logs::QueryDefinition")


@pytest.mark.parametrize("query", QUERIES)
def test_a_saved_query_names_messages_and_fields_that_are_logged(query: str) -> None:
    text: str = QUERIES[query]["Properties"]["QueryString"]
    sources = [path.read_text("utf-8") for part in ("functions", "layers") for path in (ROOT / part).rglob("*.py")]
    logged = {message for source in sources for message in re.findall(r'"([a-z]+\.[a-z-]+)"', source)}
    kinds = {base for kind in events().values() for base in kind.__mro__}
    known = {"subject", "member", "source", *(name for kind in kinds for name in get_annotations(kind))}

    assert set(re.findall(r'"([a-z]+\.[a-z-]+)"', text)) <= logged
    assert set(re.findall(r"audit\.(?:who\.)?(\w+)", text)) <= known
    assert all(
        group["Ref"] in TEMPLATE.resources("AWS::Logs::LogGroup")
        for group in QUERIES[query]["Properties"]["LogGroupNames"]
    )
