"""Lines that are too long for an envelope."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.postal.shortening import LINE, short_line, short_name, short_town

LONGEST_TOWNS = """
51290 SAINT REMY EN BOUZEMONT SAINT GENEST ET ISSON
70100 BEAUJEU SAINT VALLIER PIERREJUX ET QUITTEUR
14290 SAINT MARTIN DE BIENFAITE LA CRESSONNIERE
21610 MONTIGNY MORNAY VILLENEUVE SUR VINGEANNE
34520 LA VACQUERIE ET SAINT MARTIN DE CASTRIES
70230 ROCHE SUR LINOTTE ET SORANS LES CORDIERS
07590 SAINT LAURENT LES BAINS LAVAL D AURELLE
11240 ESCUEILLENS ET SAINT JUST DE BELENGARD
24230 BONNEVILLE ET SAINT AVIT DE FUMADIERES
80880 SAINT QUENTIN LA MOTTE CROIX AU BAILLY
24300 JAVERLHAC ET LA CHAPELLE SAINT ROBERT
51120 VILLENEUVE SAINT VISTRE ET VILLEVOTTE
79110 FONTENILLE SAINT MARTIN D ENTRAIGUES
24260 SAINT FELIX DE REILLAC ET MORTEMART
30170 DURFORT ET SAINT MARTIN DE SOSSENAC
66760 ANGOUSTRINE VILLENEUVE DES ESCALDES
70240 LA VILLENEUVE BELLENOYE ET LA MAIZE
70700 VILLERS CHEMIN ET MONT LES ETRELLES
76520 LES AUTHIEUX SUR LE PORT SAINT OUEN
85210 SAINT MARTIN LARS EN SAINTE HERMINE
24580 ROUFFIGNAC SAINT CERNIN DE REILHAC
41500 LA CHAPELLE SAINT MARTIN EN PLAINE
42155 SAINT JEAN SAINT MAURICE SUR LOIRE
64370 CASTILLON CANTON D ARTHEZ DE BEARN
70400 CREVANS ET LA CHAPELLE LES GRANGES
30430 SAINT JEAN DE MARUEJOLS ET AVEJAN
69460 SALLES ARBUISSONNAS EN BEAUJOLAIS
16190 BORS CANTON DE TUDE ET LAVALETTE
37240 LA CHAPELLE BLANCHE SAINT MARTIN
38460 SICCIEU SAINT JULIEN ET CARISIEU
42380 SAINT HILAIRE CUSSON LA VALMITTE
48220 PONT DE MONTVERT SUD MONT LOZERE
52290 ECLARON BRAUCOURT SAINTE LIVIERE
61550 SAINT EVROULT NOTRE DAME DU BOIS
66300 SAINTE COLOMBE DE LA COMMANDERIE
71800 OUROUX SOUS LE BOIS SAINTE MARIE
86230 SAINT GERVAIS LES TROIS CLOCHERS
02160 LA VILLE AUX BOIS LES PONTAVERT
03120 SAINT CHRISTOPHE EN BOURBONNAIS
08240 BELLEVILLE ET CHATILLON SUR BAR
19430 SAINT BONNET LES TOURS DE MERLE
36600 VILLENTROIS FAVEROLLES EN BERRY
38220 SAINT BARTHELEMY DE SECHILIENNE
43350 SAINT GENEYS PRES SAINT PAULIEN
51800 MINAUCOURT LE MESNIL LES HURLUS
64390 AUTEVIELLE SAINT MARTIN BIDEREN
64470 LACARRY ARHAN CHARRITTE DE HAUT
89190 SAINT MAURICE AUX RICHES HOMMES
89520 TREIGNY PERREUSE SAINTE COLOMBE
07210 SAINT SYMPHORIEN SOUS CHOMERAC
11220 SAINT LAURENT DE LA CABRERISSE
12130 SAINT GENIEZ D OLT ET D AUBRAC
14280 SAINT GERMAIN LA BLANCHE HERBE
21450 POISEUL LA VILLE ET LAPERRIERE
22210 SAINT ETIENNE DU GUE DE L ISLE
24340 LA ROCHEBEAUCOURT ET ARGENTINE
24500 SAINT JULIEN INNOCENCE EULALIE
24700 SAINT BARTHELEMY DE BELLEGARDE
28700 AUNEAU BLEURY SAINT SYMPHORIEN
30140 SAINT SEBASTIEN D AIGREFEUILLE
"""
"""The sixty longest names of French communes with a postcode, as line 6 has them (La Poste, *base officielle des codes
postaux*, 35,683 names, all of which were tried: no two of one postcode become the same)."""


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
        ("MONTIGNY MORNAY VILLENEUVE SUR VINGEANNE", "MONTIGNY MORNAY VILLENEUVE"),
        ("SAINT QUENTIN EN YVELINES CEDEX 12", "ST QUENTIN EN YVELINES CEDEX 12"),
        ("SAINT QUENTIN EN YVELINES LE GRAND CEDEX 12", "ST QUENTIN YVELINES CEDEX 12"),
        ("X" * 40, "X" * 32),
    ],
)
def test_a_town_is_written_as_the_post_writes_it(town: str, short: str) -> None:
    assert short_town(town, 32) == short


def test_the_longest_towns_of_france_fit_and_stay_apart() -> None:
    towns = [line.split(" ", 1) for line in LONGEST_TOWNS.split("\n") if line]
    short = {town: f"{postcode} {short_town(town, 32)}" for postcode, town in towns}
    assert max(map(len, short.values())) == LINE
    assert len({*short.values()}) == len(short) == 60
    assert not [
        line for line in short.values() if line.split()[-1] in {"D", "DE", "DES", "EN", "ET", "LES", "S/", "ST"}
    ]
    kept = {town for town, line in short.items() if line.endswith(f" {town.split()[-1]}")}
    assert sorted({*short} - kept) == [
        "BEAUJEU SAINT VALLIER PIERREJUX ET QUITTEUR",
        "MONTIGNY MORNAY VILLENEUVE SUR VINGEANNE",
        "SAINT REMY EN BOUZEMONT SAINT GENEST ET ISSON",
    ], "the others keep their last word, by which sorters read"


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
