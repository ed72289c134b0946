"""Plays one exercise: ``make drill NAME=restore``, ``rotation`` or ``leak``."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from functools import partial
from typing import TYPE_CHECKING

import boto3
from moto import mock_aws

from simulators.cloud import Cloud, create_keys, create_tables
from simulators.kms import REGION
from tools.drills import leak, restore, rotation
from tools.drills.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

DRILLS: dict[str, Callable[[Stage], None]] = {"restore": restore.play, "rotation": rotation.play, "leak": leak.play}


def play(name: str, cloud: Cloud, say: Callable[[str], None]) -> list[str]:
    """Play an exercise, and return the sentences that were not true."""
    # The functions print their metrics.
    with contextlib.redirect_stdout(io.StringIO()):
        stage = Stage(cloud, say)
        DRILLS[name](stage)
    return stage.failed


def main(arguments: Sequence[str]) -> int:
    """Play the exercise that the command line names, on a mocked AWS.

    Returns:
        The exit status of the process: 0 if all sentences were true.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.drills", description="Exercise an operator's bad day.")
    parser.add_argument("name", choices=DRILLS)
    name = parser.parse_args(arguments).name
    # No call can leave this process, whichever account this machine knows.
    os.environ.update({"AWS_ACCESS_KEY_ID": "drill", "AWS_SECRET_ACCESS_KEY": "drill", "AWS_DEFAULT_REGION": REGION})
    with mock_aws():
        dynamodb, kms = boto3.client("dynamodb", region_name=REGION), boto3.client("kms", region_name=REGION)
        cloud = Cloud(dynamodb, kms, create_tables(dynamodb, "drill"), create_keys(kms))
        failed = play(name, cloud, partial(print, file=sys.stdout))
    print(f"{len(failed)} of these sentences are not true." if failed else "All of these sentences are true.")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
