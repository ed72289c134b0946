"""Asks an operator before a command changes what cannot be taken back."""

from __future__ import annotations

import sys

import click

from ops.desk import NO_TERMINAL, NotConfirmed


def confirm(question: str, *, agreed: bool) -> None:
    """Ask on the terminal, unless the command line has agreed already.

    Args:
        question: ends with a question mark.
        agreed: whether the command line has ``--yes``.

    Raises:
        NotConfirmed: the answer is no, or there is no terminal to ask on.
    """
    if agreed:
        return
    if not sys.stdin.isatty():
        raise NotConfirmed(NO_TERMINAL)
    if not click.confirm(question, err=True):
        raise NotConfirmed("Nothing was done.")
