"""Runs the local cloud in a process that ends with its parent, even if a signal kills the parent.

The interpreter of the local cloud's own virtual environment runs this file. Its standard input is a pipe that the
runner holds open: when the runner ends, the pipe closes, and the process group ends: the cloud and its functions.
"""

import os
import runpy
import signal
import threading

_STANDARD_INPUT = 0


def _end_with_the_parent() -> None:
    while os.read(_STANDARD_INPUT, 1):
        pass
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_parent, name="parent", daemon=True).start()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
