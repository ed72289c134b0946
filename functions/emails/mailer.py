"""Hands e-mails to Amazon SES, and tells its refusals apart.

MemberAccessError
├── Unavailable      SES throttles, fails or does not answer: the same e-mail may be handed in later
├── SendingRefused   SES takes no e-mail of ours until an operator has acted
└── AddressRefused   SES takes no e-mail for this address
"""

from __future__ import annotations

from email.utils import formataddr
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from member_access.errors import MemberAccessError
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

    from emails.rendering import RenderedEmail
    from member_access.outbox.email_item import EmailRequest
    from member_access.values.email_address import EmailAddress

REQUEST_TAG = "request_id"
"""The tag by which a report of SES names the e-mail."""

# SendEmail (API v2): what will not pass by itself. Throttling (TooManyRequests, LimitExceeded) will.
_UNTIL_AN_OPERATOR_ACTS = frozenset(
    {
        "AccessDeniedException",
        "AccountSuspendedException",
        "BadRequestException",
        "MailFromDomainNotVerifiedException",
        "NotFoundException",
        "SendingPausedException",
    }
)


class SendingRefused(MemberAccessError):
    """SES takes no e-mail of ours; the message is the error's code."""


class AddressRefused(MemberAccessError):
    """SES takes no e-mail for this address."""


class Mailer:
    """Sends e-mails from one address.

    Args:
        ses: a client that does not try again by itself.
        sender_name: as members know the sender.
        sender_address: of an identity that SES has verified.
        configuration_set: where SES reports what became of the e-mails.
    """

    def __init__(
        self, ses: SESV2Client, *, sender_name: str, sender_address: EmailAddress, configuration_set: str
    ) -> None:
        self._ses = ses
        # A header is ASCII: names with accents are encoded (RFC 2047).
        self._sender = formataddr((sender_name, sender_address.reveal()))
        self._configuration_set = configuration_set

    def send(self, request: EmailRequest, to: EmailAddress, email: RenderedEmail) -> None:
        """Hand one e-mail to SES, once.

        Raises:
            AddressRefused: SES takes none for this address.
            SendingRefused: SES takes none from us.
            Unavailable: SES did not take it now; after a timeout it may be on its way all the same.
        """
        with translate_errors():
            try:
                self._ses.send_email(
                    FromEmailAddress=self._sender,
                    Destination={"ToAddresses": [to.reveal()]},
                    Content={
                        "Simple": {
                            "Subject": {"Data": email.subject, "Charset": "UTF-8"},
                            "Body": {
                                "Text": {"Data": email.text, "Charset": "UTF-8"},
                                "Html": {"Data": email.html, "Charset": "UTF-8"},
                            },
                        }
                    },
                    EmailTags=[
                        {"Name": "kind", "Value": request.kind},
                        {"Name": REQUEST_TAG, "Value": request.request_id},
                    ],
                    ConfigurationSetName=self._configuration_set,
                )
            except ClientError as error:
                refusal = _refusal(error)
                if refusal is None:
                    raise
                # Its own message names addresses.
                raise refusal from None


def _refusal(error: ClientError) -> MemberAccessError | None:
    code = error.response["Error"]["Code"]
    if code == "MessageRejected":
        # An identity of ours that is no longer verified, or an account still in the sandbox, is refused in the same
        # way as an address, and must not turn every code into a letter.
        ours = "is not verified" in error.response["Error"].get("Message", "")
        return SendingRefused(code) if ours else AddressRefused(code)
    return SendingRefused(code) if code in _UNTIL_AN_OPERATOR_ACTS else None
