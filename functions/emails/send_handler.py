"""Composes the worker of the two e-mail queues: one is for codes, which never wait behind other e-mails."""

from __future__ import annotations

from emails.letter_instead import LetterInstead
from emails.limits import EmailBudget, Reminders
from emails.mailer import Mailer
from emails.rendering import EmailRenderer
from emails.sending import EmailFlow
from emails.settings import EmailSettings
from emails.store import EmailStore
from member_access.audit import AuditTrail
from member_access.outbox.outbox import Outbox, RequestQueue
from member_access.outbox.worker import QueueWorker, RetryPolicy
from member_access.platform.runtime import LambdaHandler, Runtime
from member_access.recovery.codes import OneTimeCodes

# Sixty receipts (see template.yaml) take more than a day, so SES's daily quota is renewed by then.
_RETRIES = RetryPolicy(first_wait=5, longest_wait=1800)
# Thirteen for SES, the rest for DynamoDB and KMS.
_MAX_SECONDS = 25


def compose(runtime: Runtime) -> QueueWorker:
    """Compose the function.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = EmailSettings.from_environment(runtime.environment)
    dynamodb, kms, ses, sqs = (
        runtime.clients.dynamodb,
        runtime.clients.kms,
        runtime.clients.ses,
        runtime.clients.sqs,
    )
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    letters = RequestQueue(sqs, settings.letters_queue_url)
    flow = EmailFlow(
        runtime,
        settings,
        EmailStore(dynamodb, settings.access_table),
        OneTimeCodes(kms, settings.code_key_arn),
        EmailRenderer(settings.insurer, replies_are_read=settings.reply_to_address is not None),
        Mailer(
            ses,
            sender_name=settings.insurer_name,
            sender_address=settings.sender_address,
            reply_to=settings.reply_to_address,
            configuration_set=settings.configuration_set,
        ),
        EmailBudget(dynamodb, settings.access_table, settings.email_budget_a_day),
        Reminders(dynamodb, settings.access_table, settings.reminders_a_day),
        LetterInstead(runtime, settings, Outbox(letters, settings.access_table), audit),
        audit,
    )
    return QueueWorker(
        sqs,
        [settings.code_emails_queue_url, settings.emails_queue_url],
        flow.send,
        retries=_RETRIES,
        longest_seconds=_MAX_SECONDS,
        logger=runtime.logger,
        metrics_namespace=settings.metrics_namespace,
    )


handler = LambdaHandler(compose)
