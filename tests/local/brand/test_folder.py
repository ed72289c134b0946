"""A brand's folder: what is missing or wrong is said at once, in sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from letters.page.typesetting import LOGO_FILE
from local.brand.examples import example_parts
from local.brand.folder import BrandRefused, read_brand
from local.portal_site import EXAMPLE_BRAND
from simulators.template import ROOT
from tests.support.brands import example_brand, own_brand

if TYPE_CHECKING:
    from pathlib import Path

PORTAL = {
    path.relative_to(ROOT / "portal").as_posix(): path.read_bytes()
    for path in (ROOT / "portal").rglob("*")
    if path.suffix in {".css", ".js"}
}


@pytest.mark.parametrize("folder", [ROOT / EXAMPLE_BRAND, *sorted((ROOT / "docs" / "brands").glob("*/"))], ids=str)
def test_a_brand_of_the_repository_can_be_used(folder: Path) -> None:
    brand = read_brand(folder, PORTAL)

    assert brand.links["public_site"]["fr"].startswith("https://")
    assert brand.texts["en"]["help.hours"]


def test_letters_show_the_logo_of_the_example_brand() -> None:
    assert LOGO_FILE.read_bytes() == (ROOT / EXAMPLE_BRAND / "logo.svg").read_bytes()


@pytest.mark.parametrize(
    ("file", "content", "sentence"),
    [
        ("logo.svg", None, "logo.svg is missing."),
        ("texts.en.json", None, "texts.en.json is missing."),
        ("logo.svg", '<svg width="9"/>', 'logo.svg needs a viewBox="0 0 width height"'),
        ("logo.svg", '<svg viewBox="0 0 9 9"><script/></svg>', "logo.svg holds a script."),
        (
            "logo-dark.svg",
            '<svg viewBox="0 0 9 9"><g><text>a</text></g></svg>',
            "logo-dark.svg has <text>, and letters have no other font than their own: turn it into outlines",
        ),
        (
            "logo.svg",
            '<s:svg xmlns:s="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><s:text>a</s:text></s:svg>',
            "logo.svg has <text>, and letters have no other font than their own",
        ),
        ("logo.svg", '<svg viewBox="0 0 9 9"><image href="a.png"/></svg>', "logo.svg has <image>, which is blurred"),
        ("logo.svg", '<svg viewBox="0 0 9 9"><foreignObject/></svg>', "logo.svg has <foreignObject>, which letters"),
        ("logo.svg", '<svg viewBox="0 0 9 9"><g></svg>', "logo.svg is no SVG that can be read: mismatched tag: line 1"),
        ("touch-icon.png", "GIF89a", "touch-icon.png must be a PNG of 180 by 180 pixels."),
        ("links.json", "[]", "links.json must be one JSON object of addresses by name"),
        ("links.json", '{\n  "a": "b",\n}', "links.json is no JSON: line 3, column 1: Expecting property name"),
        ("texts.en.json", "{", "texts.en.json is no JSON: line 1, column 2: "),
        ("notice.json", "{", "notice.json is no JSON: line 1, column 2: "),
        ("local.json", "{", "local.json is no JSON: line 1, column 2: "),
        ("links.json", '{"security_contact": "/a"}', "security_contact must be an https:// address, or mailto: and"),
        ("links.json", '{"security_contact": "a@b.fr"}', "security_contact must be an https:// address, or mailto:"),
        ("links.json", "{}", "links.json: public_site is missing."),
        ("links.json", '{"public_site": "http://a.fr"}', "links.json: public_site must begin with https:// or /"),
        ("links.json", '{"public_site": "javascript:alert(1)"}', "links.json: public_site must begin with https://"),
        ("links.json", '{"public_site": {"fr": "/"}}', "links.json: public_site must be one address, or an object"),
        ("links.json", '{"blog": "https://a.fr"}', "links.json: the portal has no link blog."),
        ("pages/legal-notice.en.html", None, "leads nowhere else in the place of pages/legal-notice.en.html"),
        ("pages/terms.fr.html", "<h1>a</h1>", "pages/terms.fr.html is none of the portal's pages"),
        (
            "pages/legal-notice.fr.html",
            "<p>a</p>",
            "pages/legal-notice.fr.html needs exactly one h1, its title; it has 0.",
        ),
        ("pages/legal-notice.fr.html", "<h1>a</h1><script>", "take <script> out."),
        ("pages/legal-notice.fr.html", "<h1 onclick='a'>a</h1>", "take onclick out."),
        ("pages/legal-notice.fr.html", "<h1>a</h1><a href='http://a.fr'>a</a>", "take the address http://a.fr out."),
        ("pages/legal-notice.fr.html", "<h1>a</h1>{name}", "{name} stands for nothing"),
        ("texts.fr.json", '{"help.hours": "h"}', "texts.fr.json: help.price is missing; only you know this."),
        ("texts.fr.json", '{"no.such": "a"}', "texts.fr.json: this version of the portal has no text no.such."),
        ("texts.fr.json", '{"problem.call": "a"}', "problem.call must hold {helpline}, not no placeholder."),
        ("texts.fr.json", "[]", "texts.fr.json must be one object of texts by key"),
        ("notice.json", '{"level": "red", "fr": "a", "en": "a"}', "notice.json: level must be one of information"),
        ("notice.json", '{"level": "warning", "fr": "a"}', "notice.json must be one JSON object"),
        ("local.json", "[]", "local.json must be one JSON object of parameters by name"),
        ("local.json", '{"InsurerNam": "a"}', "local.json: InsurerNam is none of InsurerName, InsurerAddress"),
        ("local.json", '{"InsurerHelpline": 3639}', "local.json: InsurerHelpline must be text in one line"),
        ("local.json", '{"InsurerAddress": "a||b"}', "local.json: InsurerAddress must be text in one line"),
        ("local.json", '{"InsurerName": "a \\"b\\""}', "InsurerName must be text in one line, without quotation marks"),
        ("local.json", '{"LetterInColour": true}', 'local.json: LetterInColour must be "true" or "false"'),
        (
            "brand.css",
            'a { src: url("fonts/a.woff2") }',
            "brand.css: fonts/a.woff2 is missing from the brand's folder.",
        ),
        ("brand.css", "a { src: url(fonts/a.ttf) }", "fonts/a.ttf is no file of fonts/ or images/ that ends in .woff2"),
        ("brand.css", "a { b: url( '../a.png' ) }", "brand.css: ../a.png is no file of fonts/ or images/"),
        ("brand.css", "@import 'https://a.fr/a.css';", "@import would load a file from elsewhere"),
        ("brand.css", "a { b: url(https://a.fr/a.png) }", "url(https: would load a file from elsewhere"),
    ],
)
def test_a_brand_that_cannot_be_used_says_why(tmp_path: Path, file: str, content: str | None, sentence: str) -> None:
    brand = example_brand(tmp_path / "brand")
    if content is None:
        (brand / file).unlink()
    else:
        (brand / file).write_text(content, "utf-8")

    with pytest.raises(BrandRefused) as refused:
        read_brand(brand, PORTAL)

    assert sentence in str(refused.value)


def test_a_font_of_the_brand_is_published_with_it(tmp_path: Path) -> None:
    brand = example_brand(tmp_path / "brand")
    (brand / "fonts").mkdir()
    (brand / "fonts" / "own.woff2").write_bytes(b"wOF2")
    with (brand / "brand.css").open("a", encoding="utf-8") as styles:
        styles.write('/* url(fonts/none.woff2) */ @font-face { src: url("fonts/own.woff2"); }')

    assert "fonts/own.woff2" in read_brand(brand, PORTAL).files


def test_a_text_in_another_encoding_is_named(tmp_path: Path) -> None:
    brand = example_brand(tmp_path / "brand")
    (brand / "texts.fr.json").write_text('{"help.hours": "à"}', "latin-1")

    with pytest.raises(BrandRefused, match=r"texts\.fr\.json is no text in UTF-8\. Save it so\."):
        read_brand(brand, PORTAL)


def test_a_folder_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BrandRefused, match=r"There is no folder .*/none with a brand"):
        read_brand(tmp_path / "none", PORTAL)


def test_the_example_is_one_in_each_of_its_parts() -> None:
    left = "\n".join(example_parts(ROOT / EXAMPLE_BRAND, ROOT / EXAMPLE_BRAND))

    assert "logo.svg is the example's" in left
    assert "touch-icon.png is the example's" in left
    assert "texts.fr.json: help.hours is the example's" in left
    assert "texts.en.json: help.price is the example's" in left
    assert "links.json still has .example" in left
    assert "pages/personal-data.fr.html still has [À REMPLACER" in left


def test_a_brand_of_ones_own_holds_no_example(tmp_path: Path) -> None:
    brand = own_brand(tmp_path / "brand")

    assert read_brand(brand, PORTAL).pages == {}
    assert list(example_parts(brand, ROOT / EXAMPLE_BRAND)) == []


def test_the_parameters_for_a_laptop_are_not_published() -> None:
    brand = read_brand(ROOT / "docs/brands/rivages", PORTAL)

    assert (brand.local["InsurerName"], brand.accent) == ("Rivages Santé", "#3a2f9e")
    assert "local.json" not in brand.files
