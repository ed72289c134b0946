"""The site that browsers get: the brand, the parameters and the audit are in the HTML before any script runs."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import TYPE_CHECKING

import pytest

from local.brand.accessibility import CRITERIA, Level, level_of
from local.portal_site import SiteSources, site
from simulators.template import ROOT, project_template
from tests.support.brands import example_brand, own_brand

if TYPE_CHECKING:
    from pathlib import Path

PORTAL = {
    path.relative_to(ROOT / "portal").as_posix(): path.read_bytes()
    for path in (ROOT / "portal").rglob("*")
    if path.is_file()
}
PARAMETERS = {**project_template().parameter_defaults(), "PublicOrigin": "https://adherents.example"}


def made(brand: Path | None = None, level: Level | None = None, **parameters: str) -> dict[str, str]:
    """The site's text files."""
    sources = SiteSources.read(ROOT, PORTAL, brand)
    if level:
        sources = SiteSources(sources.portal, sources.brand, level)
    files = site(sources, {**PARAMETERS, **parameters}, date(2026, 11, 30))
    return {name: content.decode() for name, content in files.items() if not name.endswith(".png")}


def test_the_first_page_has_name_telephone_and_legal_links_without_a_script() -> None:
    page = made()["index.html"]

    assert 'alt="Mutuelle de l’Exemple"' in page
    assert page.count('<a href="tel:0199001234" data-telephone>01 99 00 12 34</a>') > 3
    for target in ("legal-notice", "personal-data", "accessibility", "security-advice"):
        assert f'href="pages/{target}.fr.html" data-href-fr="pages/{target}.fr.html" data-href-en=' in page
    assert "Du lundi au vendredi" in page
    assert "{{" not in page


def test_what_the_insurer_typed_is_text_in_every_page() -> None:
    files = made(InsurerName='<b>"Été" & Cie</b>', InsurerHelpline="+33 (0)1 <i>23")

    for page in (name for name in files if name.endswith(".html") and not name.startswith("screens/")):
        assert "<b>" not in files[page]
        assert "<i>" not in files[page]
    assert 'href="tel:+330123"' in files["index.html"]


def test_a_text_of_the_brand_stands_in_script_and_html(tmp_path: Path) -> None:
    brand = example_brand(tmp_path / "brand")
    own = {"help.hours": 'Du "lundi"', "help.price": "Gratuit.", "sign-in.title": "Bienvenue"}
    (brand / "texts.fr.json").write_text(json.dumps(own), "utf-8")

    files = made(brand)

    assert '"sign-in.title": "Bienvenue"' in files["texts/fr.js"]
    assert "<title>Bienvenue – Mutuelle de l’Exemple</title>" in files["index.html"]
    assert "Du &#34;lundi&#34;" in files["index.html"]
    assert '"sign-in.title": "Sign in"' in files["texts/en.js"]


def test_a_page_that_the_insurer_has_elsewhere_is_linked_and_not_made(tmp_path: Path) -> None:
    files = made(own_brand(tmp_path / "brand"))

    assert [name for name in files if name.startswith("pages/")] == []
    assert 'href="https://www.mutuelle.fr/personal-data#cookies"' in files["index.html"]


def test_pages_are_in_both_languages_and_lead_to_each_other_and_back() -> None:
    page = made()["pages/personal-data.en.html"]

    assert '<html lang="en">' in page
    assert "<title>Your personal data – Mutuelle de l’Exemple</title>" in page
    assert '<a href="personal-data.fr.html" hreflang="fr"' in page
    assert '<a href="../?lang=en">' in page
    assert re.findall(r"<script", page) == []


def test_members_are_led_to_an_area_if_the_brand_names_one(tmp_path: Path) -> None:
    brand = example_brand(tmp_path / "brand")
    links = json.loads((brand / "links.json").read_text("utf-8"))
    (brand / "links.json").write_text(json.dumps({**links, "after_sign_in_url": "/espace/"}), "utf-8")

    assert json.loads(made(brand)["config.json"])["after_sign_in_url"] == {"fr": "/espace/", "en": "/espace/"}
    assert "after_sign_in_url" not in json.loads(made()["config.json"])


def test_security_txt_ends_within_a_year() -> None:
    assert made()[".well-known/security.txt"].splitlines() == [
        "Contact: https://www.mutuelle.example/signaler-une-faille",
        "Expires: 2027-11-25T00:00:00Z",
        "Preferred-Languages: fr, en",
        "Canonical: https://adherents.example/.well-known/security.txt",
    ]


def grid(met: int, not_met: int, not_applicable: int) -> bytes:
    results = ["C"] * met + ["NC"] * not_met + ["NA"] * not_applicable
    return "\n".join(["criterion,result", *(f"{number},{it}" for number, it in enumerate(results))]).encode()


@pytest.mark.parametrize(
    ("audit", "level"),
    [
        (grid(60, 0, 46), Level("full", 100)),
        (grid(59, 1, 46), Level("partial", 98)),
        (grid(30, 30, 46), Level("partial", 50)),
        (grid(29, 31, 46), Level("none", 48)),
        (grid(60, 0, 45), Level("unaudited", 0)),
        (b"criterion,result\n1.1,\n", Level("unaudited", 0)),
        (None, Level("unaudited", 0)),
    ],
)
def test_the_level_of_accessibility_is_no_higher_than_what_was_checked(audit: bytes | None, level: Level) -> None:
    assert CRITERIA == 106
    assert level_of(audit) == level


@pytest.mark.parametrize(
    ("level", "link", "sentence"),
    [
        (Level("full", 100), "Accessibilité\u00a0: totalement conforme", "totalement conforme au"),
        (Level("partial", 98), "Accessibilité\u00a0: partiellement conforme", "98\u00a0% des critères"),
        (Level("unaudited", 0), "Accessibilité\u00a0: non conforme", "aucun audit ne l’a encore établi"),
    ],
)
def test_every_page_states_the_level_of_accessibility(level: Level, link: str, sentence: str) -> None:
    files = made(level=level)

    assert link in files["index.html"]
    assert link in files["pages/legal-notice.fr.html"]
    assert sentence in files["pages/accessibility.fr.html"]
