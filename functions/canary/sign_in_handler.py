"""Composes the function that signs a test member in every five minutes (see ``sign_in``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from aws_lambda_powertools.metrics import MetricUnit, single_metric

from canary.settings import CanarySettings
from canary.sign_in import CanaryChallenged, CanaryMember, Site, post_over_network
from member_access.errors import MemberAccessError, describe
from member_access.platform.runtime import Handler, LambdaHandler

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from canary.sign_in import Post
    from member_access.platform.runtime import Runtime

SUCCEEDED = "canary.succeeded"
CHALLENGED = "canary.challenged"
FAILED = "canary.failed"
ANSWERED = "canary.answered"
"""Counted besides these: 1 if the public address answers as it should, 0 if not, so that the alarm needs no gap."""


def compose(runtime: Runtime, post: Post = post_over_network) -> Handler:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = CanarySettings.from_environment(runtime.environment)
    secretsmanager = runtime.clients.secretsmanager

    def run(_event: dict[str, Any], _context: LambdaContext) -> str:
        """Try the service once, and count the result. A failure is a result, so the schedule does not try again."""
        outcome, failure = SUCCEEDED, None
        try:
            member = CanaryMember.from_secret(secretsmanager, settings.canary_secret_arn)
            Site(settings.public_origin, post).sign_in_and_out(member)
        except CanaryChallenged:
            outcome = CHALLENGED
        except MemberAccessError as error:
            outcome, failure = FAILED, describe(error)
        runtime.logger.info(outcome, extra=failure)
        for name, value in ((outcome, 1), (ANSWERED, int(outcome != FAILED))):
            with single_metric(
                name=name,
                unit=MetricUnit.Count,
                value=value,
                namespace=settings.metrics_namespace,
                default_dimensions={"service": runtime.logger.service},
            ):
                pass
        return outcome

    return run


handler = LambdaHandler(compose)
