"""What an operator can set of the sign-in."""

from __future__ import annotations

from member_access.access_tokens import TokenProfile
from member_access.attempts import AttemptPolicy
from member_access.pins import Argon2Cost
from member_access.sessions import SessionPolicy
from member_access.settings import Settings
from member_access.sources import SourcePolicy
from pydantic import PositiveInt


class LoginSettings(Settings):
    """The settings of this function; ``template.yaml`` says what each means. Durations are in seconds."""

    pin_key_arn: str
    signing_key_arn: str
    pin_free_attempts: PositiveInt
    pin_first_wait_seconds: PositiveInt
    pin_longest_wait_seconds: PositiveInt
    pin_failures_in_a_row: PositiveInt
    pin_failures_in_a_year: PositiveInt
    access_token_seconds: PositiveInt
    session_idle_seconds: PositiveInt
    session_longest_seconds: PositiveInt
    session_grace_seconds: PositiveInt
    argon2_memory_kib: PositiveInt
    argon2_iterations: PositiveInt
    argon2_lanes: PositiveInt

    @property
    def attempt_policy(self) -> AttemptPolicy:
        """How guesses at a PIN are limited."""
        return AttemptPolicy(
            free_attempts=self.pin_free_attempts,
            first_wait=self.pin_first_wait_seconds,
            longest_wait=self.pin_longest_wait_seconds,
            failures_in_a_row=self.pin_failures_in_a_row,
            failures_in_a_year=self.pin_failures_in_a_year,
        )

    @property
    def source_policy(self) -> SourcePolicy:
        """How failures of one source address are limited."""
        return SourcePolicy(failures=self.source_failures, window=self.source_window_seconds)

    @property
    def session_policy(self) -> SessionPolicy:
        """How long a session lasts."""
        return SessionPolicy(
            idle=self.session_idle_seconds,
            longest=self.session_longest_seconds,
            grace=self.session_grace_seconds,
        )

    @property
    def argon2_cost(self) -> Argon2Cost:
        """What one PIN hash costs."""
        return Argon2Cost(self.argon2_memory_kib, self.argon2_iterations, self.argon2_lanes)

    @property
    def token_profile(self) -> TokenProfile:
        """What every access token says."""
        return TokenProfile(
            issuer=self.issuer,
            audience=self.public_origin,
            client_id="espace-adherent",
            lifetime=self.access_token_seconds,
        )
