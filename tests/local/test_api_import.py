"""What AWS's import would take from an API description is read from it."""

from __future__ import annotations

import pytest

from local.api_import import AnyMethod, GatewayResponse, any_methods, gateway_responses, resolver
from local.errors import CloudFailed

URI = {"Fn::Sub": "arn:aws:apigateway:${AWS::Region}:lambda:path/functions/${LoginFunctionAliaslive}/invocations"}
RESOLVED = "arn:aws:apigateway:eu-west-3:lambda:path/functions/arn:live/invocations"
METHOD = {"x-amazon-apigateway-integration": {"type": "aws_proxy", "httpMethod": "POST", "uri": URI}}
BODY = {
    "paths": {
        "/login": {"post": METHOD, "x-amazon-apigateway-any-method": METHOD},
        "/logout": {"post": METHOD},
    },
    "x-amazon-apigateway-gateway-responses": {
        "MISSING_AUTHENTICATION_TOKEN": {"statusCode": 404, "responseTemplates": {"application/json": "{}"}},
    },
}


def test_a_path_that_takes_any_method_is_found_with_its_function() -> None:
    resolve = resolver({"LoginFunctionAliaslive": "arn:live"})

    assert any_methods(BODY, resolve) == [AnyMethod("/login", RESOLVED)]


def test_a_form_for_the_refusals_of_api_gateway_is_found() -> None:
    assert gateway_responses(BODY) == [
        GatewayResponse("MISSING_AUTHENTICATION_TOKEN", "404", {}, {"application/json": "{}"})
    ]


def test_headers_for_other_front_ends_are_left_out() -> None:
    origin = {"Fn::If": ["HasOtherFrontEnds", "method.request.header.Origin", {"Ref": "AWS::NoValue"}]}
    parameters = {
        "gatewayresponse.header.Vary": "'Origin'",
        "gatewayresponse.header.Access-Control-Allow-Origin": origin,
    }
    body = {
        "x-amazon-apigateway-gateway-responses": {"THROTTLED": {"statusCode": 503, "responseParameters": parameters}}
    }

    (response,) = gateway_responses(body)
    assert response.parameters == {"gatewayresponse.header.Vary": "'Origin'"}


def test_an_api_without_either_has_none() -> None:
    body = {"paths": {"/logout": {"post": METHOD}}}

    assert any_methods(body, resolver({})) == []
    assert gateway_responses(body) == []


def test_a_plain_address_stays_as_it_is() -> None:
    assert resolver({})("arn:aws:lambda:eu-west-3") == "arn:aws:lambda:eu-west-3"


def test_an_unreadable_description_is_reported_and_not_guessed() -> None:
    with pytest.raises(CloudFailed, match="Fn::ImportValue"):
        resolver({})({"Fn::ImportValue": "Other"})
