"""How the template hosts the portal: a private bucket, the API under the same origin, strict headers on every page."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.template import ROOT, LogicalNames, project_template
from tools.portal import security_headers

TEMPLATE = project_template()
PARAMETERS = {"Environment": "production", "PublicOrigin": "https://members.example"}


def resource(name: str, **parameters: str) -> dict[str, Any]:
    """A resource's properties as they are deployed."""
    node = TEMPLATE.body["Resources"][name]["Properties"]
    # Fn::Split and Fn::Select are CloudFormation's to work out.
    if name == "Portal" and "CertificateArn" not in parameters:
        node = {"DistributionConfig": {**node["DistributionConfig"], "Aliases": {"Ref": "AWS::NoValue"}}}
    resolved: dict[str, Any] = TEMPLATE.resolve(node, LogicalNames(), {**PARAMETERS, **parameters})
    return resolved


def distribution() -> dict[str, Any]:
    found: dict[str, Any] = resource("Portal")["DistributionConfig"]
    return found


def behaviour(path: str) -> dict[str, Any]:
    (found,) = [one for one in distribution()["CacheBehaviors"] if one["PathPattern"] == path]
    return dict(found)


def origin(name: str) -> dict[str, Any]:
    (found,) = [one for one in distribution()["Origins"] if one["Id"] == name]
    return dict(found)


HOSTING = [
    "OriginVerifySecret",
    "Portal",
    "PortalAccess",
    "PortalBucket",
    "PortalBucketPolicy",
    "PortalHeaders",
    "ViewerAddress",
]


@pytest.mark.parametrize("name", HOSTING)
def test_the_portal_is_hosted_under_a_condition(name: str) -> None:
    assert TEMPLATE.body["Resources"][name]["Condition"] == "PortalHosted"


def test_nobody_reads_the_bucket_but_this_distribution() -> None:
    assert set(resource("PortalBucket")["PublicAccessBlockConfiguration"].values()) == {True}
    statements = resource("PortalBucketPolicy")["PolicyDocument"]["Statement"]
    allowed = [one for one in statements if one["Effect"] == "Allow"]
    assert {one["Principal"]["Service"] for one in allowed} == {"cloudfront.amazonaws.com"}
    source = {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/Portal"}
    assert [one["Condition"] for one in allowed] == [{"StringEquals": source}] * 2
    assert origin("pages")["OriginAccessControlId"] == "PortalAccess.Id"


def test_the_api_is_under_the_same_origin_uncached_and_with_every_header_but_the_host() -> None:
    api = behaviour("/v1/*")

    assert api["TargetOriginId"] == "api"
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert {"GET", "POST", "OPTIONS"} <= set(api["AllowedMethods"])


def test_no_error_page_hides_what_the_api_says() -> None:
    assert "CustomErrorResponses" not in distribution()


def test_cloudfront_writes_the_callers_address_over_what_a_caller_says() -> None:
    (function,) = behaviour("/v1/*")["FunctionAssociations"]

    assert function["EventType"] == "viewer-request"
    assert 'headers["true-client-ip"] = { value: event.viewer.ip }' in resource("ViewerAddress")["FunctionCode"]


def test_the_secret_that_cloudfront_shows_is_the_one_that_functions_and_firewall_know() -> None:
    (header,) = origin("api")["OriginCustomHeaders"]
    environment = TEMPLATE.function_environment("LoginFunction", LogicalNames(), PARAMETERS)
    first, second = resource("Firewall")["Rules"]

    assert header["HeaderName"] == "X-Origin-Verify"
    assert header["HeaderValue"] == environment["ORIGIN_VERIFY_SECRET"]
    through = second["Statement"]["RateBasedStatement"]["ScopeDownStatement"]
    assert through["ByteMatchStatement"]["SearchString"] == header["HeaderValue"]
    assert first["Statement"]["RateBasedStatement"]["ScopeDownStatement"] == {"NotStatement": {"Statement": through}}


def test_no_output_tells_the_secret() -> None:
    assert "OriginVerifySecret" not in str(TEMPLATE.body["Outputs"])


def test_without_the_portal_nothing_of_it_is_believed_or_counted() -> None:
    environment = TEMPLATE.function_environment("LoginFunction", LogicalNames(), {**PARAMETERS, "HostPortal": "false"})
    (rule,) = resource("Firewall", HostPortal="false")["Rules"]

    assert environment["ORIGIN_VERIFY_SECRET"] == ""
    assert "ScopeDownStatement" not in rule["Statement"]["RateBasedStatement"]


def test_pages_allow_nothing_but_their_own_files_and_no_markup_out_of_strings() -> None:
    headers = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=True)
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert {policy[one] for one in ("script-src", "style-src", "connect-src", "img-src")} == {"'self'"}
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "'none'"
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert distribution()["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == "PortalHeaders"


def test_without_encryption_nobody_is_told_to_insist_on_it() -> None:
    headers = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=False)

    assert "Strict-Transport-Security" not in headers
