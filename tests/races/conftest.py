"""Races run on the real DynamoDB Local, and a few rounds of most on moto, for the quick part of the tests.

On DynamoDB Local the keys are the fake KMS's, for moto cannot mock beside real sockets.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from simulators import dynamodb_local as server
from simulators.cloud import Cloud, create_keys, create_tables, delete_tables
from simulators.kms import FakeKms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

    from tests.support.moto_aws import MotoAws

CONNECTIONS = 128
"""More than any race has threads."""

_numbers = itertools.count()


@pytest.fixture(scope="session")
def dynamodb_local() -> Iterator[server.DynamoDBLocal]:
    """DynamoDB Local, started once and stopped at the end of the run."""
    with server.running() as running:
        yield running


@dataclass(frozen=True)
class LocalAws:
    """Clients of DynamoDB Local and the fake KMS, and the keys of all races."""

    dynamodb: DynamoDBClient
    kms: KMSClient
    keys: Mapping[str, str]


@pytest.fixture(scope="session")
def local_aws(dynamodb_local: server.DynamoDBLocal) -> LocalAws:
    """AWS without moto."""
    kms = FakeKms().client()
    return LocalAws(dynamodb_local.client(CONNECTIONS), kms, create_keys(kms))


@pytest.fixture(params=["moto", pytest.param("DynamoDB Local", marks=pytest.mark.needs("java", "dynamodb-local"))])
def database(request: pytest.FixtureRequest) -> str:
    """Where the tables are."""
    return str(request.param)


@pytest.fixture
def rounds(database: str) -> Callable[[int], range]:
    """Numbers the rounds of a race: all of them on DynamoDB Local, two on moto."""
    return lambda count: range(count if database == "DynamoDB Local" else 2)


@pytest.fixture
def cloud(database: str, request: pytest.FixtureRequest) -> Iterator[Cloud]:
    """The template's tables, fresh and empty, and its keys."""
    if database == "moto":
        moto: MotoAws = request.getfixturevalue("moto")
        with moto.cloud() as cloud:
            yield cloud
        return
    local: LocalAws = request.getfixturevalue("local_aws")
    tables = create_tables(local.dynamodb, f"race-{next(_numbers)}")
    yield Cloud(local.dynamodb, local.kms, tables, local.keys)
    delete_tables(local.dynamodb, tables)
