"""The NIR in every form that people type."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.errors import InvalidValue
from member_access.values.nir import Nir, WrongNirKey
from tests.support.members import with_key

CANONICAL = "1850375056001"
SEPARATORS = " .-\t\u00a0\u2007\u2009\u200b\u2011\u2013\u202f\u2060\ufeff"

months = st.sampled_from([*range(1, 13), *range(20, 43), *range(50, 100)]).map("{:02}".format)
departments = st.sampled_from(["2A", "2B", "97", "98", "99"]) | st.integers(1, 96).map("{:02}".format)
nirs = st.builds(
    "{}{:02}{}{}{:06}".format,
    st.sampled_from("123478"),
    st.integers(0, 99),
    months,
    departments,
    st.integers(0, 999_999),
)


@st.composite
def typed(draw: st.DrawFn, nir: str) -> str:
    """A NIR as a person may type it: with or without its key, separators anywhere, Corsica in either case."""
    text = with_key(nir) if draw(st.booleans()) else nir
    text = text.lower() if draw(st.booleans()) else text
    gaps = draw(st.lists(st.text(SEPARATORS, max_size=2), min_size=len(text) + 1, max_size=len(text) + 1))
    return gaps[0] + "".join(character + gap for character, gap in zip(text, gaps[1:], strict=True))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (CANONICAL, CANONICAL),
        ("1 85 03 75 056 001", CANONICAL),
        ("1 85 03 75 056 001 81", CANONICAL),
        ("1.85.03.75.056.001-81", CANONICAL),
        ("1\u00a085\u202f03\u200775\u2009056\u2011001\u00a081", CANONICAL),
        ("  185037505600181  ", CANONICAL),
        ("2 91 11 2a 004 012", "291112A004012"),
        ("166042b033045", "166042B033045"),
        ("2880997411023", "2880997411023"),  # Réunion
        ("2951298735002", "2951298735002"),  # Polynesia
        ("1514299352008", "1514299352008"),  # born abroad, month unknown
        ("2386299350011", "2386299350011"),  # month unknown, the older series
        ("7940599208031", "7940599208031"),  # provisional
        ("3010575112066", "3010575112066"),
        ("1300192001001", "1300192001001"),  # Algeria before independence
        ("7161700008502", "7161700008502"),  # a provisional number of the Assurance Maladie (NNP)
        ("8144100008502", "8144100008502"),
        ("785087512304538", "7850875123045"),  # a number that waits for the registry (NIA)
        ("N° 1850375056001", CANONICAL),
        ("N° SS : 1 85 03 75 056 001", CANONICAL),
        ("Numéro de sécurité sociale : 1850375056001 81", CANONICAL),
        ("NIR 1850375056001", CANONICAL),
        ("1850375056001 clé 81", CANONICAL),
        ("1850375056001 cle : 81", CANONICAL),
        ("1850375056001 (81)", CANONICAL),
        ("1 85 03 75 056 001 / 81", CANONICAL),
        ("1 85 03 75 056 001 | 81", CANONICAL),
    ],
)
def test_every_form_that_people_type_is_understood(text: str, canonical: str) -> None:
    assert Nir.parse(text).reveal() == canonical


@pytest.mark.parametrize(
    "text",
    [
        "",
        "185037505600",
        "18503750560011",
        "1850375056001810",
        "0850375056001",  # python-stdnum takes any first digit
        "5850375056001",  # a migrant in passage
        "9850375056001",
        "1850075056001",  # it takes any month
        "1851375056001",
        "1854375056001",
        "1850300056001",  # and department 00
        "185032C056001",
        "1850375O56001",
        "1850375056001 1",
        "1/85/03/75/056/001",
        "1850375056001\n\n\x00",
        "7361700008502",
        "1850375056001 ()",
        "1850375056001 clé",
        "x 1850375056001",
        " " * 100 + "1850375056001" + " " * 100 + ":",
        "\uff11850375056001",  # and full-width digits
        "١٨٥٠٣٧٥٠٥٦٠٠١",
        "1850375056001²",
    ],
)
def test_what_is_no_nir_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue) as refusal:
        Nir.parse(text)
    assert not isinstance(refusal.value, WrongNirKey)


@pytest.mark.parametrize(
    "text", ["185037505600182", "1850375056001 clé 82", "7161700008502 99", "1 85 03 75 056 001 00", "291112A00401217"]
)
def test_a_wrong_key_is_an_error_of_its_own(text: str) -> None:
    with pytest.raises(WrongNirKey):
        Nir.parse(text)


@given(nirs.flatmap(lambda nir: st.tuples(st.just(nir), typed(nir))))
def test_however_a_nir_is_typed_it_is_the_same_nir(example: tuple[str, str]) -> None:
    nir, text = example
    assert Nir.parse(text) == Nir.parse(nir)
    assert Nir.parse(text).reveal() == nir


@given(nirs.map(with_key), st.data())
def test_one_wrong_digit_is_caught_by_the_key(text: str, data: st.DataObject) -> None:
    position = data.draw(st.sampled_from([i for i, character in enumerate(text) if character.isdigit()]))
    other = data.draw(st.sampled_from("0123456789").filter(lambda digit: digit != text[position]))
    with pytest.raises(InvalidValue):
        Nir.parse(text[:position] + other + text[position + 1 :])


@given(st.text() | st.text("0123456789 .-AB", max_size=20))
def test_any_text_is_a_nir_or_refused(text: str) -> None:
    try:
        parsed = Nir.parse(text).reveal()
    except InvalidValue:
        return
    assert Nir.parse(parsed).reveal() == parsed


@given(nirs)
def test_a_nir_hides_itself(nir: str) -> None:
    assert nir not in repr(Nir.parse(nir))
    assert nir not in f"{Nir.parse(nir)}"
