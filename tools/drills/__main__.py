"""Plays one drill: ``make drill NAME=restore``, ``rotation`` or ``leak``; ``--write`` plays all.

With ``--write`` the output of all drills goes into ``docs/recovery.md``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from moto import mock_aws

from simulators.cloud import Cloud, create_keys, create_tables
from simulators.kms import REGION
from tools.drills import leak, restore, rotation
from tools.drills.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

DRILLS: dict[str, Callable[[Stage], None]] = {"restore": restore.play, "rotation": rotation.play, "leak": leak.play}


TARGET = Path(__file__).parents[2] / "docs/recovery.md"
END = "<!-- end of what tools/drills has written -->"


def play(name: str, cloud: Cloud, say: Callable[[str], None]) -> list[str]:
    """Play a drill, and return the sentences that were not true."""

    def say_with_short_names(line: str) -> None:
        for logical_name, table in cloud.tables.items():
            line = line.replace(table, logical_name)
        say(line)

    # The functions print their metrics.
    with contextlib.redirect_stdout(io.StringIO()):
        stage = Stage(cloud, say_with_short_names)
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


def main(arguments: Sequence[str]) -> int:
    """Play the drill that the command line names, on a mocked AWS.

    Returns:
        The exit status of the process: 0 if all sentences were true.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.drills", description="Play an operator's bad day.")
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument("name", nargs="?", choices=DRILLS)
    what.add_argument("--write", action="store_true", help="play all, and write their output into docs/recovery.md")
    chosen = parser.parse_args(arguments)
    outputs: dict[str, list[str]] = {}
    failed = []
    for name in DRILLS if chosen.write else (chosen.name,):
        say, outputs[name] = _printed_and_kept()
        with _mocked_cloud() as cloud:
            failed += play(name, cloud, say)
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


@contextlib.contextmanager
def _mocked_cloud() -> Iterator[Cloud]:
    # No call can leave this process, whichever account this machine knows.
    os.environ.update({"AWS_ACCESS_KEY_ID": "drill", "AWS_SECRET_ACCESS_KEY": "drill", "AWS_DEFAULT_REGION": REGION})
    with mock_aws():
        dynamodb, kms = boto3.client("dynamodb", region_name=REGION), boto3.client("kms", region_name=REGION)
        yield Cloud(dynamodb, kms, create_tables(dynamodb, "drill"), create_keys(kms))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
