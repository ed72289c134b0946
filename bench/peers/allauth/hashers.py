"""Django's argon2 at the measured cost; each verification leaves a byte in a file."""

import os

from django.contrib.auth.hashers import Argon2PasswordHasher

_MEMORY, _PASSES, _LANES = map(int, os.environ["PEER_ARGON2"].split(","))
_COUNT = os.open(os.environ["PEER_COUNT"], os.O_WRONLY | os.O_APPEND | os.O_CREAT)


class SameCost(Argon2PasswordHasher):
    """argon2id at the measured cost."""

    memory_cost, time_cost, parallelism = _MEMORY, _PASSES, _LANES

    def verify(self, password: str, encoded: str) -> bool:
        """Count and verify."""
        os.write(_COUNT, b".")
        return super().verify(password, encoded)
