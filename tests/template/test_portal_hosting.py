"""How the template hosts the portal: a private bucket, the API under the same origin, strict headers on every page."""

from __future__ import annotations

import json
import re
import subprocess
from datetime import date
from typing import Any

import pytest

from local.portal_files import security_headers
from local.portal_site import CHANGE_PIN, NOT_FOUND, SiteSources, site
from member_access.api.client_address import ADDRESS_HEADER, VERIFY_HEADER
from simulators.template import ROOT, LogicalNames, Template, project_template

TEMPLATE = project_template()
CERTIFICATE = "arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
PORTAL = {path.relative_to(ROOT / "portal").as_posix(): path for path in (ROOT / "portal").rglob("*") if path.is_file()}
PARAMETERS = {"Environment": "production", "PublicOrigin": "https://members.example"}


def resource(name: str, **parameters: str) -> dict[str, Any]:
    """A resource's properties as they are deployed."""
    node = TEMPLATE.body["Resources"][name]["Properties"]
    resolved: dict[str, Any] = TEMPLATE.resolve(node, LogicalNames(), {**PARAMETERS, **parameters})
    return resolved


def distribution(**parameters: str) -> dict[str, Any]:
    found: dict[str, Any] = resource("Portal", **parameters)["DistributionConfig"]
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
    "UnknownPages",
    "PortalAccess",
    "PortalBucket",
    "PortalBucketPolicy",
    "PortalHeaders",
    "ViewerAddress",
]


@pytest.mark.parametrize("name", HOSTING)
def test_the_portal_is_hosted_under_a_condition(name: str) -> None:
    assert TEMPLATE.body["Resources"][name]["Condition"] == "PortalHosted"


def test_the_bucket_is_private_encrypted_and_without_lists_of_rights() -> None:
    bucket = resource("PortalBucket")

    assert bucket["PublicAccessBlockConfiguration"] == dict.fromkeys(
        ("BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"), True
    )
    assert bucket["OwnershipControls"]["Rules"] == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    (encryption,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    assert encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    assert "WebsiteConfiguration" not in bucket


def test_the_bucket_refuses_calls_without_encryption() -> None:
    statements = resource("PortalBucketPolicy")["PolicyDocument"]["Statement"]
    (refused,) = [one for one in statements if one["Effect"] == "Deny"]

    assert (refused["Principal"], refused["Action"]) == ("*", "s3:*")
    assert refused["Resource"] == ["PortalBucket.Arn", "PortalBucket.Arn/*"]
    assert refused["Condition"] == {"Bool": {"aws:SecureTransport": False}}


def test_only_this_distribution_reads_the_bucket() -> None:
    statements = resource("PortalBucketPolicy")["PolicyDocument"]["Statement"]
    allowed = [one for one in statements if one["Effect"] == "Allow"]
    assert {one["Principal"]["Service"] for one in allowed} == {"cloudfront.amazonaws.com"}
    source = {"AWS:SourceArn": "arn:aws:cloudfront::123456789012:distribution/Portal"}
    assert [one["Condition"] for one in allowed] == [{"StringEquals": source}] * 2
    assert origin("pages")["OriginAccessControlId"] == "PortalAccess.Id"
    signing = resource("PortalAccess")["OriginAccessControlConfig"]
    assert (signing["SigningBehavior"], signing["SigningProtocol"]) == ("always", "sigv4")


def test_the_api_shares_the_origin_uncached_with_its_headers() -> None:
    api = behaviour("/v1/*")

    assert api["TargetOriginId"] == "api"
    assert api["CachePolicyId"] == "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    assert api["OriginRequestPolicyId"] == "b689b0a8-53d0-40ab-baf2-68738e2966ac"
    assert {"GET", "POST", "OPTIONS"} <= set(api["AllowedMethods"])
    assert origin("api")["DomainName"] == "Api.execute-api.eu-west-3.amazonaws.com"
    assert origin("api")["CustomOriginConfig"] == {
        "OriginProtocolPolicy": "https-only",
        "OriginSSLProtocols": ["TLSv1.2"],
    }


def test_nothing_is_served_without_encryption() -> None:
    assert distribution()["DefaultCacheBehavior"]["ViewerProtocolPolicy"] == "redirect-to-https"
    # A redirected call has sent its PIN in clear already.
    assert behaviour("/v1/*")["ViewerProtocolPolicy"] == "https-only"


def test_with_a_certificate_the_portal_has_its_own_host_and_tls_1_2() -> None:
    portal = distribution(CertificateArn=CERTIFICATE)

    assert portal["Aliases"] == ["members.example"]
    assert portal["ViewerCertificate"] == {
        "AcmCertificateArn": CERTIFICATE,
        "SslSupportMethod": "sni-only",
        "MinimumProtocolVersion": "TLSv1.2_2021",
    }


@pytest.mark.parametrize(
    ("arn", "is_taken"),
    [
        (CERTIFICATE, True),
        ("", True),
        (CERTIFICATE.replace("us-east-1", "eu-west-3"), False),
        ("members.example", False),
    ],
)
def test_a_certificate_is_one_that_cloudfront_can_use(arn: str, is_taken: bool) -> None:
    pattern = TEMPLATE.body["Parameters"]["CertificateArn"]["AllowedPattern"]

    assert bool(re.fullmatch(pattern, arn)) == is_taken


@pytest.mark.parametrize(
    ("parameters", "is_deployed"),
    [
        ({"Environment": "production", "CertificateArn": ""}, False),
        ({"Environment": "production", "CertificateArn": CERTIFICATE}, True),
        ({"Environment": "production", "CertificateArn": "", "HostPortal": "false"}, True),
        ({"Environment": "staging", "CertificateArn": ""}, True),
    ],
)
def test_a_portal_in_production_has_a_host_of_its_own(parameters: dict[str, str], is_deployed: bool) -> None:
    rule = TEMPLATE.body["Rules"]["ProductionHasItsOwnHost"]
    (assertion,) = rule["Assertions"]
    conditions = {"Applies": rule["RuleCondition"], "Holds": assertion["Assert"]}
    choice = {"Fn::If": ["Applies", {"Fn::If": ["Holds", "deployed", "refused"]}, "deployed"]}
    answered = Template({**TEMPLATE.body, "Conditions": conditions}).resolve(choice, {}, parameters)

    assert answered == ("deployed" if is_deployed else "refused")


def test_without_a_certificate_cloudfront_has_its_own() -> None:
    assert distribution()["ViewerCertificate"] == {"CloudFrontDefaultCertificate": True}
    assert "Aliases" not in distribution()


def test_no_error_page_hides_what_the_api_says() -> None:
    assert "CustomErrorResponses" not in distribution()


def test_every_api_call_passes_the_function_that_writes_the_address() -> None:
    (function,) = behaviour("/v1/*")["FunctionAssociations"]

    assert function == {"EventType": "viewer-request", "FunctionARN": "ViewerAddress.FunctionMetadata.FunctionARN"}
    assert resource("ViewerAddress")["AutoPublish"] is True


def ran_at_the_edge(function: str, event: dict[str, Any], **parameters: str) -> Any:  # noqa: ANN401 - what JavaScript returns
    """What a CloudFront function returns for an event."""
    code = (
        f"{resource(function, **parameters)['FunctionCode']}\nconsole.log(JSON.stringify(handler({json.dumps(event)})))"
    )
    ran = subprocess.run(["node", "-e", code], capture_output=True, text=True, check=True)  # noqa: S603, S607 - our own words
    return json.loads(ran.stdout)


@pytest.mark.needs("node")
def test_cloudfront_writes_the_callers_address_over_what_a_caller_says() -> None:
    forged = {"value": "203.0.113.1", "multiValue": [{"value": "203.0.113.1"}, {"value": "203.0.113.2"}]}
    request = {"method": "POST", "uri": "/v1/login", "headers": {"true-client-ip": forged, "accept": {"value": "*/*"}}}
    event = {"viewer": {"ip": "198.51.100.7"}, "request": request}

    headers = {"true-client-ip": {"value": "198.51.100.7"}, "accept": {"value": "*/*"}}
    assert ran_at_the_edge("ViewerAddress", event) == {**request, "headers": headers}


def site_files(**parameters: str) -> dict[str, bytes]:
    """The files that browsers get."""
    defaults = {**TEMPLATE.parameter_defaults(), **PARAMETERS, **parameters}
    portal = {name: path.read_bytes() for name, path in PORTAL.items()}
    return site(SiteSources.read(ROOT, portal, None), defaults, date(2026, 11, 30))


PAGE = {"accept": {"value": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}}
"""What a browser sends when someone follows an address; for scripts, styles, pictures and fetch() it sends others."""


def asked(path: str, headers: dict[str, Any], **parameters: str) -> Any:  # noqa: ANN401 - what JavaScript returns
    """The request that goes on to the bucket, or the answer."""
    return ran_at_the_edge(
        "UnknownPages", {"request": {"method": "GET", "uri": path, "headers": headers}}, **parameters
    )


@pytest.mark.needs("node")
@pytest.mark.parametrize("headers", [{}, {"accept": {"value": "*/*"}}, {"accept": {"value": "text/css,*/*;q=0.1"}}])
def test_the_portal_s_files_are_read_from_the_bucket(headers: dict[str, Any]) -> None:
    paths = ["/", *(f"/{name}" for name in site_files() if name != NOT_FOUND)]
    code = resource("UnknownPages")["FunctionCode"]
    events = json.dumps([{"request": {"uri": path, "headers": headers}} for path in paths])
    told = f"console.log(JSON.stringify({events}.filter((event) => handler(event) !== event.request)))"
    ran = subprocess.run(["node", "-e", f"{code}\n{told}"], capture_output=True, text=True, check=True)  # noqa: S603, S607 - our own words

    assert len(paths) > 40
    assert json.loads(ran.stdout) == []


@pytest.mark.needs("node")
@pytest.mark.parametrize(
    "path", ["/", "/index.html", "/pages/personal-data.en.html", "/robots.txt", "/.well-known/security.txt"]
)
def test_a_page_that_someone_follows_a_link_to_is_read_from_the_bucket(path: str) -> None:
    assert asked(path, PAGE) == {"method": "GET", "uri": path, "headers": PAGE}


@pytest.mark.needs("node")
@pytest.mark.parametrize(
    ("path", "headers"),
    [
        ("/nope.png", PAGE),
        ("/x.html", PAGE),
        ("/screens/nope.html", PAGE),
        ("/v1.css", PAGE),
        ("/nope.png", {}),
        ("/x.html", {"accept": {"value": "*/*"}}),
        ("/a/screens/code.html", {}),
        ("/humans.txt", {}),
        ("/espace", PAGE),
        ("/a/b", {}),
        ("//evil/example", PAGE),
        ("/.well-known/resource-that-should-not-exist-whose-status-code-should-not-be-200", {}),
    ],
)
def test_an_unknown_address_has_the_page_that_the_local_stack_has(path: str, headers: dict[str, Any]) -> None:
    answer = asked(path, headers)

    assert answer["statusCode"] == 404
    assert answer["headers"]["content-type"] == {"value": "text/html; charset=utf-8"}
    assert answer["body"]["data"] == site_files()[NOT_FOUND].decode()
    for linked in re.findall(r'(?:href|src|srcset)="/([^"]+)"', answer["body"]["data"]):
        assert linked in site_files()


@pytest.mark.needs("node")
def test_the_page_for_unknown_addresses_takes_any_name_as_text() -> None:
    own = {"InsurerName": 'Mutuelle "L\\Été" <script> & l\'Autre', "InsurerHelpline": '"+alert(1)+"'}

    page = asked("/nope.png", PAGE, **own)["body"]["data"]

    assert page == site_files(**own)[NOT_FOUND].decode()
    assert "<script" not in page


@pytest.mark.needs("node")
def test_password_managers_are_led_to_the_screen_that_changes_a_pin() -> None:
    answer = asked("/.well-known/change-password", PAGE)

    assert (answer["statusCode"], answer["headers"]) == (302, {"location": {"value": CHANGE_PIN}})


def test_the_function_for_unknown_addresses_is_no_larger_than_cloudfront_takes() -> None:
    # "Quotas for Amazon CloudFront" (functions): 10 KB.
    longest = resource("UnknownPages", InsurerName="é" * 200, InsurerHelpline="0" * 100)["FunctionCode"]

    assert len(longest.encode()) <= 10_240


def test_no_answer_of_the_api_passes_the_function_for_pages() -> None:
    (pages,) = distribution()["DefaultCacheBehavior"]["FunctionAssociations"]

    assert pages == {"EventType": "viewer-request", "FunctionARN": "UnknownPages.FunctionMetadata.FunctionARN"}
    assert "UnknownPages" not in str(behaviour("/v1/*"))


def test_a_firewall_of_cloudfront_is_put_in_front_of_the_portal() -> None:
    arn = "arn:aws:wafv2:us-east-1:123456789012:global/webacl/edge/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"

    assert re.fullmatch(TEMPLATE.body["Parameters"]["PortalFirewallArn"]["AllowedPattern"], arn)
    assert distribution(PortalFirewallArn=arn)["WebACLId"] == arn
    assert "WebACLId" not in distribution()


def test_cloudfront_functions_and_firewall_share_one_secret() -> None:
    (header,) = origin("api")["OriginCustomHeaders"]
    environment = TEMPLATE.function_environment("LoginFunction", LogicalNames(), PARAMETERS)
    first, second, *_ = resource("Firewall")["Rules"]

    assert header["HeaderName"].lower() == VERIFY_HEADER
    assert header["HeaderValue"] == environment["ORIGIN_VERIFY_SECRET"]
    through = second["Statement"]["RateBasedStatement"]["ScopeDownStatement"]
    assert through["ByteMatchStatement"]["SearchString"] == header["HeaderValue"]
    assert through["ByteMatchStatement"]["FieldToMatch"] == {"SingleHeader": {"Name": VERIFY_HEADER}}
    assert first["Statement"]["RateBasedStatement"]["ScopeDownStatement"] == {"NotStatement": {"Statement": through}}


def test_only_the_functions_that_count_by_source_address_know_the_secret() -> None:
    known = [
        name
        for name in TEMPLATE.resources("AWS::Serverless::Function")
        if TEMPLATE.function_environment(name, LogicalNames(), PARAMETERS).get("ORIGIN_VERIFY_SECRET")
    ]

    assert sorted(known) == [
        "AccountFunction",
        "IdentifierFunction",
        "LoginFunction",
        "PasskeysFunction",
        "ResetFunction",
    ]


def test_requests_are_limited_by_the_client_address() -> None:
    direct, through = (rule["Statement"]["RateBasedStatement"] for rule in resource("Firewall")["Rules"][:2])

    assert direct["AggregateKeyType"] == "IP"
    assert through["AggregateKeyType"] == "FORWARDED_IP"
    assert through["ForwardedIPConfig"]["HeaderName"].lower() == ADDRESS_HEADER
    assert direct["Limit"] == through["Limit"] == "1000"


def test_no_output_reveals_the_secret() -> None:
    assert "OriginVerifySecret" not in str(TEMPLATE.body["Outputs"])


def test_outputs_name_the_portal_and_the_target_of_its_dns_name() -> None:
    outputs = {name: node for name, node in TEMPLATE.body["Outputs"].items() if name.startswith("Portal")}

    assert {node["Condition"] for node in outputs.values()} == {"PortalHosted"}
    assert TEMPLATE.resolve({name: node["Value"] for name, node in outputs.items()}, LogicalNames()) == {
        "PortalBucket": "PortalBucket",
        "PortalDistribution": "Portal",
        "PortalDomain": "Portal.DomainName",
    }


def test_without_the_portal_nothing_of_it_is_believed_or_counted() -> None:
    environment = TEMPLATE.function_environment("LoginFunction", LogicalNames(), {**PARAMETERS, "HostPortal": "false"})
    rules = resource("Firewall", HostPortal="false")["Rules"]

    assert environment["ORIGIN_VERIFY_SECRET"] == ""
    assert [rule["Name"] for rule in rules] == [
        "requests-per-source",
        "blocked-addresses",
        "malicious-addresses",
        "anonymous-addresses",
    ]
    assert "ScopeDownStatement" not in str(rules)
    assert "True-Client-IP" not in str(rules)


def test_pages_allow_only_their_own_files_and_no_markup_from_strings() -> None:
    headers = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=True)
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert {policy[one] for one in ("script-src", "style-src", "connect-src", "img-src", "font-src")} == {"'self'"}
    assert policy["require-trusted-types-for"] == "'script'"
    assert policy["trusted-types"] == "'none'"
    assert headers["Strict-Transport-Security"] == "max-age=63072000; includeSubDomains"
    assert distribution()["DefaultCacheBehavior"]["ResponseHeadersPolicyId"] == "PortalHeaders"


def test_without_encryption_no_header_insists_on_it() -> None:
    headers = security_headers((ROOT / "template.yaml").read_text("utf-8"), encrypted=False)

    assert "Strict-Transport-Security" not in headers
