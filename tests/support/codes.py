"""One-time codes, derived as the functions behind the queues derive them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from member_access.recovery.codes import Channel, OneTimeCodes, Purpose, RequestId
from member_access.values.types import Identifier

if TYPE_CHECKING:
    from simulators.cloud import Cloud

_QUEUES = {Channel.EMAIL: "CodeEmailsQueue", Channel.LETTER: "LettersQueue"}


def sent_codes(
    cloud: Cloud, identifier: str, channel: Channel = Channel.EMAIL, purpose: Purpose = Purpose.RESET
) -> list[str]:
    """The codes of all requests in a channel's queue, for a member, oldest first."""
    codes = OneTimeCodes(cloud.kms, cloud.keys["CodeKey"]).of(Identifier(identifier))
    requests = [RequestId(json.loads(body)["request_id"]) for body in cloud.messages(_QUEUES[channel])]
    of_channel = codes.by_email if channel is Channel.EMAIL else codes.by_letter
    return [of_channel(request_id, purpose).reveal() for request_id in requests]


def last_code(cloud: Cloud, identifier: str, channel: Channel = Channel.EMAIL, purpose: Purpose = Purpose.RESET) -> str:
    """The code of the last request in a channel's queue."""
    return sent_codes(cloud, identifier, channel, purpose)[-1]


def wrong(code: str) -> str:
    """Another code of the same length."""
    return f"{(int(code) + 1) % 10 ** len(code):0{len(code)}}"
