"""``python -m ops completion SHELL``: the lines that let a shell complete the commands."""

from __future__ import annotations

import click

_BASH = """\
ops() { python -m ops "$@"; }
_ops() { mapfile -t COMPREPLY < <(COMP_WORDS="${COMP_WORDS[*]}" COMP_CWORD=$COMP_CWORD _OPS_COMPLETE=bash_complete \\
    python -m ops | cut -d, -f2); }
complete -o default -F _ops ops"""


@click.command(
    "completion",
    short_help="Print the lines that let a shell complete the commands.",
    help='Print a function `ops` for bash that completes the commands. Put eval "$(python -m ops completion bash)" '
    "into ~/.bashrc.",
)
@click.argument("shell", type=click.Choice(["bash"]))
def completion_command(shell: str) -> None:
    """Print the lines for a shell."""
    del shell  # the only one so far
    click.echo(_BASH)
