"""Runs the local cloud in a process that ends with its parent, even if a signal kills the parent.

The interpreter of the local cloud's own virtual environment runs this file. Its standard input is a pipe that the
runner holds open: when the runner ends, the pipe closes, and the process group ends: the cloud and its functions.

MiniStack lists the e-mails that were sent, and keeps them until it stops. Here ``DELETE
/_ministack/ses/messages?to=<address>`` deletes those to an address, as their reader does in a mailbox.
"""

import importlib
import os
import runpy
import signal
import threading
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

_STANDARD_INPUT = 0
_MESSAGES = "/_ministack/ses/messages"


def _end_with_the_parent() -> None:
    while os.read(_STANDARD_INPUT, 1):
        pass
    os.killpg(0, signal.SIGKILL)


def _let_emails_be_deleted() -> None:
    ministack: Any = importlib.import_module("ministack.app")
    ses: Any = importlib.import_module("ministack.services.ses")
    answer = ministack.app

    async def with_deletions(scope: Mapping[str, Any], receive: object, send: Callable[..., Awaitable[None]]) -> None:
        if (scope.get("method"), scope.get("path")) != ("DELETE", _MESSAGES):
            await answer(scope, receive, send)
            return
        (address,) = parse_qs(scope["query_string"].decode())["to"]
        for emails in ses._sent_emails.to_dict().values():  # noqa: SLF001 - MiniStack has no other way
            emails[:] = [email for email in emails if address not in email["To"]]
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    ministack.app = with_deletions


if __name__ == "__main__":
    threading.Thread(target=_end_with_the_parent, name="parent", daemon=True).start()
    _let_emails_be_deleted()
    runpy.run_module("ministack", run_name="__main__", alter_sys=True)
