"""Subscribes to the providers' notifications, as an operator does once (docs/letters.md)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from letters.providers.http_client import HttpRequest
from simulators.print_providers.fake_http import in_process

if TYPE_CHECKING:
    from simulators.print_providers.maileva_server import FakeMaileva
    from simulators.print_providers.pingen_server import FakePingen

_MAILEVA_EVENTS = (
    "ON_STATUS_ACCEPTED",
    "ON_STATUS_REJECTED",
    "ON_STATUS_PROCESSED",
    "ON_STATUS_PROCESSED_WITH_ERRORS",
    "ON_UNDELIVERED_MAIL_RECEIVED",
)
_PINGEN_CATEGORIES = ("sent", "issues", "undeliverable", "delivered")
_JSON_API = "application/vnd.api+json"


class NotSubscribed(Exception):
    """The provider refuses a subscription."""


def subscribe_to_maileva(fake: FakeMaileva, callback_url: str, login: str, password: str) -> None:
    """Subscribe a URL to all notifications, with these credentials."""
    for event in _MAILEVA_EVENTS:
        subscription = {
            "event_type": event,
            "resource_type": "mail/v2/sendings",
            "callback_url": callback_url,
            "authentication": {"basic": {"login": login, "password": password}},
        }
        _post(fake, "/notification_center/v2/subscriptions", subscription, "application/json")


def subscribe_to_pingen(fake: FakePingen, organisation: str, callback_url: str, signing_key: str) -> None:
    """Subscribe a URL to all events, signed with this key."""
    for category in _PINGEN_CATEGORIES:
        attributes = {"event_category": category, "url": callback_url, "signing_key": signing_key}
        webhook = {"data": {"type": "webhooks", "attributes": attributes}}
        _post(fake, f"/organisations/{organisation}/webhooks", webhook, _JSON_API)


def _post(fake: FakeMaileva | FakePingen, path: str, content: object, kind: str) -> None:
    headers = {"Authorization": f"Bearer {fake.grant_token()}", "Content-Type": kind, "Accept": kind}
    request = HttpRequest("POST", f"https://provider.example{path}", headers, json.dumps(content).encode())
    reply = in_process(fake)(request)
    if reply.status != 201:
        raise NotSubscribed(f"{path}: {reply.status} {reply.body.decode()}")
