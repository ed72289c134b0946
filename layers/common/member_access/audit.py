"""The audit trail: one typed event for each decision, as JSON in the log, and as a count in the metrics.

An event says what was decided and about whom; never a PIN, a code, a token, a social-security number, an IBAN or an
e-mail address. An identifier stands in clear only where it is a member's: what was typed in its place may be a PIN.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, ClassVar, Literal

from aws_lambda_powertools.metrics import MetricUnit, single_metric

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from member_access.one_time_codes import Channel
    from member_access.pseudonyms import Pseudonym
    from member_access.types import Identifier


@dataclass(frozen=True, kw_only=True)
class Who:
    """Whom an event is about.

    Attributes:
        subject: stands for the identifier that was typed; the same text has the same pseudonym.
        member: the identifier, where it is a member's.
        source: stands for the caller's address.
    """

    subject: Pseudonym
    member: Identifier | None
    source: Pseudonym


@dataclass(frozen=True, kw_only=True)
class AuditEvent:
    """A decision, and whom it is about."""

    name: ClassVar[str]

    who: Who


@dataclass(frozen=True, kw_only=True)
class SignInSucceeded(AuditEvent):
    """A member signed in."""

    name = "login.succeeded"

    known_browser: bool
    failures_before: int


@dataclass(frozen=True, kw_only=True)
class PinRejected(AuditEvent):
    """A guess at a PIN was evaluated and was wrong."""

    name = "login.failed"

    known_browser: bool
    failures: int


@dataclass(frozen=True, kw_only=True)
class PinRefused(AuditEvent):
    """An attempt was refused without a look at the PIN."""

    name = "login.refused"

    known_browser: bool
    limit: Literal["source", "attempts"]
    answer: str


@dataclass(frozen=True, kw_only=True)
class SessionRefreshed(AuditEvent):
    """A session went on."""

    name = "session.refreshed"

    repeated: bool


@dataclass(frozen=True, kw_only=True)
class SessionEnded(AuditEvent):
    """A session is over."""

    name = "session.ended"

    reason: Literal["idle", "longest", "reuse", "pin-changed", "signed-out"]


@dataclass(frozen=True, kw_only=True)
class PinHashUpgraded(AuditEvent):
    """The stored hash of a PIN was made anew, with the current key and cost."""

    name = "pin.hash-upgraded"


@dataclass(frozen=True, kw_only=True)
class CodeRequested(AuditEvent):
    """A code was asked for; ``sent`` is false where a letter was under way already."""

    name = "reset.requested"

    channel: Channel
    sent: bool


@dataclass(frozen=True, kw_only=True)
class CodeRequestRefused(AuditEvent):
    """A code was asked for too soon or too often."""

    name = "reset.refused"

    limit: Literal["source", "requests"]
    retry_after: int


@dataclass(frozen=True, kw_only=True)
class CodeVerified(AuditEvent):
    """A code was right, and is used up."""

    name = "code.verified"

    channel: Channel


@dataclass(frozen=True, kw_only=True)
class CodeRejected(AuditEvent):
    """A code was evaluated and was wrong, expired or void."""

    name = "code.rejected"

    failures: int


@dataclass(frozen=True, kw_only=True)
class CodeRefused(AuditEvent):
    """A code was refused without a look at it."""

    name = "code.refused"

    limit: Literal["source", "attempts"]
    answer: str


@dataclass(frozen=True, kw_only=True)
class PinChanged(AuditEvent):
    """A member has a new PIN; every session has ended."""

    name = "pin.changed"

    by: Literal["code", "pin"]


@dataclass(frozen=True, kw_only=True)
class PinTooWeak(AuditEvent):
    """A new PIN was refused."""

    name = "pin.refused"

    reason: str


class AuditTrail:
    """Writes events to the log and counts them in the metrics."""

    def __init__(self, logger: Logger, metrics_namespace: str) -> None:
        self._logger = logger
        self._metrics_namespace = metrics_namespace

    def record(self, event: AuditEvent) -> None:
        """Write one event, and count it under its name."""
        self._logger.info(event.name, extra={"audit": asdict(event)})
        with single_metric(
            name=event.name,
            unit=MetricUnit.Count,
            value=1,
            namespace=self._metrics_namespace,
            default_dimensions={"service": self._logger.service},
        ):
            """The metric is written on leaving."""
