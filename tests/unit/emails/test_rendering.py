"""What every e-mail says, and what none may have."""

from __future__ import annotations

import re
import string
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import pytest

from emails.addressee import Addressee
from emails.messages import IdentifierReminder, PinChangedNotice, ResetCode
from emails.rendering import EmailRenderer, RenderedEmail
from emails.wording import Catalogue
from member_access.errors import InvalidValue
from member_access.values.types import EmailCode, Identifier, Instant
from member_access.wording.texts import Language
from simulators.samples.emails import ADDRESSEE, MESSAGES, NOW, parse_page
from simulators.samples.insurer import INSURER

if TYPE_CHECKING:
    from emails.messages import Message

RENDERER = EmailRenderer(INSURER)
every_email = pytest.mark.parametrize(
    "email",
    [
        pytest.param(RENDERER.render(message, ADDRESSEE, language), id=f"{name}-{language}")
        for name, message in MESSAGES.items()
        for language in Language
    ],
)
both_languages = pytest.mark.parametrize("language", Language)


def code_email(language: Language = Language.FRENCH) -> RenderedEmail:
    return RENDERER.render(MESSAGES["reset_code"], ADDRESSEE, language)


def placeholders(sentences: list[str]) -> set[str]:
    return {name for sentence in sentences for _, name, _, _ in string.Formatter().parse(sentence) if name}


def sentences(language: Language, name: str) -> list[str]:
    wording = Catalogue.of(language).model_dump()[name]
    return [text for value in wording.values() for text in ([value] if isinstance(value, str) else value)]


@every_email
def test_the_text_part_says_the_same_as_the_html(email: RenderedEmail) -> None:
    assert " ".join("".join(parse_page(email.html).seen).split()) == " ".join(email.text.split())


@pytest.mark.parametrize("name", MESSAGES)
def test_both_languages_state_the_same_facts(name: str) -> None:
    french, english = (placeholders(sentences(language, name)) for language in (Language.FRENCH, Language.ENGLISH))

    assert french == english
    assert "helpline" in french


@pytest.mark.parametrize("name", MESSAGES)
def test_both_languages_have_as_many_paragraphs_in_each_place(name: str) -> None:
    french, english = (
        {key: len(value) if isinstance(value, tuple) else bool(value) for key, value in wording.items()}
        for wording in (Catalogue.of(language).model_dump()[name] for language in Language)
    )

    assert french == english


@pytest.mark.parametrize(
    ("language", "expiry"),
    [
        (
            Language.FRENCH,
            "valable 10 minutes après la demande, jusqu’au lundi 23 novembre 2026 à 9 h 15 (heure de Paris).",
        ),
        (
            Language.ENGLISH,
            "This code is valid for 10 minutes after the request, until Monday 23 November 2026 at 09:15 (Paris time).",
        ),
    ],
)
def test_the_email_with_a_code_says_until_when_it_works(language: Language, expiry: str) -> None:
    assert expiry in " ".join(code_email(language).text.split())


@both_languages
def test_a_code_is_one_run_of_digits_and_its_gap_is_drawn(language: Language) -> None:
    email = code_email(language)

    assert " 482913\n" in email.text
    assert re.sub(r"</?span[^>]*>", "", email.html).count(">482913<") == 1
    assert '>48<span style="letter-spacing: 14px;">2</span>913<' in email.html


@both_languages
def test_a_code_is_spelt_out_for_screen_readers(language: Language) -> None:
    email = code_email(language)

    assert ": 4, 8, 2, 9, 1, 3\n" in email.text.replace("\N{NO-BREAK SPACE}", " ")
    assert ": 4, 8, 2, 9, 1, 3</p>" in email.html.replace("\N{NO-BREAK SPACE}", " ")
    assert 'role="img"' not in email.html


@both_languages
def test_a_phone_finds_the_code_right_after_the_word_and_before_other_digits(language: Language) -> None:
    """Such programs look for a run of four to eight digits close to a word for a code; Apple publishes no rule."""
    for text in (code_email(language).text, "".join(parse_page(code_email(language).html).seen)):
        code = re.search(r"\bcode\W{1,3}(482913)\b", text)
        before = text[: text.index("482913")]
        assert code, text
        assert re.findall(r"\d(?:[ \u00a0.-]?\d){3,7}", before) == []


@both_languages
def test_an_email_says_where_to_type_the_code_once_the_page_is_closed(language: Language) -> None:
    label = {Language.FRENCH: "« J’ai déjà un code »", Language.ENGLISH: "“I already have a code”"}[language]
    text = code_email(language).text.replace("\N{NO-BREAK SPACE}", " ")

    assert re.search(rf"adherents\.mutuelle\.example .*{label}", text)


@pytest.mark.parametrize(
    ("name", "language", "subject"),
    [
        ("pin_created", Language.FRENCH, "Votre mot de passe est créé"),
        ("pin_created", Language.ENGLISH, "Your PIN is created"),
        ("pin_changed", Language.FRENCH, "Votre nouveau mot de passe est enregistré"),
        ("pin_changed", Language.ENGLISH, "Your new PIN is set"),
    ],
)
def test_a_first_pin_is_not_called_new(name: str, language: Language, subject: str) -> None:
    email = RENDERER.render(MESSAGES[name], ADDRESSEE, language)

    assert email.subject == subject
    assert (re.search(r"\bnew\b|nouveau", email.text) is None) == (name == "pin_created")


def test_a_code_keeps_its_leading_zeros() -> None:
    message = ResetCode(EmailCode.parse("000012"), requested_at=NOW, expires_at=NOW)

    assert " 000012\n" in RENDERER.render(message, ADDRESSEE, Language.FRENCH).text


@both_languages
def test_a_code_does_not_show_on_a_locked_screen(language: Language) -> None:
    email = code_email(language)

    assert "913" not in email.subject + parse_page(email.html).title + parse_page(email.html).preview
    assert len(parse_page(email.html).preview) > 200
    assert email.text.index("482913") > 150


@pytest.mark.parametrize("name", ["pin_created", "pin_changed", "letter_requested", "identifier_reminder"])
@both_languages
def test_only_the_email_with_a_code_has_one(name: str, language: Language) -> None:
    email = RENDERER.render(MESSAGES[name], ADDRESSEE, language)

    assert re.search(r"\b\d{6}\b", email.text) is None


@both_languages
def test_only_the_reminder_has_an_identifier(language: Language) -> None:
    texts = {name: RENDERER.render(message, ADDRESSEE, language).text for name, message in MESSAGES.items()}
    having = {name for name, text in texts.items() if "AB123456" in text}

    assert having == {"identifier_reminder"}


@every_email
def test_an_email_says_whom_to_call(email: RenderedEmail) -> None:
    assert "01 99 00 12 34" in email.text.replace("\N{NO-BREAK SPACE}", " ")


@every_email
def test_an_email_has_no_image_and_nothing_to_load(email: RenderedEmail) -> None:
    page = parse_page(email.html)

    assert {tag for tag, _ in page.tags}.isdisjoint({"img", "link", "script", "iframe", "form", "base", "object"})
    assert {name for _, attributes in page.tags for name in attributes}.isdisjoint({"src", "background"})
    assert re.search(r"https?:|www\.|url\(|@import|@font-face|mailto:|cid:", email.html + email.text) is None


@every_email
def test_the_telephone_number_is_the_one_link_of_an_email(email: RenderedEmail) -> None:
    links = [attributes["href"] for tag, attributes in parse_page(email.html).tags if tag == "a"]

    assert set(links) == {"tel:0199001234"}
    assert len(links) == email.text.count("01\N{NO-BREAK SPACE}99") == email.html.count("01\N{NO-BREAK SPACE}99")


@pytest.mark.parametrize(
    ("helpline", "dialled"),
    [("+33 1 99 00 12 34", "+33199001234"), ("36 99", "3699"), ("01.99.00.12.34", "0199001234")],
)
def test_a_telephone_number_is_dialled_as_it_is_written(helpline: str, dialled: str) -> None:
    email = EmailRenderer(replace(INSURER, helpline=helpline)).render(
        MESSAGES["pin_changed"], ADDRESSEE, Language.FRENCH
    )

    assert f'href="tel:{dialled}"' in email.html


@every_email
def test_an_email_has_the_colour_of_the_brand(email: RenderedEmail) -> None:
    assert f"background-color: {INSURER.accent};" in email.html


@both_languages
def test_an_email_asks_for_no_reply_unless_someone_reads_it(language: Language) -> None:
    asked = {Language.FRENCH: "merci de ne pas y répondre", Language.ENGLISH: "please do not reply"}[language]
    invited = {Language.FRENCH: "Répondez à cet e-mail", Language.ENGLISH: "Reply to this e-mail"}[language]
    for is_read, words, others in ((False, asked, invited), (True, invited, asked)):
        renderer = EmailRenderer(INSURER, replies_are_read=is_read)
        text = renderer.render(MESSAGES["pin_changed"], ADDRESSEE, language).text
        assert words in text
        assert others not in text


@both_languages
@pytest.mark.parametrize("name", MESSAGES)
def test_an_email_is_accessible(name: str, language: Language) -> None:
    email = RENDERER.render(MESSAGES[name], ADDRESSEE, language)
    page = parse_page(email.html)
    tags = [tag for tag, _ in page.tags]

    assert page.tags[0] == ("html", {"lang": language.value, "dir": "ltr"})
    assert page.title == email.subject
    assert tags.count("h1") == 1
    assert all(attributes.get("role") == "presentation" for tag, attributes in page.tags if tag == "table")
    assert min(int(size) for size in re.findall(r"font-size: (\d+)px", email.html)) >= 16


@pytest.mark.parametrize("line_break", ["\r\n", "\n", "\r", "\u2028", "\x0b", "\x00"])
def test_a_line_break_in_the_insurers_name_cannot_start_a_header(line_break: str) -> None:
    with pytest.raises(InvalidValue, match="the insurer's name has a line break"):
        replace(INSURER, name=f"Mutuelle{line_break}Bcc: thief@thieves.example")
    with pytest.raises(InvalidValue, match="the subject of an e-mail is one line"):
        RenderedEmail(subject=f"Mutuelle{line_break}Bcc: thief@thieves.example", text="", html="")


def test_markup_in_a_fact_is_shown_as_it_is() -> None:
    renderer = EmailRenderer(replace(INSURER, name="<b>Mutuelle</b> & {helpline} {{ 7 * 7 }}"))

    email = renderer.render(MESSAGES["pin_changed"], ADDRESSEE, Language.FRENCH)

    assert "<b>" not in email.html
    assert "&lt;b&gt;Mutuelle&lt;/b&gt; &amp; {helpline} {{ 7 * 7 }}" in email.html
    assert "<b>Mutuelle</b> & {helpline} {{ 7 * 7 }}" in email.text


@pytest.mark.parametrize("name", MESSAGES)
@pytest.mark.parametrize(
    ("language", "beginning", "ending"),
    [(Language.FRENCH, "Cet e-mail concerne Camille", "se termine par 56"), (Language.ENGLISH, "for Camille", "in 56")],
)
def test_an_email_says_whose_it_is(name: str, language: Language, beginning: str, ending: str) -> None:
    text = RENDERER.render(MESSAGES[name], ADDRESSEE, language).text
    assert beginning in text
    assert (ending in text) == (name != "identifier_reminder"), "the reminder has the whole identifier"


@both_languages
def test_the_name_of_a_member_shows_as_it_is(language: Language) -> None:
    name = "<b>D’Arc</b> & {helpline} {{ 7 * 7 }} %s"
    email = RENDERER.render(MESSAGES["reset_code"], Addressee(name, "56"), language)
    assert name in email.text
    assert "<b>" not in email.html
    assert "&lt;b&gt;D’Arc&lt;/b&gt; &amp; {helpline} {{ 7 * 7 }} %s" in email.html
    assert "Arc" not in email.subject


@both_languages
def test_an_email_to_a_member_without_a_name_still_reads_well(language: Language) -> None:
    text = RENDERER.render(MESSAGES["pin_changed"], Addressee("", "56"), language).text
    assert {Language.FRENCH: "concerne un adhérent, dont", Language.ENGLISH: "for a member, whose"}[language] in text


@pytest.mark.parametrize(
    ("expires_at", "french", "english"),
    [
        ("2026-10-25T00:05:00+00:00", "à 2 h 05, heure d’été (heure de Paris)", "at 02:05, summer time (Paris time)"),
        ("2026-10-25T01:05:00+00:00", "à 2 h 05, heure d’hiver (heure de Paris)", "at 02:05, winter time (Paris time)"),
    ],
)
def test_a_code_of_the_night_of_two_hours_names_its_hour(expires_at: str, french: str, english: str) -> None:
    end = Instant(int(datetime.fromisoformat(expires_at).timestamp()))
    message = ResetCode(EmailCode.parse("482913"), requested_at=Instant(end - 600), expires_at=end)
    for language, sentence in ((Language.FRENCH, french), (Language.ENGLISH, english)):
        text = RENDERER.render(message, ADDRESSEE, language).text.replace("\N{NO-BREAK SPACE}", " ")
        assert sentence in text
        assert "10 minutes" in text


@pytest.mark.parametrize(
    ("message", "secret"),
    [
        (MESSAGES["reset_code"], "482913"),
        (code_email(), "482913"),
    ],
    ids=["message", "e-mail"],
)
def test_neither_a_message_nor_an_email_shows_its_code_in_a_log(message: object, secret: str) -> None:
    assert secret not in repr(message)


@pytest.mark.parametrize(
    ("changed_at", "reported"),
    [(1_774_745_999, "dimanche 29 mars 2026 à 1 h 59"), (1_774_746_000, "dimanche 29 mars 2026 à 3 h 00")],
)
def test_times_follow_the_clocks_of_paris_into_summer(changed_at: int, reported: str) -> None:
    email = RENDERER.render(PinChangedNotice(Instant(changed_at)), ADDRESSEE, Language.FRENCH)

    assert reported in " ".join(email.text.split())


@pytest.mark.parametrize("message", [IdentifierReminder(Identifier.parse("W" * 12))])
def test_the_reminder_spells_the_identifier_out(message: Message) -> None:
    assert f"One by one: {', '.join('W' * 12)}</p>" in RENDERER.render(message, ADDRESSEE, Language.ENGLISH).html
