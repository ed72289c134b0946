"""Handles requests to stop: Ctrl-C, SIGTERM, a closed terminal."""

from __future__ import annotations

import contextlib
import os
import select
import signal
from typing import TYPE_CHECKING

from local.errors import Stopped

if TYPE_CHECKING:
    from types import FrameType

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class StopRequest:
    """Remembers that someone asked to stop, once or several times.

    A signal can come twice: a terminal sends Ctrl-C to make and to its command, and make forwards it to that command.
    The second one must not interrupt the stopping. The handler only writes to a pipe, so it can interrupt anything; the
    program waits on that pipe.
    """

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        os.set_blocking(self._writer, False)

    def listen(self) -> None:
        """Handle the signals from now on. Signals ignored because of ``nohup`` stay ignored."""
        for number in _SIGNALS:
            if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, self._remember)

    def ignore(self) -> None:
        """Ignore the signals; call it when everything is stopped.

        Otherwise Python restores its own handlers at the end, and a late second signal would cause a failure status.
        """
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_IGN)

    def wait(self, seconds: float) -> bool:
        """Wait for a request at most this number of seconds; return whether there was one."""
        readable, _, _ = select.select([self._reader], [], [], seconds)
        return bool(readable)

    def check(self) -> None:
        """Raise ``Stopped`` if someone asked to stop."""
        if self.wait(0):
            raise Stopped

    def request(self) -> None:
        """Ask to stop."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._writer, b"\0")

    def _remember(self, _number: int, _frame: FrameType | None) -> None:
        self.request()
