"""The list of addresses to which Amazon SES delivers nothing for a whole account.

SES puts an address on it after a permanent bounce, and takes it off only when someone asks ("Using the Amazon SES
account-level suppression list", Amazon SES Developer Guide). E-mails to it come back as ``OnAccountSuppressionList``.
"""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:
    from mypy_boto3_sesv2 import SESV2Client

    from member_access.values.email_address import EmailAddress


class Removal(Enum):
    """What became of the removal of an address."""

    REMOVED = auto()
    NOT_LISTED = auto()
    FAILED = auto()
    """The operator lacks the right, or SES does not respond."""


def remove_suppressed(ses: SESV2Client, address: EmailAddress) -> Removal:
    """Remove an address from the list of the account; needs ``ses:DeleteSuppressedDestination``."""
    try:
        ses.delete_suppressed_destination(EmailAddress=address.reveal())
    except ClientError as error:
        return Removal.NOT_LISTED if error.response["Error"]["Code"] == "NotFoundException" else Removal.FAILED
    except BotoCoreError:
        return Removal.FAILED
    return Removal.REMOVED
