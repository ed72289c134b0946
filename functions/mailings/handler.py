"""Composes the function that an operator's commands call (``ops``); no one else may."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from mailings.budget import InvitationBudget
from mailings.contract import REQUEST, InviteRequest, RetryRequest, ReturnRequest
from mailings.invitations import Invitations
from mailings.retry import LetterRetry
from mailings.returned import ReturnedMail
from mailings.settings import MailingsSettings
from member_access.audit import AuditTrail
from member_access.members.pseudonyms import OwnPseudonyms
from member_access.members.store import Members
from member_access.outbox.email_item import EmailRequest
from member_access.outbox.letter_job_item import LetterRequest
from member_access.outbox.outbox import Outbox, RequestQueue
from member_access.platform.runtime import Handler, LambdaHandler

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from pydantic import BaseModel

    from member_access.members.pseudonyms import Pseudonym
    from member_access.platform.runtime import Runtime
    from member_access.values.types import Identifier


def compose(runtime: Runtime) -> Handler:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS did not give the key of the pseudonyms.
    """
    settings = MailingsSettings.from_environment(runtime.environment)
    dynamodb, sqs, access = runtime.clients.dynamodb, runtime.clients.sqs, settings.access_table
    pseudonyms = OwnPseudonyms.with_key_of(runtime.clients.kms, settings.pseudonym_key_arn)

    def subject_of(identifier: Identifier) -> Pseudonym:
        return pseudonyms.of("identifier", identifier)

    audit = AuditTrail(runtime.logger, settings.metrics_namespace)
    emails = Outbox[EmailRequest](RequestQueue(sqs, settings.emails_queue_url), access)
    letters = Outbox[LetterRequest](RequestQueue(sqs, settings.letters_queue_url), access)
    budget = InvitationBudget(access, settings.email_budget_a_day, settings.letters_a_day)
    invitations = Invitations(runtime, settings, subject_of, budget, emails, letters, audit)
    returned = ReturnedMail(runtime, Members(dynamodb, settings.members_table), access, subject_of, audit)
    retry = LetterRetry(runtime, settings, letters)

    def answer(event: dict[str, Any]) -> BaseModel:
        match REQUEST.validate_python(event):
            case InviteRequest() as request:
                return invitations.invite(request)
            case ReturnRequest(identifiers=identifiers):
                return returned.note(identifiers)
            case RetryRequest(letter_id=letter_id):
                return retry.retry(letter_id)

    def run(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
        """Do what a command asks. It may ask the same again after a failure."""
        with runtime.logger.append_context_keys(request_id=context.aws_request_id):
            return answer(event).model_dump(mode="json")

    return run


handler = LambdaHandler(compose)
