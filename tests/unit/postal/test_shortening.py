"""Lines that are too long for an envelope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.postal.shortening import LINE, short_line, short_name, short_town


@pytest.mark.parametrize(
    ("first", "last", "line"),
    [
        ("Camille", "Exemple", "Camille Exemple"),
        ("", "Suharto", "Suharto"),
        ("Suharto", "", "Suharto"),
        (
            "Rakotoarimalala",
            "Andriantsimitoviaminandriandrazaka",
            "R Andriantsimitoviaminandriandrazaka",
        ),
        ("Maria", "da Conceição Ferreira dos Santos Oliveira", "M da Conceição Ferreira dos Santos"),
        ("Marie-Emmanuelle", "de La Tour d'Auvergne Lauraguais", "M-E de La Tour d'Auvergne Lauraguais"),
        ("Maria da Conceição Aparecida Josefa", "dos Santos", "Maria da Conceição A J dos Santos"),
        ("Marie-Françoise Élisabeth", "de La Rochefoucauld-Montbel", "Marie-F É de La Rochefoucauld-Montbel"),
        ("Camille", "Exemple-Vraiment-Beaucoup-Trop-Longuement", "C Exemple-Vraiment-Beaucoup-Trop-Longu"),
        ("Anne", "X" * 50, "A " + "X" * 36),
    ],
)
def test_first_names_become_initials_before_a_last_name_is_cut(first: str, last: str, line: str) -> None:
    assert short_name(first, last) == line


@pytest.mark.parametrize(
    ("town", "short"),
    [
        ("PARIS", "PARIS"),
        ("SAINT DENIS", "SAINT DENIS"),
        ("SAINT REMY EN BOUZEMONT SAINT GENEST ET ISSON", "ST REMY BOUZEMONT ST GENEST"),
        ("SAINT MARTIN DE BIENFAITE LA CRESSONNIERE", "ST MARTIN BIENFAITE CRESSONNIERE"),
        ("BEAUMONT EN VERON SAINT JEAN SUR LOIRE", "BEAUMONT VERON ST JEAN S/ LOIRE"),
        ("SAINTE MARIE AUX EXEMPLES SUR MODELE", "STE MARIE AUX EXEMPLES S/ MODELE"),
        ("X" * 40, "X" * 32),
    ],
)
def test_a_town_is_written_as_the_post_writes_it(town: str, short: str) -> None:
    assert short_town(town, 32) == short


@pytest.mark.parametrize(
    ("line", "short"),
    [
        ("12 RUE DE L EXEMPLE", "12 RUE DE L EXEMPLE"),
        ("125 BIS BOULEVARD DU GENERAL DE L EXEMPLE", "125 BIS BD DU GENERAL DE L EXEMPLE"),
        ("125 BIS AVENUE DU COMMANDANT JEAN BAPTISTE EXEMPLE", "125 BIS AV DU CDT JEAN BAPTISTE EXEMPLE"),
        ("Résidence des Grands Exemples, Bâtiment B", "RES des Grands Exemples, Bâtiment B"),
        ("1 IMPASSE DE LA CHAPELLE NOTRE DAME DU BOULEVARD", "1 IMP DE LA CHAPELLE ND DU BOULEVARD"),
    ],
)
def test_a_line_is_abbreviated_from_left_to_right_but_for_its_last_word(line: str, short: str) -> None:
    assert short_line(line) == short


@given(st.text("ABC '-é", max_size=60), st.text("ABC '-é", max_size=60))
def test_a_name_always_fits(first: str, last: str) -> None:
    assert len(short_name(first, last)) <= LINE


@given(st.text("ABC '-é", max_size=60) | st.sampled_from(["SAINT SUR ET LA "]).map(lambda text: text * 4))
def test_a_town_always_fits(town: str) -> None:
    assert len(short_town(town, 32)) <= 32
