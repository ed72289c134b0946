"""What a row of the insurer's file must say."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_import.import_rows import COLUMNS, MemberRow, RejectedRow, parse_row, readable_identifier
from member_access.values.types import Identifier
from member_access.wording.texts import Language
from tests.support.members import NOW, french_iban, member_row


def parsed(**different: str) -> MemberRow:
    return parse_row(list(member_row(**different).values()), Identifier.DEFAULT_PATTERN, NOW)


def refusal(**different: str) -> str:
    with pytest.raises(RejectedRow) as refused:
        parsed(**different)
    return str(refused.value)


def test_a_good_row_becomes_a_member() -> None:
    row = parsed(identifier=" a1234567 ", postcode="75 011", language="")
    assert row.details.identifier == "A1234567"
    assert row.details.postcode == "75011"
    assert row.details.country == "FR"
    assert row.details.language is Language.FRENCH
    assert row.identity.nir.reveal() == "1850375000001"
    assert row.iban is not None


def test_e_mail_iban_and_address_lines_may_be_missing() -> None:
    row = parsed(email=" ", iban="", address_4="")
    assert (row.details.email, row.iban, row.details.address_4) == (None, None, "")


def test_an_address_abroad_has_a_free_postcode_or_none() -> None:
    assert parsed(country="GB", postcode="zz9 4qx", language="en").details.postcode == "zz9 4qx"
    assert parsed(country="AE", postcode="").details.postcode == ""


@pytest.mark.parametrize(
    ("different", "reason"),
    [
        ({"identifier": ""}, "identifier: missing"),
        ({"identifier": "A12"}, "identifier: an identifier must be six to twelve letters or digits"),
        ({"nir": "  "}, "nir: missing"),
        ({"nir": "1850375000001 99"}, "nir: the key, the last two digits, does not belong to the NIR"),
        ({"nir": "185037500000"}, "nir: a NIR has 13 characters, or 15 with its key"),
        ({"birth_date": ""}, "birth_date: missing"),
        ({"birth_date": "14/03/1985"}, "birth_date: a birth date must be YYYY-MM-DD"),
        ({"last_name": ""}, "last_name: missing"),
        ({"first_name": ""}, "first_name: missing"),
        ({"first_name": "A" * 31}, "first_name and last_name: 39 characters"),
        ({"address_2": "A" * 39}, "address_2: 39 characters, but a line of an envelope has at most 38"),
        ({"address_4": "1 RUE\nDE L EXEMPLE"}, "address_4: contains a line break or another control character"),
        ({"address_5": "LIEU\x00DIT"}, "address_5: contains a line break or another control character"),
        ({"town": ""}, "town: missing"),
        ({"town": "P" * 33}, "postcode and town: 39 characters"),
        ({"postcode": ""}, "postcode: a postcode in France must be five digits"),
        ({"postcode": "7501"}, "postcode: a postcode in France must be five digits"),
        ({"country": "France"}, "country: a country must be a two-letter ISO 3166-1 code"),
        ({"email": "camille.example.fr"}, "email: an e-mail address must have the form name@domain"),
        ({"iban": french_iban("1")[:-1]}, "iban: the check digits or the length of the IBAN are wrong"),
        ({"language": "de"}, "language: the language must be fr or en"),
    ],
)
def test_a_bad_field_is_named_with_the_rule(different: dict[str, str], reason: str) -> None:
    assert refusal(**different).startswith(reason)


def test_everything_wrong_with_a_row_is_reported_at_once() -> None:
    reasons = refusal(nir="", email="not-an-address", town="", language="xx").split("; ")
    assert [reason.partition(":")[0] for reason in reasons] == ["nir", "town", "email", "language"]


@pytest.mark.parametrize("count", [0, 1, len(COLUMNS) - 1, len(COLUMNS) + 1])
def test_a_row_with_another_number_of_columns_is_refused(count: int) -> None:
    with pytest.raises(RejectedRow, match=f"{count} columns instead of {len(COLUMNS)}"):
        parse_row(["A1234567"] * count, Identifier.DEFAULT_PATTERN, NOW)


@given(st.fixed_dictionaries({}, optional={column: st.text(max_size=50) for column in COLUMNS}))
def test_a_reason_repeats_nothing_of_a_row(different: dict[str, str]) -> None:
    try:
        parsed(**different)
    except RejectedRow as refused:
        said = str(refused)
        own = member_row()
        assert own["nir"][:13] not in said
        assert own["iban"] not in said
        # A reason names its column.
        values = {value for value in different.values() if len(value) > 8} - set(COLUMNS)
        assert {value for value in values if value in said} == set()


def test_the_identifier_of_a_bad_row_is_reported_if_readable() -> None:
    assert readable_identifier([" a1234567", "x"], Identifier.DEFAULT_PATTERN) == "A1234567"
    assert readable_identifier(["1850375000001"], Identifier.DEFAULT_PATTERN) is None
    assert readable_identifier([], Identifier.DEFAULT_PATTERN) is None
