"""Plays a drill on the local stack: ``make drill NAME=restore``, ``rotation``, ``leak`` or ``return``.

``--write`` plays all, and writes their output into ``docs/recovery.md``. ``--mocked`` plays on a mocked AWS in seconds.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import boto3
from moto import mock_aws
from rich.console import Console

from local.errors import LocalStackError, Stopped
from local.progress import Progress
from local.stopping import StopRequest
from simulators.cloud import Cloud, create_keys, create_tables
from simulators.kms import REGION
from tools.drills import coming_back, leak, restore, rotation
from tools.drills.local_stage import local_stage
from tools.drills.mocked_stage import MockedStage
from tools.drills.stage import FAILED, OK, Stage
from tools.sections import begin, written_into

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from tools.drills.local_stage import LocalStage

DRILLS: Mapping[str, Callable[[Stage], None]] = {"restore": restore.play, "rotation": rotation.play, "leak": leak.play}
LOCAL_DRILLS: Mapping[str, Callable[[LocalStage], None]] = {**DRILLS, "return": coming_back.play}
"""The last one needs CloudFormation, which the mocked AWS has no part of."""
AnyStage = TypeVar("AnyStage", bound=Stage)

TARGET = Path(__file__).parents[2] / "docs/recovery.md"
COMMAND = "tools.drills"


def output_in(text: str, name: str) -> list[str]:
    """Return the lines of a drill's output in a text."""
    _, _, rest = text.partition(begin(COMMAND, name))
    return rest.partition("```text\n")[2].partition("```")[0].splitlines()


def sentences(output: Sequence[str]) -> list[str]:
    """Return the lines of an output that a drill has checked."""
    return [line for line in output if line.startswith(OK)]


def main(arguments: Sequence[str]) -> int:
    """Play the drill that the command line names.

    Returns:
        The exit status of the process: 0 if all sentences were true.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.drills", description="Play an operator's bad day.")
    names = ", ".join(LOCAL_DRILLS)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{names}; several are played on one stack")
    how = parser.add_mutually_exclusive_group()
    how.add_argument("--write", action="store_true", help="write their output into docs/recovery.md; of all by default")
    how.add_argument("--mocked", action="store_true", help="play in this process on a mocked AWS, not on a stack")
    chosen = parser.parse_args(arguments)
    if not {*chosen.names} <= (DRILLS if chosen.mocked else LOCAL_DRILLS).keys() or not (chosen.names or chosen.write):
        parser.error(f"name one of these: {names} (the mocked AWS has no part of CloudFormation, so no return)")
    failed = 0
    try:
        for run in [[name] for name in chosen.names or LOCAL_DRILLS] if chosen.write else [chosen.names]:
            output = _played(run, DRILLS, _mocked_stage) if chosen.mocked else _played_locally(run)
            failed += sum(line.startswith(FAILED) for line in output)
            if chosen.write:
                section = "\n".join(["```text", *output, "```"])
                text = TARGET.read_text(encoding="utf-8")
                TARGET.write_text(written_into(text, COMMAND, {run[0]: section}), encoding="utf-8")
    except (LocalStackError, Stopped) as stopped:
        print(str(stopped) or "Stopped.", file=sys.stderr)
        return 1
    print(f"{failed} of these sentences are not true." if failed else "All of these sentences are true.")
    return 1 if failed else 0


def _played_locally(names: Iterable[str]) -> list[str]:
    stop = StopRequest()
    stop.listen()
    progress = Progress(Console(stderr=True), time.monotonic)
    try:
        return _played(names, LOCAL_DRILLS, lambda say: local_stage(say, progress, stop))
    finally:
        stop.ignore()


def _played(
    names: Iterable[str],
    drills: Mapping[str, Callable[[AnyStage], None]],
    opened: Callable[[Callable[[str], None]], AbstractContextManager[AnyStage]],
) -> list[str]:
    """Play drills one after the other on the same stage, and return what they printed."""
    say, lines = _printed_and_kept()
    with opened(say) as stage:
        for name in names:
            started = time.monotonic()
            drills[name](stage)
            say(f"Played in {time.monotonic() - started:.0f} seconds, {stage.where}.")
    return lines


def _printed_and_kept() -> tuple[Callable[[str], None], list[str]]:
    kept: list[str] = []
    show = partial(print, file=sys.stdout)

    def say(line: str) -> None:
        kept.append(line)
        show(line)

    return say, kept


@contextlib.contextmanager
def _mocked_stage(say: Callable[[str], None]) -> Iterator[Stage]:
    # No call can leave this process, whichever account this machine knows.
    os.environ.update({"AWS_ACCESS_KEY_ID": "drill", "AWS_SECRET_ACCESS_KEY": "drill", "AWS_DEFAULT_REGION": REGION})
    # The functions print their metrics.
    with mock_aws(), contextlib.redirect_stdout(io.StringIO()):
        dynamodb, kms = boto3.client("dynamodb", region_name=REGION), boto3.client("kms", region_name=REGION)
        yield MockedStage(Cloud(dynamodb, kms, create_tables(dynamodb, "drill"), create_keys(kms)), say)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
