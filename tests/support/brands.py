"""Brands for tests, made from the example."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from local.brand.links import link_of
from local.brand.pages import PAGES
from local.portal_site import EXAMPLE_BRAND
from simulators.template import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def example_brand(folder: Path) -> Path:
    """Copy the example brand to a folder."""
    shutil.copytree(ROOT / EXAMPLE_BRAND, folder)
    return folder


def own_brand(folder: Path) -> Path:
    """Make a brand that production takes: no example is left in it, and its pages stand elsewhere."""
    example_brand(folder)
    shutil.rmtree(folder / "pages")
    links = folder / "links.json"
    elsewhere = {link_of(page): f"https://www.mutuelle.fr/{page}" for page in PAGES}
    links.write_text(json.dumps({**json.loads(links.read_text("utf-8")), **elsewhere}), "utf-8")
    for path in folder.rglob("*"):
        if path.suffix == ".json":
            path.write_text(path.read_text("utf-8").replace("mutuelle.example", "mutuelle.fr"), "utf-8")
            if path.name.startswith("texts."):
                path.write_text('{"help.hours": "24/7", "help.price": "0 €"}', "utf-8")
        elif path.suffix == ".png":
            # What follows the end of the picture is no part of it.
            path.write_bytes(path.read_bytes() + b"own")
        elif path.suffix == ".svg":
            path.write_text(
                path.read_text("utf-8").replace("#0b5563", "#123456").replace("#7fd3df", "#abcdef"), "utf-8"
            )
    return folder
