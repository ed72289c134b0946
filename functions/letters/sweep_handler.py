"""Runs the daily sweep on a schedule (see ``reconciliation``), and answers operators' commands (see ``operators``)."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from letters.operators import LetterOperators
from letters.providers.http_client import PooledTransport
from letters.providers.registry import Providers
from letters.reconciliation import Reconciliation, ReconciliationPolicy
from letters.settings import LetterSweepSettings
from letters.storage.job_lists import LetterJobLists
from letters.storage.jobs import DynamoDbLetterJobs
from letters.storage.outcomes import OutcomeRecorder, followed_up_by
from member_access.outbox.outbox import RequestQueue
from member_access.platform.metrics import count
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
    jobs, providers = (
        DynamoDbLetterJobs(dynamodb, settings.access_table),
        Providers.of(settings.providers, runtime, transport()),
    )
    observer = OutcomeRecorder.of(settings, runtime, followed_up_by(queue))
    lists = LetterJobLists(dynamodb, settings.access_table)
    operators = LetterOperators(
        jobs, lists, providers.adapters, providers.chosen, observer, runtime.random_bytes, runtime.now
    )
    reconciliation = Reconciliation(
        jobs=jobs,
        provider=providers.chosen,
        observer=observer,
        queue_again=lambda letter_id: queue.enqueue(letter_id.request_id),
        policy=ReconciliationPolicy(),
    )

    def run(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Sweep once, or answer an operator's command; Lambda retries a sweep after an error."""
        with runtime.logger.append_context_keys(request_id=context.aws_request_id):
            if event and "action" in event:
                return operators.answer(event)
            report = asdict(reconciliation.run(runtime.now()))
            runtime.logger.info("letters.swept", extra=report)
            # An alarm watches that it comes each day; calls of the function may be an operator's.
            count(runtime.logger, settings.metrics_namespace, "letters.swept")
        return report

    return run


handler = LambdaHandler(compose)
