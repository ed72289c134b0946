"""The sample members of the local stack: every case that the rules know, and plainly invented."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bulk_import.csv_records import CsvFile, Record
from bulk_import.import_rows import COLUMNS, MemberRow, parse_row
from member_access.postal.address_text import AddressText
from member_access.values.types import Identifier
from member_access.wording.texts import Language
from simulators.template import ROOT
from tests.support.members import NOW

if TYPE_CHECKING:
    from collections.abc import Callable

INVENTED = re.compile(
    "EXEMPLE|FICTI|INVENT|MODELE|MODÈLE|SPECIMEN|PROVISOIRE|ESSAI|TÉMOIN|SAMPLE|VOORBEELD|MUDELLU|ESEMPIU|CŒURVAILLANT"
)
INVENTED_MAIL = re.compile(r"@example\.(fr|org|net)$")

CASES: dict[str, Callable[[MemberRow], bool]] = {
    "without e-mail": lambda member: member.details.email is None,
    "with e-mail": lambda member: member.details.email is not None,
    "without IBAN": lambda member: member.iban is None,
    "born in Corse-du-Sud": lambda member: _nir(member)[5:7] == "2A",
    "born in Haute-Corse": lambda member: _nir(member)[5:7] == "2B",
    "born overseas": lambda member: _nir(member)[5:7] == "97",
    "born in the Pacific": lambda member: _nir(member)[5:7] == "98",
    "born abroad": lambda member: _nir(member)[5:7] == "99",
    "provisional NIR": lambda member: _nir(member)[0] in "78",
    "pseudo-month of the first series": lambda member: 20 <= int(_nir(member)[3:5]) <= 42,
    "pseudo-month of the second series": lambda member: int(_nir(member)[3:5]) >= 50,
    "lunar birth date": lambda member: int(member.identity.birth_date.reveal()[5:7]) > 12,
    "unknown day and month": lambda member: member.identity.birth_date.reveal().endswith("-00-00"),
    "address abroad": lambda member: member.details.country not in {"FR", "PF"},
    "postcode with letters": lambda member: (
        member.identity.postcode.normalised.isalnum() and not member.identity.postcode.normalised.isdigit()
    ),
    "English": lambda member: member.details.language is Language.ENGLISH,
    "six lines of 38 characters": lambda member: _line_lengths(member) == {38},
    "œ and accents": lambda member: {"Œ", "ï"} <= set(f"{member.details.last_name}{member.details.first_name}"),
}


def _nir(member: MemberRow) -> str:
    return member.identity.nir.reveal()


def _line_lengths(member: MemberRow) -> set[int]:
    details = member.details
    lines = [details.address_2, details.address_3, details.address_4, details.address_5]
    lines.append(AddressText(f"{details.first_name} {details.last_name}"))
    lines.append(AddressText(f"{details.postcode} {details.town}"))
    return {len(line) for line in lines}


@pytest.fixture(scope="module")
def records() -> list[Record]:
    with (ROOT / "local" / "members.csv").open("rb") as file:
        return list(CsvFile(file, COLUMNS).records())


@pytest.fixture(scope="module")
def members(records: list[Record]) -> list[MemberRow]:
    return [parse_row(record.fields, Identifier.DEFAULT_PATTERN, NOW) for record in records]


def test_every_sample_member_is_a_good_row_and_another_person(members: list[MemberRow]) -> None:
    assert len({member.details.identifier for member in members}) == len(members)
    assert len({_nir(member) for member in members}) == len(members)


def test_every_sample_member_is_plainly_invented(members: list[MemberRow]) -> None:
    for member in members:
        assert INVENTED.search(member.details.last_name)
        assert member.details.email is None or INVENTED_MAIL.search(member.details.email.reveal())


@pytest.mark.parametrize("case", CASES)
def test_there_is_a_sample_member_for_every_case(members: list[MemberRow], case: str) -> None:
    assert any(CASES[case](member) for member in members)


def test_there_are_ibans_of_three_countries(records: list[Record]) -> None:
    ibans = [record.fields[COLUMNS.index("iban")] for record in records]
    assert {iban[:2] for iban in ibans if iban} == {"FR", "BE", "GB"}
