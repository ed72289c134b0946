"""The one error of a deployment."""

from __future__ import annotations


class DeployRefused(Exception):
    """The deployment cannot start or finish. The message says what is missing."""
