"""Sends e-mails with Amazon SES, and distinguishes its errors.

MemberAccessError
├── Unavailable      SES throttles, fails or does not answer: retry later
├── SendingRefused   SES accepts no e-mail from this sender until an operator acts
└── AddressRefused   SES accepts no e-mail for this address
"""

from __future__ import annotations

from email.utils import formataddr
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from member_access.errors import MemberAccessError
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client
    from mypy_boto3_sesv2.type_defs import MessageHeaderTypeDef

    from emails.rendering import RenderedEmail
    from member_access.outbox.email_item import EmailRequest
    from member_access.values.email_address import EmailAddress

REQUEST_TAG = "request_id"
"""The tag that names the e-mail in a report of SES."""

# No one answers a program: RFC 3834 §5, and for Exchange [MS-OXCMAIL] §2.1.3.2.20. Exchange may still report that it
# cannot deliver (NDR, which its "All" would suppress): Amazon SES makes a bounce of that.
_HEADERS: Final[list[MessageHeaderTypeDef]] = [
    {"Name": "Auto-Submitted", "Value": "auto-generated"},
    {"Name": "X-Auto-Response-Suppress", "Value": "DR, RN, NRN, OOF, AutoReply"},
]

# Lasting errors of SendEmail (API v2); throttling (TooManyRequests, LimitExceeded) passes.
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
    """SES accepts no e-mail from this sender; the message is the error's code."""


class AddressRefused(MemberAccessError):
    """SES accepts no e-mail for this address."""


class Mailer:
    """Sends e-mails from one address.

    Args:
        ses: a client that does not retry.
        sender_name: the name that members know.
        sender_address: of an identity that SES has verified.
        reply_to: the mailbox for replies; None if no one reads them.
        configuration_set: publishes the reports of SES.
    """

    def __init__(
        self,
        ses: SESV2Client,
        *,
        sender_name: str,
        sender_address: EmailAddress,
        reply_to: EmailAddress | None,
        configuration_set: str,
    ) -> None:
        self._ses = ses
        # A header is ASCII: encode names with accents (RFC 2047).
        self._sender = formataddr((sender_name, sender_address.reveal()))
        self._reply_to = [reply_to.reveal()] if reply_to else []
        self._configuration_set = configuration_set

    def send(self, request: EmailRequest, to: EmailAddress, email: RenderedEmail) -> None:
        """Send one e-mail, once.

        Raises:
            AddressRefused: SES accepts none for this address.
            SendingRefused: SES accepts none from this sender.
            Unavailable: SES did not accept it now; after a timeout it may still have been sent.
        """
        with translate_errors():
            try:
                self._ses.send_email(
                    FromEmailAddress=self._sender,
                    Destination={"ToAddresses": [to.reveal()]},
                    ReplyToAddresses=self._reply_to,
                    Content={
                        "Simple": {
                            "Subject": {"Data": email.subject, "Charset": "UTF-8"},
                            "Body": {
                                "Text": {"Data": email.text, "Charset": "UTF-8"},
                                "Html": {"Data": email.html, "Charset": "UTF-8"},
                            },
                            "Headers": _HEADERS,
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
                # The message of the error names addresses.
                raise refusal from None


def _refusal(error: ClientError) -> MemberAccessError | None:
    code = error.response["Error"]["Code"]
    if code == "MessageRejected":
        # SES rejects an unverified sender, or an account in the sandbox, with the same code as an address. These must
        # not turn every code into a letter.
        ours = "is not verified" in error.response["Error"].get("Message", "")
        return SendingRefused(code) if ours else AddressRefused(code)
    return SendingRefused(code) if code in _UNTIL_AN_OPERATOR_ACTS else None
