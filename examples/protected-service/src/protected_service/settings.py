"""The settings, explained in ``template.yaml``."""

from __future__ import annotations

import os

from protected_service.levels import Level

ISSUER = os.environ["ISSUER"]
AUDIENCE = os.environ["AUDIENCE"]
LEVEL = Level(tuple(os.environ["LEVELS"].split()), int(os.environ["LONGEST_AGE"]))
