"""Forgotten PIN: ``POST /reset`` asks for a one-time code, by e-mail or by letter.

One read: the member, the requests before, the browser, the source. With what ``CodeRequests`` does: four hops, the same
for an unknown identifier.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from member_access.api.router import Request, Response
from member_access.platform.aws import TransactionCancelled, retrying
from member_access.recovery.policy import channel_of

if TYPE_CHECKING:
    from member_access.code_requests import CodeRequests, ResetContext
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.recovery.codes import Channel
    from reset.context import ContextReader
    from reset.contract import CodeRequest
    from reset.settings import ResetSettings

# Each conflict means that another request for the same identifier went through, which limits this one.
_MAX_CONFLICTS = 3


@dataclass(frozen=True)
class RequestFlow:
    """Answers ``POST /reset``."""

    settings: ResetSettings
    pseudonyms: Pseudonyms
    reader: ContextReader
    requests: CodeRequests

    @retrying(_MAX_CONFLICTS, on=TransactionCancelled)
    def request(self, request: Request[CodeRequest]) -> Response:
        """Send a code, or say that one is under way.

        Raises:
            TooManyAttempts: codes were asked for too often, of this identifier or from this source.
            Unavailable: AWS did not answer, or other requests kept coming first; nothing is sent.
        """
        context = self.reader.read(request, request.body.identifier)
        requested = self.requests.request(context, self._channel(context, request.body))
        return Response(
            {
                "channel": requested.channel.value,
                "expires_in": requested.expires_in,
                "resend_after": requested.resend_after,
            },
            (requested.cookie(self.settings.email_code_seconds),),
        )

    def _channel(self, context: ResetContext, wanted: CodeRequest) -> Channel:
        member = context.member
        return channel_of(
            wanted.channel,
            is_member=member is not None,
            has_email=member is not None and member.email is not None,
            decoy_share=self.settings.email_share_percent,
            decoy_draw=int(self.pseudonyms.of("channel", wanted.identifier), 16) % 100,
        )
