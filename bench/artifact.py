"""The built artifact, and processes that run it as Lambda does: its own packages, a clean environment, its threads."""

from __future__ import annotations

import json
import os
import platform
import shutil
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from local.build import Target, build
from local.environment import forget_real_account
from local.processes import Tools
from local.stopping import StopRequest
from simulators.kms import REGION
from simulators.template import ROOT, project_template

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

FOLDER = ROOT / ".local" / "bench"
"""What the benchmarks keep between runs."""

_START = "import json, sys; sys.path[:0] = json.loads(sys.argv[1]); sys.path.append(sys.argv[2]); "
_WHOLE_PROCESSOR_MB = "1769"


@dataclass(frozen=True)
class Artifact:
    """What ``sam build`` has made.

    Attributes:
        folder: one folder for the layer, and one for each function.
    """

    folder: Path

    @classmethod
    def built(cls) -> Artifact:
        """Build the template for this machine, with the engine of argon2 for AVX2, unless the same build exists.

        Raises:
            ToolFailed: the build failed.
        """
        environment = dict(os.environ)
        forget_real_account(environment)
        environment["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), environment.get("PATH", os.defpath)])
        tools = Tools(environment | {"SAM_CLI_TELEMETRY": "0"}, FOLDER, StopRequest())
        target = replace(Target.at_hand(), engine_glibc=platform.libc_ver()[1])
        return cls(build(ROOT, ROOT / ".local" / "builds", target, tools).parent)

    @property
    def layer(self) -> Path:
        """The folder of the layer's packages."""
        return self.folder / "CommonLayer" / "python"

    def function(self, name: str) -> Path:
        """Return the folder of a function, by its logical name."""
        return self.folder / name

    def functions(self) -> list[str]:
        """Return the logical names of all functions, sorted."""
        return sorted(project_template().resources("AWS::Serverless::Function"))

    def without_bytecode(self) -> Artifact:
        """Return a copy as ``sam build`` would make it by itself: without bytecode."""
        copy = FOLDER / "without-bytecode"
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(self.folder, copy, ignore=shutil.ignore_patterns("__pycache__"))
        return Artifact(copy)

    def sizes(self) -> dict[str, int]:
        """Return the bytes of the layer and of each function, unzipped; Lambda counts both."""
        folders = {"layer": self.layer, **{name: self.function(name) for name in self.functions()}}
        return {
            name: sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            for name, folder in folders.items()
        }

    def command(self, function: str, program: str) -> list[str]:
        """Return the command of a Python program that finds the function and the layer alone.

        The modules of ``bench.inside`` come last, and import the standard library only.
        """
        paths = json.dumps([str(self.function(function)), str(self.layer)])
        return [interpreter(), "-I", "-S", "-B", "-c", _START + program, paths, str(ROOT)]

    def entry(self, function: str) -> str:
        """Return the module of a function's handler."""
        handler: str = project_template().resources("AWS::Serverless::Function")[function]["Properties"]["Handler"]
        return handler.rpartition(".")[0]


def interpreter() -> str:
    """Return the interpreter from which this environment was made: it finds none of the environment's packages."""
    return str(getattr(sys, "_base_executable", sys.executable))


def lambda_environment(function: str, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment that Lambda gives to a function: its settings, credentials and names, nothing else."""
    return {
        **settings,
        "PATH": os.defpath,
        "AWS_ACCESS_KEY_ID": "bench",
        "AWS_SECRET_ACCESS_KEY": "bench",
        "AWS_SESSION_TOKEN": "bench",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_LAMBDA_FUNCTION_NAME": function,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": _WHOLE_PROCESSOR_MB,
        "AWS_LAMBDA_FUNCTION_VERSION": "1",
        "AWS_EC2_METADATA_DISABLED": "true",
    }


class Worker:
    """A process that does one piece of work after the other, each asked for and answered by a line of JSON."""

    def __init__(self, questions: IO[str], answers: IO[str]) -> None:
        self._questions, self._answers = questions, answers

    def ask(self, **question: object) -> Any:  # noqa: ANN401 - what the work yields
        """Let it do one piece of work.

        Raises:
            RuntimeError: the process has ended.
        """
        self._questions.write(json.dumps(question) + "\n")
        self._questions.flush()
        answer = self._answers.readline()
        if not answer:
            raise RuntimeError(f"the measured process ended at {question.get('do')}")
        return json.loads(answer)


@contextmanager
def worker(command: list[str], environment: Mapping[str, str]) -> Generator[Worker]:
    """Run a worker until the end of the block."""
    with subprocess.Popen(
        command, env=dict(environment), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdin is not None  # noqa: S101 - a pipe, as asked for above
        assert process.stdout is not None  # noqa: S101 - as above
        try:
            yield Worker(process.stdin, process.stdout)
        finally:
            process.stdin.close()


def wheel(program: str = "from bench.inside.verifying import main; main()", *, first: Sequence[Path] = ()) -> list[str]:
    """Return the command of a program that finds this environment's packages: argon2-cffi is its wheel there.

    Args:
        program: the program; without one, a worker that verifies hashes.
        first: folders that come before this environment's packages.
    """
    return [sys.executable, "-c", _START + program, json.dumps([str(folder) for folder in first]), str(ROOT)]


def rounds(number: int) -> Iterator[int]:
    """Count rounds from one; each measures everything once, so that a slow moment slows all of it."""
    yield from range(1, number + 1)
