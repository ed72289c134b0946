"""Progress is shown in a pipe and on a terminal."""

from __future__ import annotations

import io

from rich.console import Console

from local.progress import Progress


def test_in_a_pipe_each_step_is_a_plain_line_before_it_begins() -> None:
    output = io.StringIO()
    progress = Progress(Console(file=output), iter([1.0, 3.5]).__next__)

    with progress.step("Building"):
        assert output.getvalue() == "Building ...\n"

    assert output.getvalue() == "Building ...\n"


def test_on_a_terminal_a_finished_step_says_how_long_it_took() -> None:
    output = io.StringIO()
    progress = Progress(Console(file=output, force_terminal=True), iter([1.0, 3.5]).__next__)

    with progress.step("Building"):
        pass

    assert "Building: 2.5 s" in output.getvalue()


def test_a_line_to_copy_is_neither_wrapped_nor_marked_up() -> None:
    output = io.StringIO()
    line = "curl -d '[bold]' " + "x" * 200

    Progress(Console(file=output, width=40), iter([]).__next__).say(line)

    assert output.getvalue() == line + "\n"
