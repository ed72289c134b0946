"""Derive the list of common PINs: ``python -m tools.derive_common_pins``.

Every entry of exactly six digits in zxcvbn's list of passwords (MIT) and in Django's list of common passwords
(BSD-3-Clause). The research lists of PINs carry no licence and are not used.
"""

from __future__ import annotations

import gzip
from importlib.resources import files
from pathlib import Path

from zxcvbn.frequency_lists import FREQUENCY_LISTS

TARGET = Path(__file__).parent.parent / "layers/common/member_access/pins/common_pins.txt"
_DIGITS = 6
_HEADER = """\
# The six-digit entries of two lists of common passwords, made by tools/derive_common_pins.py:
# zxcvbn (MIT licence) and Django (BSD 3-Clause licence); THIRD_PARTY_NOTICES holds both licences.
"""


def common_pins() -> list[str]:
    """The entries, sorted."""
    django = gzip.decompress(files("django.contrib.auth").joinpath("common-passwords.txt.gz").read_bytes())
    passwords = {*FREQUENCY_LISTS["passwords"], *django.decode().splitlines()}
    return sorted(entry for entry in passwords if len(entry) == _DIGITS and entry.isascii() and entry.isdigit())


def document() -> str:
    """The file as it is committed."""
    return _HEADER + "\n".join(common_pins()) + "\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="ascii")
    print(f"{len(common_pins())} PINs in {TARGET.name}")
