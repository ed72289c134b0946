"""The audit trail: one typed event for each decision (``audit_events``), as JSON in the log and a count in the metrics.

An event names the decision and the member, never a PIN, a code, a token, a social-security number, an IBAN or an
e-mail address. It names an identifier only if it is a member's, because people type their PIN in its place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self, dataclass_transform

from member_access.platform.metrics import count

if TYPE_CHECKING:
    from aws_lambda_powertools import Logger

    from member_access.members.pseudonyms import Pseudonym, Pseudonyms
    from member_access.values.types import Identifier


@dataclass(frozen=True, kw_only=True)
class About:
    """The subject of an event.

    Attributes:
        subject: the pseudonym of the typed identifier; the same text has the same pseudonym.
        member: the identifier, if it is a member's.
    """

    subject: Pseudonym
    member: Identifier | None


@dataclass(frozen=True, kw_only=True)
class Who(About):
    """The subject of an event, and the client that caused it.

    Attributes:
        source: the pseudonym of the client address.
    """

    source: Pseudonym

    @classmethod
    def of(cls, pseudonyms: Pseudonyms, typed: Identifier, address: str, member: Identifier | None = None) -> Self:
        """Name the identifier that a caller at this address typed, and the member who has it."""
        return cls(subject=pseudonyms.of("identifier", typed), member=member, source=pseudonyms.of_source(address)[0])


@dataclass_transform(kw_only_default=True, frozen_default=True, eq_default=False)
class _Named:
    """Values under their names: a dataclass to type checkers, and made in a fiftieth of the time.

    A function imports dozens of kinds of events when it starts, and a dataclass takes up to half a millisecond.
    """

    def __init__(self, **values: object) -> None:
        vars(self).update(values)


class AuditEvent(_Named):
    """A decision and its subject."""

    name: ClassVar[str]

    who: About


class AuditTrail:
    """Writes events to the log and counts them in the metrics."""

    def __init__(self, logger: Logger, metrics_namespace: str) -> None:
        self._logger = logger
        self._metrics_namespace = metrics_namespace

    def record(self, event: AuditEvent) -> None:
        """Write one event, and count it under its name."""
        # Not with asdict: its deep copy takes longer for a member's identifier than for None.
        self._logger.info(event.name, extra={"audit": {**vars(event), "who": vars(event.who)}})
        count(self._logger, self._metrics_namespace, event.name)
