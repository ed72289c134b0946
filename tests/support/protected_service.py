"""Deploys the example of a protected service beside the local stack, without ``sam build``: no registry is asked."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from samtranslator.yaml_helper import yaml_parse

from local.environment import REGION
from simulators.expansion import expanded
from simulators.template import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from local.cloud import LocalClients

_EXAMPLE = ROOT / "examples" / "protected-service"
_STACK_NAME = "protected-service"
_BUCKET = "artifacts"
_INTEGRATION, _AUTHORIZER = "x-amazon-apigateway-integration", "x-amazon-apigateway-authorizer"


@dataclass(frozen=True)
class ProtectedService:
    """The deployed example.

    Attributes:
        ways: the address of each of its three ways, without a trailing slash.
    """

    ways: Mapping[str, str]

    @classmethod
    def deploy(cls, cloud: LocalClients, parameters: Mapping[str, str], runtime: str) -> ProtectedService:
        """Deploy it to the local cloud.

        Args:
            cloud: the cloud of a running stack.
            parameters: those of the example's template.
            runtime: that of the local cloud.
        """
        body = yaml_parse((_EXAMPLE / "template.yaml").read_text("utf-8"))
        body["Globals"]["Function"]["Runtime"] = runtime
        template = expanded(body, parameters)
        http_api = template["Resources"]["HttpApi"]["Properties"].pop("Body")
        template["Resources"]["HttpApi"]["Properties"] |= {"ProtocolType": "HTTP", "Name": _STACK_NAME}
        cloud.s3.put_object(Bucket=_BUCKET, Key="src/", Body=_archive())
        cloud.cloudformation.create_stack(
            StackName=_STACK_NAME,
            TemplateBody=json.dumps(template),
            Parameters=[{"ParameterKey": name, "ParameterValue": value} for name, value in parameters.items()],
            Capabilities=["CAPABILITY_IAM"],
        )
        cloud.cloudformation.get_waiter("stack_create_complete").wait(
            StackName=_STACK_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
        )
        (stack,) = cloud.cloudformation.describe_stacks(StackName=_STACK_NAME)["Stacks"]
        outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
        _complete_http_api(cloud, outputs["HttpApiId"], http_api, parameters)
        http = f"{cloud.endpoint_url}/_aws/execute-api/{outputs['HttpApiId']}/$default"
        rest = f"{cloud.endpoint_url}/_aws/execute-api/{outputs['RestApiId']}/v1"
        return cls({"HTTP API": http, "REST API": rest, "by itself": f"{http}/by-itself"})


def _archive() -> bytes:
    """Return the code with ``joserfc``, which the local cloud's interpreter does not have; it has ``cryptography``."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        for folder in (_EXAMPLE / "src" / "protected_service", _folder_of("joserfc")):
            for file in folder.rglob("*.py"):
                archive.write(file, file.relative_to(folder.parent))
    return written.getvalue()


def _folder_of(package: str) -> Path:
    spec = find_spec(package)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


def _complete_http_api(cloud: LocalClients, api: str, body: Mapping[str, Any], parameters: Mapping[str, str]) -> None:
    """Make the calls that import the description of an HTTP API, which MiniStack (1.5.33) ignores in a template."""

    def resolve(value: object) -> Any:  # noqa: ANN401 - a node of the template
        return _resolved(value, cloud, parameters)

    gateway = cloud.session.client("apigatewayv2", endpoint_url=cloud.endpoint_url)
    authorizers = {
        name: gateway.create_authorizer(
            ApiId=api,
            Name=name,
            AuthorizerType="JWT",
            IdentitySource=[scheme[_AUTHORIZER]["identitySource"]],
            JwtConfiguration={
                name.title(): resolve(value) for name, value in scheme[_AUTHORIZER]["jwtConfiguration"].items()
            },
        )["AuthorizerId"]
        for name, scheme in body["components"]["securitySchemes"].items()
    }
    for path, method, operation in _operations(body):
        integration = gateway.create_integration(
            ApiId=api,
            IntegrationType="AWS_PROXY",
            IntegrationUri=resolve(operation[_INTEGRATION]["uri"]),
            PayloadFormatVersion=operation[_INTEGRATION]["payloadFormatVersion"],
        )["IntegrationId"]
        named = [name for requirement in operation.get("security", []) for name in requirement if name in authorizers]
        security = {"AuthorizationType": "JWT", "AuthorizerId": authorizers[named[0]]} if named else {}
        gateway.create_route(
            ApiId=api, RouteKey=f"{method.upper()} {path}", Target=f"integrations/{integration}", **security
        )


def _operations(body: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in body["paths"].items():
        for method, operation in methods.items():
            yield path, method, operation


def _resolved(value: Any, cloud: LocalClients, parameters: Mapping[str, str]) -> Any:  # noqa: ANN401 - a node
    """Return a value of the template with its parameters, and with the functions of the deployed stack by their ARN."""
    match value:
        case list():
            return [_resolved(one, cloud, parameters) for one in value]
        case {"Ref": str(name)}:
            return parameters[name]
        case {"Fn::Sub": str(text)}:
            name = text.partition("${")[2].rpartition(".Arn}")[0].rpartition("${")[2]
            found = cloud.cloudformation.describe_stack_resource(StackName=_STACK_NAME, LogicalResourceId=name)
            function = found["StackResourceDetail"]["PhysicalResourceId"]
            return f"arn:aws:lambda:{REGION}:000000000000:function:{function}"
    return value
