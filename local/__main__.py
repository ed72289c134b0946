"""``python -m local``: the command behind ``make run``."""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from rich.console import Console

from local.environment import forget_real_account
from local.errors import LocalStackError, Stopped
from local.processes import adopt_orphans
from local.progress import Progress
from local.samples import SamplePin, sample_pins
from local.stack import Addresses, Options, keep_running, running_stack
from local.stopping import StopRequest

_LAST_PORT = 65535


def main() -> int:
    """Run the stack until someone stops it.

    Returns:
        The exit status: 0 if someone stopped it, 1 after a failure.
    """
    options = _options()
    stop = StopRequest()
    stop.listen()
    adopt_orphans()
    forget_real_account(os.environ)
    progress = Progress(Console(), time.monotonic)
    try:
        with running_stack(options, progress, stop) as stack:
            progress.say(_welcome(stack.addresses, sample_pins()[0]))
            keep_running(stack.cloud, stop)
    except Stopped:
        pass
    except LocalStackError as error:
        Console(stderr=True).print(str(error), markup=False, highlight=False, soft_wrap=True)
        return 1
    finally:
        stop.ignore()
    progress.say("Stopped.")
    return 0


def _options() -> Options:
    parser = argparse.ArgumentParser(
        prog="python -m local", description="Run the whole stack on this machine until you press Ctrl-C."
    )
    parser.add_argument(
        "--port", type=_port, default=8080, help="the port to listen on; 0 for any free port (default: 8080)"
    )
    parser.add_argument(
        "--cloud-port", type=_port, default=0, help="the port of the local cloud (default: any free port)"
    )
    parser.add_argument(
        "--state-dir",
        type=Path,
        default=Path(".local"),
        help="the folder for stack.json, logs and temporary files (default: .local)",
    )
    parser.add_argument(
        "--builds-dir",
        type=Path,
        help="the folder for builds; several stacks can share it (default: builds in the state folder)",
    )
    parser.add_argument("--brand", type=Path, help="the folder of the portal's brand (default: portal/brand)")
    parser.add_argument(
        "--parameter",
        type=_parameter,
        action="append",
        default=[],
        metavar="NAME=VALUE",
        help="a parameter of template.yaml; may be repeated",
    )
    given = parser.parse_args()
    state = given.state_dir.absolute()
    return Options(
        port=given.port,
        cloud_port=given.cloud_port,
        state=state,
        builds=given.builds_dir.absolute() if given.builds_dir else state / "builds",
        parameters=dict(given.parameter),
        brand=given.brand.absolute() if given.brand else None,
    )


def _port(text: str) -> int:
    port = int(text) if text.isascii() and text.isdecimal() else -1
    if not 0 <= port <= _LAST_PORT:
        raise argparse.ArgumentTypeError(f"{text} is not a port number (0 to {_LAST_PORT})")
    return port


def _parameter(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not name or not separator:
        raise argparse.ArgumentTypeError(f"{text} is not NAME=VALUE")
    return name, value


def _welcome(addresses: Addresses, sample: SamplePin) -> str:
    body = f'{{"identifier":"{sample.identifier}","pin":"{sample.pin.reveal()}"}}'
    return f"""
The stack is running. Press Ctrl-C to stop it.

  API      {addresses.api_url}
  Portal   {addresses.portal_url}
  Inbox    {addresses.inbox_url}
  Example  {addresses.example_url} (a front-end on another origin)

Safari keeps no session over http. Open {addresses.secure_portal_url} there, and trust the certificate of this machine.

Try it as this member: identifier {sample.identifier}, PIN {sample.pin.reveal()} (more in local/sample_pins.csv)

  curl -i {addresses.api_url}/login -H 'Content-Type: application/json' -d '{body}'
"""


if __name__ == "__main__":
    sys.exit(main())
