"""The printed letter, read by another engine than the one that checks it in production."""

from __future__ import annotations

import hashlib
import io
import multiprocessing
import re
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import pdfplumber
import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pdfplumber.utils.text import extract_text

from letters.page.geometry import LOGO, MAILEVA, PINGEN_LEFT, PINGEN_RIGHT, Zone
from letters.page.typesetting import LetterTypesetter
from member_access.postal.address_block import AddressBlock, LetterCannotBeSet
from member_access.postal.printable import PRINTABLE
from member_access.postal.shortening import LINE
from member_access.recovery.codes import Purpose
from member_access.values.countries import CountryCode
from member_access.values.postal_address import AddressLine
from member_access.values.types import LetterCode
from member_access.wording.texts import Language
from simulators.samples.insurer import INSURER
from simulators.samples.letters import REQUESTED_AT, SEVEN_LINES, WINDOWS, address, code_letter

if TYPE_CHECKING:
    from pathlib import Path

    from letters.page.geometry import AddressWindow
    from letters.page.typesetting import CodeLetter

    Character = dict[str, Any]

LETTERS_OF_NAMES = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyzÀÂÆÇÉÈÊËÎÏÔŒÙÛÜŸàâæçéèêëîïôœùûüÿŁłŞşŐőĐđÑñßžΩЖ"
HEALTH = re.compile(
    r"sant[ée]|health|\bsoins?\b|\bcare\b|m[ée]dec|m[ée]dic|maladie|illness|h[ôo]pit|hospit|rembours|reimburs|traitement",
    re.IGNORECASE,
)


TYPESETTERS: Final = {window: LetterTypesetter(INSURER, window) for window in WINDOWS.values()}


def typeset(letter: CodeLetter, window: AddressWindow = MAILEVA) -> bytes:
    return TYPESETTERS[window].typeset(letter)


@dataclass(frozen=True)
class Printed:
    """The text that a reader finds on the page of a letter."""

    page: Any

    @classmethod
    def of(cls, pdf: bytes) -> Printed:
        (page,) = pdfplumber.open(io.BytesIO(pdf)).pages
        return cls(page)

    @property
    def words(self) -> str:
        return " ".join(self.page.extract_text(use_text_flow=True).split())

    def characters_in(self, zone: Zone) -> list[Character]:
        return [character for character in self.page.chars if zone.overlaps(zone_of(character))]

    def lines_in(self, zone: Zone) -> list[str]:
        return extract_text(self.characters_in(zone)).splitlines()


def zone_of(character: Character) -> Zone:
    millimetre = 72 / 25.4
    return Zone(
        character["x0"] / millimetre,
        character["top"] / millimetre,
        (character["x1"] - character["x0"]) / millimetre,
        (character["bottom"] - character["top"]) / millimetre,
    )


def lines_of_text(minimum: int) -> st.SearchStrategy[str]:
    return st.text(LETTERS_OF_NAMES + "0123456789 -’.,", min_size=minimum, max_size=38).filter(
        lambda text: len(text.strip()) >= minimum and not any(len(character.upper()) > 1 for character in text)
    )


@st.composite
def addresses(draw: st.DrawFn) -> AddressBlock:
    country = draw(st.sampled_from(["", "RE", "DE", "GB"]))
    name = draw(st.text(LETTERS_OF_NAMES, min_size=2, max_size=38))
    split = draw(st.integers(0, len(name) - 1))
    return address(
        first_name=name[:split][:-1],
        last_name=name[split:],
        address_2=draw(lines_of_text(0)),
        address_3=draw(lines_of_text(0)),
        address_4=draw(lines_of_text(0)),
        address_5=draw(lines_of_text(0)),
        postcode="75001",
        town=draw(st.text(LETTERS_OF_NAMES.replace("ß", ""), min_size=1, max_size=32)),
        country=country,
    )


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_the_code_is_printed_once_large_and_in_pairs(window: AddressWindow, language: Language) -> None:
    printed = Printed.of(typeset(code_letter(language=language), window))

    assert printed.words.count("48 29 13 05 67") == 1
    large = [character for character in printed.page.chars if character["size"] >= 26]
    assert "".join(character["text"] for character in large) == "48 29 13 05 67"


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_nothing_is_printed_smaller_than_eleven_points(window: AddressWindow, language: Language) -> None:
    printed = Printed.of(typeset(code_letter(language=language), window))

    assert min(character["size"] for character in printed.page.chars) >= 10.99


def test_a_french_letter_says_what_to_do() -> None:
    said = Printed.of(typeset(code_letter())).words

    assert "Le lundi 23 novembre 2026" in said
    assert "Il est valable jusqu’au dimanche 13 décembre 2026 inclus (heure de Paris)." in said
    assert "Il ne sert qu’une seule fois." in said
    assert "Sur internet, allez à l’adresse adherents.mutuelle.example." in said
    assert "Choisissez « J’ai déjà un code »." in said
    assert "Saisissez votre identifiant et les 10 chiffres de ce code, puis appuyez sur « Vérifier »." in said
    assert "Choisissez votre mot de passe à 6 chiffres et confirmez-le." in said
    assert "Nous ne vous le demanderons jamais par téléphone" in said
    assert "Vous n’avez pas demandé ce code ? Ne l’utilisez pas et détruisez ce courrier" in said
    assert "Merci de nous prévenir au 01 99 00 12 34." in said
    assert "Appelez-nous au 01 99 00 12 34." in said


def test_an_english_letter_says_the_same() -> None:
    said = Printed.of(typeset(code_letter(language=Language.ENGLISH))).words

    assert "Monday 23 November 2026" in said
    assert "It is valid until the end of Sunday 13 December 2026 (Paris time)." in said
    assert "You can use it only once." in said
    assert "On the internet, go to adherents.mutuelle.example." in said
    assert "Choose “I already have a code”." in said
    assert "Enter your identifier and the 10 digits of this code, then press “Verify”." in said
    assert "Choose your 6-digit PIN and confirm it." in said
    assert "We will never ask you for it by telephone" in said
    assert "If you did not ask for this code Do not use it, and destroy this letter" in said
    assert "Please call us on 01 99 00 12 34 to let us know." in said
    assert "Call us on 01 99 00 12 34." in said


@pytest.mark.parametrize("language", Language)
def test_a_letter_has_no_word_about_health_and_nothing_like_an_identifier(language: Language) -> None:
    said = Printed.of(typeset(code_letter(language=language))).words

    assert HEALTH.search(said) is None
    assert re.findall(r"\b(?=[A-Z]*[0-9])[0-9A-Z]{6,12}\b", said) == []


@settings(max_examples=40)
@given(window=st.sampled_from([PINGEN_RIGHT, PINGEN_LEFT]), to=addresses())
def test_the_window_shows_the_whole_address_and_nothing_else(window: AddressWindow, to: AddressBlock) -> None:
    assert window.address is not None

    printed = Printed.of(typeset(code_letter(to=to), window))

    assert printed.lines_in(window.visible) == [" ".join(line.split()) for line in to.printed]
    for character in printed.characters_in(window.visible):
        assert window.address.grown(1).holds(zone_of(character))
        assert character["size"] >= 8.99


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_the_sender_window_shows_the_sender(window: AddressWindow) -> None:
    printed = Printed.of(typeset(code_letter(), window))

    assert printed.lines_in(Zone(0, 0, 95, 38)) == [INSURER.name, *INSURER.address]


def test_a_long_name_of_the_sender_is_set_smaller_on_one_line() -> None:
    insurer = replace(INSURER, name="Mutuelle des Salariés de l’Exemple")
    printed = Printed.of(LetterTypesetter(insurer, MAILEVA).typeset(code_letter()))

    assert printed.lines_in(Zone(0, 0, 95, 38)) == [insurer.name, *insurer.address]
    assert {round(character["size"]) for character in printed.characters_in(Zone(0, 14, 95, 4))} == {12}


def test_the_window_is_blank_where_the_provider_prints_the_address() -> None:
    assert Printed.of(typeset(code_letter(), MAILEVA)).characters_in(MAILEVA.visible.grown(1)) == []


def test_the_page_has_no_address_where_the_provider_prints_it() -> None:
    assert typeset(code_letter(to=SEVEN_LINES), MAILEVA) == typeset(code_letter(to=address()), MAILEVA)


@pytest.mark.parametrize("window", [PINGEN_RIGHT, PINGEN_LEFT], ids=["right", "left"])
@pytest.mark.parametrize(
    "to",
    [SEVEN_LINES, address(first_name="W" * 18, last_name="M" * 19), address(last_name="i" * 30, first_name="ÉÈ")],
    ids=["seven lines", "38 wide capitals", "narrow letters"],
)
def test_the_longest_addresses_fit(window: AddressWindow, to: AddressBlock) -> None:
    assert Printed.of(typeset(code_letter(to=to), window)).lines_in(window.visible) == list(to.printed)


@pytest.mark.parametrize(
    ("code", "grouped"),
    [("0000000000", "00 00 00 00 00"), ("0123456789", "01 23 45 67 89"), ("1111111111", "11 11 11 11 11")],
)
def test_a_code_keeps_its_zeros_and_fits_with_any_digits(code: str, grouped: str) -> None:
    assert grouped in Printed.of(typeset(code_letter(code=LetterCode.parse(code)))).words


def test_a_code_that_is_also_part_of_the_helpline_can_be_printed() -> None:
    insurer = replace(INSURER, helpline="48 29 13 05 67")

    printed = Printed.of(LetterTypesetter(insurer, MAILEVA).typeset(code_letter()))

    assert printed.words.count("48 29 13 05 67") == 3


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_every_font_is_embedded(window: AddressWindow) -> None:
    fonts = re.findall(rb"/Type/FontDescriptor.*?endobj", typeset(code_letter(), window), re.DOTALL)

    assert len(fonts) == 2
    assert all(b"/FontFile3 " in font for font in fonts)


@pytest.mark.parametrize(("language", "tag"), [(Language.FRENCH, "fr-FR"), (Language.ENGLISH, "en-GB")])
def test_a_letter_is_an_archivable_and_accessible_pdf(language: Language, tag: str) -> None:
    pdf = typeset(code_letter(language=language))

    assert b"<pdfaid:part>2</pdfaid:part>" in pdf
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in pdf
    assert b"<pdfuaid:part>1</pdfuaid:part>" in pdf
    assert f"/Lang({tag})".encode() in pdf


def hash_of_a_letter(window: str) -> str:
    return hashlib.sha256(typeset(code_letter(to=SEVEN_LINES), WINDOWS[window])).hexdigest()


@pytest.mark.parametrize("window", WINDOWS)
def test_two_processes_make_the_same_bytes_of_one_request(window: str) -> None:
    with ProcessPoolExecutor(1, mp_context=multiprocessing.get_context("spawn")) as another_process:
        theirs = another_process.submit(hash_of_a_letter, window).result()

    assert theirs == hash_of_a_letter(window)


def test_the_pdf_bears_the_date_of_the_request() -> None:
    assert b"D:20261123080500" in typeset(code_letter(requested_at=REQUESTED_AT))


def test_a_name_is_never_read_as_markup() -> None:
    to = address(first_name="*Jean* #panic()", last_name="$x^2$ `y` _z_ @a <b>")

    assert Printed.of(typeset(code_letter(to=to), PINGEN_RIGHT)).lines_in(PINGEN_RIGHT.visible) == list(to.printed)


@pytest.mark.parametrize("window", [PINGEN_RIGHT, PINGEN_LEFT])
def test_every_printable_letter_is_printed(window: AddressWindow) -> None:
    letters = [letter for letter in sorted(PRINTABLE) if letter.isalnum()]
    lines = ["".join(letters[start : start + LINE]) for start in range(0, len(letters), LINE)]
    for start in range(0, len(lines), 4):
        four = [AddressLine(line) for line in lines[start : start + 4]]
        typeset(code_letter(to=AddressBlock((*four, AddressLine("75011 PARIS")), CountryCode("FR"))), window)


def test_a_character_that_the_font_lacks_stops_the_letter() -> None:
    unchecked = AddressBlock((AddressLine("Secrète Exemple中文"), *address().numbered[1:]), CountryCode("FR"))
    with pytest.raises(LetterCannotBeSet) as refusal:
        typeset(code_letter(to=unchecked), PINGEN_RIGHT)

    assert str(refusal.value) == (
        "The letter's font has no U+4E2D, U+6587: spell the name or address with other letters."
    )
    assert refusal.value.__cause__ is None
    assert refusal.value.__suppress_context__


def test_what_does_not_fit_on_the_page_stops_the_letter() -> None:
    insurer = replace(INSURER, site="example " * 200)

    with pytest.raises(LetterCannotBeSet, match=r"^The letter does not fit on one page\.$"):
        LetterTypesetter(insurer, MAILEVA).typeset(code_letter())


def test_a_sender_that_does_not_fit_into_its_place_stops_the_letter() -> None:
    insurer = replace(INSURER, address=("A line of the sender",) * 6)

    with pytest.raises(LetterCannotBeSet, match=r"^The sender does not fit into its place\.$"):
        LetterTypesetter(insurer, MAILEVA).typeset(code_letter())


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize(
    ("language", "welcome", "last_step"),
    [
        (Language.FRENCH, "Bienvenue dans votre espace adhérent", "Choisissez un mot de passe à 6 chiffres"),
        (Language.ENGLISH, "Welcome to your member area", "Choose a 6-digit PIN and confirm it."),
    ],
)
def test_an_invitation_welcomes_and_says_how_to_begin(
    window: AddressWindow, language: Language, welcome: str, last_step: str
) -> None:
    letter = replace(code_letter(language=language, to=SEVEN_LINES), is_invitation=True)
    said = Printed.of(typeset(letter, window)).words
    for sentence in (welcome, last_step, INSURER.site, INSURER.helpline, "48 29 13 05 67"):
        assert sentence in said
    for sentence in ("nouveau mot de passe", "a new 6-digit PIN", "n’a pas changé", "has not changed"):
        assert sentence not in said


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
@pytest.mark.parametrize(
    ("language", "title", "last_step"),
    [
        (Language.FRENCH, "Votre code de sécurité pour confirmer votre connexion", "appuyez sur « Confirmer »."),
        (Language.ENGLISH, "Your security code to confirm your sign-in", "then press “Confirm”."),
    ],
)
def test_a_letter_of_a_second_step_says_how_to_confirm(
    window: AddressWindow, language: Language, title: str, last_step: str
) -> None:
    letter = replace(code_letter(language=language, to=SEVEN_LINES), purpose=Purpose.CONFIRM)
    said = Printed.of(typeset(letter, window)).words
    for sentence in (title, last_step, INSURER.site, INSURER.helpline, "48 29 13 05 67"):
        assert sentence in said
    for sentence in ("J’ai déjà un code", "I already have a code", "n’a pas changé", "has not changed"):
        assert sentence not in said


def ink(pdf: bytes, zone: Zone) -> int:
    """Count the dots of a zone that are not white, at four a millimetre."""
    picture = pypdfium2.PdfDocument(pdf)[0].render(scale=4 * 25.4 / 72, grayscale=True).to_pil()
    part = picture.crop(tuple(round(4 * edge) for edge in (zone.left, zone.top, zone.right, zone.bottom)))
    return sum(part.histogram()[:255])


@pytest.mark.parametrize("window", WINDOWS.values(), ids=WINDOWS)
def test_the_logo_stands_at_its_place_outside_every_window(window: AddressWindow, tmp_path: Path) -> None:
    with_logo = LetterTypesetter(INSURER, window).typeset(code_letter())
    without = LetterTypesetter(INSURER, window, tmp_path / "none.svg").typeset(code_letter())

    assert ink(with_logo, LOGO) > 1000
    assert ink(without, LOGO) == 0
    assert not any(LOGO.grown(1).overlaps(other.visible) for other in WINDOWS.values())
    assert Printed.of(with_logo).words == Printed.of(without).words


@pytest.mark.parametrize("size", ["600 20", "20 600"])
def test_a_logo_of_any_shape_keeps_to_its_place(size: str, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size}"><path d="M0 0h999v999h-999z"/></svg>'
    )
    pdf = LetterTypesetter(INSURER, PINGEN_RIGHT, logo).typeset(code_letter())

    inside, around = ink(pdf, LOGO), ink(pdf, LOGO.grown(3))
    assert inside > 0
    assert around - inside < 0.02 * inside


def test_the_box_around_the_code_has_the_colour_of_the_brand() -> None:
    pdf = LetterTypesetter(replace(INSURER, accent="#d6006c"), MAILEVA).typeset(code_letter())

    assert (214, 0, 108) in {
        colour for _, colour in pypdfium2.PdfDocument(pdf)[0].render(scale=3).to_pil().getcolors(99_999)
    }
