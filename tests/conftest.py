"""What all tests share: no real credentials, closed sockets where none are needed, a mocked AWS."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import hypothesis
import pytest

from simulators.kms import REGION
from tests.support.parts import PARTS, Parts, part_of_test
from tests.support.tools import FIXTURES, TOOLS, NeededTools

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Playwright

    from simulators.cloud import Cloud
    from tests.support.moto_aws import MotoAws

WITHOUT_SOCKETS = {"quick", "slow"}
"""Parts of the tests whose tests need no socket; a test that does is marked ``enable_socket``."""

# Before any client exists: no test may reach an account that this machine knows.
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
hypothesis.settings.register_profile("quick", deadline=None, max_examples=25)
hypothesis.settings.register_profile("full", deadline=None, max_examples=200)
hypothesis.settings.register_profile(
    "ci", deadline=None, max_examples=100, derandomize=True, database=None, print_blob=True
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option that chooses parts of the tests."""
    parser.addoption(
        "--part", action="append", choices=tuple(PARTS), default=[], help="run this part of the tests alone; repeatable"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Set the process up before a test module is imported."""
    os.environ.update(_CREDENTIALS)
    for name in _OTHER_ACCOUNTS:
        os.environ.pop(name, None)
    parts = config.getoption("--part")
    hypothesis.settings.load_profile("ci" if os.environ.get("CI") else "quick" if parts == ["quick"] else "full")
    config.pluginmanager.register(NeededTools(TOOLS, FIXTURES, require_all=os.environ.get("REQUIRE_ALL") == "1"))
    config.pluginmanager.register(Parts(parts))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Close the sockets for the tests that need none."""
    for item in items:
        if part_of_test(item) in WITHOUT_SOCKETS:
            item.add_marker(pytest.mark.disable_socket)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    """What drives browsers; it runs once in a process."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - a third of a second that others need not wait

    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def headless(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium without a window, for all tests of pages."""
    from simulators.browser.chromium import launch_chromium  # noqa: PLC0415 - as above

    with launch_chromium(playwright, whole=False) as shell:
        yield shell


@pytest.fixture(scope="session")
def chromium(playwright: Playwright) -> Iterator[Browser]:
    """One Chromium as people use it, for the tests that need more than its pages."""
    from simulators.browser.chromium import launch_chromium  # noqa: PLC0415 - as above

    with launch_chromium(playwright) as chromium:
        yield chromium


@pytest.fixture(scope="session")
def firefox(playwright: Playwright) -> Iterator[Browser]:
    """One Firefox for all tests that need one."""
    from simulators.browser.firefox import launch_firefox  # noqa: PLC0415 - as above

    with launch_firefox(playwright) as firefox:
        yield firefox


@pytest.fixture(scope="session")
def moto() -> MotoAws:
    """The mocked AWS, made once and switched off; ``cloud`` switches it on for one test."""
    from tests.support.moto_aws import MotoAws  # noqa: PLC0415 - half a second that tests without AWS need not wait

    return MotoAws()


@pytest.fixture
def cloud(moto: MotoAws) -> Iterator[Cloud]:
    """The template's tables, fresh and empty, and its keys, in a mocked AWS."""
    with moto.cloud() as cloud:
        yield cloud
