"""The environment of what the runner starts: nothing of it can reach a real AWS account."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

REGION: Final = "eu-west-3"
"""Paris. Nothing depends on it but what ARNs look like."""

ACCESS_KEY = "test"
SECRET_KEY = "test"  # noqa: S105 - the local cloud's root user, the same on every laptop
"""The credentials of the local cloud's root user; no other key has any rights there."""


def forget_real_account(environment: MutableMapping[str, str]) -> None:
    """Remove everything about AWS from an environment: keys, profiles and endpoints of real accounts."""
    for name in [name for name in environment if name.startswith("AWS_")]:
        del environment[name]
    environment.update(
        AWS_CONFIG_FILE=os.devnull,
        AWS_SHARED_CREDENTIALS_FILE=os.devnull,
        AWS_EC2_METADATA_DISABLED="true",
    )


def tool_environment(base: Mapping[str, str], endpoint_url: str, scratch: Path) -> dict[str, str]:
    """The environment of sam and of the import: AWS is the local cloud, and this virtual environment's tools are first.

    Args:
        base: the runner's own environment.
        endpoint_url: the local cloud.
        scratch: the folder for temporary files; the runner empties it.
    """
    environment = dict(base)
    forget_real_account(environment)
    # Where this is set, sam takes three times as long to start: it may keep its bytecode in this environment.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment | {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), base.get("PATH", os.defpath)]),
        "TMPDIR": str(scratch),
        "SAM_CLI_TELEMETRY": "0",
        # The local cloud answers at once; sam would look twice a second.
        "SAM_CLI_POLL_DELAY": "0.1",
    }
