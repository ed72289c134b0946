"""Composes the reset of a forgotten PIN, and the change of a known one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from member_access.api.router import Api, Route
from member_access.audit import AuditTrail
from member_access.code_requests import CodeRequests
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.members.pseudonyms import Pseudonyms
from member_access.pin_verification import PinVerification
from member_access.pins.blocklist import PinBlocklist
from member_access.pins.hashing import argon2id
from member_access.platform.argon2_engine import ENGINE, huge_pages
from member_access.platform.runtime import LambdaHandler, Runtime
from member_access.platform.uniform_reads import UniformReads
from member_access.recovery.codes import OneTimeCodes
from member_access.throttling.sources import Sources
from reset.context import ContextReader
from reset.contract import CHANGE_PIN, REQUEST_CODE, SET_PIN, VERIFY_CODE
from reset.new_pin import NewPinFlow
from reset.request_code import RequestFlow
from reset.settings import ResetSettings
from reset.verify_code import VerifyCodeFlow

if TYPE_CHECKING:
    from collections.abc import Callable

    from argon2 import PasswordHasher

    from member_access.pins.pin_hash import Argon2Cost


def compose(runtime: Runtime, argon2: Callable[[Argon2Cost], PasswordHasher] = argon2id) -> Api:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not give the key of the pseudonyms or of the members' own data.
    """
    settings = ResetSettings.from_environment(runtime.environment)
    runtime.logger.info("argon2 engine", engine=ENGINE, huge_pages=huge_pages())
    dynamodb, kms = runtime.clients.dynamodb, runtime.clients.kms
    pseudonyms = Pseudonyms.from_kms(kms, settings.pseudonym_key_arn, settings.source_key_arn)
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    sources = Sources(dynamodb, settings.access_table, settings.source_policy)
    reader = ContextReader(runtime, settings, pseudonyms, sources, UniformReads(dynamodb))
    requests = CodeRequests.of(runtime, settings, sources, audit)
    request = RequestFlow(settings, pseudonyms, reader, requests)
    codes = OneTimeCodes(kms, settings.code_key_arn)
    verification = VerifyCodeFlow(runtime, settings, reader, sources, requests.emailed, codes, audit)
    attempts = PinVerification(runtime, settings, pseudonyms, audit, argon2)
    own_data = OwnDataHasher.from_kms(kms, settings.own_data_key_arn)
    notices = requests.notices
    new_pin = NewPinFlow(runtime, settings, pseudonyms, attempts, PinBlocklist.load(), own_data, notices, audit)
    return Api(
        settings,
        runtime,
        [
            Route(REQUEST_CODE, request.request),
            Route(VERIFY_CODE, verification.verify),
            Route(SET_PIN, new_pin.set_by_token),
            Route(CHANGE_PIN, new_pin.change),
        ],
    )


handler = LambdaHandler(compose)
