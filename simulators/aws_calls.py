"""Records every AWS call of a flow as botocore sees it: operation, resources, and the number in sequence."""

from __future__ import annotations

import itertools
import re
import threading
from collections import Counter
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass
from email.utils import parseaddr
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from botocore.client import BaseClient
    from botocore.model import OperationModel

Footprint: TypeAlias = Counter[tuple[str, tuple[str, ...]]]
"""Calls regardless of their order: the number per operation and resources."""

_Result = TypeVar("_Result")
_Context: TypeAlias = "Mapping[str, tuple[str, ...]]"

# The parameters that name the resource of an operation.
_RESOURCE_PARAMETERS = ("TableName", "KeyId", "QueueUrl", "SecretId", "FunctionName", "deploymentId")
_TRANSACTION_ACTIONS = {
    "ConditionCheck": "ConditionCheckItem",
    "Delete": "DeleteItem",
    "Get": "GetItem",
    "Put": "PutItem",
    "Update": "UpdateItem",
}
_EXPRESSIONS = ("UpdateExpression", "ConditionExpression", "FilterExpression", "ProjectionExpression")
_NAME = re.compile(r"(?<![:#.\w])#?[A-Za-z_]\w*")
_NO_ATTRIBUTES = frozenset(
    {
        *("SET", "ADD", "REMOVE", "AND", "OR", "IN"),
        *("attribute_exists", "attribute_not_exists", "begins_with", "if_not_exists"),
    }
)


@dataclass(frozen=True, order=True)
class Permission:
    """An action (``dynamodb:GetItem``) on a resource, named as in the call, that IAM must allow."""

    action: str
    resource: str


@dataclass(frozen=True)
class RecordedRequest:
    """One decision of IAM about a call.

    Attributes:
        permission: the action and the resource.
        context: values by condition key, such as ``dynamodb:LeadingKeys``.
    """

    permission: Permission
    context: _Context


@dataclass(frozen=True)
class Call:
    """One call.

    Attributes:
        operation: with its service, as in ``dynamodb:BatchGetItem``.
        resources: the table, index, key, queue, secret, objects, or the identity and configuration set of an e-mail,
            sorted; in batches and transactions one entry per item.
        requests: the decisions of IAM; in batches and transactions one per item.
        hop: the number of calls that had to end before this one could start.
    """

    operation: str
    resources: tuple[str, ...]
    requests: tuple[RecordedRequest, ...]
    hop: int

    @property
    def permissions(self) -> frozenset[Permission]:
        """The permissions that it needs; a transaction needs those of its parts."""
        return frozenset(request.permission for request in self.requests)


class CallLog:
    """The calls of some clients, in the order in which they started.

    The log derives the sequence of calls from dependencies, not from time: calls to a mock are so short that two
    threads may not overlap. Flows under test use ``executor`` instead of a thread pool: it runs each task at once, and
    the log knows that the task's calls and its caller's do not wait for each other.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._calls: list[Call] = []
        self._thread = threading.get_ident()
        self._strangers: set[str] = set()
        self._steps = _Steps()
        self.executor: Executor = _InlineExecutor(self._steps)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls so far."""
        with self._lock:
            return tuple(self._calls)

    def footprint(self) -> Footprint:
        """Count the calls regardless of their order; equal for two flows that their calls do not distinguish."""
        return Counter((call.operation, call.resources) for call in self.calls)

    def permissions(self) -> set[Permission]:
        """Return the permissions that these calls need."""
        return {permission for call in self.calls for permission in call.permissions}

    def requests(self) -> list[RecordedRequest]:
        """Return the decisions of IAM that these calls need."""
        return [request for call in self.calls for request in call.requests]

    def hops(self) -> int:
        """Count the calls in sequence on the longest path.

        Raises:
            RuntimeError: calls came from other threads, whose dependencies the log does not know.
        """
        if self._strangers:
            raise RuntimeError(
                f"calls came from other threads ({', '.join(sorted(self._strangers))}): "
                "give the flow this log's executor"
            )
        return max((call.hop + 1 for call in self.calls), default=0)

    def record(self, params: Mapping[str, Any], model: OperationModel, **_: object) -> None:
        """Botocore's ``before-parameter-build`` handler."""
        service = model.service_model.signing_name
        requests = tuple(
            RecordedRequest(Permission(f"{service}:{action}", resource), context)
            for action, resource, context in _requests(model.name, params)
        )
        with self._lock:
            if threading.get_ident() != self._thread:
                self._strangers.add(threading.current_thread().name)
            self._calls.append(
                Call(
                    operation=f"{service}:{model.name}",
                    resources=tuple(sorted(request.permission.resource for request in requests)),
                    requests=requests,
                    hop=self._steps.tick(),
                )
            )


@contextmanager
def recorded_calls(*clients: BaseClient) -> Iterator[CallLog]:
    """Record the calls of these clients until the end of the block."""
    log = CallLog()
    for client in clients:
        client.meta.events.register_first("before-parameter-build", log.record)
    try:
        yield log
    finally:
        for client in clients:
            client.meta.events.unregister("before-parameter-build", log.record)


@contextmanager
def failing(
    client: BaseClient, operation: str, code: str, times: int | None = None, reasons: Sequence[str] = ()
) -> Iterator[None]:
    """Answer an operation with an error, without any effect.

    Args:
        client: the client.
        operation: the operation.
        code: of the error.
        times: how often; None for until the end of the block.
        reasons: the codes by which DynamoDB says of each write why it has cancelled a transaction.
    """
    left = itertools.count() if times is None else iter(range(times))

    def answer(params: Mapping[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]] | None:
        if next(left, None) is None:
            return None
        error: dict[str, Any] = {"Error": {"Code": code, "Message": "as the test wants it"}, "ResponseMetadata": {}}
        if reasons:
            error["CancellationReasons"] = [{"Code": reason} for reason in reasons]
        return AWSResponse(params["url"], HTTPStatus.SERVICE_UNAVAILABLE, HTTPHeaders(), None), error

    event = f"before-call.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    # Botocore's stubs do not know that this handler may return a response.
    client.meta.events.register_first(event, answer)  # type: ignore[arg-type]
    try:
        yield
    finally:
        client.meta.events.unregister(event, answer)  # type: ignore[arg-type]


def _requests(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str, _Context]]:
    """Yield the actions of a call, each with its resource and its condition keys."""
    match params:
        case {"TransactItems": parts}:
            for part in parts:
                for kind, request in part.items():
                    yield _TRANSACTION_ACTIONS[kind], request["TableName"], _item_context(request)
        case {"RequestItems": tables}:
            yield from _batch_requests(operation, tables)
        case {"Bucket": bucket, "Key": str() as key}:
            # IAM knows objects by the beginning of their keys, and reading the size of one as reading it.
            action = operation.replace("HeadObject", "GetObject")
            yield action, f"{bucket}/{key.partition('/')[0]}/*", {}
        case {"FromEmailAddress": sender, "ConfigurationSetName": configuration_set}:
            address = parseaddr(sender)[1]
            context = {"ses:FromAddress": (address,)}
            yield operation, f"identity/{address.partition('@')[2]}", context
            yield operation, f"configuration-set/{configuration_set}", context
        case _:
            for name in _RESOURCE_PARAMETERS:
                if name in params:
                    index = f"/index/{params['IndexName']}" if "IndexName" in params else ""
                    yield operation, f"{params[name]}{index}", _item_context(params)


def _batch_requests(operation: str, tables: Mapping[str, Any]) -> Iterator[tuple[str, str, _Context]]:
    if operation != "BatchGetItem":
        yield from ((operation, table, {}) for table, writes in tables.items() for _ in writes)
        return
    # AWS does not say whether it decides by table: a role must allow all keys of a batch together.
    together = tuple(key["pk"]["S"] for request in tables.values() for key in request["Keys"])
    for table, request in tables.items():
        for key in request["Keys"]:
            context = _item_context({**request, "Key": key})
            yield operation, table, {**context, "dynamodb:LeadingKeys": together}


def _item_context(request: Mapping[str, Any]) -> _Context:
    """Return the condition keys of a request for one item or of a scan; none of another request."""
    aliases = request.get("ExpressionAttributeNames", {})
    expressions = " ".join(request.get(name, "") for name in _EXPRESSIONS)
    named = {aliases.get(name, name) for name in _NAME.findall(expressions)} - _NO_ATTRIBUTES
    if "Select" in request:
        return {"dynamodb:Attributes": tuple(sorted(named)), "dynamodb:Select": (request["Select"],)}
    item = request.get("Key") or request.get("Item")
    if not item:
        return {}
    # DynamoDB Developer Guide, "Using IAM policy conditions for fine-grained access control".
    selected: _Context = {"dynamodb:Select": ("SPECIFIC_ATTRIBUTES",)} if "ProjectionExpression" in request else {}
    return {
        **selected,
        "dynamodb:LeadingKeys": (item["pk"]["S"],),
        "dynamodb:Attributes": tuple(sorted(named | item.keys())),
        "dynamodb:ReturnValues": (request.get("ReturnValues", "NONE"),),
    }


class _Steps:
    """Time in calls: each call takes one unit."""

    def __init__(self) -> None:
        self.now = 0

    def tick(self) -> int:
        """Advance by one call, and return the time when it started."""
        started_at = self.now
        self.now += 1
        return started_at


class _InlineFuture(Future[_Result]):
    """A result that is ready at a time of the clock: reading it advances the clock to that time."""

    def __init__(self, steps: _Steps) -> None:
        super().__init__()
        self._steps = steps
        self.done_at = 0

    def result(self, timeout: float | None = None) -> _Result:
        self._steps.now = max(self._steps.now, self.done_at)
        return super().result(timeout)

    def exception(self, timeout: float | None = None) -> BaseException | None:
        self._steps.now = max(self._steps.now, self.done_at)
        return super().exception(timeout)


class _InlineExecutor(Executor):
    """Runs a task when it is submitted, and then sets the clock back to that time."""

    def __init__(self, steps: _Steps) -> None:
        self._steps = steps

    def submit(self, fn: Callable[..., _Result], /, *args: object, **kwargs: object) -> _InlineFuture[_Result]:
        submitted_at = self._steps.now
        future = _InlineFuture[_Result](self._steps)
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:  # noqa: BLE001 - an executor raises every error to the reader of the result
            future.set_exception(error)
        future.done_at = self._steps.now
        self._steps.now = submitted_at
        return future
