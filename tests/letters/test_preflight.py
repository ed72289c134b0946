"""The faults that preflight refuses, on pages made for these tests: the template makes none of them."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pypdfium2
import pytest
import typst

from letters.page import typesetting
from letters.page.geometry import MAILEVA, PINGEN_RIGHT
from letters.page.preflight import PreflightFailed, preflight
from simulators.samples.letters import address, code_letter

if TYPE_CHECKING:
    from letters.page.geometry import AddressWindow

FONTS: Final = typst.Fonts(include_system_fonts=False, font_paths=[Path(typesetting.__file__).parent / "fonts"])
PRINTED: Final = tuple((112, 50 + 4 * number, 10, line) for number, line in enumerate(address().printed))
"""The address as the window shows it: x and y in millimetres, size in points, text."""
THE_CODE: Final = (90, 130, 36, "48 29 13 05 67")

Text = tuple[float, float, float, str]


def page(*texts: Text, size: str = "width: 210mm, height: 297mm", then: str = "") -> bytes:
    source = f"""
        #set page({size}, margin: 0pt)
        #set text(font: "Source Sans 3")
        #for (x, y, size, body) in json(bytes(sys.inputs.texts)) {{
          place(top + left, dx: x * 1mm, dy: y * 1mm, text(size: size * 1pt, body))
        }}
        {then}
    """
    pdf = typst.compile(
        source.encode(),
        font_paths=FONTS,
        format="pdf",
        sys_inputs={"texts": json.dumps(texts)},
    )
    assert isinstance(pdf, bytes)
    return pdf


def look_over(pdf: bytes, window: AddressWindow) -> None:
    letter = code_letter()
    preflight(pdf, letter.code, letter.address, window)


def faults(pdf: bytes, window: AddressWindow) -> tuple[str, ...]:
    with pytest.raises(PreflightFailed) as refusal:
        look_over(pdf, window)
    return refusal.value.faults


def test_a_page_with_the_code_and_a_blank_window_may_be_printed() -> None:
    look_over(page(THE_CODE), MAILEVA)


def test_a_page_with_the_code_and_the_address_in_the_window_may_be_printed() -> None:
    look_over(page(THE_CODE, *PRINTED), PINGEN_RIGHT)


def test_a_second_page_is_refused() -> None:
    assert faults(page(THE_CODE, then="#pagebreak() more"), MAILEVA) == ("The letter has 2 pages instead of one.",)


@pytest.mark.parametrize(
    ("size", "seen"), [("width: 297mm, height: 210mm", "297 x 210"), ("width: 216mm, height: 279mm", "216 x 279")]
)
def test_a_page_that_is_not_upright_a4_is_refused(size: str, seen: str) -> None:
    assert faults(page(THE_CODE, size=size), MAILEVA) == (f"The page is {seen} mm, not upright A4.",)


def test_a_font_that_is_not_embedded_is_refused() -> None:
    document = pypdfium2.PdfDocument.new()
    text = pypdfium2.raw.FPDFPageObj_NewTextObj(document, b"Helvetica", 36.0)
    pypdfium2.raw.FPDFText_SetCharcodes(text, (pypdfium2.raw.c_uint32 * 10)(*b"4829130567"), 10)
    pypdfium2.raw.FPDFPageObj_Transform(text, 1, 0, 0, 1, 200, 450)
    sheet = document.new_page(595.28, 841.89)
    pypdfium2.raw.FPDFPage_InsertObject(sheet, text)
    sheet.gen_content()
    written = io.BytesIO()
    document.save(written)

    assert faults(written.getvalue(), MAILEVA) == ("A font is not embedded.",)


@pytest.mark.parametrize(
    ("x", "y"),
    [(12, 200), (4, 183), (207, 150), (100, 2), (100, 293)],
    ids=["left", "Datamatrix", "right", "top", "foot"],
)
def test_ink_at_an_edge_is_refused(x: float, y: float) -> None:
    assert faults(page(THE_CODE, (x, y, 8, "n")), MAILEVA) == ("Something is printed at the edge of the page.",)


def test_a_line_drawn_through_a_window_that_must_stay_blank_is_refused() -> None:
    drawn = "#place(top + left, dx: 100mm, dy: 60mm, line(length: 20mm, stroke: 0.2pt + luma(80%)))"

    assert faults(page(THE_CODE, then=drawn), MAILEVA) == (
        "Something is printed in the window, which must stay blank.",
    )


def test_a_missing_address_line_is_refused() -> None:
    assert faults(page(THE_CODE, *PRINTED[:-1]), PINGEN_RIGHT) == (
        "The window does not show the whole address and nothing else.",
    )


def test_another_members_address_is_refused() -> None:
    assert faults(page(THE_CODE, (112, 50, 10, "Jeanne Autre"), *PRINTED[1:]), PINGEN_RIGHT) == (
        "The window does not show the whole address and nothing else.",
    )


def test_text_that_shows_beside_the_address_is_refused() -> None:
    assert faults(page(THE_CODE, *PRINTED, (95, 84, 10, "n° 7")), PINGEN_RIGHT) == (
        "Something is printed beside the address in the window.",
        "The window does not show the whole address and nothing else.",
    )


def test_a_code_that_shows_through_the_window_is_refused() -> None:
    assert "The code is not in the part of the page that folding hides." in faults(
        page(*PRINTED, (120, 66, 36, "48 29 13 05 67")), PINGEN_RIGHT
    )


def test_a_page_without_the_code_is_refused() -> None:
    assert faults(page((90, 130, 12, "48 29 13 05 67")), MAILEVA) == (
        "The code is not the one thing that is printed large.",
    )


def test_another_members_code_is_refused() -> None:
    assert faults(page((90, 130, 36, "48 29 13 05 68")), MAILEVA) == (
        "The code is not the one thing that is printed large.",
    )


def test_a_fault_is_reported_without_the_address_or_the_code() -> None:
    reported = str(PreflightFailed(faults(page((120, 60, 36, "48 29 13 05 67"), PRINTED[0]), PINGEN_RIGHT)))

    assert "Garçon" not in reported
    assert "29 13" not in reported
