"""The print providers' notifications: ``POST /letters/status/{provider}``.

Who calls is checked first, and told nothing before. What is not taken is sent again by the provider, for hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import maileva_webhook
import pingen_webhook
from http_client import PooledTransport
from letter_errors import CredentialsMissing
from letter_events import EventAnswer, take_event
from letter_job import ProviderName
from letter_jobs import DynamoDbLetterJobs
from letter_watch import LetterWatch
from letters_settings import LetterStatusSettings
from member_access.errors import NotAuthentic, NotFound, TryLater
from member_access.http import Answer, Api, RawBody, Request, Route
from member_access.runtime import LambdaHandler
from provider_secret import LONGEST_STALE_SECONDS
from providers import Providers
from status_contract import MAILEVA_STATUS, PINGEN_STATUS

if TYPE_CHECKING:
    from collections.abc import Callable

    from http_client import Transport
    from letter_events import LetterEvent
    from letter_store import LetterJobs
    from member_access.runtime import Runtime
    from provider_secret import ProviderSecret

    Notification = Request[RawBody]

_SEND_AGAIN_SECONDS = 60


@dataclass(frozen=True)
class StatusFlow:
    """Answers the notifications of all providers."""

    runtime: Runtime
    providers: Providers
    jobs: LetterJobs
    watch: LetterWatch

    def maileva(self, request: Notification) -> Answer:
        """Take a notification of Maileva.

        Raises:
            NotAuthentic: it has not the credentials that we gave to Maileva.
            NotFound: no letters go with Maileva here.
            TryLater: it is to be sent again.
            Unavailable: AWS did not answer.
        """
        self._check(request, _is_of_maileva)
        return self._take(ProviderName.MAILEVA, maileva_webhook.read_event(request.body.content))

    def pingen(self, request: Notification) -> Answer:
        """Take an event of Pingen.

        Raises:
            NotAuthentic: it is not signed with one of our keys.
            NotFound: no letters go with Pingen here.
            TryLater: it is to be sent again.
            Unavailable: AWS did not answer.
        """
        self._check(request, _is_of_pingen)
        return self._take(ProviderName.PINGEN, pingen_webhook.read_event(request.body.content))

    def _check(self, request: Notification, is_authentic: Callable[[Notification, ProviderSecret], bool]) -> None:
        secret = self.providers.secret
        try:
            if is_authentic(request, secret):
                return
            if secret.forget(kept_at_least=LONGEST_STALE_SECONDS) and is_authentic(request, secret):
                return
        except CredentialsMissing:
            raise NotFound from None
        raise NotAuthentic

    def _take(self, provider: ProviderName, event: LetterEvent | None) -> Answer:
        if event is None:
            return Answer()
        answer = take_event(
            event,
            jobs=self.jobs,
            provider=self.providers.adapters[provider],
            observer=self.watch,
            now=self.runtime.now(),
        )
        if answer is EventAnswer.SEND_AGAIN:
            raise TryLater(retry_after=_SEND_AGAIN_SECONDS)
        return Answer()


def _is_of_maileva(request: Notification, secret: ProviderSecret) -> bool:
    entry = secret.maileva()
    authorization = request.headers.get("authorization")
    return maileva_webhook.is_authentic(authorization, entry.webhook_login, entry.webhook_password)


def _is_of_pingen(request: Notification, secret: ProviderSecret) -> bool:
    keys = secret.pingen().webhook_keys
    return pingen_webhook.is_authentic(request.body.content, request.headers.get("signature"), keys)


def compose(runtime: Runtime, transport: Callable[[], Transport] = PooledTransport) -> Api:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
    """
    settings = LetterStatusSettings.from_environment(runtime.environment)
    dynamodb = runtime.clients.dynamodb
    flow = StatusFlow(
        runtime,
        Providers.of(settings, runtime, transport()),
        DynamoDbLetterJobs(dynamodb, settings.access_table),
        LetterWatch.of(settings, runtime),
    )
    return Api(settings, runtime, [Route(MAILEVA_STATUS, flow.maileva), Route(PINGEN_STATUS, flow.pingen)])


handler = LambdaHandler(compose)
