"""What people read, in both languages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.api.problems import problem
from member_access.errors import Refusal
from member_access.throttling.guard import TooManyAttempts
from member_access.wording.texts import FIELD_REASONS, PROBLEMS, REFUSAL_REASONS, Language, wait_text
from tools import openapi

# The document is made from every contract, so every refusal has been imported.
assert openapi.OPERATIONS


def all_refusals(kind: type[Refusal] = Refusal) -> list[type[Refusal]]:
    return [subclass for direct in kind.__subclasses__() for subclass in (direct, *all_refusals(direct))]


@pytest.mark.parametrize(
    ("header", "language"),
    [
        (None, "fr"),
        ("", "fr"),
        ("en", "en"),
        ("EN-us", "en"),
        ("fr, en", "fr"),
        ("en, fr", "fr"),
        ("en;q=0.9, fr;q=0.8", "en"),
        ("de, en;q=0.5", "en"),
        ("de", "fr"),
        ("en;q=0", "fr"),
        ("en; q=0.7", "en"),
        ("en;q=nonsense", "fr"),
        ("english", "fr"),
        ("*", "fr"),
    ],
)
def test_the_language_is_the_one_preferred_and_french_in_doubt(header: str | None, language: str) -> None:
    assert Language.preferred(header) is Language(language)


@given(st.text())
def test_any_header_leads_to_a_language(header: str) -> None:
    assert Language.preferred(header) in Language


@pytest.mark.parametrize(
    ("seconds", "french", "english"),
    [
        (0, "0 seconde", "0 seconds"),
        (1, "1 seconde", "1 second"),
        (59, "59 secondes", "59 seconds"),
        (60, "1 minute", "1 minute"),
        (61, "2 minutes", "2 minutes"),
        (120, "2 minutes", "2 minutes"),
        (3600, "1 heure", "1 hour"),
        (3601, "1 heure 1 minute", "1 hour 1 minute"),
        (5400, "1 heure 30 minutes", "1 hour 30 minutes"),
        (7200, "2 heures", "2 hours"),
    ],
)
def test_a_wait_is_never_said_shorter_than_it_is(seconds: int, french: str, english: str) -> None:
    assert wait_text(seconds) == (french, english)


def test_one_minute_is_said_as_the_help_page_says_it() -> None:
    body = problem("too-many-attempts", 429, Language.FRENCH, TooManyAttempts(retry_after=60))
    assert body["detail"] == "Par mesure de sécurité, vous devez patienter 1mn avant une nouvelle tentative"


@pytest.mark.parametrize(("seconds", "said"), [(59, "59 secondes"), (61, "2 minutes"), (120, "2 minutes")])
def test_other_waits_are_said_in_words(seconds: int, said: str) -> None:
    body = problem("too-many-attempts", 429, Language.FRENCH, TooManyAttempts(retry_after=seconds))
    assert body["detail"] == f"Par mesure de sécurité, vous devez patienter {said} avant une nouvelle tentative"


def test_every_refusal_has_its_text() -> None:
    assert {refusal.code for refusal in all_refusals()} | {"internal-error"} == PROBLEMS.keys()


def test_every_reason_of_a_refusal_has_its_text() -> None:
    assert {refusal.reason for refusal in all_refusals() if refusal.reason} == REFUSAL_REASONS.keys()


def test_no_refusal_of_a_member_opens_a_browsers_password_dialog() -> None:
    schemes = {refusal.authenticate.split(" ")[0] for refusal in all_refusals() if refusal.code != "not-authentic"}
    assert schemes == {"Bearer", "MemberAccess"}


def test_no_text_is_missing_in_a_language() -> None:
    texts = [
        *FIELD_REASONS.values(),
        *REFUSAL_REASONS.values(),
        *(text for problem in PROBLEMS.values() for text in problem),
    ]
    for text in texts:
        assert text.fr.strip()
        assert text.en.strip()
        assert text.fr != text.en
