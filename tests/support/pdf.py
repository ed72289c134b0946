"""Pages to print."""

from __future__ import annotations

import typst


def pdf_with(text: str) -> bytes:
    """A page that says something."""
    page = typst.Compiler(sys_inputs={"text": text}).compile(b"#sys.inputs.text", format="pdf")
    assert isinstance(page, bytes)
    return page
