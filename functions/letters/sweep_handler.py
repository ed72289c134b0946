"""Runs the daily sweep on a schedule (see ``reconciliation``)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from letters.providers.http_client import PooledTransport
from letters.providers.registry import Providers
from letters.reconciliation import Reconciliation, ReconciliationPolicy
from letters.settings import LetterSweepSettings
from letters.storage.jobs import DynamoDbLetterJobs
from letters.storage.outcomes import OutcomeRecorder, followed_up_by
from member_access.outbox.outbox import RequestQueue
from member_access.platform.runtime import Handler, LambdaHandler

if TYPE_CHECKING:
    from collections.abc import Callable

    from aws_lambda_powertools.utilities.typing import LambdaContext

    from letters.providers.http_client import Transport
    from member_access.platform.runtime import Runtime


def compose(runtime: Runtime, transport: Callable[[], Transport] = PooledTransport) -> Handler:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = LetterSweepSettings.from_environment(runtime.environment)
    dynamodb = runtime.clients.dynamodb
    queue = RequestQueue(runtime.clients.sqs, settings.letters_queue_url)
    reconciliation = Reconciliation(
        jobs=DynamoDbLetterJobs(dynamodb, settings.access_table),
        provider=Providers.of(settings.providers, runtime, transport()).chosen,
        observer=OutcomeRecorder.of(settings, runtime, followed_up_by(queue)),
        queue_again=lambda letter_id: queue.enqueue(letter_id.request_id),
        policy=ReconciliationPolicy(),
    )

    def run(_event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Sweep once; Lambda retries after an error."""
        with runtime.logger.append_context_keys(request_id=context.aws_request_id):
            report = asdict(reconciliation.run(runtime.now()))
            runtime.logger.info("letters.swept", extra=report)
        return report

    return run


handler = LambdaHandler(compose)
