"""Composes sign-in: ``POST /login``, its sessions, and the keys of its tokens."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from login.contract import (
    CONFIGURATION,
    CONFIRM,
    REFRESH,
    SIGN_IN,
    SIGN_OUT,
    SIGNING_KEYS,
    STEP_UP,
    configuration,
)
from login.session_refresh import SessionFlow
from login.settings import LoginSettings
from login.sign_in import SignInFlow
from member_access.api.router import Api, Response, Route
from member_access.audit import AuditTrail
from member_access.members.pseudonyms import Pseudonyms
from member_access.pin_verification import PinVerification
from member_access.pins.hashing import argon2id
from member_access.platform.argon2_engine import ENGINE, huge_pages
from member_access.platform.runtime import LambdaHandler, Runtime
from member_access.sessions.store import Sessions
from member_access.settings import NewBrowser

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher

    from login.new_browser_notice import NewBrowserNotices
    from login.second_step_calls import SecondStepCalls
    from member_access.pins.pin_hash import Argon2Cost


def compose(runtime: Runtime, argon2: Callable[[Argon2Cost], PasswordHasher] = argon2id) -> Api:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not give the key of the pseudonyms.
    """
    settings = LoginSettings.from_environment(runtime.environment)
    runtime.logger.info("argon2 engine", engine=ENGINE, huge_pages=huge_pages())
    dynamodb, kms = runtime.clients.dynamodb, runtime.clients.kms
    pseudonyms = Pseudonyms.from_kms(kms, settings.pseudonym_key_arn, settings.source_key_arn)
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    attempts = PinVerification(runtime, settings, pseudonyms, audit, argon2)
    sessions = Sessions(dynamodb, settings.access_table, settings.session_policy)
    tokens = settings.access_tokens(kms, runtime.random_bytes)

    # Imported by the first call that needs them, so that a start takes no longer for them.
    @cache
    def notices() -> NewBrowserNotices:
        from login.new_browser_notice import NewBrowserNotices  # noqa: PLC0415 - see above

        return NewBrowserNotices.of(runtime, settings.access_table, settings.emails_queue_url)

    @cache
    def second_step() -> SecondStepCalls:
        from login.second_step_calls import SecondStepCalls  # noqa: PLC0415 - see above

        return SecondStepCalls.of(runtime, settings, pseudonyms, attempts, sessions, tokens, audit)

    asks_for_code = second_step().confirmation.ask if settings.new_browser is NewBrowser.CONFIRM else None
    sign_in = SignInFlow(
        runtime,
        settings.access_table,
        attempts,
        sessions.policy,
        tokens,
        notices if settings.new_browser is NewBrowser.NOTIFY else None,
        asks_for_code,
        audit,
    )
    session = SessionFlow(runtime.now, pseudonyms, attempts.members, sessions, tokens, audit, runtime.executor)
    return Api(
        settings,
        runtime,
        [
            Route(SIGN_IN, sign_in.sign_in),
            Route(CONFIRM, lambda request: second_step().confirmation.confirm(request)),  # noqa: PLW0108 - at the call
            Route(STEP_UP, lambda request: second_step().step_up.step_up(request)),  # noqa: PLW0108 - at the call
            Route(REFRESH, session.refresh),
            Route(SIGN_OUT, session.sign_out),
            Route(SIGNING_KEYS, lambda _: Response({"keys": tokens.signing_keys})),
            Route(CONFIGURATION, lambda _: Response(configuration(settings.issuer))),
        ],
    )


handler = LambdaHandler(compose)
