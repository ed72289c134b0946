"""AWS: client settings with short timeouts and few retries, translated errors, batch reads and transactions."""

from __future__ import annotations

from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, ParamSpec, TypeAlias, TypeVar, overload

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from member_access.errors import Conflict, MemberAccessError, Unavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from concurrent.futures import Executor

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_dynamodb.type_defs import (
        AttributeValueTypeDef,
        KeysAndAttributesTypeDef,
        TransactWriteItemTypeDef,
        UpdateTypeDef,
    )

First = TypeVar("First")
Second = TypeVar("Second")
Third = TypeVar("Third")
Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")
Item = dict[str, "AttributeValueTypeDef"]
Write: TypeAlias = "TransactWriteItemTypeDef"
"""One write of a transaction."""

USER_AGENT = "member-access"
"""How clients name themselves to AWS: for each call botocore would compose a name of its own again."""

CLIENT_CONFIG = Config(
    connect_timeout=1,
    read_timeout=3,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=10,
    user_agent=USER_AGENT,
    # The type checker has checked the parameters, and so have the tests, whose clients do. Both settings together save
    # a fifth of what is not argon2 in a sign-in (docs/performance.md).
    parameter_validation=False,
)

SENDING_CONFIG = Config(connect_timeout=3, read_timeout=10, retries={"total_max_attempts": 1}, user_agent=USER_AGENT)
"""For e-mails: botocore must not retry a call that timed out, because SES may have sent the e-mail."""


CONDITION_FAILED = "ConditionalCheckFailed"
"""The code of an operation whose condition was not met, in ``TransactionCancelled.reasons``."""


class ConditionFailed(MemberAccessError):
    """DynamoDB rejected a conditional write; ``item`` is the stored item, or empty."""

    def __init__(self, item: Item) -> None:
        super().__init__("the condition of a write was not met")
        self.item = item


class TransactionCancelled(MemberAccessError):
    """DynamoDB rejected a transaction, because of a condition or of another write on one of its items.

    ``reasons`` has a code and the stored item for each operation.
    """

    def __init__(self, reasons: list[tuple[str, Item]]) -> None:
        super().__init__("a transaction was cancelled")
        self.reasons = reasons

    @property
    def is_conflict(self) -> bool:
        """Whether only another write on the same items cancelled it, so that it may be repeated."""
        return {code for code, _ in self.reasons} <= {"None", "TransactionConflict"}


class NotAllowed(Unavailable):
    """AWS does not allow a call to the identity that makes it."""


class TransactionThrottled(Unavailable):
    """DynamoDB throttled a transaction; the SDK repeats throttled writes of one item alone."""


class OtherConditionFailed(Unavailable):
    """DynamoDB rejected a transaction because of the condition of another write than the first."""


class TransactionInTheWay(Unavailable):
    """DynamoDB rejected a write of one item because a transaction was writing it; it may be repeated."""


@contextmanager
def translate_errors() -> Generator[None]:
    """Translate the exceptions of botocore.

    Raises:
        ConditionFailed: a condition was not met.
        TransactionCancelled: a transaction was rejected because of a condition or of another write.
        TransactionThrottled: a transaction was rejected for want of capacity.
        TransactionInTheWay: a write met a transaction on its item.
        NotAllowed: the caller lacks a right.
        Unavailable: for all other errors; the message names the operation and the error's code, never a value.
    """
    try:
        yield
    except ClientError as error:
        # botocore's types lack the parts of an error response that depend on the operation.
        response: dict[str, Any] = dict(error.response)
        match response["Error"]["Code"]:
            case "ConditionalCheckFailedException":
                raise ConditionFailed(response.get("Item", {})) from None
            case "TransactionCanceledException":
                raise _cancelled(response.get("CancellationReasons", [])) from None
            case "TransactionConflictException":
                # A write of one item met a transaction on it (TransactWriteItems, "Transaction conflict handling").
                raise TransactionInTheWay(f"{error.operation_name}: TransactionConflictException") from None
            case "AccessDeniedException" | "AccessDenied" as code:
                # DynamoDB, KMS, Logs and SNS say the first; S3, SQS and STS the second.
                raise NotAllowed(f"{error.operation_name}: {code}") from None
            case code:
                raise Unavailable(f"{error.operation_name}: {code}") from None
    except BotoCoreError as error:
        raise Unavailable(type(error).__name__) from None


def _cancelled(reasons: list[dict[str, Any]]) -> MemberAccessError:
    """Return the error for a cancelled transaction, by the codes that TransactWriteItems documents."""
    cancelled = TransactionCancelled([(reason.get("Code", "None"), reason.get("Item", {})) for reason in reasons])
    codes = {code for code, _ in cancelled.reasons}
    if CONDITION_FAILED in codes or cancelled.is_conflict:
        return cancelled
    is_throttled = codes <= {"None", "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"}
    return (TransactionThrottled if is_throttled else Unavailable)(f"TransactWriteItems: {', '.join(sorted(codes))}")


def batch_get(
    dynamodb: DynamoDBClient, keys: dict[str, list[str]], only: Mapping[str, tuple[str, ...]] | None = None
) -> dict[tuple[str, str], Item]:
    """Read items by partition key from several tables at once, strongly consistent.

    Args:
        dynamodb: the client.
        keys: partition keys by table.
        only: the attributes to read, by table, the partition key included; all attributes of other tables are read.

    Returns:
        The items found, by table and partition key.

    Raises:
        Unavailable: the read failed, or DynamoDB returned only a part of the items.
    """
    with translate_errors():
        answer = dynamodb.batch_get_item(
            RequestItems={table: _request(wanted, (only or {}).get(table)) for table, wanted in keys.items()}
        )
    if answer["UnprocessedKeys"]:
        raise Unavailable("BatchGetItem: UnprocessedKeys")
    return {(table, item["pk"]["S"]): item for table, items in answer["Responses"].items() for item in items}


def _request(keys: list[str], names: tuple[str, ...] | None) -> KeysAndAttributesTypeDef:
    request: KeysAndAttributesTypeDef = {"Keys": [{"pk": {"S": key}} for key in keys], "ConsistentRead": True}
    if names:
        # Aliases, because some names are reserved words of DynamoDB.
        request["ProjectionExpression"] = ", ".join(f"#{name}" for name in names)
        request["ExpressionAttributeNames"] = {f"#{name}": name for name in names}
    return request


@overload
def concurrently(
    executor: Executor, first: Callable[[], First], second: Callable[[], Second], /
) -> tuple[First, Second]: ...
@overload
def concurrently(
    executor: Executor, first: Callable[[], First], second: Callable[[], Second], third: Callable[[], Third], /
) -> tuple[First, Second, Third]: ...
def concurrently(
    executor: Executor, first: Callable[[], object], /, *others: Callable[[], object]
) -> tuple[object, ...]:
    """Make calls at once and wait for all; if several fail, raise the error of the earliest."""
    pending = [executor.submit(call) for call in others]
    try:
        one = first()
    finally:
        for future in pending:
            future.exception()
    return one, *(future.result() for future in pending)


def retrying(
    times: int, *, on: type[Exception] = Conflict, pause: Callable[[int], None] = lambda _: None
) -> Callable[[Callable[Parameters, Result]], Callable[Parameters, Result]]:
    """Make a function that reads, decides and writes start again when another write came first.

    Args:
        times: how often it runs at most. Then it raises ``Unavailable``.
        on: what it raises when another write came first.
        pause: is called after each conflict with the number of those before it.
    """

    def decorate(function: Callable[Parameters, Result]) -> Callable[Parameters, Result]:
        @wraps(function)
        def retried(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
            for tried in range(times):
                try:
                    return function(*args, **kwargs)
                except on:
                    pause(tried)
            raise Unavailable(f"{function.__name__}: not done in {times} tries")

        return retried

    return decorate


def write(dynamodb: DynamoDBClient, items: list[Write]) -> None:
    """Write several items or none. A single update is no transaction: it costs half.

    Raises:
        TransactionCancelled: a condition was not met, or another write on one of the items was under way.
        Unavailable: DynamoDB did not answer.
    """
    with translate_errors():
        match items:
            case [{"Update": update}]:
                _update(dynamodb, update)
            case _:
                dynamodb.transact_write_items(TransactItems=items)


def _update(dynamodb: DynamoDBClient, update: UpdateTypeDef) -> None:
    try:
        with translate_errors():
            dynamodb.update_item(**update)
    except ConditionFailed as refused:
        raise TransactionCancelled([(CONDITION_FAILED, refused.item)]) from None
    except TransactionInTheWay:
        raise TransactionCancelled([("TransactionConflict", {})]) from None


@retrying(5)
def transact(dynamodb: DynamoDBClient, items: list[Write]) -> None:
    """Write several items or none, and again if another write on one of them was under way.

    Raises:
        TransactionCancelled: a condition was not met.
        Unavailable: DynamoDB did not answer, or the conflicts went on.
    """
    try:
        write(dynamodb, items)
    except TransactionCancelled as cancelled:
        if cancelled.is_conflict:
            raise Conflict("another write is in progress") from None
        raise


def refused(dynamodb: DynamoDBClient, items: list[Write]) -> Item | None:
    """Write several items; if the condition of the first is not met, return its stored item, empty if there is none.

    Raises:
        OtherConditionFailed: the condition of another write was not met.
        Unavailable: DynamoDB did not answer, or the conflicts went on.
    """
    try:
        transact(dynamodb, items)
    except TransactionCancelled as cancelled:
        (code, item), *_ = cancelled.reasons
        if code == CONDITION_FAILED:
            return item
        raise OtherConditionFailed("the condition of another write was not met") from None
    return None
