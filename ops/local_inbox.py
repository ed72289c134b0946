"""Deletes a member's messages from the inbox of the local stack; the mailboxes of the real world are out of reach."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

import urllib3

from member_access.errors import Unavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ops.stack import Stack

_TIMEOUT_SECONDS = 10


def delete_local_messages(stack: Stack, addresses: Sequence[str], letters: Sequence[str]) -> None:
    """Delete the e-mails to these addresses, and letters by the references of the print provider, from the inbox.

    Without effect on a stack in AWS.

    Raises:
        Unavailable: the inbox does not respond.
    """
    if stack.messages_url is None:
        return
    fields = [*(("address", one) for one in addresses), *(("letter", one) for one in letters)]
    try:
        answer = urllib3.request("DELETE", stack.messages_url, fields=fields, retries=False, timeout=_TIMEOUT_SECONDS)
    except urllib3.exceptions.HTTPError:
        raise Unavailable("the inbox does not respond") from None
    if answer.status != HTTPStatus.NO_CONTENT:
        raise Unavailable(f"the inbox answered {answer.status}")
