"""Composes the function that receives the print providers' notifications."""

from __future__ import annotations

from typing import TYPE_CHECKING

from letters.contract import MAILEVA_STATUS, PINGEN_STATUS
from letters.notifications import StatusFlow
from letters.providers.http_client import PooledTransport
from letters.providers.registry import Providers
from letters.settings import LetterStatusSettings
from letters.storage.jobs import DynamoDbLetterJobs
from letters.storage.outcomes import OutcomeRecorder, followed_up_by
from member_access.api.router import Api, Route
from member_access.outbox.outbox import RequestQueue
from member_access.platform.runtime import LambdaHandler

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.providers.http_client import Transport
    from member_access.platform.runtime import Runtime


def compose(runtime: Runtime, transport: Callable[[], Transport] = PooledTransport) -> Api:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = LetterStatusSettings.from_environment(runtime.environment)
    dynamodb = runtime.clients.dynamodb
    queue = RequestQueue(runtime.clients.sqs, settings.letters_queue_url)
    flow = StatusFlow(
        runtime,
        Providers.of(settings.providers, runtime, transport()),
        DynamoDbLetterJobs(dynamodb, settings.access_table),
        OutcomeRecorder.of(settings, runtime, followed_up_by(queue)),
    )
    return Api(settings, runtime, [Route(MAILEVA_STATUS, flow.maileva), Route(PINGEN_STATUS, flow.pingen)])


handler = LambdaHandler(compose)
