"""Addresses in the form of an envelope."""

from __future__ import annotations

import pytest

from member_access.postal.address_block import AddressCannotBePrinted
from simulators.samples.letters import SEVEN_LINES, address


def test_an_address_in_france_has_neither_empty_lines_nor_a_country() -> None:
    assert address().printed == (
        "Éléonore Garçon-Œuvray",
        "Appartement 4",
        "Bâtiment B, résidence Les Tilleuls",
        "33 AVENUE DE L HÔPITAL",
        "69003 LYON",
    )


@pytest.mark.parametrize(
    ("street", "printed"),
    [
        ("12-14, rue de l'Église (au fond)", "12-14 RUE DE L ÉGLISE AU FOND"),
        ("5 bis rue du Vieux-Moulin", "5 BIS RUE DU VIEUX MOULIN"),
        ("3/5 quai des Œillets.", "3/5 QUAI DES ŒILLETS"),
    ],
)
def test_street_and_below_are_in_capitals_without_punctuation(street: str, printed: str) -> None:
    assert printed in address(address_4=street).printed


def test_hamlet_and_town_are_in_capitals_without_punctuation() -> None:
    block = address(address_5="Lieu-dit L’Étang", town="L'Haÿ-les-Roses", postcode="94240")

    assert block.printed[-2:] == ("LIEU DIT L ÉTANG", "94240 L HAŸ LES ROSES")


def test_a_foreign_address_has_only_town_and_country_in_capitals() -> None:
    assert SEVEN_LINES.printed == (
        "Anne-Élisabeth Joséphine Wanneroy-Mürr",
        "Escalier B, 4e étage, 2e porte droite",
        "Résidence Les Grands Marronniers, B 12",
        "127 bis, boulevard du Général-Exemple",
        "Lieu-dit Le Petit-Moulin-de-la-Vallée",
        "L-1234 EXEMPLEVILLE-LÈS-MOULINS-SUR-AL",
        "LUXEMBOURG",
    )


def test_mail_to_a_french_department_overseas_needs_no_country() -> None:
    assert address(town="Saint-Denis", postcode="97400", country="RE").printed[-1] == "97400 SAINT DENIS"


def test_a_town_without_postcodes_stands_alone() -> None:
    assert address(town="Doha", postcode="", country="QA").printed[-2:] == ("DOHA", "QATAR")


def test_the_six_lines_of_the_norm_keep_their_numbers() -> None:
    assert address(address_2="", address_5="BP 12").numbered == (
        "Éléonore Garçon-Œuvray",
        "",
        "Bâtiment B, résidence Les Tilleuls",
        "33 AVENUE DE L HÔPITAL",
        "BP 12",
        "69003 LYON",
    )


@pytest.mark.parametrize(("column", "complaint"), [("town", "no town"), ("country", "No mail goes")])
def test_an_address_that_lacks_something_is_refused(column: str, complaint: str) -> None:
    with pytest.raises(AddressCannotBePrinted, match=complaint):
        address(**{column: "AQ" if column == "country" else ""})


def test_an_address_without_any_name_is_refused() -> None:
    with pytest.raises(AddressCannotBePrinted, match="no last name"):
        address(first_name="", last_name="😀")


def test_a_person_with_one_name_has_a_line_of_it() -> None:
    assert address(first_name="", last_name="Suharto").printed[0] == "Suharto"
    assert address(first_name="Suharto", last_name="").printed[0] == "Suharto"


def test_an_address_hides_from_logs() -> None:
    assert "Garçon" not in repr(address())
    assert "LYON" not in repr(address())
