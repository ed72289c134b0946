"""Composes the search for a forgotten identifier."""

from __future__ import annotations

from identifier.contract import FIND, SOLVE
from identifier.find_identifier import IdentifierFlow
from identifier.iban_challenge import IbanFlow
from identifier.settings import IdentifierSettings
from member_access.api.router import Api, Route
from member_access.audit import AuditTrail
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.pseudonyms import Pseudonyms
from member_access.outbox.requests import RequestQueue
from member_access.platform.runtime import LambdaHandler, Runtime
from member_access.platform.uniform_reads import UniformReads
from member_access.throttling.counters import AttemptStore
from member_access.throttling.sources import Sources


def compose(runtime: Runtime) -> Api:
    """Compose the function.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not return the key of the pseudonyms.
    """
    settings = IdentifierSettings.from_environment(runtime.environment)
    dynamodb, kms = runtime.clients.dynamodb, runtime.clients.kms
    pseudonyms = Pseudonyms.from_kms(kms, settings.pseudonym_key_arn)
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    sources = Sources(dynamodb, settings.access_table, settings.source_policy)
    hashes, reads = KeyedHashes(kms, settings.index_key_arn), UniformReads(dynamodb)
    find = IdentifierFlow(
        runtime,
        settings,
        pseudonyms,
        AttemptStore(dynamodb, settings.access_table, settings.identity_policy),
        sources,
        hashes,
        reads,
        RequestQueue(runtime.clients.sqs, settings.emails_queue_url),
        audit,
    )
    iban = IbanFlow(
        runtime,
        settings,
        pseudonyms,
        AttemptStore(dynamodb, settings.access_table, settings.iban_policy),
        sources,
        hashes,
        reads,
        audit,
    )
    return Api(settings, runtime, [Route(FIND, find.find), Route(SOLVE, iban.solve)])


handler = LambdaHandler(compose)
