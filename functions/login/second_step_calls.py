"""Composes the calls of the second step apart from sign-in: few members make them, and no start imports them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from login.confirm_browser import BrowserConfirmation
from login.second_step import SecondSteps
from login.step_up import StepUpFlow
from member_access.recovery.codes import OneTimeCodes

if TYPE_CHECKING:
    from login.settings import LoginSettings
    from member_access.audit import AuditTrail
    from member_access.members.pseudonyms import Pseudonyms
    from member_access.pin_verification import PinVerification
    from member_access.platform.runtime import Runtime
    from member_access.sessions.access_tokens import AccessTokens
    from member_access.sessions.store import Sessions


@dataclass(frozen=True)
class SecondStepCalls:
    """Answers ``POST /login/confirm`` and ``POST /login/step-up``."""

    confirmation: BrowserConfirmation
    step_up: StepUpFlow

    @classmethod
    def of(  # noqa: PLR0913, PLR0917 - what the sign-in has composed for itself
        cls,
        runtime: Runtime,
        settings: LoginSettings,
        pseudonyms: Pseudonyms,
        attempts: PinVerification,
        sessions: Sessions,
        tokens: AccessTokens,
        audit: AuditTrail,
    ) -> Self:
        """Put the calls together."""
        codes = OneTimeCodes(runtime.clients.kms, settings.code_key_arn)
        steps = SecondSteps(runtime, settings, pseudonyms, attempts.guard.sources, codes, audit)
        return cls(BrowserConfirmation(steps, attempts, sessions, tokens), StepUpFlow(steps, sessions, tokens))
