"""What API Gateway's import of an API description does, and MiniStack's (1.5.33) does not.

SAM hands the whole API to CloudFormation as one OpenAPI document in ``AWS::ApiGateway::RestApi``'s ``Body``. AWS takes
two extensions from it that MiniStack passes over, and the template relies on both:

- ``x-amazon-apigateway-any-method``: a path's method for all the methods that it does not name;
- ``x-amazon-apigateway-gateway-responses``: the form of API Gateway's own refusals.

So after a deployment the same document is read back, and the calls are made that come down to the same. When
MiniStack honours them, this module can go: the tests of the running stack will not notice.
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
    from local.cloud import Cloud

_ANY_METHOD = "x-amazon-apigateway-any-method"
_GATEWAY_RESPONSES = "x-amazon-apigateway-gateway-responses"
_INTEGRATION = "x-amazon-apigateway-integration"

Document = Mapping[str, Any]


@dataclass(frozen=True)
class AnyMethod:
    """A path whose other methods all go to one Lambda function, by the URI of the integration."""

    path: str
    uri: str


@dataclass(frozen=True)
class GatewayResponse:
    """One of API Gateway's own refusals in a form of ours."""

    kind: str
    status: str
    parameters: Mapping[str, str]
    templates: Mapping[str, str]


def any_methods(body: Document, resolve: Callable[[object], str]) -> list[AnyMethod]:
    """The paths of an API description that take any method.

    Args:
        body: the OpenAPI document, as it stands in the template.
        resolve: gives the text of a value in it that may be an intrinsic function.
    """
    return [
        AnyMethod(path, resolve(operations[_ANY_METHOD][_INTEGRATION]["uri"]))
        for path, operations in body["paths"].items()
        if _ANY_METHOD in operations
    ]


def gateway_responses(body: Document) -> list[GatewayResponse]:
    """The refusals that an API description gives a form to."""
    return [
        GatewayResponse(
            kind,
            str(response["statusCode"]),
            response.get("responseParameters", {}),
            response.get("responseTemplates", {}),
        )
        for kind, response in body.get(_GATEWAY_RESPONSES, {}).items()
    ]


def resolver(physical_ids: Mapping[str, str]) -> Callable[[object], str]:
    """What gives the text of a plain value, or of an ``Fn::Sub`` of resources and the region.

    Args:
        physical_ids: the physical ids of the stack's resources by logical id: what ``Ref`` gives.
    """
    names = {**physical_ids, "AWS::Region": REGION, "AWS::Partition": "aws"}

    def resolve(value: object) -> str:
        match value:
            case str():
                return value
            case {"Fn::Sub": str(text)}:
                return re.sub(r"\$\{([^}]+)\}", lambda found: names[found[1]], text)
        raise CloudFailed(f"local/api_import.py does not support this part of the API's description:  {value!r}")

    return resolve


def complete_api(cloud: Cloud) -> None:
    """Make the calls to API Gateway that AWS's import would have come down to.

    Raises:
        CloudFailed: the description uses something that this module does not know.
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
