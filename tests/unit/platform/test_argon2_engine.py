"""Which build of argon2's bindings runs is chosen by the processor, before argon2-cffi loads one."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from member_access.platform.argon2_engine import has_avx2, huge_pages
from simulators.template import ROOT

LEVEL_3 = "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 abm avx avx2 bmi1 bmi2 f16c fma movbe xsave"
CPUINFO = "processor\t: 0\nmodel name\t: Intel(R) Xeon(R) Processor\nflags\t\t: fpu vme {} lm\nbugs\t\t: spectre_v1\n"
BINDINGS = Path(str(getattr(find_spec("_argon2_cffi_bindings"), "origin", ""))).parent
CHOICES = """
import json, sys
from pathlib import Path
from member_access.platform import argon2_engine

folder = Path(sys.argv[1])
chosen = {"loaded already": argon2_engine.choose_engine(folder / "layer", folder / "avx2")}
for layer, cpuinfo in (("layer", "avx2"), ("layer", "sse2"), ("layer", "none"), ("empty", "avx2"), ("broken", "avx2")):
    sys.modules.pop("_argon2_cffi_bindings", None)
    sys.modules.pop("_argon2_cffi_bindings._ffi", None)
    name = argon2_engine.choose_engine(folder / layer, folder / cpuinfo)
    import _argon2_cffi_bindings
    chosen[f"{layer}, {cpuinfo}"] = [name, Path(_argon2_cffi_bindings.__file__).parents[1].name]
print(json.dumps(chosen))
"""
FUNCTIONS = """
import importlib, json, sys

importlib.import_module(sys.argv[1] + ".handler")
from argon2 import low_level
import _argon2_cffi_bindings
from member_access.platform.argon2_engine import ENGINE

assert low_level.lib is _argon2_cffi_bindings.lib
print(json.dumps([ENGINE, _argon2_cffi_bindings.__file__]))
"""


def output_of(program: str, argument: str, *paths: Path) -> Any:  # noqa: ANN401 - JSON
    """Run a program in an interpreter of its own, which loads its own argon2."""
    code = f"import sys; sys.path[:0] = {[str(path) for path in paths]}\n{program}"
    run = subprocess.run([sys.executable, "-c", code, argument], capture_output=True, check=True, text=True)  # noqa: S603 - our own words
    return json.loads(run.stdout)


@pytest.mark.parametrize(
    ("cpuinfo", "expected"),
    [
        (CPUINFO.format(LEVEL_3), True),
        (CPUINFO.format(LEVEL_3).replace("avx2", "avx512f"), False),
        (CPUINFO.format(LEVEL_3).replace(" movbe", ""), False),
        (CPUINFO.format("sse sse2"), False),
        ("processor\t: 0\nFeatures\t: fp asimd aes sha2\nCPU part\t: 0xd0c\n", False),
        ("", False),
    ],
    ids=["all of level 3", "without AVX2", "without MOVBE", "SSE2 alone", "Graviton", "nothing"],
)
def test_a_processor_needs_every_instruction_of_the_level(cpuinfo: str, expected: bool) -> None:
    assert has_avx2(cpuinfo) is expected


@pytest.mark.parametrize("chosen", ["always", "madvise", "never"])
def test_the_kernel_says_to_whom_it_gives_huge_pages(tmp_path: Path, chosen: str) -> None:
    setting = tmp_path / "enabled"
    setting.write_text("always madvise never\n".replace(chosen, f"[{chosen}]"))

    assert huge_pages(setting) == chosen
    assert huge_pages(tmp_path / "missing") == "none"


def test_the_engine_for_avx2_runs_only_where_layer_and_processor_have_it(tmp_path: Path) -> None:
    (tmp_path / "avx2").write_text(CPUINFO.format(LEVEL_3))
    (tmp_path / "sse2").write_text(CPUINFO.format("sse sse2"))
    (tmp_path / "empty").mkdir()
    shutil.copytree(BINDINGS, tmp_path / "layer" / BINDINGS.name)
    (tmp_path / "broken" / BINDINGS.name).mkdir(parents=True)
    (tmp_path / "broken" / BINDINGS.name / "__init__.py").write_text("raise ImportError('GLIBC_2.99 not found')")
    of_the_wheel = ["wheel", BINDINGS.parent.name]

    assert output_of(CHOICES, str(tmp_path), ROOT / "layers" / "common") == {
        "loaded already": "wheel",
        "layer, avx2": ["avx2", "layer"],
        "layer, sse2": of_the_wheel,
        "layer, none": of_the_wheel,
        "empty, avx2": of_the_wheel,
        "broken, avx2": of_the_wheel,
    }


@pytest.mark.parametrize("function", ["login", "reset"])
def test_a_function_loads_the_engine_that_its_processor_can_run(function: str, tmp_path: Path) -> None:
    layer = tmp_path / "python"
    shutil.copytree(BINDINGS, layer / "argon2_avx2" / BINDINGS.name)
    (layer / "member_access").symlink_to(ROOT / "layers" / "common" / "member_access")
    cpuinfo = Path("/proc/cpuinfo")
    runs_it = cpuinfo.exists() and has_avx2(cpuinfo.read_text("utf-8"))

    engine, file = output_of(FUNCTIONS, function, layer, ROOT / "functions")

    assert engine == ("avx2" if runs_it else "wheel")
    assert Path(file).is_relative_to(layer) is runs_it
