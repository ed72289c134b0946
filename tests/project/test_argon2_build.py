"""The layer gets argon2's engine for AVX2 where it can be compiled, and says why where it cannot."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from member_access.pins.hashing import argon2id
from member_access.pins.pin_hash import Argon2Cost
from member_access.platform.argon2_engine import ENGINE, has_avx2
from simulators.template import ROOT

LAYER = ROOT / "layers" / "common"
SCRIPT = LAYER / "argon2_engine.sh"
FILE = "_argon2_cffi_bindings/_ffi.abi3.so"
FAKES = {
    "uname": 'case $1 in -s) echo "${SYSTEM:-Linux}";; -m) echo "${MACHINE:-x86_64}";; esac',
    "gcc": "echo gcc 12.2.0",
    "readelf": 'printf "Name: GLIBC_2.2.5\\nName: GLIBC_2.14\\nName: GLIBC_%s\\n" "${NEEDED:-2.34}"',
    "uv": """printf '%s\\n' "$@" >"$CALLED"
while [ $# -gt 0 ]; do
    case $1 in --requirements) cat "$2" >>"$CALLED";; --target) target=$2;; esac
    shift
done
[ -z "$FAIL" ] || { echo "fatal error: Python.h: No such file"; exit 1; }
mkdir -p "$target/_argon2_cffi_bindings"
echo engine >"$target/_argon2_cffi_bindings/_ffi.abi3.so"
""",
}
VERIFICATIONS = """
import json, sys

folder, stored = sys.argv[1:]
sys.path.insert(0, folder)
from member_access.pins.hashing import argon2id
from member_access.pins.pin_hash import Argon2Cost
from member_access.platform.argon2_engine import ENGINE, VerificationError

hasher = argon2id(Argon2Cost(19456, 2, 1))

def verifies(pin):
    try:
        return hasher.verify(stored, pin)
    except VerificationError:
        return False

def hash_of(memory):
    return argon2id(Argon2Cost(memory, 2, 1)).hash("270519", salt=b"0123456789abcdef")

def has_memory_in_huge_pages():
    # VmFlags has hg where the kernel was asked for them (Documentation/filesystems/proc.rst).
    with open("/proc/self/smaps") as maps:
        return any("hg" in line.split() for line in maps if line.startswith("VmFlags:"))

hashes = [hash_of(memory) for memory in (64, 2048, 19456, 36864)]
print(json.dumps([ENGINE, hashes, verifies("270519"), verifies("270510"), has_memory_in_huge_pages()]))
"""


@dataclass(frozen=True)
class Machine:
    """A machine with the tools of ``FAKES``, and the folder of a layer."""

    folder: Path

    @property
    def engine(self) -> Path:
        return self.folder / "python" / "argon2_avx2" / FILE

    def build(self, **variables: str) -> str:
        """Run the script, and return what it says."""
        settings = {
            "PATH": f"{self.folder / 'bin'}{os.pathsep}{os.environ['PATH']}",
            "CALLED": str(self.folder / "called"),
            "FAIL": "",
            "LAMBDA_RUNTIME": "python3.13",
            "LAMBDA_ARCHITECTURE": "x86_64",
            "CC": "gcc",
            "GLIBC": "2.34",
            **variables,
        }
        return self.run(settings)

    def run(self, settings: dict[str, str]) -> str:
        return subprocess.run(  # noqa: S603 - our own words
            ["sh", SCRIPT, self.folder / "python"],  # noqa: S607 - the user's shell
            cwd=LAYER,
            env=settings,
            capture_output=True,
            check=True,
            text=True,
        ).stdout


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    (tmp_path / "bin").mkdir()
    for name, body in FAKES.items():
        file = tmp_path / "bin" / name
        file.write_text(f"#!/bin/sh\n{body}\n")
        file.chmod(0o755)
    return Machine(tmp_path)


def test_the_engine_is_made_from_the_locked_source_by_the_compiler_that_is_named(machine: Machine) -> None:
    said = machine.build()
    called = (machine.folder / "called").read_text()

    assert said == "argon2 engine: for AVX2, by gcc 12.2.0, glibc 2.34 or later\n"
    assert machine.engine.read_text() == "engine\n"
    for argument in ("--require-hashes", "--no-binary\nargon2-cffi-bindings", "--build-constraints\nargon2-build.txt"):
        assert argument in called
    assert "cmake.define.CMAKE_C_COMPILER=gcc" in called
    assert "cmake.define.CMAKE_C_FLAGS=-march=x86-64-v3 -D_GNU_SOURCE -include argon2_huge_pages.h" in called
    locked = [line for line in called.splitlines() if "==" in line]
    assert [line.partition("==")[0] for line in locked] == ["argon2-cffi-bindings"]
    assert called.count("--hash=sha256:") > 1


@pytest.mark.parametrize(
    ("variables", "reason"),
    [
        ({"LAMBDA_ARCHITECTURE": "arm64"}, "only x86_64 has another"),
        ({"SYSTEM": "Darwin"}, "this machine does not compile for x86_64 Linux"),
        ({"MACHINE": "aarch64"}, "this machine does not compile for x86_64 Linux"),
        ({"CC": "no-such-compiler"}, "there is no compiler no-such-compiler here"),
        ({"FAIL": "yes"}, "gcc failed, see above"),
        ({"NEEDED": "2.38"}, "it needs glibc 2.38 when compiled here, and Lambda has 2.34 for python3.13"),
    ],
    ids=["arm64", "macOS", "arm64 builder", "no compiler", "compiler fails", "newer glibc"],
)
def test_a_layer_without_the_engine_says_why(machine: Machine, variables: dict[str, str], reason: str) -> None:
    said = machine.build(**variables)

    assert f"argon2 engine: the wheel's alone, because {reason}" in said
    assert not machine.engine.exists()
    assert ("Architecture=arm64 is cheaper" in said) is (variables != {"LAMBDA_ARCHITECTURE": "arm64"})
    if "FAIL" in variables:
        assert "fatal error: Python.h" in said


@pytest.mark.needs("c-compiler")
@pytest.mark.slow
@pytest.mark.enable_socket
def test_each_engine_makes_and_verifies_the_hashes_of_the_other(tmp_path: Path) -> None:
    wheel = argon2id(Argon2Cost(19_456, 2, 1))
    stored = wheel.hash("270519", salt=b"0123456789abcdef")
    machine = Machine(tmp_path)
    layer = machine.engine.parents[2]
    of_python = {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "LAMBDA_RUNTIME": sys.executable,
    }

    said = machine.run(
        {**os.environ, **of_python, "LAMBDA_ARCHITECTURE": "x86_64", "CC": "gcc", "GLIBC": "9"},
    )
    (layer / "member_access").symlink_to(LAYER / "member_access")
    output = subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", VERIFICATIONS, layer, stored], capture_output=True, check=True, text=True
    ).stdout

    assert ENGINE == "wheel"
    assert "for AVX2, by gcc" in said
    engine, made, takes_right, takes_wrong, is_in_huge_pages = json.loads(output)
    runs_it = has_avx2(Path("/proc/cpuinfo").read_text("utf-8"))
    assert engine == ("avx2" if runs_it else "wheel")
    assert is_in_huge_pages is (runs_it and Path("/sys/kernel/mm/transparent_hugepage").exists())
    assert (takes_right, takes_wrong) == (True, False)
    costs = [Argon2Cost(memory, 2, 1) for memory in (64, 2048, 19_456, 36_864)]
    assert made == [argon2id(cost).hash("270519", salt=b"0123456789abcdef") for cost in costs]
    assert stored in made
    if disassembler := shutil.which("objdump"):
        code = subprocess.run([disassembler, "-d", machine.engine], capture_output=True, check=True, text=True).stdout  # noqa: S603 - found on PATH
        assert "%ymm" in code
