"""The npm packages that develop and check the portal, installed as ``package-lock.json`` pins them."""

from __future__ import annotations

import shutil
import subprocess

from simulators.template import ROOT


class NpmError(Exception):
    """The packages could not be installed; the message says what npm said."""


def install() -> None:
    """Install the packages, which takes no time where nothing changed (see the Makefile).

    Raises:
        NpmError: make or npm failed.
    """
    done = subprocess.run(  # noqa: S603 - make as found on PATH, and a constant
        [shutil.which("make") or "make", "--silent", "node_modules/.package-lock.json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise NpmError(f"npm could not install the packages of package-lock.json: {done.stderr.strip()}")
