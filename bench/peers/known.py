"""What is known of each peer: how its documentation runs it, and where it signs in."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

JSON = {"Content-Type": "application/json"}
PIN = "270519"
WORKERS = 2
_EMAIL = "camille@example.fr"
_GUNICORN = ["-m", "gunicorn", "--workers", str(WORKERS), "--threads", "16", "--log-level", "warning", "--bind"]


@dataclass(frozen=True)
class Peer:
    """A sign-in service.

    Attributes:
        name: as it calls itself.
        folder: where its program is, below this one.
        package: whose version counts.
        seed: the arguments that make its database; none if it needs none.
        serve: the arguments that serve; ``{port}`` stands for the port.
        path: of the sign-in.
        sign_in: its body, by the PIN's name in it.
        setting: what it runs on.
    """

    name: str
    folder: str
    package: str
    seed: tuple[str, ...]
    serve: tuple[str, ...]
    path: str
    identity: Mapping[str, str]
    setting: str
    headers: Mapping[str, str] = field(default_factory=lambda: JSON)

    def body(self, pin: str) -> bytes:
        """Return the body of a sign-in."""
        fields = {**self.identity, "password": pin}
        return (json.dumps(fields) if self.headers == JSON else urlencode(fields)).encode()


PEERS = (
    Peer(
        "django-allauth",
        "allauth",
        "django-allauth",
        ("seed.py",),
        (*_GUNICORN, "127.0.0.1:{port}", "django.core.wsgi:get_wsgi_application()"),
        "/_allauth/app/v1/auth/login",
        {"username": "camille"},
        "gunicorn, 2 processes of 16 threads; SQLite",
    ),
    Peer(
        "fastapi-users",
        "fastapi_users",
        "fastapi-users",
        ("seed.py",),
        ("-m", "uvicorn", "--workers", str(WORKERS), "--log-level", "warning", "--port", "{port}", "app:app"),
        "/auth/jwt/login",
        {"username": _EMAIL},
        "uvicorn, 2 processes; SQLite",
        {"Content-Type": "application/x-www-form-urlencoded"},
    ),
    Peer(
        "Flask-Security",
        "flask_security",
        "flask-security",
        ("seed.py",),
        (*_GUNICORN, "127.0.0.1:{port}", "app:app"),
        "/login",
        {"email": _EMAIL},
        "gunicorn, 2 processes of 16 threads; SQLite",
    ),
    Peer(
        "better-auth",
        "better_auth",
        "better-auth",
        (),
        ("server.mjs",),
        "/api/auth/sign-in/email",
        {"email": _EMAIL},
        "Node.js, 1 process, argon2 by @node-rs/argon2 in its threads; no database: its adapter for memory",
    ),
)
