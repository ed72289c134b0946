"""Writes the API's sentences in both languages for the portal: ``python -m tools.api_sentences``.

The API answers in one language. A member who then changes the language reads the same sentence in the other one, and
does not have to send anything again.
"""

from __future__ import annotations

import json
from pathlib import Path

from member_access.wording.texts import FIELD_REASONS, PROBLEMS, REFUSAL_REASONS, Text

TARGET = Path(__file__).parent.parent / "portal/texts/api-sentences.js"
_OF_PRINT_PROVIDERS = "not-authentic"


def document() -> str:
    """Return the module: one pair, French and English, for each sentence that the API may send to a front-end."""
    problems = [problem for code, problem in PROBLEMS.items() if code != _OF_PRINT_PROVIDERS]
    sentences: list[Text] = [text for problem in problems for text in problem]
    sentences += [*REFUSAL_REASONS.values(), *FIELD_REASONS.values()]
    pairs = "".join(
        f"\t{{\n\t\tfr: {_quoted(sentence.fr)},\n\t\ten: {_quoted(sentence.en)},\n\t}},\n"
        for sentence in dict.fromkeys(sentences)
    )
    title = "/** The API's sentences, in French and in English: `make client` writes them. */"
    return f"{title}\nexport default [\n{pairs}];\n"


def _quoted(sentence: str) -> str:
    return json.dumps(sentence, ensure_ascii=False)


if __name__ == "__main__":
    TARGET.write_text(document(), "utf-8")
