"""Composes the worker for bounces and complaints."""

from __future__ import annotations

from emails.bounces import BounceFlow
from emails.letter_instead import LetterInstead
from emails.settings import BounceSettings
from emails.store import EmailStore
from member_access.audit import AuditTrail
from member_access.members.store import Members
from member_access.outbox.outbox import Outbox, RequestQueue
from member_access.outbox.worker import QueueWorker, RetryPolicy
from member_access.platform.runtime import LambdaHandler, Runtime

_RETRIES = RetryPolicy(first_wait=10, longest_wait=1800)
_MAX_SECONDS = 20


def compose(runtime: Runtime) -> QueueWorker:
    """Compose the function.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = BounceSettings.from_environment(runtime.environment)
    dynamodb, sqs = runtime.clients.dynamodb, runtime.clients.sqs
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    letters = RequestQueue(sqs, settings.letters_queue_url)
    flow = BounceFlow(
        runtime,
        settings,
        Members(dynamodb, settings.members_table),
        EmailStore(dynamodb, settings.access_table),
        LetterInstead(runtime, settings, Outbox(letters, settings.access_table), audit),
        audit,
    )
    return QueueWorker(
        sqs,
        [settings.bounces_queue_url],
        flow.handle,
        retries=_RETRIES,
        longest_seconds=_MAX_SECONDS,
        logger=runtime.logger,
        metrics_namespace=settings.metrics_namespace,
    )


handler = LambdaHandler(compose)
