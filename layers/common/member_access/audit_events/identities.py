"""The events of searches for an identifier."""

from __future__ import annotations

from typing import Literal

from member_access.audit import AuditEvent


class IdentityLookedUp(AuditEvent):
    """An identifier was searched for; ``subject`` is the pseudonym of the social-security number."""

    name = "identity.looked-up"

    delivery: Literal["email", "screen"]


class IdentityRefused(AuditEvent):
    """An identifier was searched for too often."""

    name = "identity.refused"

    limit: Literal["source", "attempts"]
    retry_after: int


class IdentifierShown(AuditEvent):
    """The IBAN end was correct, and the identifier was shown."""

    name = "identifier.shown"


class IbanRejected(AuditEvent):
    """An IBAN end was checked and was wrong."""

    name = "iban.rejected"

    failures: int


class IbanRefused(AuditEvent):
    """An IBAN end was refused without checking it."""

    name = "iban.refused"

    limit: Literal["source", "attempts", "challenge"]
    answer: str
