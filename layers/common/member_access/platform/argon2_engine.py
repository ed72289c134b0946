"""argon2-cffi, with the quicker of the two builds of its bindings that the layer carries.

The wheel is compiled for every x86-64 processor (SSE2). ``layers/common/argon2_engine.sh`` compiles the same source for
the level x86-64-v3 (AVX2), into a folder of its own; the hashes are the same. Which build runs must be chosen before
argon2-cffi is imported, so its names are imported from here.
"""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from importlib.util import module_from_spec
from pathlib import Path
from typing import Final

_BINDINGS = "_argon2_cffi_bindings"
_FOLDER = Path(__file__).parents[2] / "argon2_avx2"
_CPUINFO = Path("/proc/cpuinfo")
_HUGE_PAGES = Path("/sys/kernel/mm/transparent_hugepage/enabled")
WHEEL: Final = "wheel"
AVX2: Final = "avx2"

# Level x86-64-v3 (System V ABI for x86-64, "Micro-architecture levels"), in the kernel's names: LZCNT is called abm.
_NEEDED = frozenset(
    "cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 abm avx avx2 bmi1 bmi2 f16c fma movbe xsave".split()  # noqa: SIM905 - as the kernel prints them
)


def has_avx2(cpuinfo: str) -> bool:
    """Return whether a processor runs code of the level x86-64-v3.

    The flags of ``/proc/cpuinfo`` name what the kernel supports and has enabled (Documentation/arch/x86/cpuinfo.rst).

    Args:
        cpuinfo: the text of that file.
    """
    fields = (line.partition(":") for line in cpuinfo.splitlines())
    flags = next((value for name, _, value in fields if name.strip() == "flags"), "")
    return frozenset(flags.split()) >= _NEEDED


def choose_engine(folder: Path = _FOLDER, cpuinfo: Path = _CPUINFO) -> str:
    """Load the bindings for AVX2, if the layer has them and this processor and system run them.

    Returns:
        ``AVX2``, or ``WHEEL`` if argon2-cffi will load those of the wheel.
    """
    if _BINDINGS in sys.modules or not cpuinfo.exists() or not has_avx2(cpuinfo.read_text(encoding="utf-8")):
        return WHEEL
    spec = PathFinder.find_spec(_BINDINGS, [str(folder)])
    if spec is None or spec.loader is None:
        return WHEEL
    sys.modules[_BINDINGS] = module_from_spec(spec)
    try:
        spec.loader.exec_module(sys.modules[_BINDINGS])
    except ImportError:
        # The C library of this system is older than that of the build.
        del sys.modules[_BINDINGS]
        return WHEEL
    return AVX2


def huge_pages(setting: Path = _HUGE_PAGES) -> str:
    """Return to whom the kernel gives huge pages: ``always``, ``madvise``, ``never``, or ``none`` if it has none.

    The engine for AVX2 asks for them; its log entry says what came of it (Documentation/admin-guide/mm/transhuge.rst).
    """
    text = setting.read_text(encoding="ascii") if setting.exists() else "[none]"
    return text.partition("[")[2].partition("]")[0]


ENGINE: Final = choose_engine()

from argon2 import PasswordHasher  # noqa: E402 - after the choice
from argon2.exceptions import VerificationError  # noqa: E402
from argon2.low_level import Type  # noqa: E402

__all__ = [
    "AVX2",
    "ENGINE",
    "WHEEL",
    "PasswordHasher",
    "Type",
    "VerificationError",
    "choose_engine",
    "has_avx2",
    "huge_pages",
]
