"""Plays one drill on the local stack: ``make drill NAME=restore``, ``rotation`` or ``leak``.

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
from typing import TYPE_CHECKING

import boto3
from moto import mock_aws
from rich.console import Console

from local.errors import LocalStackError, Stopped
from local.progress import Progress
from local.stopping import StopRequest
from simulators.cloud import Cloud, create_keys, create_tables
from simulators.kms import REGION
from tools.drills import leak, restore, rotation
from tools.drills.local_stage import local_stage
from tools.drills.mocked_stage import MockedStage
from tools.drills.stage import OK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from contextlib import AbstractContextManager

    from tools.drills.stage import Stage

DRILLS: dict[str, Callable[[Stage], None]] = {"restore": restore.play, "rotation": rotation.play, "leak": leak.play}


TARGET = Path(__file__).parents[2] / "docs/recovery.md"
END = "<!-- end of what tools/drills has written -->"


def play(name: str, stage: Stage) -> list[str]:
    """Play a drill, and return the sentences that were not true."""
    DRILLS[name](stage)
    return stage.failed


def written_into(text: str, outputs: Mapping[str, list[str]]) -> str:
    """Replace the output of each drill between its marks in a text.

    Raises:
        SystemExit: a mark is missing.
    """
    for name, lines in outputs.items():
        begin = f"<!-- python -m tools.drills --write: {name} -->"
        before, mark, rest = text.partition(begin)
        _, end, after = rest.partition(END)
        if not mark or not end:
            raise SystemExit(f"The output goes between {begin} and {END}, but one of these marks is missing.")
        output = "\n".join(lines)
        text = f"{before}{mark}\n\n```text\n{output}\n```\n\n{END}{after}"
    return text


def output_in(text: str, name: str) -> list[str]:
    """Return the lines of a drill's output in a text."""
    _, _, rest = text.partition(f"<!-- python -m tools.drills --write: {name} -->")
    return rest.partition(END)[0].strip().splitlines()[1:-1]


def sentences(output: Sequence[str]) -> list[str]:
    """Return the lines of an output that a drill has checked."""
    return [line for line in output if line.startswith(OK)]


def main(arguments: Sequence[str]) -> int:
    """Play the drill that the command line names.

    Returns:
        The exit status of the process: 0 if all sentences were true.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.drills", description="Play an operator's bad day.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("name", nargs="?", choices=DRILLS)
    what.add_argument("--write", action="store_true", help="play all, and write their output into docs/recovery.md")
    parser.add_argument("--mocked", action="store_true", help="play in this process on a mocked AWS, not on a stack")
    chosen = parser.parse_args(arguments)
    stop = StopRequest()
    stop.listen()
    open_stage = _mocked_stage if chosen.mocked else partial(_local_stage, stop=stop)
    outputs: dict[str, list[str]] = {}
    failed = []
    try:
        for name in DRILLS if chosen.write else (chosen.name,):
            say, outputs[name] = _printed_and_kept()
            with open_stage(say) as stage:
                started = time.monotonic()
                failed += play(name, stage)
                say(f"Played in {time.monotonic() - started:.0f} seconds, {stage.where}.")
    except (LocalStackError, Stopped) as stopped:
        print(str(stopped) or "Stopped.", file=sys.stderr)
        return 1
    finally:
        stop.ignore()
    if chosen.write:
        TARGET.write_text(written_into(TARGET.read_text(encoding="utf-8"), outputs), encoding="utf-8")
    print(f"{len(failed)} of these sentences are not true." if failed else "All of these sentences are true.")
    return 1 if failed else 0


def _printed_and_kept() -> tuple[Callable[[str], None], list[str]]:
    kept: list[str] = []
    show = partial(print, file=sys.stdout)

    def say(line: str) -> None:
        kept.append(line)
        show(line)

    return say, kept


def _local_stage(say: Callable[[str], None], stop: StopRequest) -> AbstractContextManager[Stage]:
    return local_stage(say, Progress(Console(stderr=True), time.monotonic), stop)


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
