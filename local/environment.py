"""The environment of the processes that the runner starts: none can reach a real AWS account."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping

REGION: Final = "eu-west-3"
"""Paris; it appears only in ARNs."""

ACCESS_KEY = "test"
SECRET_KEY = "test"  # noqa: S105 - the local cloud's root user, the same on every laptop
"""The credentials of the local cloud's root user; other keys have no rights there."""


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
    """Return the environment of sam and of the import: AWS is the local cloud, and this interpreter's tools come first.

    Args:
        base: the runner's own environment.
        endpoint_url: the local cloud.
        scratch: the folder for temporary files; the runner empties it.
    """
    environment = dict(base)
    forget_real_account(environment)
    # With this variable sam takes three times as long to start: let it keep its bytecode.
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    return environment | {
        "AWS_ENDPOINT_URL": endpoint_url,
        "AWS_ACCESS_KEY_ID": ACCESS_KEY,
        "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
        "AWS_DEFAULT_REGION": REGION,
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), base.get("PATH", os.defpath)]),
        "TMPDIR": str(scratch),
        "SAM_CLI_TELEMETRY": "0",
        # The local cloud responds at once; sam would poll twice a second.
        "SAM_CLI_POLL_DELAY": "0.1",
    }
