"""Installs the peers, each into an environment of its own, by pinned versions and their hashes."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from bench.artifact import FOLDER

HERE = Path(__file__).parent
_UV = Path(sys.executable).with_name("uv")


class NotInstalled(Exception):
    """A peer could not be installed; the message says why."""


def install(peer: str) -> Path:
    """Install a peer, unless the same versions are there.

    Returns:
        The folder of its environment.

    Raises:
        NotInstalled: a tool or a package is missing.
    """
    source, folder = HERE / peer, FOLDER / "peers" / peer
    is_node = (source / "package.json").exists()
    lock = source / ("package-lock.json" if is_node else "requirements.txt")
    installed = folder / "installed.lock"
    if installed.exists() and installed.read_bytes() == lock.read_bytes():
        return folder
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    if is_node:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(source / name, folder / name)
        _run(["npm", "ci", "--ignore-scripts", "--silent"], folder)
    else:
        _run([_UV, "venv", "--quiet", "--clear", "--python", sys.executable, folder], source)
        _run(
            [
                _UV,
                "pip",
                "sync",
                "--quiet",
                "--require-hashes",
                "--compile-bytecode",
                "--python",
                folder / "bin/python",
                lock,
            ],
            source,
        )
    installed.write_bytes(lock.read_bytes())
    return folder


def version(peer: str, package: str) -> str:
    """Return the pinned version of a package of a peer."""
    source = HERE / peer
    if (source / "requirements.txt").exists():
        lines = (source / "requirements.txt").read_text(encoding="utf-8").splitlines()
        return next(line.split("==")[1].split()[0] for line in lines if line.startswith(f"{package}=="))
    import json  # noqa: PLC0415 - one branch alone

    versions: dict[str, str] = json.loads((source / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    return versions[package]


def _run(command: list[str | Path], folder: Path) -> None:
    try:
        ended = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        raise NotInstalled(f"{command[0]} is missing") from None
    if ended.returncode:
        raise NotInstalled(ended.stderr.strip()[-500:] or ended.stdout.strip()[-500:])
