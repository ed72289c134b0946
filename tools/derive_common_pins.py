"""Derives the list of common PINs: ``python -m tools.derive_common_pins``.

It has every six-digit entry of zxcvbn's list of passwords (MIT) and of Django's list of common passwords
(BSD-3-Clause). The research lists of PINs have no licence and are not used.
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
    """Return the entries, sorted."""
    django = gzip.decompress(files("django.contrib.auth").joinpath("common-passwords.txt.gz").read_bytes())
    passwords = {*FREQUENCY_LISTS["passwords"], *django.decode().splitlines()}
    return sorted(entry for entry in passwords if len(entry) == _DIGITS and entry.isascii() and entry.isdigit())


def document() -> str:
    """Return the content of the committed file."""
    return _HEADER + "\n".join(common_pins()) + "\n"


if __name__ == "__main__":
    TARGET.write_text(document(), encoding="ascii")
    print(f"{len(common_pins())} PINs in {TARGET.name}")
