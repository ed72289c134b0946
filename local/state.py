"""The state folder of a local stack: its lock, and the files by which other programs find the stack."""

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
    """A folder that one local stack at a time uses.

    Attributes:
        stack_file: the stack's addresses (``api_url``, ``portal_url`` and others); exists only while it responds.
        cloud_file: the local cloud (``endpoint_url``, ``region``, ``stack_name``) and the messages that it has sent
            (``messages_url``), for ``python -m ops --local``; exists only while it runs.
        scratch: temporary files, emptied at the start and at the end.
        logs: the logs of the last run, one per tool.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.stack_file = path / "stack.json"
        self.cloud_file = path / "cloud.json"
        self.scratch = path / "tmp"
        self.logs = path / "log"

    @contextmanager
    def in_use(self) -> Generator[None]:
        """Lock the folder and empty it of an earlier stack.

        Raises:
            AlreadyRunning: another stack uses it.
        """
        self.path.mkdir(parents=True, exist_ok=True)
        with (self.path / "lock").open("w") as lock:
            try:
                # The system releases the lock at any end of the process.
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
        """Write one of the folder's JSON files atomically, and delete it at the end of the context."""
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
