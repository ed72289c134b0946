"""WebKit as Debian's packages bring it, for a person who finds things by the words on the screen.

It is the engine of Safari with another network library. WebDriver drives it (W3C Recommendation "WebDriver"), because
Playwright's WebKit is a build of its own, which no package has. It needs a display: Xvfb.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import urllib3

if TYPE_CHECKING:
    from collections.abc import Generator

_PATIENCE: Final = 30.0
_ELEMENT: Final = "element-6066-11e4-a52e-4f735466cecf"
"""How WebDriver names a reference to an element."""
# Containers run as root lack what the sandbox needs; the pages are our own.
_ENVIRONMENT: Final = {
    "WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS": "1",
    "WEBKIT_DISABLE_DMABUF_RENDERER": "1",
    "LIBGL_ALWAYS_SOFTWARE": "1",
}
_VISIBLE: Final = """
const [selector, words] = arguments;
const told = (one) => one.innerText.trim().replace(/\\s+/g, " ");
return [...document.querySelectorAll(selector)].find((one) => one.checkVisibility() && told(one) === words) ?? null;
"""


class WebKitVisitor:
    """A person who uses the portal in WebKit.

    Args:
        driver: the address of the driver.
        browser: the program that it starts.
    """

    def __init__(self, driver: str, browser: Path) -> None:
        self._http = urllib3.PoolManager(timeout=60)
        self._base = f"{driver}/session"
        options = {"binary": str(browser), "args": ["--automation"]}
        # The local stack signs its own certificate.
        wanted = {"acceptInsecureCerts": True, "webkitgtk:browserOptions": options}
        made = self._call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._base += f"/{made['sessionId']}"

    def visit(self, url: str) -> None:
        """Open a page."""
        self._call("POST", "/url", {"url": url})

    def reload(self) -> None:
        """Load the page again."""
        self._call("POST", "/refresh", {})

    def fill(self, label: str, text: str) -> None:
        """Replace the content of the field with a label."""
        label_element = self._shown("label", label)
        field = self._run("return arguments[0].control", label_element)[_ELEMENT]
        self._call("POST", f"/element/{field}/clear", {})
        self._call("POST", f"/element/{field}/value", {"text": text})

    def press(self, name: str) -> None:
        """Press a button or follow a link."""
        self._call("POST", f"/element/{self._shown('button, a', name)[_ELEMENT]}/click", {})

    def sees(self, title: str) -> None:
        """Wait for a screen."""
        self._shown("h1", title)

    def reads(self, text: str) -> None:
        """Wait for a sentence."""
        self._shown("p, span", text)

    def leave(self) -> None:
        """Close the browser."""
        self._call("DELETE", "")

    def _shown(self, selector: str, words: str) -> dict[str, str]:
        """Wait for an element with these words.

        Raises:
            AssertionError: it did not show.
        """
        until = time.monotonic() + _PATIENCE
        while time.monotonic() < until:
            if found := self._run(_VISIBLE, selector, words):
                element: dict[str, str] = found
                return element
            time.sleep(0.1)
        raise AssertionError(f"{words!r} does not show, but:\n{self._run('return document.body.innerText')}")

    def _run(self, script: str, *arguments: object) -> Any:  # noqa: ANN401 - any JSON
        return self._call("POST", "/execute/sync", {"script": script, "args": list(arguments)})

    def _call(self, method: str, path: str, body: object = None) -> Any:  # noqa: ANN401 - any JSON
        sent = None if body is None else json.dumps(body)
        answer = json.loads(self._http.request(method, self._base + path, body=sent).data)["value"]
        if isinstance(answer, dict) and "error" in answer:
            raise AssertionError(f"WebKit: {answer['error']}: {answer['message']}")
        return answer


def installed_browser() -> Path | None:
    """The small browser that comes with the driver."""
    return next(Path("/usr/lib").glob("*/webkit2gtk-*/MiniBrowser"), None)


@contextmanager
def running_webkit() -> Generator[WebKitVisitor]:
    """Run a browser until the end of the block."""
    browser = installed_browser()
    if not browser:
        raise FileNotFoundError("webkit2gtk-driver")
    # The display takes a free number, and says which.
    with subprocess.Popen(  # noqa: S603 - as found on PATH
        [shutil.which("Xvfb") or "Xvfb", "-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as display:
        number = display.stdout.readline().strip() if display.stdout else ""
        environment = {**os.environ, **_ENVIRONMENT, "DISPLAY": f":{number}"}
        port = _free_port()
        with subprocess.Popen(  # noqa: S603 - as found on PATH
            [shutil.which("WebKitWebDriver") or "WebKitWebDriver", f"--port={port}"], env=environment
        ) as driver:
            try:
                _wait_for(port)
                visitor = WebKitVisitor(f"http://127.0.0.1:{port}", browser)
                yield visitor
                visitor.leave()
            finally:
                driver.terminate()
                display.terminate()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port: int = held.getsockname()[1]
        return port


def _wait_for(port: int) -> None:
    until = time.monotonic() + _PATIENCE
    while time.monotonic() < until:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
