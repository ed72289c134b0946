"""What a command of an operator works with: the stack, the audit trail, and the ways in which it ends."""

from __future__ import annotations

import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar

import click

from member_access.errors import MemberAccessError
from member_access.values.types import Identifier

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    from member_access.values.types import Instant
    from ops.operator_trail import OperatorTrail
    from ops.stack import Stack


class ExitStatus(IntEnum):
    """How a command ends; the same for every command."""

    DONE = 0
    ATTENTION = 1
    """Nothing was done, or something is left for the operator, as the output says."""
    UNUSABLE = 2
    """The command line, or the file that it names, cannot be used."""
    STACK_UNAVAILABLE = 3
    """The stack is missing or does not respond."""
    NOT_ALLOWED = 4
    """The operator's AWS identity lacks a right."""
    NO_SUCH_MEMBER = 5
    CHANGED_MEANWHILE = 6
    """Someone else changed the same thing at the same time; run the command again."""
    INTERRUPTED = 130
    """Ctrl-C, as a shell reports it."""


class CommandFailed(MemberAccessError):
    """A command cannot do what it was asked to; the message says why and what to do, in one sentence or two.

    Attributes:
        status: the exit status of the process.
    """

    status: ClassVar[ExitStatus] = ExitStatus.ATTENTION


class NoSuchMember(CommandFailed):
    """No member has the identifier."""

    status = ExitStatus.NO_SUCH_MEMBER

    def __init__(self, identifier: Identifier) -> None:
        super().__init__(f"No member has the identifier {identifier}.")


class NotConfirmed(CommandFailed):
    """The operator has not agreed, so nothing was done."""


NO_TERMINAL = "Nothing was done: there is no terminal to ask on. Add --yes."


class ChangedMeanwhile(CommandFailed):
    """Someone else changed the same thing at the same time."""

    status = ExitStatus.CHANGED_MEANWHILE


def counted(number: int, what: str) -> str:
    """Write a number of things: ``no session``, ``1 session``, ``2 sessions``."""
    return f"{number or 'no'} {what}{'s' if number > 1 else ''}"


def ask(question: str) -> str:
    """Put a question to the operator, and return what is typed.

    Raises:
        Abort: the operator interrupts it.
        NotConfirmed: there is no terminal to ask on.
    """
    if not sys.stdin.isatty():
        raise NotConfirmed(NO_TERMINAL)
    # Not on the standard output, which may be JSON.
    answer: str = click.prompt(question, default="", show_default=False, err=True)
    return answer.strip()


@dataclass(frozen=True)
class Result:
    """What a command found or did.

    Attributes:
        lines: for a person.
        data: the same for a program; values that JSON has.
    """

    lines: Sequence[str]
    data: Mapping[str, Any]
    status: ExitStatus = ExitStatus.DONE


@dataclass(frozen=True)
class Desk:
    """The place from which an operator works on one stack.

    Attributes:
        stack: the stack.
        local: whether it is the one on this machine, where AWS is imitated.
        as_json: whether the output is for a program.
        clock: the seconds since 1970.
        pause: waits for a number of seconds.
        ask: puts a question to the operator, and returns what is typed.
    """

    stack: Stack
    local: bool
    as_json: bool
    clock: Callable[[], Instant]
    pause: Callable[[float], None] = time.sleep
    ask: Callable[[str], str] = ask

    @property
    def table(self) -> str:
        """The name of the Members table."""
        return self.stack.output("MembersTable")

    @property
    def access_table(self) -> str:
        """The name of the Access table."""
        return self.stack.output("AccessTable")

    def identifier(self, text: str) -> Identifier:
        """Parse an identifier that was typed.

        Raises:
            InvalidValue: the stack has no identifiers of this form.
        """
        return Identifier.parse(text, self.stack.identifier_pattern)

    def say(self, line: str) -> None:
        """Tell a person how the work goes on; a program's output stays JSON."""
        click.echo(line, err=self.as_json)

    @contextmanager
    def action(self, name: str, member: Identifier | None = None, **facts: object) -> Generator[dict[str, object]]:
        """Record an action in the audit trail: before it, so that none goes unrecorded, and its outcome after it.

        Args:
            name: the action, such as ``unlock``.
            member: the member whom it concerns, if it concerns one.
            facts: what identifies it further; no secret, no address.

        Yields:
            Facts of the outcome, to be filled in.

        Raises:
            NotAllowed: the operator may not write to the trail, so the action is not begun.
            StackNotFound: the stack has no trail.
            Unavailable: the trail did not respond, so the action is not begun.
        """
        trail = self._trail
        trail.record(name, "begun", member, facts)
        outcome: dict[str, object] = {}
        ended = "failed"
        try:
            yield outcome
            ended = "done"
        finally:
            trail.record(name, ended, member, {**facts, **outcome})

    @cached_property
    def _trail(self) -> OperatorTrail:
        return self.stack.operator_trail(self.clock)
