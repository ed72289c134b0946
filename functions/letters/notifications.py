"""The print providers' notifications: ``POST /letters/status/{provider}``.

Authenticates the caller before answering anything. Providers resend rejected notifications for hours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from letters.contract import NotAuthentic, NotSigned
from letters.model.job import ProviderName
from letters.providers.api import CredentialsMissing
from letters.providers.credentials import MAX_STALE_SECONDS
from letters.providers.maileva import webhook as maileva_webhook
from letters.providers.pingen import webhook as pingen_webhook
from letters.status_updates import EventAnswer, take_event
from member_access.api.refusals import NotFound, TryLater
from member_access.api.router import RawBody, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from letters.model.job_store import LetterJobs
    from letters.model.print_provider import LetterEvent
    from letters.providers.credentials import ProviderSecret
    from letters.providers.registry import Providers
    from letters.storage.outcomes import OutcomeRecorder
    from member_access.platform.runtime import Runtime

    Notification = Request[RawBody]

_SEND_AGAIN_SECONDS = 60


@dataclass(frozen=True)
class StatusFlow:
    """Answers the notifications of all providers."""

    runtime: Runtime
    providers: Providers
    jobs: LetterJobs
    observer: OutcomeRecorder

    def maileva(self, request: Notification) -> Response:
        """Take a notification of Maileva.

        Raises:
            NotAuthentic: it lacks the credentials that we gave to Maileva.
            NotFound: this deployment does not use Maileva.
            TryLater: Maileva must send it again.
            Unavailable: AWS did not answer.
        """
        self._check(request, _is_of_maileva, NotAuthentic)
        return self._take(ProviderName.MAILEVA, maileva_webhook.read_event(request.body.content))

    def pingen(self, request: Notification) -> Response:
        """Take an event of Pingen.

        Raises:
            NotSigned: none of our keys signed it.
            NotFound: this deployment does not use Pingen.
            TryLater: Pingen must send it again.
            Unavailable: AWS did not answer.
        """
        self._check(request, _is_of_pingen, NotSigned)
        return self._take(ProviderName.PINGEN, pingen_webhook.read_event(request.body.content))

    def _check(
        self,
        request: Notification,
        is_authentic: Callable[[Notification, ProviderSecret], bool],
        refusal: type[NotAuthentic],
    ) -> None:
        secret = self.providers.secret
        try:
            if is_authentic(request, secret):
                return
            if secret.expire(min_age=MAX_STALE_SECONDS) and is_authentic(request, secret):
                return
        except CredentialsMissing:
            raise NotFound from None
        raise refusal

    def _take(self, provider: ProviderName, event: LetterEvent | None) -> Response:
        if event is None:
            return Response()
        answer = take_event(
            event,
            jobs=self.jobs,
            provider=self.providers.adapters[provider],
            observer=self.observer,
            now=self.runtime.now(),
        )
        if answer is EventAnswer.SEND_AGAIN:
            raise TryLater(retry_after=_SEND_AGAIN_SECONDS)
        return Response()


def _is_of_maileva(request: Notification, secret: ProviderSecret) -> bool:
    entry = secret.maileva()
    authorization = request.headers.get("authorization")
    return maileva_webhook.is_authentic(authorization, entry.webhook_login, entry.webhook_password)


def _is_of_pingen(request: Notification, secret: ProviderSecret) -> bool:
    keys = secret.pingen().webhook_keys
    return pingen_webhook.is_authentic(request.body.content, request.headers.get("signature"), keys)
