"""Completes MiniStack's (1.5.33) import of an API description.

SAM gives CloudFormation the whole API as one OpenAPI document, the ``Body`` of ``AWS::ApiGateway::RestApi``. MiniStack
ignores two extensions that the template needs:

- ``x-amazon-apigateway-any-method``: the operation for all methods that a path does not name;
- ``x-amazon-apigateway-gateway-responses``: the format of API Gateway's own refusals.

So after a deployment this module reads the document back and makes the equivalent calls. Remove it when MiniStack
supports both: the tests of the running stack cover them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from local.deployment import STACK_NAME
from local.environment import REGION
from local.errors import CloudFailed

if TYPE_CHECKING:
    from local.cloud import LocalCloud

_ANY_METHOD = "x-amazon-apigateway-any-method"
_GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
_INTEGRATION = "x-amazon-apigateway-integration"

Document = Mapping[str, Any]


@dataclass(frozen=True)
class AnyMethod:
    """A path whose other methods go to one Lambda function, given by the URI of the integration."""

    path: str
    uri: str


@dataclass(frozen=True)
class GatewayResponse:
    """The project's format for one of API Gateway's own refusals."""

    kind: str
    status: str
    parameters: Mapping[str, str]
    templates: Mapping[str, str]


def any_methods(body: Document, resolve: Callable[[object], str]) -> list[AnyMethod]:
    """List the paths of an API description that accept any method.

    Args:
        body: the OpenAPI document in the template.
        resolve: returns the text of a value that may be an intrinsic function.
    """
    return [
        AnyMethod(path, resolve(operations[_ANY_METHOD][_INTEGRATION]["uri"]))
        for path, operations in body["paths"].items()
        if _ANY_METHOD in operations
    ]


def gateway_responses(body: Document) -> list[GatewayResponse]:
    """List the refusals that an API description formats, without the headers that depend on other front-ends."""
    return [
        GatewayResponse(
            kind,
            str(response["statusCode"]),
            {name: text for name, text in response.get("responseParameters", {}).items() if isinstance(text, str)},
            response.get("responseTemplates", {}),
        )
        for kind, response in body.get(_GATEWAY_RESPONSES, {}).items()
    ]


def resolver(physical_ids: Mapping[str, str]) -> Callable[[object], str]:
    """Make a function that returns the text of a plain value, or of an ``Fn::Sub`` of resources and the region.

    Args:
        physical_ids: the physical ids of the stack's resources by logical id, as ``Ref`` returns them.
    """
    names = {**physical_ids, "AWS::Region": REGION, "AWS::Partition": "aws"}

    def resolve(value: object) -> str:
        match value:
            case str():
                return value
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]+)\}", lambda found: names[found[1]], text)
        raise CloudFailed(f"local/api_import.py does not support this part of the API's description: {value!r}")

    return resolve


def complete_api(cloud: LocalCloud) -> None:
    """Make the calls to API Gateway that are equivalent to AWS's import.

    Raises:
        CloudFailed: the description uses something that this module does not support.
    """
    template: Any = cloud.cloudformation.get_template(StackName=STACK_NAME, TemplateStage="Processed")["TemplateBody"]
    described = cloud.cloudformation.describe_stack_resources(StackName=STACK_NAME)["StackResources"]
    physical_ids = {one["LogicalResourceId"]: one["PhysicalResourceId"] for one in described}
    for logical_id, resource in template["Resources"].items():
        if resource["Type"] == "AWS::ApiGateway::RestApi":
            _complete(
                cloud.apigateway,
                physical_ids[logical_id],
                resource["Properties"]["Body"],
                resolver(physical_ids),
            )


def _complete(apigateway: Any, api: str, body: Document, resolve: Callable[[object], str]) -> None:  # noqa: ANN401 - its stubs are not installed
    paths = {
        resource["path"]: resource["id"]
        for page in apigateway.get_paginator("get_resources").paginate(restApiId=api)
        for resource in page["items"]
    }
    for method in any_methods(body, resolve):
        where = {"restApiId": api, "resourceId": paths[method.path], "httpMethod": "ANY"}
        apigateway.put_method(**where, authorizationType="NONE")
        apigateway.put_integration(**where, type="AWS_PROXY", integrationHttpMethod="POST", uri=method.uri)
    for response in gateway_responses(body):
        apigateway.put_gateway_response(
            restApiId=api,
            responseType=response.kind,
            statusCode=response.status,
            responseParameters=response.parameters,
            responseTemplates=response.templates,
        )
    for stage in apigateway.get_stages(restApiId=api)["item"]:
        apigateway.create_deployment(restApiId=api, stageName=stage["stageName"])
