"""``python -m tools.brand check FOLDER``: says whether a brand can be used, and what of it is still an example."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from local.brand.examples import example_parts
from local.brand.folder import BrandRefused
from local.portal_site import EXAMPLE_BRAND, SiteSources

if TYPE_CHECKING:
    from collections.abc import Sequence

_ROOT = Path(__file__).parents[1]


def main(arguments: Sequence[str]) -> int:
    """Check a brand.

    Returns:
        The exit status: 0 if it can be used, 1 if not.
    """
    parser = argparse.ArgumentParser(prog="python -m tools.brand")
    commands = parser.add_subparsers(dest="command", required=True)
    check = commands.add_parser("check", help="check a brand")
    check.add_argument("folder", type=Path, help="the folder of the brand")
    folder = parser.parse_args(arguments).folder
    try:
        SiteSources.of_clone(_ROOT, folder)
    except BrandRefused as refused:
        print(refused, file=sys.stderr)
        return 1
    left = list(example_parts(folder, _ROOT / EXAMPLE_BRAND))
    print(f"The brand in {folder} can be used.")
    if left:
        print("\n  ".join(["Production refuses it, because it still holds examples:", *left]))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
