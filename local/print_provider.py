"""The print provider of a local stack: a simulator as strict as Maileva, so that the stack runs the real code.

A submitted letter advances by itself until it is posted, and each step notifies the API's webhook.
"""

from __future__ import annotations

import json
import secrets
import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from simulators.print_providers.fake_http import serving
from simulators.print_providers.maileva_server import TOKEN_PATH, FakeMaileva
from simulators.print_providers.subscriptions import subscribe_to_maileva

if TYPE_CHECKING:
    from collections.abc import Collection, Generator

    from local.cloud import LocalCloud
    from simulators.print_providers.fake_provider import SubmittedLetter

_CLIENT_ID = "local-stack"
_MOVES_EVERY_SECONDS = 2.0
_POSTED = "PROCESSED"


@dataclass(frozen=True)
class LocalPrintProvider:
    """A running print provider.

    Attributes:
        url: its address, without a trailing slash.
        token_url: the address of its access tokens.
        secret: the credentials of its account and of our webhook, in the format of the stack's secret.
    """

    url: str
    token_url: str
    secret: str
    _fake: FakeMaileva
    _moving: threading.Lock

    def letters(self) -> list[SubmittedLetter]:
        """Return the submitted letters, oldest first."""
        return self._fake.letters()

    def delete(self, references: Collection[str]) -> None:
        """Delete letters, as a provider does when it is asked to erase someone."""
        with self._moving:
            for reference in references:
                self._fake.sendings.pop(reference, None)

    def fill_secret(self, cloud: LocalCloud, secret_arn: str) -> None:
        """Give the deployed functions the credentials, as an operator does."""
        client = cloud.session.client("secretsmanager", endpoint_url=cloud.endpoint_url)
        client.put_secret_value(SecretId=secret_arn, SecretString=self.secret)


@contextmanager
def running_print_provider(api_url: str) -> Generator[LocalPrintProvider]:
    """Run a print provider that notifies the API at an address without a trailing slash."""
    client_secret, login, password = (secrets.token_urlsafe(24) for _ in range(3))
    fake = FakeMaileva(client_id=_CLIENT_ID, client_secret=client_secret)
    subscribe_to_maileva(fake, f"{api_url}/letters/status/maileva", login, password)
    entry = {
        "client_id": _CLIENT_ID,
        "client_secret": client_secret,
        "webhook_login": login,
        "webhook_password": password,
    }
    over = threading.Event()
    moving = threading.Lock()
    mover = threading.Thread(target=_move_letters, args=(fake, over, moving), name="print-provider", daemon=True)
    with serving(fake) as url:
        mover.start()
        try:
            yield LocalPrintProvider(url, url + TOKEN_PATH, json.dumps({"maileva": entry}), fake, moving)
        finally:
            over.set()
            mover.join()


def _move_letters(fake: FakeMaileva, over: threading.Event, moving: threading.Lock) -> None:
    while not over.wait(_MOVES_EVERY_SECONDS):
        with moving:
            for letter in fake.letters():
                if letter.status != _POSTED and not over.is_set():
                    fake.advance(letter.reference)
