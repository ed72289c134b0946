"""Runs the local cloud in a process that ends with its parent, however the parent ends.

This file is run by the interpreter of the local cloud's own virtual environment. Its standard input is a pipe that the
runner holds open: when any signal ends the runner, the pipe closes, and the whole process group ends too:
the cloud, and the Lambda functions that it runs as processes of their own.
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
