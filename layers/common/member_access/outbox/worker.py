"""Handles the messages of a queue one by one: a message that fails comes back later, and later each time.

Lambda deletes the messages of a batch except those that the function names (``ReportBatchItemFailures``). These come
back when their visibility timeout ends. Each failure sets a longer one, so that the worker does not press a service
in trouble. After the queue's ``maxReceiveCount`` a message goes to the dead-letter queue.

Powertools has a batch processor too; its import takes longer than most batches
(``docs/decisions/0012-send-emails-until-they-succeed.md``).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from member_access.errors import NotYet, Unavailable, describe
from member_access.platform.aws import translate_errors
from member_access.platform.metrics import count
from member_access.values.types import Instant

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_sqs import SQSClient

# 2**16 first waits are past any longest one; the bound keeps the power small.
_MOST_DOUBLINGS = 16


@dataclass(frozen=True)
class QueuedMessage:
    """A message of a queue.

    Attributes:
        body: what was sent.
        sent_at: when it was sent, by the clock of SQS.
    """

    body: str
    sent_at: Instant


@dataclass(frozen=True)
class RetryPolicy:
    """The delay of a message that failed, in seconds.

    Attributes:
        first_wait: after the first failure; each further one doubles it.
        longest_wait: where the doubling ends; SQS allows twelve hours in all from the receipt.
    """

    first_wait: int
    longest_wait: int

    def wait_after(self, receipts: int) -> int:
        """Return the seconds to wait after this many receipts of a message."""
        return min(self.first_wait << min(receipts - 1, _MOST_DOUBLINGS), self.longest_wait)


class QueueWorker:
    """The handler that Lambda calls with a batch of messages, of one queue or of several.

    Args:
        sqs: the client.
        queue_urls: where the messages come from.
        handle: handles one message. ``NotYet`` and every other exception mean that it comes back.
        retries: when.
        longest_seconds: how long one message may take: none is begun with less time left.
        logger: for failures.
        metrics_namespace: failures are counted there.
    """

    def __init__(  # noqa: PLR0913 - each is needed
        self,
        sqs: SQSClient,
        queue_urls: Sequence[str],
        handle: Callable[[QueuedMessage], None],
        *,
        retries: RetryPolicy,
        longest_seconds: int,
        logger: Logger,
        metrics_namespace: str,
    ) -> None:
        self._sqs = sqs
        self._urls = {url.rpartition("/")[2]: url for url in queue_urls}
        self._handle = handle
        self._retries = retries
        self._longest_milliseconds = longest_seconds * 1000
        self._logger = logger
        self._metrics_namespace = metrics_namespace

    def __call__(self, event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Handle an event of SQS.

        Returns:
            What Lambda must not delete.
        """
        with self._logger.append_context_keys(request_id=context.aws_request_id):
            left = [record for record in event["Records"] if not self._is_done(record, context)]
        return {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in left]}

    def _is_done(self, record: dict[str, Any], context: LambdaContext) -> bool:
        receipts = int(record["attributes"]["ApproximateReceiveCount"])
        wait = self._retries.wait_after(receipts)
        if context.get_remaining_time_in_millis() < self._longest_milliseconds:
            self._bring_back(record, wait)
            return False
        sent_at = Instant(int(record["attributes"]["SentTimestamp"]) // 1000)
        try:
            self._handle(QueuedMessage(record["body"], sent_at))
        except NotYet as early:
            self._logger.info("message.not-yet", extra={"why": str(early), "receipts": receipts})
            wait = wait if early.retry_after is None else early.retry_after
        except Unavailable as error:
            self._count_failure(self._logger.warning, error, receipts)
        except Exception as error:  # noqa: BLE001 - one message must not fail the others of its batch
            self._count_failure(self._logger.error, error, receipts)
        else:
            return True
        self._bring_back(record, wait)
        return False

    def _count_failure(self, log: Callable[..., None], error: Exception, receipts: int) -> None:
        # Without a traceback, which may hold a value.
        log("message.failed", extra={**describe(error), "receipts": receipts})
        count(self._logger, self._metrics_namespace, "message.failed")

    def _bring_back(self, record: dict[str, Any], wait: int) -> None:
        queue = record["eventSourceARN"].rpartition(":")[2]
        try:
            with translate_errors():
                self._sqs.change_message_visibility(
                    QueueUrl=self._urls[queue], ReceiptHandle=record["receiptHandle"], VisibilityTimeout=wait
                )
        except Unavailable as error:
            # It still comes back, when the queue's own timeout ends.
            self._logger.warning("message.timeout-unchanged", extra=describe(error))
