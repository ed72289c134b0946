"""The state folder of a local stack: who runs from it, and the files by which others find the stack."""

from __future__ import annotations

import fcntl
import json
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from local.errors import AlreadyRunning

if TYPE_CHECKING:
    from collections.abc import Generator, Mapping
    from pathlib import Path


class StateFolder:
    """A folder that one local stack at a time runs from.

    Attributes:
        stack_file: where the stack answers (``api_url``, ``portal_url``, ``inbox_url``); there only while all of it
            does.
        cloud_file: how ``python -m ops --local`` reaches the local cloud (``endpoint_url``, ``region``,
            ``stack_name``); there only while it runs.
        scratch: temporary files, emptied at the start and at the end.
        logs: one log a tool, of the last run.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stack_file = path / "stack.json"
        self.cloud_file = path / "cloud.json"
        self.scratch = path / "tmp"
        self.logs = path / "log"

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Hold the folder, with nothing of an earlier stack in it.

        Raises:
            AlreadyRunning: another stack holds it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                # The system lets go of it when the process ends, however it ends.
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise AlreadyRunning(
                    f"A local stack is already running from {self.path}. Stop it first, with Ctrl-C in its terminal."
                ) from None
            self._clear()
            self.scratch.mkdir()
            try:
                yield
            finally:
                self._clear()

    @contextmanager
    def published(self, file: Path, content: Mapping[str, str]) -> Generator[None]:
        """Have one of the folder's JSON files there for as long as the context lasts, whole or not at all."""
        unfinished = self.scratch / file.name
        unfinished.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
        unfinished.replace(file)
        try:
            yield
        finally:
            file.unlink(missing_ok=True)

    def _clear(self) -> None:
        self.stack_file.unlink(missing_ok=True)
        self.cloud_file.unlink(missing_ok=True)
        shutil.rmtree(self.scratch, ignore_errors=True)
