"""What a role of the template allows, and what a function that is played through calls."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeVar

from simulators.aws_calls import CallLog, Permission, RecordedRequest
from simulators.buckets import BUCKET
from simulators.cloud import queue_url
from simulators.code_deploy import version_arn
from simulators.kms import REGION
from simulators.secrets_manager import PROVIDER_SECRET
from simulators.sign_in_driver import FrontDoor
from simulators.template import PSEUDO_PARAMETERS, project_template

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from member_access.platform.runtime import Handler, Runtime
    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply
    from simulators.template import Statement

Flow = TypeVar("Flow", bound="Handler")

_WRITES_THE_LOG = ("logs:CreateLogStream", "logs:PutLogEvents")
_TAKES_MESSAGES = ("sqs:DeleteMessage", "sqs:GetQueueAttributes", "sqs:ReceiveMessage")

# Calls name what an e-mail is sent with by its name, IAM by its ARN.
_SES = f"arn:{PSEUDO_PARAMETERS['AWS::Partition']}:ses:{REGION}:{PSEUDO_PARAMETERS['AWS::AccountId']}:"
_LOG_GROUPS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group"
_DEPLOYMENT_GROUPS = f"arn:aws:codedeploy:{REGION}:123456789012:deploymentgroup:test-ServerlessDeploymentApplication"
# The roles are those of the cloud: on a laptop one of them allows more (see the template).
_IN_THE_CLOUD = {"Environment": "staging", "PublicOrigin": "https://members.example"}


def statements_of(cloud: Cloud, function: str, parameters: Mapping[str, str]) -> list[Statement]:
    """The statements of a function's role, on resources as calls name them."""
    template = project_template()
    statements = template.role_statements(
        template.role_of(function), _as_calls_name_them(cloud), {**_IN_THE_CLOUD, **parameters}
    )
    return [
        replace(statement, resources=tuple(resource.removeprefix(_SES) for resource in statement.resources))
        for statement in statements
    ]


def allowed(statements: Iterable[Statement]) -> set[Permission]:
    """What statements allow on at least one item."""
    return {
        Permission(action, resource)
        for statement in statements
        for action in statement.actions
        for resource in statement.resources
    }


def made_by_lambda(cloud: Cloud, function: str) -> set[Permission]:
    """What Lambda itself does in a function's name, so that the function never calls it.

    It writes what the function prints to the function's log group, and an event source mapping takes messages out of
    the queue, watches it, and deletes the messages that the function has handled.
    """
    template = project_template()
    properties = template.resources("AWS::Serverless::Function")[function]["Properties"]
    names = _as_calls_name_them(cloud)
    log_group = properties["LoggingConfig"]["LogGroup"]["Ref"]
    name = template.resources("AWS::Logs::LogGroup")[log_group]["Properties"].get("LogGroupName")
    named = f"{_LOG_GROUPS}:{template.resolve(name, names)}:*" if name else f"${{{log_group}.Arn}}"
    streams = template.resolve({"Fn::Sub": named}, names)
    queues = [
        template.resolve(event["Properties"]["Queue"], names)
        for event in properties.get("Events", {}).values()
        if event["Type"] == "SQS"
    ]
    return {Permission(action, streams) for action in _WRITES_THE_LOG} | {
        Permission(action, queue) for action in _TAKES_MESSAGES for queue in queues
    }


def _as_calls_name_them(cloud: Cloud) -> dict[str, str]:
    """Tables by their names, queues by their addresses, keys and secrets by their ARNs."""
    template = project_template()
    return {
        **{f"{logical_name}.Arn": table for logical_name, table in cloud.tables.items()},
        "ImportBucket.Arn": BUCKET,
        **{f"{logical_name}.Arn": key for logical_name, key in cloud.keys.items()},
        **{f"{queue}.Arn": queue_url(queue) for queue in template.resources("AWS::SQS::Queue")},
        **{name: name for name in template.resources("AWS::SES::ConfigurationSet")},
        **{f"{name}.Id": PROVIDER_SECRET for name in template.resources("AWS::SecretsManager::Secret")},
        # Ref and GetAtt of the log groups, as CloudFormation documents them: the ARN ends with the streams.
        **{
            f"{name}.Arn": f"arn:aws:logs:{REGION}:123456789012:log-group:{name}:*"
            for name in template.resources("AWS::Logs::LogGroup")
        },
        **{
            f"{name}.Arn": version_arn(name).rpartition(":")[0]
            for name in template.resources("AWS::Serverless::Function")
        },
    }


def as_roles_name_them(requests: Iterable[RecordedRequest]) -> list[RecordedRequest]:
    """Name what a role can only name by a pattern by that pattern: versions of functions, and deployments."""
    named = []
    for request in requests:
        action, resource = request.permission.action, request.permission.resource
        if action == "lambda:Invoke":
            permission = Permission("lambda:InvokeFunction", f"{resource.rpartition(':')[0]}:*")
        else:
            permission = Permission(action, f"{_DEPLOYMENT_GROUPS}-*")
        named.append(replace(request, permission=permission))
    return named


@dataclass
class Stage:
    """Where one function is played through, and what it calls is noted; other functions may play beside it.

    Attributes:
        function: its logical name.
        cloud: what it finds in AWS.
        parameters: template parameters that differ from their defaults.
        requests: what IAM has decided so far.
    """

    function: str
    cloud: Cloud
    parameters: Mapping[str, str]
    requests: list[RecordedRequest] = field(default_factory=list)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Note every call until the end of the block."""
        with self.cloud.recorded_calls() as log:
            yield
        self.requests += log.requests()

    def door(self, **parameters: str) -> WatchedDoor:
        """The functions of the API, this one watched."""
        return WatchedDoor(self, {**self.parameters, **parameters})

    def composed(self, compose: Callable[[Runtime], Flow], runtime: Runtime) -> Callable[[dict[str, Any], Any], Any]:
        """The function put together as its container does it, and watched from then on."""
        with self.watched():
            flow = compose(runtime)

        def call(event: dict[str, Any], context: LambdaContext) -> Any:  # noqa: ANN401 - the flow's answer
            with self.watched():
                return flow(event, context)

        return call


class WatchedDoor(FrontDoor):
    """The functions of the API, of which one is watched."""

    def __init__(self, stage: Stage, parameters: Mapping[str, str]) -> None:
        # One call after another: moto cannot stand two at once.
        super().__init__(stage.cloud, parameters, executor=CallLog().executor)
        self._stage = stage
        self._paths = {event.path for event in project_template().api_events() if event.function == stage.function}

    def call(self, event: dict[str, Any]) -> Reply:
        """Hand an event to its function."""
        if event["resource"] not in self._paths:
            return super().call(event)
        with self._stage.watched():
            return super().call(event)
