#!/usr/bin/env python3
"""Debian's Firefox as Playwright expects a Firefox: a program that runs it, and mends the one command it lacks.

Playwright drives an unchanged Firefox by WebDriver BiDi. For every browser profile it sends
``emulation.setMediaFeaturesOverride``, which Firefox ESR 153 rejects as unknown. This program stands between both and
sends a command without effect in its place, so that the browser keeps its own colours and motion.
"""

from __future__ import annotations

import contextlib
import json
import re
import shutil
import socket
import subprocess
import sys
import threading
from typing import BinaryIO, Final

_LACKING: Final = b'"emulation.setMediaFeaturesOverride"'
_LISTENING: Final = re.compile(r"WebDriver BiDi listening on ws://(127\.0\.0\.1|localhost):(\d+)")
_TWO_BYTES, _EIGHT_BYTES = 126, 127
_MASK: Final = b"mask"
_LONG: Final = 1000


def without_effect(command: bytes) -> bytes:
    """Write a command without effect under the number of another."""
    return json.dumps({"id": json.loads(command)["id"], "method": "session.status", "params": {}}).encode()


def read_frame(stream: BinaryIO) -> tuple[bytes, bytes] | None:
    """Read one masked WebSocket frame (RFC 6455 §5.2): as it came, and its payload if it is short; None at the end."""
    head = stream.read(2)
    if len(head) < 2:
        return None
    size = stream.read({_TWO_BYTES: 2, _EIGHT_BYTES: 8}.get(head[1] & 0x7F, 0))
    length = int.from_bytes(size) if size else head[1] & 0x7F
    mask, masked = stream.read(4), stream.read(length)
    return head + size + mask + masked, _masked(masked, mask) if length < _LONG else b""


def short_frame(payload: bytes) -> bytes:
    """Write one masked frame of text of at most 125 bytes. Firefox drops a connection whose mask is zero."""
    return bytes([0x81, 0x80 | len(payload)]) + _MASK + _masked(payload, _MASK)


def _masked(payload: bytes, mask: bytes) -> bytes:
    return bytes(one ^ mask[place % 4] for place, one in enumerate(payload))


def _relay(playwright: socket.socket, port: int) -> None:
    with playwright, socket.create_connection(("127.0.0.1", port)) as firefox, playwright.makefile("rb") as stream:
        request = b""
        while not request.endswith(b"\r\n\r\n"):
            request += stream.readline()
        firefox.sendall(re.sub(rb"(?im)^Host: .*\r$", b"Host: 127.0.0.1:%d\r" % port, request))
        threading.Thread(target=_copy, args=(firefox, playwright), daemon=True).start()
        while frame := read_frame(stream):
            raw, command = frame
            firefox.sendall(short_frame(without_effect(command)) if _LACKING in command else raw)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(1 << 16):
            target.sendall(data)
        target.shutdown(socket.SHUT_RDWR)


def _serve(listener: socket.socket, port: int) -> None:
    while True:
        playwright, _ = listener.accept()
        threading.Thread(target=_relay, args=(playwright, port), daemon=True).start()


def main() -> int:
    """Run Firefox with the given arguments, and tell Playwright the address of the relay instead of its own."""
    program = shutil.which("firefox-esr") or "firefox-esr"
    with subprocess.Popen([program, *sys.argv[1:]], stderr=subprocess.PIPE, text=True) as firefox:  # noqa: S603 - as found on PATH, with Playwright's arguments
        for line in firefox.stderr or ():
            if found := _LISTENING.search(line):
                listener = socket.create_server(("127.0.0.1", 0))
                threading.Thread(target=_serve, args=(listener, int(found[2])), daemon=True).start()
                print(  # noqa: T201 - Playwright reads it
                    f"WebDriver BiDi listening on ws://127.0.0.1:{listener.getsockname()[1]}",
                    file=sys.stderr,
                    flush=True,
                )
            else:
                print(line, end="", file=sys.stderr, flush=True)  # noqa: T201 - what Firefox says
    return firefox.returncode


if __name__ == "__main__":
    sys.exit(main())
