"""Composes the hook that CodeDeploy calls before it moves traffic to a new version (see ``version_check``)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.config import Config

from canary.settings import VersionCheckSettings
from canary.version_check import TIMEOUT_SECONDS, VersionCheck
from member_access.platform.aws import CLIENT_CONFIG
from member_access.platform.aws_session import AwsSession
from member_access.platform.runtime import LambdaHandler

if TYPE_CHECKING:
    from collections.abc import Callable

    from mypy_boto3_lambda import LambdaClient

    from canary.version_check import Deployments
    from member_access.platform.runtime import Runtime


def _functions() -> LambdaClient:
    # A second call would count as a second guess.
    config = Config(read_timeout=TIMEOUT_SECONDS, retries={"total_max_attempts": 1})
    client: LambdaClient = AwsSession().client("lambda", config)
    return client


def _deployments() -> Deployments:
    client: Deployments = AwsSession().client("codedeploy", CLIENT_CONFIG)
    return client


def compose(
    runtime: Runtime,
    functions: Callable[[], LambdaClient] = _functions,
    deployments: Callable[[], Deployments] = _deployments,
) -> VersionCheck:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = VersionCheckSettings.from_environment(runtime.environment)
    return VersionCheck(
        versions=settings.versions,
        unknown_identifier=settings.unknown_identifier,
        functions=functions(),
        deployments=deployments(),
        random_bytes=runtime.random_bytes,
        logger=runtime.logger,
    )


handler = LambdaHandler(compose)
