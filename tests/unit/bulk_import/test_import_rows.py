"""What a row of the insurer's file must say, and what it may say wrongly."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulk_import.import_rows import COLUMNS, MemberRow, RejectedRow, parse_row, readable_identifier
from member_access.values.types import Identifier
from member_access.wording.texts import Language
from tests.support.members import NOW, member_row
from tests.support.row_corpus import REJECTED, TAKEN, TAKEN_WITH_REMARKS


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
    assert row.remarks == ()


def test_e_mail_iban_and_address_lines_may_be_missing() -> None:
    row = parsed(email=" ", iban="", address_4="")
    assert (row.details.email, row.iban, row.details.address_4, row.remarks) == (None, None, "", ())


def test_an_address_abroad_has_a_free_postcode_or_none() -> None:
    assert parsed(country="GB", postcode="zz9 4qx", language="en").details.postcode == "zz9 4qx"
    assert parsed(country="AE", postcode="").details.postcode == ""


@pytest.mark.parametrize("different", TAKEN, ids=str)
def test_what_is_well_known_in_files_is_taken_without_a_remark(different: dict[str, str]) -> None:
    assert parsed(**different).remarks == ()


@pytest.mark.parametrize(("different", "remark"), TAKEN_WITH_REMARKS, ids=str)
def test_what_costs_no_member_the_sign_in_is_a_remark(different: dict[str, str], remark: str) -> None:
    remarks = parsed(**different).remarks
    assert [one for one in remarks if one.startswith(remark)], remarks


@pytest.mark.parametrize(("different", "reason"), REJECTED, ids=str)
def test_a_row_without_which_no_member_is_recognised_is_rejected(different: dict[str, str], reason: str) -> None:
    assert refusal(**different).startswith(reason)


@pytest.mark.parametrize(
    ("column", "written", "read"),
    [
        ("email", "john.o’brien@example.fr", "john.o'brien@example.fr"),
        ("email", "camille@société.example", "camille@xn--socit-esab.example"),
        ("email", "camille@STRASSE.example", "camille@strasse.example"),
        ("email", "camille@straße.example", "camille@xn--strae-oqa.example"),
        ("email", "mailto:camille@example.fr", "camille@example.fr"),
        ("email", "Camille Exemple <camille@example.fr>", "camille@example.fr"),
        ("last_name", "NoÃ«l", "Noël"),
        ("last_name", "L&#39;Exemple &amp; fils", "L'Exemple & fils"),
        ("town", "Saint\nDenis", "Saint Denis"),
        ("country", "Belgique", "BE"),
        ("country", "FRANCE", "FR"),
        ("country", "xk", "XK"),
        ("language", "fr-FR", "fr"),
        ("language", "Anglais", "en"),
        ("language", "de", "fr"),
    ],
)
def test_a_value_is_read_as_it_was_meant(column: str, written: str, read: str) -> None:
    details = (
        parsed(**{column: written, **({"postcode": "1000"} if column == "country" else {})})
        if (column == "country" and read != "FR")
        else parsed(**{column: written})
    )
    value = getattr(details.details, column)
    assert (value.reveal() if column == "email" else str(value)) == read


@pytest.mark.parametrize(
    "written", ["14/03/1985", "14-03-1985", "14.03.1985", "19850314", "1985-03-14 00:00:00", "1985/03/14"]
)
def test_unambiguous_dates_are_the_same_birth_date(written: str) -> None:
    assert parsed(birth_date=written).identity.birth_date.reveal() == "1985-03-14"


def test_everything_wrong_with_a_row_is_reported_at_once() -> None:
    reasons = refusal(nir="", email="not-an-address", town="", language="xx").split("; ")
    assert [reason.partition(":")[0] for reason in reasons] == ["nir", "town", "email", "language"]


@given(st.fixed_dictionaries({}, optional={column: st.text(max_size=50) for column in COLUMNS}))
def test_a_reason_repeats_nothing_of_a_row(different: dict[str, str]) -> None:
    try:
        said = "; ".join(parsed(**different).remarks)
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
