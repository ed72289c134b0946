"""How the API is reached: its TLS, its limits, a domain of its own, and its answers to other front-ends."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.support.expansion import Expanded
from tools.deployment.next_steps import MAIL_RECORDS

CERTIFICATE = "arn:aws:acm:eu-west-3:123456789012:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
WITHOUT_PORTAL = {"HostPortal": "false", "ApiDomainCertificateArn": CERTIFICATE}
# API Gateway, security policies: names that begin so take TLS 1.2 and 1.3 alone, and need an endpoint access mode.
TLS_1_2_AT_LEAST = "SecurityPolicy_TLS13_1_2_"


def gateway_responses(**parameters: str) -> dict[str, Any]:
    body = Expanded(**parameters).properties("Api")["Body"]
    found: dict[str, Any] = body["x-amazon-apigateway-gateway-responses"]
    return found


def test_the_api_takes_no_tls_below_1_2_in_the_cloud() -> None:
    api = Expanded().properties("Api")

    assert api["SecurityPolicy"].startswith(TLS_1_2_AT_LEAST)
    assert api["EndpointAccessMode"] == "STRICT"


def test_the_local_cloud_gets_no_tls_policy() -> None:
    api = Expanded(Environment="local", PublicOrigin="http://localhost:8080").properties("Api")

    assert api.keys().isdisjoint({"SecurityPolicy", "EndpointAccessMode"})


def test_without_the_portal_the_api_has_a_domain_of_its_own() -> None:
    stack = Expanded(**WITHOUT_PORTAL)
    domain, mapping = stack.properties("ApiDomain"), stack.properties("ApiUnderDomain")

    assert domain["DomainName"] == "members.example"
    assert domain["RegionalCertificateArn"] == CERTIFICATE
    assert domain["SecurityPolicy"].startswith(TLS_1_2_AT_LEAST)
    assert (domain["EndpointConfiguration"], domain["EndpointAccessMode"]) == ({"Types": ["REGIONAL"]}, "STRICT")
    assert (mapping["DomainName"], mapping["BasePath"], mapping["RestApiId"]) == ("ApiDomain", "v1", "Api")
    assert stack.outputs()["ApiDomainTarget"] == "ApiDomain.RegionalDomainName"


@pytest.mark.parametrize(
    "parameters",
    [{}, {"ApiDomainCertificateArn": CERTIFICATE}, {"HostPortal": "false"}, {**WITHOUT_PORTAL, "Environment": "local"}],
)
def test_no_other_stack_has_a_domain_of_the_api(parameters: dict[str, str]) -> None:
    stack = Expanded(**parameters)

    assert stack.of_type("AWS::ApiGateway::DomainName") == {}
    assert "ApiDomainTarget" not in stack.outputs()


def test_pages_of_other_front_ends_can_read_api_gateways_answers() -> None:
    for response in gateway_responses(AllowedOrigins="https://shop.members.example").values():
        headers = response["responseParameters"]
        assert headers["gatewayresponse.header.Access-Control-Allow-Origin"] == "method.request.header.Origin"
        assert headers["gatewayresponse.header.Access-Control-Allow-Credentials"] == "'true'"
        assert headers["gatewayresponse.header.Access-Control-Expose-Headers"] == "'Retry-After'"
        assert headers["gatewayresponse.header.Vary"] == "'Origin'"


def test_without_other_front_ends_no_other_page_reads_them() -> None:
    for response in gateway_responses().values():
        assert [name for name in response["responseParameters"] if "Access-Control" in name] == []


def test_a_page_reads_no_more_in_them_than_constants() -> None:
    templates = [text for one in gateway_responses().values() for text in one["responseTemplates"].values()]

    assert [text for text in templates if "$" in text] == []


@pytest.mark.parametrize(("name", "status"), [("THROTTLED", 503), ("WAF_FILTERED", 429)])
def test_only_a_caller_over_its_own_limit_is_blamed(name: str, status: int) -> None:
    assert gateway_responses()[name]["statusCode"] == str(status)


def test_each_call_of_the_api_has_the_limits_of_the_parameters() -> None:
    stage = Expanded(RequestsASecond="50", RequestsAtOnce="70").properties("Apiv1Stage")
    (limits,) = stage["MethodSettings"]

    assert (limits["ResourcePath"], limits["HttpMethod"]) == ("/*", "*")
    assert (limits["ThrottlingRateLimit"], limits["ThrottlingBurstLimit"]) == ("50", "70")


def test_the_access_log_says_who_called_what_and_when_alone() -> None:
    setting = Expanded().properties("Apiv1Stage")["AccessLogSetting"]
    logged = json.loads(setting["Format"])

    assert setting["DestinationArn"] == "ApiAccessLogs.Arn"
    assert {"$context.requestId", "$context.identity.sourceIp", "$context.resourcePath", "$context.status"} <= {
        *logged.values()
    }
    # Paths, queries, headers and bodies are what callers write; the resource path is the one of the template.
    assert [text for text in logged.values() if not re.fullmatch(r"\$context\.[\w.]+", text)] == []
    assert "$context.path" not in logged.values()


@pytest.mark.parametrize("group", ["ApiAccessLogs", "FirewallLogs"])
def test_logs_with_addresses_are_encrypted_and_forgotten_in_a_month(group: str) -> None:
    properties = Expanded().properties(group)

    assert (properties["KmsKeyId"], str(properties["RetentionInDays"])) == ("AccessLogsKey.Arn", "30")


def test_only_log_groups_of_the_stack_use_the_key_of_the_logs() -> None:
    # CloudFormation names a resource without a name after its stack.
    _, logs = Expanded().properties("AccessLogsKey")["KeyPolicy"]["Statement"]
    groups = logs["Condition"]["ArnLike"]["kms:EncryptionContext:aws:logs:arn"]

    assert logs["Principal"] == {"Service": "logs.eu-west-3.amazonaws.com"}
    assert [arn.partition(":log-group:")[2] for arn in groups] == ["aws-waf-logs-test", "test-*"]


@pytest.mark.parametrize(
    ("choice", "is_logged", "makes_role"), [("create", True, True), ("existing", True, False), ("none", False, False)]
)
def test_the_one_role_for_logs_of_a_region_is_made_or_used(choice: str, is_logged: bool, makes_role: bool) -> None:
    stack = Expanded(ApiLogs=choice)

    assert ("AccessLogSetting" in stack.properties("Apiv1Stage")) is is_logged
    assert ("ApiAccessLogs" in stack.resources) is is_logged
    assert (stack.of_type("AWS::ApiGateway::Account") != {}) is makes_role
    assert ("ApiLogsRole" in stack.resources) is makes_role


def test_another_stack_keeps_its_logs_when_this_one_goes() -> None:
    for name in ("ApiLogsAccount", "ApiLogsRole"):
        assert Expanded().resources[name]["DeletionPolicy"] == "RetainExceptOnCreate"


def test_a_laptop_has_no_access_log() -> None:
    stack = Expanded(Environment="local", PublicOrigin="http://localhost:8080")

    assert "AccessLogSetting" not in stack.properties("Apiv1Stage")
    assert [name for name in stack.resources if "AccessLogs" in name or "Firewall" in name] == []


def test_concurrency_is_reserved_on_request_alone() -> None:
    # Lambda refuses a reservation that leaves fewer than 100 executions of the account (Lambda quotas).
    with_reserve, without = Expanded(ReservedConcurrency="40"), Expanded()

    for name in ("LoginFunction", "ResetFunction"):
        assert with_reserve.properties(name)["ReservedConcurrentExecutions"] == "40"
        assert "ReservedConcurrentExecutions" not in without.properties(name)
    assert "ReservedConcurrentExecutions" not in with_reserve.properties("IdentifierFunction")


def test_bounces_return_to_a_subdomain_whose_records_are_in_the_outputs() -> None:
    stack = Expanded(SenderDomain="mutuelle.example", MailFromSubdomain="retours")
    mail_from = stack.properties("SenderDomainIdentity")["MailFromAttributes"]

    # Amazon SES guide, "Using a custom MAIL FROM domain": without the MX record, SES uses its own domain.
    assert mail_from == {"MailFromDomain": "retours.mutuelle.example", "BehaviorOnMxFailure": "USE_DEFAULT_VALUE"}
    records = stack.outputs()["MailFromDnsRecords"]
    assert "retours.mutuelle.example MX 10 feedback-smtp.eu-west-3.amazonses.com" in records
    assert 'retours.mutuelle.example TXT "v=spf1 include:amazonses.com -all"' in records
    assert stack.outputs()["DmarcDnsRecord"].startswith('_dmarc.mutuelle.example TXT "v=DMARC1;')


def test_ses_reports_every_email_that_does_not_arrive() -> None:
    # Names of "EventDestination" (Amazon SES API Reference). Without a subscription to them SES reports no rejection.
    destination = Expanded().properties("ReturnedEmails")["EventDestination"]
    assert destination["Enabled"] is True
    assert set(destination["MatchingEventTypes"]) == {"bounce", "complaint", "reject", "renderingFailure"}


def test_without_a_subdomain_ses_keeps_its_own() -> None:
    stack = Expanded(MailFromSubdomain="")

    assert "MailFromAttributes" not in stack.properties("SenderDomainIdentity")
    assert "MailFromDnsRecords" not in stack.outputs()


@pytest.mark.parametrize(("identity", "records"), [("create", set(MAIL_RECORDS)), ("existing", set())])
def test_a_stack_names_the_records_of_its_own_identity_alone(identity: str, records: set[str]) -> None:
    assert {*Expanded(SenderIdentity=identity).outputs()} & {*MAIL_RECORDS} == records
