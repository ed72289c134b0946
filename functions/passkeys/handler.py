"""Composes passkeys: the sign-in with one, and the list of a member's."""

from __future__ import annotations

from member_access.api.bearer import BearerTokens
from member_access.api.router import Api, Route
from member_access.audit import AuditTrail
from member_access.callers import Callers
from member_access.members.pseudonyms import Pseudonyms
from member_access.members.store import Members
from member_access.outbox.email_item import EmailRequest
from member_access.outbox.outbox import Outbox, RequestQueue
from member_access.platform.runtime import LambdaHandler, Runtime
from member_access.sessions.store import Sessions
from member_access.throttling.sources import Sources
from passkeys.challenges import Challenges
from passkeys.contract import ADD, DELETE, LIST, NEW_OPTIONS, SIGN_IN, SIGN_IN_OPTIONS
from passkeys.own_passkeys import OwnPasskeysFlow
from passkeys.session_opening import SessionOpener
from passkeys.settings import PasskeySettings
from passkeys.sign_in import PasskeySignInFlow
from passkeys.store import Passkeys


def compose(runtime: Runtime) -> Api:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not give the keys of the pseudonyms.
    """
    settings = PasskeySettings.from_environment(runtime.environment)
    clients, access, party = runtime.clients, settings.access_table, settings.relying_party
    pseudonyms = Pseudonyms.from_kms(clients.kms, settings.pseudonym_key_arn, settings.source_key_arn)
    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    tokens = settings.access_tokens(clients.kms, runtime.random_bytes)
    challenges = Challenges(clients.dynamodb, access)
    passkeys = Passkeys(clients.dynamodb, settings.members_table)
    members = Members(clients.dynamodb, settings.members_table)
    sources = Sources(clients.dynamodb, access, settings.source_policy)
    sessions = Sessions(clients.dynamodb, access, settings.session_policy)
    opener = SessionOpener(runtime, pseudonyms, access, members, sessions, tokens)
    sign_in = PasskeySignInFlow(runtime, access, party, pseudonyms, sources, challenges, passkeys, opener, audit)
    emails = Outbox[EmailRequest](RequestQueue(clients.sqs, settings.emails_queue_url), access)
    callers = Callers(runtime, settings, pseudonyms, BearerTokens(tokens, runtime.now))
    own = OwnPasskeysFlow(runtime, party, callers, challenges, passkeys, members, emails, audit)
    return Api(
        settings,
        runtime,
        [
            Route(SIGN_IN_OPTIONS, sign_in.options),
            Route(SIGN_IN, sign_in.sign_in),
            Route(LIST, own.list_own),
            Route(NEW_OPTIONS, own.options),
            Route(ADD, own.add),
            Route(DELETE, own.delete),
        ],
    )


handler = LambdaHandler(compose)
