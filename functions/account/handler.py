"""Composes a member's sessions and browsers: ``/sessions``, ``/devices`` and ``/account``."""

from __future__ import annotations

from account.contract import (
    END_SESSION,
    END_SESSIONS,
    FORGET_DEVICE,
    LIST_DEVICES,
    LIST_SESSIONS,
    NOT_ME,
    READ_ACCOUNT,
)
from account.not_me import NotMeFlow
from account.own_sign_ins import OwnSignInsFlow
from account.settings import AccountSettings
from member_access.api.bearer import BearerTokens
from member_access.api.router import Api, Route
from member_access.audit import AuditTrail
from member_access.callers import Callers
from member_access.code_requests import CodeRequests
from member_access.members.pseudonyms import Pseudonyms
from member_access.members.store import Members
from member_access.platform.runtime import LambdaHandler, Runtime
from member_access.throttling.sources import Sources


def compose(runtime: Runtime) -> Api:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not give the key of the pseudonyms.
    """
    settings = AccountSettings.from_environment(runtime.environment)
    dynamodb, kms = runtime.clients.dynamodb, runtime.clients.kms
    pseudonyms = Pseudonyms.from_kms(kms, settings.pseudonym_key_arn, settings.source_key_arn)
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    sources = Sources(dynamodb, settings.access_table, settings.source_policy)
    tokens = settings.access_tokens(kms, runtime.random_bytes)
    callers = Callers(runtime, settings, pseudonyms, BearerTokens(tokens, runtime.now))
    own = OwnSignInsFlow(runtime, settings, pseudonyms, callers, audit)
    members = Members(dynamodb, settings.members_table)
    requests = CodeRequests.of(runtime, settings, sources, audit)
    not_me = NotMeFlow(runtime, settings, pseudonyms, callers, members, requests, audit)
    return Api(
        settings,
        runtime,
        [
            Route(LIST_SESSIONS, own.sessions),
            Route(END_SESSION, own.end_session),
            Route(END_SESSIONS, own.end_sessions),
            Route(LIST_DEVICES, own.devices),
            Route(FORGET_DEVICE, own.forget_device),
            Route(READ_ACCOUNT, own.account),
            Route(NOT_ME, not_me.not_me),
        ],
    )


handler = LambdaHandler(compose)
