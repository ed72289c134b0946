"""The API's sentences in the portal."""

from __future__ import annotations

from tools.api_sentences import TARGET, document


def test_the_portal_has_the_sentences_that_the_api_sends() -> None:
    assert TARGET.read_text("utf-8") == document(), "run make client and commit portal/texts/api-sentences.js"
