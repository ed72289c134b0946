"""Pages to print."""

from __future__ import annotations

import io

import pypdfium2
import typst


def pdf_with(text: str, *, language: str = "en") -> bytes:
    """A page that says something, and in which language it does."""
    source = b"#set text(lang: sys.inputs.language)\n#sys.inputs.text"
    page = typst.Compiler(sys_inputs={"text": text, "language": language}).compile(source, format="pdf")
    assert isinstance(page, bytes)
    return page


def empty_pdf() -> bytes:
    """A page that says nothing, not even its language."""
    page = io.BytesIO()
    document = pypdfium2.PdfDocument.new()
    document.new_page(width=595, height=842)
    document.save(page)
    return page.getvalue()
