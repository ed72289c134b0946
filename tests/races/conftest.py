"""Races run on the real DynamoDB Local; keys are the fake KMS's, for moto cannot mock beside real sockets."""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from simulators.cloud import Cloud, create_keys, create_tables, delete_tables
from simulators.kms import FakeKms
from tests.support import dynamodb_local as server

if TYPE_CHECKING:
    from collections.abc import Iterator

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

RACES = Path(__file__).parent
CONNECTIONS = 128
"""More than any race has threads."""

_numbers = itertools.count()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test of this folder needs the real DynamoDB Local."""
    for item in items:
        if item.path.is_relative_to(RACES):
            item.add_marker(pytest.mark.needs("java", "dynamodb-local"))


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[server.DynamoDBLocal]:
    """DynamoDB Local, started once and stopped at the end of the run."""
    with server.running() as running:
        yield running


@pytest.fixture(scope="session")
def _dynamodb(dynamodb_local: server.DynamoDBLocal) -> DynamoDBClient:
    return dynamodb_local.client(CONNECTIONS)


@pytest.fixture(scope="session")
def _kms() -> KMSClient:
    return FakeKms().client()


@pytest.fixture(scope="session")
def _keys(_kms: KMSClient) -> dict[str, str]:
    return create_keys(_kms)


@pytest.fixture
def cloud(_dynamodb: DynamoDBClient, _kms: KMSClient, _keys: dict[str, str]) -> Iterator[Cloud]:
    """The template's tables, fresh and empty, on DynamoDB Local, and its keys in the fake KMS."""
    tables = create_tables(_dynamodb, f"race-{next(_numbers)}")
    yield Cloud(_dynamodb, _kms, tables, _keys)
    delete_tables(_dynamodb, tables)
