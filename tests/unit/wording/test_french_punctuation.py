"""French signs stand apart from their word, and never begin a line: the blank before them does not break."""

from __future__ import annotations

import re

import pytest

from simulators.template import ROOT

BREAKING = re.compile(r"[ ][:;?!»]|«[ ]")
STRINGS = re.compile(r'"((?:[^"\\\n]|\\.)*)"')


@pytest.mark.parametrize(
    "file",
    [
        "portal/texts/fr.js",
        "portal/texts/fr-screens.js",
        "layers/common/member_access/wording/texts.py",
        "functions/emails/templates/fr.toml",
        "functions/letters/page/wording.py",
    ],
)
def test_no_line_of_a_french_text_begins_with_a_sign(file: str) -> None:
    strings = STRINGS.findall((ROOT / file).read_text("utf-8"))

    assert any("\u00a0" in text for text in strings)
    assert [text for text in strings if BREAKING.search(text)] == []
