"""What a brand still has of the example, which production must not show to members."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from local.brand.catalogue import LANGUAGES, NEEDED
from local.brand.folder import DRAWINGS, LOCAL, texts_file

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_LEFT = re.compile(r"\[(?:À REMPLACER|TO REPLACE)|\.example\b|\b01 99 00\b")
"""The marks of the example's texts, the hosts of RFC 2606, the telephone numbers that Arcep keeps for fiction."""


def example_parts(folder: Path, example: Path) -> Iterator[str]:
    """Yield a sentence for each file and each text that is still an example.

    Args:
        folder: the brand, which was checked.
        example: the brand of the repository.
    """
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name != LOCAL and path.suffix in {".html", ".json"} and (found := _LEFT.search(path.read_text("utf-8"))):
            yield f"{name} still has {found[0]}"
        elif name in DRAWINGS and path.read_bytes() == (example / name).read_bytes():
            yield f"{name} is the example's"
    for name in map(texts_file, LANGUAGES):
        own, usual = (json.loads((brand / name).read_text("utf-8")) for brand in (folder, example))
        for key in NEEDED:
            if own[key] == usual[key]:
                yield f"{name}: {key} is the example's; if yours is the same, say it in other words"
