"""The table of the characters that a letter can show."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from member_access.postal.printable import PRINTABLE, printable
from tools.printable_characters import FONT, TABLE, table


def test_the_committed_table_is_that_of_the_shipped_font() -> None:
    assert TABLE.read_text(encoding="utf-8") == table(FONT.read_bytes())


def test_french_and_its_neighbours_are_printed_as_they_are() -> None:
    text = "Œuvray, L’Haÿ-les-Roses « Île » ß ñ ő ř ł ç ț ğ ậ 0123456789"
    assert printable(text) == text


@given(st.text())
def test_every_text_has_a_printable_form(text: str) -> None:
    assert PRINTABLE.issuperset(printable(text))
