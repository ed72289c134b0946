"""A deployment whose letters cannot be made stops before it builds anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from simulators.template import project_template
from tools.deployment.letter_check import check_letter
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from pathlib import Path

PARAMETERS = project_template().parameter_defaults()
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


def brand(folder: Path, logo: str) -> Path:
    (folder / "logo.svg").write_text(logo)
    return folder


@pytest.mark.parametrize(
    "changed", [{}, {"LetterProvider": "pingen"}, {"LetterProvider": "pingen", "PingenAddressPosition": "left"}]
)
def test_the_example_and_another_brand_make_letters(changed: dict[str, str], tmp_path: Path) -> None:
    check_letter({**PARAMETERS, **changed}, None)
    check_letter({**PARAMETERS, **changed}, brand(tmp_path, SQUARE))


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"BrandAccent": "#f7a600"}, "the insurer's accent is too light: its contrast with white is 2"),
        ({"InsurerName": "Mutuelle de l’Exemple " * 9}, "The sender does not fit into its place"),
        ({"InsurerAddress": "|".join(["Service"] * 8)}, "The sender does not fit into its place"),
        ({"InsurerName": "互助会"}, "The letter's font has no U"),
    ],
)
def test_an_insurer_whose_letter_cannot_be_made_is_refused(changed: dict[str, str], why: str) -> None:
    with pytest.raises(DeployRefused, match=why):
        check_letter({**PARAMETERS, **changed}, None)


@pytest.mark.parametrize(
    ("logo", "why"),
    [
        (SQUARE.replace("<path", "<image/><path"), "has <image>, which is blurred on paper"),
        (SQUARE.replace("<path", "<text>Mutuelle</text><path"), "has <text>, and letters have no other font"),
        ("no drawing", "is no SVG that can be read"),
    ],
)
def test_a_logo_that_cannot_be_printed_is_refused(logo: str, why: str, tmp_path: Path) -> None:
    with pytest.raises(DeployRefused, match=why):
        check_letter(PARAMETERS, brand(tmp_path, logo))


def test_a_brand_without_a_logo_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DeployRefused, match=r"has no logo\.svg"):
        check_letter(PARAMETERS, tmp_path)
