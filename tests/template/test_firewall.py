"""The two firewalls, at API Gateway and at CloudFront: whom they limit, challenge or reject, and what they log."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from simulators.alarms import Alarm
from simulators.metrics import Metric, Metrics
from simulators.template import ROOT, LogicalNames, Template, project_template
from tests.support.expansion import Expanded

EDGE = Template.read(ROOT / "edge.yaml")
IN_US_EAST_1 = {"AWS::Region": "us-east-1", "AWS::StackName": "edge"}
FIREWALL_ARN = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
ATTACK = {"AttackMode": "true", "PortalFirewallArn": FIREWALL_ARN}
LISTS = {
    "malicious-addresses": "AWSManagedRulesAmazonIpReputationList",
    "anonymous-addresses": "AWSManagedRulesAnonymousIpList",
}
SECRETS = {"cookie", "authorization"}
BLOCKED = ["BlockedIpv4", "BlockedIpv6"]


def edge(name: str, **parameters: str) -> dict[str, Any]:
    """A resource of the stack in us-east-1."""
    node = EDGE.body["Resources"][name]["Properties"]
    resolved: dict[str, Any] = EDGE.resolve(node, LogicalNames(), {**IN_US_EAST_1, **parameters})
    return resolved


def rules(firewall: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """The rules of a firewall by their names."""
    return {rule["Name"]: rule for rule in firewall["Rules"]}


def matches(statement: dict[str, Any], path: str, headers: dict[str, str]) -> bool:
    """Whether WAF's statement matches a request (WAF developer guide, "Rule statements list")."""
    match statement:
        case {"NotStatement": {"Statement": inner}}:
            return not matches(inner, path, headers)
        case {"AndStatement": {"Statements": parts}}:
            return all(matches(part, path, headers) for part in parts)
        case {"OrStatement": {"Statements": parts}}:
            return any(matches(part, path, headers) for part in parts)
        case {"ByteMatchStatement": {"FieldToMatch": {"UriPath": {}}, "SearchString": start}}:
            return path.startswith(str(start))
        case {"ByteMatchStatement": {"FieldToMatch": {"SingleHeader": {"Name": name}}, "SearchString": text}}:
            return headers.get(name) == str(text)
    pytest.fail(f"no rule is known to have this statement: {statement}")


def through_cloudfront(**parameters: str) -> dict[str, str]:
    """The headers that CloudFront adds."""
    (header,) = next(
        one["OriginCustomHeaders"]
        for one in Expanded(**parameters).properties("Portal")["DistributionConfig"]["Origins"]
        if one["Id"] == "api"
    )
    return {header["HeaderName"].lower(): header["HeaderValue"]}


def firewall(place: str, **parameters: str) -> dict[str, Any]:
    """The firewall at one of the two places."""
    found: dict[str, Any] = (
        edge("Firewall", **parameters) if place == "CloudFront" else Expanded(**parameters).properties("Firewall")
    )
    return found


FIREWALLS = ("API Gateway", "CloudFront")


@pytest.mark.parametrize("place", FIREWALLS)
@pytest.mark.parametrize(("choice", "override"), [("count", {"Count": {}}), ("block", {"None": {}})])
def test_listed_addresses_are_counted_or_blocked(place: str, choice: str, override: dict[str, Any]) -> None:
    found = rules(firewall(place, FirewallLists=choice))

    for name, group in LISTS.items():
        assert found[name]["Statement"]["ManagedRuleGroupStatement"]["Name"] == group
        assert found[name]["OverrideAction"] == override


@pytest.mark.parametrize("place", FIREWALLS)
def test_hosting_providers_are_never_blocked(place: str) -> None:
    group = rules(firewall(place, FirewallLists="block"))["anonymous-addresses"]["Statement"]

    assert group["ManagedRuleGroupStatement"]["RuleActionOverrides"] == [
        {"Name": "HostingProviderIPList", "ActionToUse": {"Count": {}}}
    ]


def test_the_api_compares_no_list_with_the_addresses_of_cloudfront() -> None:
    # "These rules use the source IP address from the web request origin", the last proxy's (WAF guide, IP reputation).
    for name in LISTS:
        scope = rules(Expanded().properties("Firewall"))[name]["Statement"]["ManagedRuleGroupStatement"]
        assert not matches(scope["ScopeDownStatement"], "/v1/login", through_cloudfront())
        assert matches(scope["ScopeDownStatement"], "/v1/login", {})


@pytest.mark.parametrize(
    ("path", "is_challenged"),
    [
        ("/", True),
        ("/config.json", True),
        ("/v1/login", True),
        ("/v1/identifier", True),
        ("/v1/letters/status/maileva", False),
        ("/v1/.well-known/jwks.json", False),
    ],
)
def test_attack_mode_challenges_browsers_and_no_programs(path: str, is_challenged: bool) -> None:
    rule = rules(edge("Firewall", AttackMode="true"))["challenge"]

    assert rule["Action"] == {"Challenge": {}}
    assert matches(rule["Statement"], path, {}) is is_challenged


@pytest.mark.parametrize(
    ("path", "is_blocked"),
    [
        ("/v1/login", True),
        ("/v1/reset", True),
        ("/v1/letters/status/pingen", False),
        ("/v1/.well-known/jwks.json", False),
    ],
)
def test_in_attack_mode_no_call_goes_around_the_challenge(path: str, is_blocked: bool) -> None:
    rule = rules(Expanded(**ATTACK).properties("Firewall"))["around-the-challenge"]

    assert rule["Action"] == {"Block": {}}
    assert matches(rule["Statement"], path, {}) is is_blocked
    assert not matches(rule["Statement"], path, through_cloudfront(**ATTACK))


def test_outside_attack_mode_no_one_is_challenged() -> None:
    assert "challenge" not in rules(edge("Firewall"))
    assert "around-the-challenge" not in rules(Expanded().properties("Firewall"))


def test_a_token_lasts_as_long_as_a_session() -> None:
    immunity = edge("Firewall")["ChallengeConfig"]["ImmunityTimeProperty"]["ImmunityTime"]

    assert immunity == project_template().body["Parameters"]["SessionLongestSeconds"]["Default"]


def test_the_files_of_a_visit_use_up_no_limit() -> None:
    rule = rules(edge("Firewall"))["requests-per-viewer"]
    scope = rule["Statement"]["RateBasedStatement"]["ScopeDownStatement"]

    assert matches(scope, "/v1/login", {})
    assert [path for path in ("/", "/index.html", "/screens/sign-in.js") if matches(scope, path, {})] == []


def test_a_browser_over_the_limit_reads_for_how_long_to_wait() -> None:
    # As API Gateway answers where the other firewall rejects. WAF developer guide, "Customized web requests and
    # responses": the body is one of the firewall's, and its content type is plain JSON.
    ours = edge("Firewall")
    answer = rules(ours)["requests-per-viewer"]["Action"]["Block"]["CustomResponse"]
    body = ours["CustomResponseBodies"][answer["CustomResponseBodyKey"]]
    there = Expanded().properties("Api")["Body"]["x-amazon-apigateway-gateway-responses"]["WAF_FILTERED"]

    assert answer["ResponseCode"] == int(there["statusCode"]) == 429
    assert {"Name": "Retry-After", "Value": "60"} in answer["ResponseHeaders"]
    assert (body["ContentType"], body["Content"]) == ("APPLICATION_JSON", *there["responseTemplates"].values())


@pytest.mark.parametrize(
    ("blocked", "allowed", "does_ring"), [(200, 2_000, True), (99, 0, False), (200, 10_000, False), (500, None, True)]
)
@pytest.mark.parametrize("place", FIREWALLS)
def test_an_alarm_rings_when_a_firewall_rejects_many(
    place: str, blocked: int, allowed: int | None, does_ring: bool
) -> None:
    properties = (
        edge("PortalFirewallBlocks", PortalDistribution="E1")
        if place == "CloudFront"
        else Expanded().properties("FirewallBlocks")
    )
    metrics = Metrics()
    for one in properties["Metrics"][1:]:
        metric = Metric.of(one["MetricStat"]["Metric"])
        assert dict(metric.dimensions)["WebACL"] == firewall(place)["VisibilityConfig"]["MetricName"]
        if (value := {"blocked": blocked, "allowed": allowed}[one["Id"]]) is not None:
            for minute in range(15):
                metrics.put(metric, 900_000_000 + 60 * minute, value / 5)

    assert Alarm.of(properties).rings(metrics, 900_000_900) is does_ring


@pytest.mark.parametrize(
    ("parameters", "is_deployed"),
    [
        ({"AttackMode": "true"}, False),
        ({**ATTACK, "HostPortal": "false"}, False),
        (ATTACK, True),
        ({}, True),
    ],
)
def test_attack_mode_needs_the_firewall_that_challenges(parameters: dict[str, str], is_deployed: bool) -> None:
    template = project_template()
    rule = template.body["Rules"]["AttackModeHasAChallenge"]
    (assertion,) = rule["Assertions"]
    conditions = {"Applies": rule["RuleCondition"], "Holds": assertion["Assert"]}
    choice = {"Fn::If": ["Applies", {"Fn::If": ["Holds", True, False]}, True]}

    assert Template({**template.body, "Conditions": conditions}).resolve(choice, {}, parameters) is is_deployed


def test_the_firewall_of_cloudfront_is_made_where_cloudfront_takes_it() -> None:
    (assertion,) = EDGE.body["Rules"]["InTheRegionOfCloudFront"]["Assertions"]

    assert edge("Firewall")["Scope"] == "CLOUDFRONT"
    assert assertion["Assert"] == {"Fn::Equals": [{"Ref": "AWS::Region"}, "us-east-1"]}


def logging(place: str, name: str) -> dict[str, Any]:
    """A resource of the log of a firewall."""
    found: dict[str, Any] = edge(name) if place == "CloudFront" else Expanded().properties(name)
    return found


@pytest.mark.parametrize(
    ("place", "secrets"), [("API Gateway", {*SECRETS, "x-origin-verify"}), ("CloudFront", SECRETS)]
)
def test_the_log_of_a_firewall_holds_no_secret(place: str, secrets: set[str]) -> None:
    redacted = {field["SingleHeader"]["Name"] for field in logging(place, "FirewallLogging")["RedactedFields"]}

    assert redacted == secrets


def test_a_blocked_address_is_refused_by_its_connection_and_through_cloudfront() -> None:
    rule = rules(Expanded().properties("Firewall"))["blocked-addresses"]
    found = [one["IPSetReferenceStatement"] for one in rule["Statement"]["OrStatement"]["Statements"]]
    headers = [(str(one["Arn"]), one.get("IPSetForwardedIPConfig", {}).get("HeaderName")) for one in found]

    assert rule["Action"] == {"Block": {}}
    assert headers == [(f"{name}.Arn", header) for header in (None, "True-Client-IP") for name in BLOCKED]


@pytest.mark.parametrize("name", BLOCKED)
def test_a_deployment_leaves_the_blocked_addresses_as_they_are(name: str) -> None:
    # CloudFormation updates a resource when its text in the template changes, and this one never does.
    node = project_template().body["Resources"][name]["Properties"]

    assert node["Addresses"] == []
    assert node["Scope"] == "REGIONAL"


@pytest.mark.parametrize("place", FIREWALLS)
def test_requests_that_pass_are_not_logged(place: str) -> None:
    kept = logging(place, "FirewallLogging")["LoggingFilter"]
    (filtered,) = kept["Filters"]

    assert kept["DefaultBehavior"] == "DROP"
    assert "ALLOW" not in {one["ActionCondition"]["Action"] for one in filtered["Conditions"]}


@pytest.mark.parametrize(
    ("place", "stack", "key"),
    [("API Gateway", "test", "AccessLogsKey.Arn"), ("CloudFront", "edge", "LogsKey.Arn")],
)
def test_waf_finds_its_log_group_by_name(place: str, stack: str, key: str) -> None:
    # WAF developer guide: the name begins with aws-waf-logs-, and the ARN has no :* at its end.
    group = logging(place, "FirewallLogs")
    (destination,) = logging(place, "FirewallLogging")["LogDestinationConfigs"]

    assert group["LogGroupName"] == f"aws-waf-logs-{stack}"
    assert re.fullmatch(r"arn:aws:logs:[a-z0-9-]+:123456789012:log-group:FirewallLogs", destination)
    assert (group["KmsKeyId"], str(group["RetentionInDays"])) == (key, "30")


def test_no_log_of_a_firewall_is_in_the_way_of_the_next_stack() -> None:
    for template in (project_template(), EDGE):
        node = template.body["Resources"]["FirewallLogs"]
        assert (node["DeletionPolicy"], node["UpdateReplacePolicy"]) == ("Delete", "Delete")


def test_the_log_of_the_portal_has_neither_query_nor_cookie_nor_header() -> None:
    # Names of fields: CloudFront developer guide, "Log fields".
    fields = edge("PortalRequestsDelivery")["RecordFields"]

    assert {"timestamp", "c-ip", "cs-uri-stem", "sc-status"} <= {*fields}
    assert [field for field in fields if "(" in field or "query" in field] == []


def test_the_log_of_the_portal_is_encrypted_and_forgotten_in_a_month() -> None:
    group = edge("PortalLogs")

    assert (group["KmsKeyId"], str(group["RetentionInDays"])) == ("LogsKey.Arn", "30")
    assert "LogGroupName" not in group
    assert json.loads(edge("PortalLogsPolicy")["PolicyDocument"])["Statement"][0]["Resource"] == "PortalLogs.Arn"


def test_the_firewall_of_cloudfront_needs_no_portal_yet() -> None:
    conditions = {name: node.get("Condition") for name, node in EDGE.body["Resources"].items()}

    assert {name for name, condition in conditions.items() if condition == "HasPortal"} == {
        name for name in conditions if name.startswith("Portal")
    }
    assert EDGE.resolve({"Fn::If": ["HasPortal", True, False]}, {}, IN_US_EAST_1) is False


def test_the_distribution_is_logged_and_watched_by_its_identifier() -> None:
    arn = edge("PortalRequests", PortalDistribution="E1")["ResourceArn"]
    dimensions = edge("PortalErrors", PortalDistribution="E1")["Dimensions"]

    assert arn == "arn:aws:cloudfront::123456789012:distribution/E1"
    assert {"Name": "DistributionId", "Value": "E1"} in dimensions


def test_an_alarm_without_a_topic_shows_in_cloudwatch_alone() -> None:
    assert not {"AlarmActions", "OKActions"} & edge("PortalErrors", PortalDistribution="E1").keys()
