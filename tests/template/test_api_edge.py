"""How the API is reached: its TLS, its limits, a domain of its own, and its answers to other front-ends."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.expanded import Expanded

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
