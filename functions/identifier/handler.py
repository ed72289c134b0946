"""Composes the search for a forgotten identifier."""

from __future__ import annotations

from identifier.contract import FIND, SOLVE, NotRecognised
from identifier.find_identifier import IdentifierFlow
from identifier.iban_challenge import IbanFlow
from identifier.settings import IdentifierSettings
from member_access.api.router import Api, Route
from member_access.audit import AuditTrail
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.pseudonyms import Pseudonyms
from member_access.outbox.outbox import Outbox, RequestQueue
from member_access.platform.runtime import LambdaHandler, Runtime
from member_access.platform.uniform_reads import UniformReads
from member_access.throttling.guard import GuessGuard, TooManyAttempts


def compose(runtime: Runtime) -> Api:
    """Compose the function.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not return the key of the pseudonyms.
    """
    settings = IdentifierSettings.from_environment(runtime.environment)
    kms = runtime.clients.kms
    pseudonyms = Pseudonyms.from_kms(kms, settings.pseudonym_key_arn, settings.source_key_arn)
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    access, source_policy = settings.access_table, settings.source_policy
    hashes, reads = KeyedHashes(kms, settings.index_key_arn), UniformReads(runtime.clients.dynamodb)
    find = IdentifierFlow(
        runtime,
        settings,
        pseudonyms,
        # This policy only makes callers wait, so the last argument is never used.
        GuessGuard(runtime, access, source_policy, TooManyAttempts),
        hashes,
        reads,
        Outbox(RequestQueue(runtime.clients.sqs, settings.emails_queue_url), settings.access_table),
        audit,
    )
    iban = IbanFlow(
        runtime,
        settings,
        pseudonyms,
        # After ten wrong tries no answer is right any more, until an operator sets the counter back.
        GuessGuard(runtime, access, source_policy, NotRecognised),
        hashes,
        reads,
        audit,
    )
    return Api(settings, runtime, [Route(FIND, find.find), Route(SOLVE, iban.solve)])


handler = LambdaHandler(compose)
