"""moto's AWS inside this process: one for all tests, and switched on for the time of one test."""

from __future__ import annotations

import itertools
from collections import deque
from contextlib import contextmanager
from threading import Lock
from typing import TYPE_CHECKING

import boto3
from moto.core.models import botocore_stubber
from moto.dynamodb.models.dynamo_type import Item
from moto.dynamodb.models.table import GlobalSecondaryIndex, Table

from simulators.cloud import Cloud, create_keys, create_tables, delete_tables
from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse


class MotoAws:
    """A mocked AWS with its clients, and the keys that all tests share: making one takes half a second.

    ``moto.mock_aws`` would do more at each start than these tests need, and take 100 ms: it registers 1,300 addresses
    for the library ``requests``, and throws away the default session, so that botocore reads its service models again.

    moto answers one call at a time: its conditional writes would not stand another thread's, and DynamoDB decides
    them one after another too.
    """

    def __init__(self) -> None:
        # Sessions older than moto's import do not know of it.
        boto3.setup_default_session()
        self._numbers = itertools.count()
        self._dynamodb = boto3.client("dynamodb", region_name=REGION)
        self._kms = boto3.client("kms", region_name=REGION)
        self._lock = Lock()
        for client in (self._dynamodb, self._kms):
            # Botocore's stubs overlook that a before-send handler may answer in the network's place.
            client.meta.events.unregister("before-send", botocore_stubber)  # type: ignore[arg-type]
            client.meta.events.register("before-send", self._one_at_a_time)  # type: ignore[arg-type]
        # moto would keep every table and item that it has ever made, and each transaction copies all of them.
        for model in (GlobalSecondaryIndex, Item, Table):
            model.instances_tracked = deque(maxlen=0)  # type: ignore[union-attr]  # a metaclass sets it
        with switched_on():
            self._keys = create_keys(self._kms)

    @contextmanager
    def cloud(self) -> Iterator[Cloud]:
        """The template's tables, fresh and empty, and its keys, until the end of the block."""
        with switched_on():
            tables = create_tables(self._dynamodb, f"test-{next(self._numbers)}")
            yield Cloud(self._dynamodb, self._kms, tables, self._keys)
            delete_tables(self._dynamodb, tables)

    def _one_at_a_time(self, event_name: str, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        with self._lock:
            return botocore_stubber(event_name, request)


@contextmanager
def switched_on() -> Iterator[None]:
    """Let moto answer every call of AWS until the end of the block."""
    botocore_stubber.enabled = True
    try:
        yield
    finally:
        botocore_stubber.enabled = False
