"""``python -m tools.brand check``: a brand that can be used, and one that cannot."""

from __future__ import annotations

from typing import TYPE_CHECKING

from local.portal_site import EXAMPLE_BRAND
from simulators.template import ROOT
from tests.support.brands import example_brand, own_brand
from tools.brand import main

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_example_can_be_used_but_not_in_production(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(ROOT / EXAMPLE_BRAND)]) == 0

    said = capsys.readouterr().out
    assert "can be used.\nProduction refuses it, because it still holds examples:" in said
    assert "  logo.svg is the example's\n" in said


def test_a_brand_of_ones_own_is_ready(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(own_brand(tmp_path / "brand"))]) == 0

    assert capsys.readouterr().out == f"The brand in {tmp_path / 'brand'} can be used.\n"


def test_each_fault_has_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    brand = example_brand(tmp_path / "brand")
    (brand / "links.json").write_text("{", "utf-8")
    (brand / "logo.svg").unlink()

    assert main(["check", str(brand)]) == 1
    assert capsys.readouterr().err.splitlines()[1:] == [
        "- logo.svg is missing.",
        "- links.json is no JSON: line 1, column 2: Expecting property name enclosed in double quotes.",
    ]
