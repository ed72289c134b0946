"""What all tests share: no real credentials, closed sockets where none are needed, a mocked AWS."""

from __future__ import annotations

import itertools
import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
import hypothesis
import pytest

from simulators.cloud import Cloud, create_keys, create_tables, delete_tables
from simulators.kms import REGION
from tests.support.tools import TOOLS, NeededTools

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from moto.core.models import MockAWS
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from playwright.sync_api import Browser

TESTS = Path(__file__).parent
WITHOUT_SOCKETS = (TESTS / "unit", TESTS / "flows", TESTS / "letters")

# Before any client exists: whatever account this machine knows, no test may reach it.
_CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "testing",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": REGION,
    "AWS_CONFIG_FILE": os.devnull,
    "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
    "AWS_EC2_METADATA_DISABLED": "true",
}
_OTHER_ACCOUNTS = ("AWS_PROFILE", "AWS_DEFAULT_PROFILE", "AWS_ENDPOINT_URL", "AWS_REGION")

# Time limits of hypothesis would fail on a busy machine and nowhere else.
hypothesis.settings.register_profile("dev", deadline=None, max_examples=50)
hypothesis.settings.register_profile(
    "ci", deadline=None, max_examples=200, derandomize=True, database=None, print_blob=True
)

_numbers = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    """Set the process up before a test module is imported."""
    os.environ.update(_CREDENTIALS)
    for name in _OTHER_ACCOUNTS:
        os.environ.pop(name, None)
    hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "dev")
    config.pluginmanager.register(NeededTools(TOOLS, require_all=os.environ.get("REQUIRE_ALL") == "1"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Close the sockets for the tests that need none."""
    for item in items:
        if any(item.path.is_relative_to(folder) for folder in WITHOUT_SOCKETS):
            item.add_marker(pytest.mark.disable_socket)


@dataclass(frozen=True)
class _Moto:
    """A mocked AWS with its clients, and the keys that all tests share: making one takes half a second."""

    mock: MockAWS
    dynamodb: DynamoDBClient
    kms: KMSClient
    keys: Mapping[str, str]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for all tests that need one; Playwright runs once in a process."""
    from simulators.browser.chromium import running_chromium  # noqa: PLC0415 - a third of a second that others need not wait

    with running_chromium() as chromium:
        yield chromium


@pytest.fixture(scope="session")
def moto() -> _Moto:
    """The mocked AWS, made once and switched off; ``cloud`` switches it on for one test."""
    from moto import mock_aws  # noqa: PLC0415 - half a second that tests without AWS need not wait

    mock = mock_aws()
    mock.start()
    dynamodb = boto3.client("dynamodb", region_name=REGION)
    kms = boto3.client("kms", region_name=REGION)
    keys = create_keys(kms)
    mock.stop(remove_data=False)
    return _Moto(mock, dynamodb, kms, keys)


@pytest.fixture
def cloud(moto: _Moto) -> Iterator[Cloud]:
    """The template's tables, fresh and empty, and its keys, in a mocked AWS."""
    moto.mock.start(reset=False)
    try:
        tables = create_tables(moto.dynamodb, f"test-{next(_numbers)}")
        yield Cloud(moto.dynamodb, moto.kms, tables, moto.keys)
        delete_tables(moto.dynamodb, tables)
    finally:
        moto.mock.stop(remove_data=False)
