"""The operations of this function: their requests, responses and refusals. The OpenAPI document is built from them."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from member_access.api.bearer import ACCESS_TOKEN, InvalidToken
from member_access.api.cookies import RESET_COOKIE, SESSION_COOKIE
from member_access.api.fields import Answer
from member_access.api.router import NoBody, Operation, Success
from member_access.sessions.browser_families import Product, System

_FAMILY = "As the browser named itself when it signed in."
_RFC_3339 = "RFC 3339, in UTC."


class SessionAnswer(Answer):
    """A session."""

    id: str = Field(description="The `sid` of its access tokens.")
    since: str = Field(description=_RFC_3339, json_schema_extra={"format": "date-time"})
    last_used_at: str = Field(description=f"The last refresh. {_RFC_3339}", json_schema_extra={"format": "date-time"})
    browser: Product = Field(description=_FAMILY)
    system: System = Field(description=_FAMILY)
    is_present: bool = Field(description="Whether the access token of this call belongs to it.")


class SessionsAnswer(Answer):
    """A member's sessions, the newest first."""

    sessions: list[SessionAnswer]


class DeviceAnswer(Answer):
    """A known browser."""

    id: str
    since: str = Field(description=_RFC_3339, json_schema_extra={"format": "date-time"})
    last_used_at: str = Field(description=f"The last sign-in. {_RFC_3339}", json_schema_extra={"format": "date-time"})
    browser: Product = Field(description=_FAMILY)
    system: System = Field(description=_FAMILY)
    is_present: bool = Field(description="Whether this call comes from it.")


class DevicesAnswer(Answer):
    """A member's known browsers; the one that signed in last comes first."""

    devices: list[DeviceAnswer]


class AccountAnswer(Answer):
    """What a member should know of their sign-in."""

    email: Literal["works", "bounced", "complained", "none"] = Field(
        description="Whether codes and notices reach the member by e-mail: `bounced` if an e-mail came back, "
        "`complained` if one was reported as spam."
    )


class NotMeDone(Answer):
    """The PIN is disabled. A code is on its way, unless `channel` is absent: then ask for it by `POST /reset`."""

    channel: Literal["email", "letter"] | None = Field(default=None, description="How the code was sent.")
    expires_in: int | None = Field(default=None, description="Number of seconds before the code expires.")
    resend_after: int = Field(description="Number of seconds before a code can be requested.")


LIST_SESSIONS = Operation(
    method="GET",
    path="/sessions",
    name="sessions",
    summary="List the member's sessions",
    body=NoBody,
    success=Success(200, "The sessions.", SessionsAnswer),
    refusals=(InvalidToken,),
    scheme=ACCESS_TOKEN,
)
END_SESSION = Operation(
    method="DELETE",
    path="/sessions/{id}",
    name="endSession",
    summary="End one of the member's sessions",
    body=NoBody,
    success=Success(204, "The member has no such session any more."),
    refusals=(InvalidToken,),
    scheme=ACCESS_TOKEN,
)
END_SESSIONS = Operation(
    method="DELETE",
    path="/sessions",
    name="endSessions",
    summary="End all sessions of the member, the present one too",
    body=NoBody,
    success=Success(204, "The member has no session any more.", sets=(SESSION_COOKIE,)),
    refusals=(InvalidToken,),
    scheme=ACCESS_TOKEN,
)
LIST_DEVICES = Operation(
    method="GET",
    path="/devices",
    name="devices",
    summary="List the browsers that the member is known in",
    body=NoBody,
    success=Success(200, "The browsers.", DevicesAnswer),
    refusals=(InvalidToken,),
    scheme=ACCESS_TOKEN,
)
FORGET_DEVICE = Operation(
    method="DELETE",
    path="/devices/{id}",
    name="forgetDevice",
    summary="Forget a browser; its sessions go on",
    body=NoBody,
    success=Success(204, "The member has no such browser any more."),
    refusals=(InvalidToken,),
    scheme=ACCESS_TOKEN,
)
READ_ACCOUNT = Operation(
    method="GET",
    path="/account",
    name="account",
    summary="Get what the member should know of their sign-in",
    body=NoBody,
    success=Success(200, "The state.", AccountAnswer),
    refusals=(InvalidToken,),
    scheme=ACCESS_TOKEN,
)
NOT_ME = Operation(
    method="POST",
    path="/account/not-me",
    name="notMe",
    summary="Disable the PIN, end all sessions, forget all browsers and send a code for a new PIN",
    body=NoBody,
    success=Success(202, "The PIN is disabled.", NotMeDone, (RESET_COOKIE, SESSION_COOKIE)),
    refusals=(InvalidToken,),
    scheme=ACCESS_TOKEN,
)

OPERATIONS = (LIST_SESSIONS, END_SESSION, END_SESSIONS, LIST_DEVICES, FORGET_DEVICE, READ_ACCOUNT, NOT_ME)
