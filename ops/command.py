"""The frame of every command: its options, its help, its output as text or JSON, and the sentence of each failure."""

from __future__ import annotations

import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from member_access.errors import InvalidValue, MemberAccessError, Unavailable
from member_access.platform.aws import NotAllowed
from member_access.values.types import Instant
from ops.desk import CommandFailed, Desk, ExitStatus, Result, ask
from ops.stack import Stack, StackNotFound, deployed_stack, local_stack

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

PROGRAM = "python -m ops"

_EVERYWHERE = {
    ExitStatus.STACK_UNAVAILABLE: "if the stack is missing or does not respond",
    ExitStatus.NOT_ALLOWED: "if your AWS identity lacks a right",
}


def now() -> Instant:
    """Return the time."""
    return Instant(int(time.time()))


@dataclass(frozen=True)
class Surroundings:
    """Where the commands run.

    Attributes:
        deployed_stack: finds a stack by its name.
        clock: the seconds since 1970.
        pause: waits for a number of seconds.
        ask: puts a question to the operator, and returns what is typed.
    """

    deployed_stack: Callable[[str], Stack] = deployed_stack
    clock: Callable[[], Instant] = now
    pause: Callable[[float], None] = time.sleep
    ask: Callable[[str], str] = ask


def command(
    name: str, summary: str, description: str, statuses: Mapping[ExitStatus, str]
) -> Callable[[Callable[..., Result]], click.Command]:
    """Make a command from a function that takes a ``Desk`` and the parameters that click finds, and returns a result.

    Args:
        name: after ``python -m ops``.
        summary: for the list of all commands.
        description: for its own help.
        statuses: what its exit statuses mean, beside those that every command has.
    """
    meanings = [f"{status.value} {meaning}" for status, meaning in sorted({**statuses, **_EVERYWHERE}.items())]
    epilog = f"Exit status: {', '.join(meanings)}."

    def decorate(function: Callable[..., Result]) -> click.Command:
        def run(*, stack: str | None, local: bool, state_dir: Path, as_json: bool, **parameters: object) -> ExitStatus:
            if local == bool(stack):
                raise click.UsageError("Choose one stack: --local, or --stack NAME.")
            around: Surroundings = click.get_current_context().obj
            chosen = local_stack(state_dir) if local else around.deployed_stack(stack or "")
            result = function(Desk(chosen, local, as_json, around.clock, around.pause, around.ask), **parameters)
            _print(result, as_json=as_json)
            return result.status

        run.__click_params__ = getattr(function, "__click_params__", [])  # type: ignore[attr-defined]
        made = click.command(name, short_help=summary, help=description, epilog=epilog)(run)
        made.params += _options()
        return made

    return decorate


def _options() -> list[click.Parameter]:
    return [
        click.Option(["--stack"], metavar="NAME", help="A stack in the AWS account and region you are signed in to."),
        click.Option(["--local"], is_flag=True, help="The local stack that `make run` started."),
        click.Option(
            ["--state-dir"],
            type=click.Path(path_type=Path),
            default=Path(".local"),
            show_default=True,
            help="The state folder of `make run`.",
        ),
        click.Option(["--json", "as_json"], is_flag=True, help="Print JSON, for programs."),
    ]


def _print(result: Result, *, as_json: bool) -> None:
    if as_json:
        click.echo(json.dumps(result.data, ensure_ascii=False, indent=2))
    elif result.lines:
        click.echo("\n".join(result.lines), color=False if "NO_COLOR" in os.environ else None)


def run(group: click.Group, arguments: Sequence[str], around: Surroundings = Surroundings()) -> int:
    """Run a command of a group, and print the sentence of its failure.

    Returns:
        The exit status of the process.
    """
    try:
        status: Any = group.main(
            list(arguments), prog_name=PROGRAM, complete_var="_OPS_COMPLETE", standalone_mode=False, obj=around
        )
    except click.ClickException as error:
        error.show()
        return ExitStatus.UNUSABLE
    except (click.Abort, KeyboardInterrupt):
        return _fail("Interrupted.", ExitStatus.INTERRUPTED)
    except MemberAccessError as error:
        return _fail(*_explain(error))
    return ExitStatus(status or ExitStatus.DONE)


def _explain(error: MemberAccessError) -> tuple[str, ExitStatus]:
    match error:
        case CommandFailed():
            return str(error), error.status
        case InvalidValue():
            return f"{error}.", ExitStatus.UNUSABLE
        case StackNotFound():
            return str(error), ExitStatus.STACK_UNAVAILABLE
        case NotAllowed():
            what = f"AWS does not allow {error}. Ask for the stack's OperatorPolicy or DeskPolicy (docs/members.md)."
            return what, ExitStatus.NOT_ALLOWED
        case Unavailable():
            what = f"The stack did not respond as expected: {error}. Run the same command again."
            return what, ExitStatus.STACK_UNAVAILABLE
    raise error


def _fail(sentence: str, status: ExitStatus) -> ExitStatus:
    click.secho(sentence, err=True, fg="red", color=False if "NO_COLOR" in os.environ else None)
    return status
