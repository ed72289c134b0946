"""Every e-mail in every language, compared with the copies in ``golden/``.

A change of wording or form shows in their diff. To write them again after one::

    REWRITE_GOLDEN=1 python -m pytest tests/unit/emails/test_golden.py

which fails on purpose for every e-mail whose copies it changed: read the diff, and run it again.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from emails.rendering import EmailRenderer
from member_access.wording.texts import Language
from simulators.samples.emails import ADDRESSEE, MESSAGES
from simulators.samples.insurer import INSURER

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", MESSAGES)
def test_an_email_reads_and_looks_as_agreed(name: str, language: Language) -> None:
    email = EmailRenderer(INSURER).render(MESSAGES[name], ADDRESSEE, language)

    rendered = {
        GOLDEN / f"{name}.{language}.txt": f"Subject: {email.subject}\n\n{email.text}",
        GOLDEN / f"{name}.{language}.html": email.html,
    }

    if os.environ.get("REWRITE_GOLDEN") == "1":
        _rewrite(rendered)
    for copy, now in rendered.items():
        assert now == copy.read_text(encoding="utf-8")


def _rewrite(rendered: dict[Path, str]) -> None:
    changed = {
        copy: now for copy, now in rendered.items() if not copy.exists() or copy.read_text(encoding="utf-8") != now
    }
    for copy, now in changed.items():
        copy.write_text(now, encoding="utf-8")
    if changed:
        pytest.fail(f"rewritten: {', '.join(copy.name for copy in changed)}", pytrace=False)
