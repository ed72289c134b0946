"""The events of searches for an identifier."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from member_access.audit import AuditEvent


@dataclass(frozen=True, kw_only=True)
class IdentityLookedUp(AuditEvent):
    """An identifier was searched for; ``subject`` is the pseudonym of the social-security number."""

    name = "identity.looked-up"

    delivery: Literal["email", "screen"]


@dataclass(frozen=True, kw_only=True)
class IdentityRefused(AuditEvent):
    """An identifier was searched for too often."""

    name = "identity.refused"

    limit: Literal["source", "attempts"]
    retry_after: int


@dataclass(frozen=True, kw_only=True)
class IdentifierShown(AuditEvent):
    """The IBAN end was correct, and the identifier was shown."""

    name = "identifier.shown"


@dataclass(frozen=True, kw_only=True)
class IbanRejected(AuditEvent):
    """An IBAN end was checked and was wrong."""

    name = "iban.rejected"

    failures: int


@dataclass(frozen=True, kw_only=True)
class IbanRefused(AuditEvent):
    """An IBAN end was refused without checking it."""

    name = "iban.refused"

    limit: Literal["source", "attempts", "challenge"]
    answer: str
