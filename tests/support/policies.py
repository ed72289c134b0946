"""The policies as the template sets them by default."""

from __future__ import annotations

from member_access.throttling.policy import AttemptPolicy

ATTEMPTS = AttemptPolicy(
    free_attempts=3, first_wait=60, longest_wait=3600, consecutive_failures=10, failures_in_a_year=100
)
"""How wrong PINs are limited."""
