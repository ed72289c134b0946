"""The published site: files that browsers keep are named by their content, and every reference leads to one."""

from __future__ import annotations

import posixpath
import re
from datetime import date

import pytest

from local.portal_files import cache_control, is_named_by_content, named_by_content
from local.portal_site import SiteSources, site
from local.published_site import published
from local.site_graph import FIRST_SCREEN, Unpublishable, modules_of_first_screen, without_comments
from simulators.template import ROOT, project_template
from tests.support.brands import example_brand

PORTAL = {
    path.relative_to(ROOT / "portal").as_posix(): path.read_bytes()
    for path in (ROOT / "portal").rglob("*")
    if path.is_file()
}
PARAMETERS = {**project_template().parameter_defaults(), "PublicOrigin": "https://adherents.example"}
SITE = site(SiteSources.read(ROOT, PORTAL, None), PARAMETERS, date(2026, 11, 30))
PUBLISHED = published(SITE)
ASKED_FOR_AGAIN = {"index.html", "not-found.html", "config.json", "brand/notice.json", "robots.txt"}
AT_THE_EDGE = {"brand/styles.css", "brand/logo.svg", "brand/logo-dark.svg", "brand/favicon.svg"}
NOT_FOUND = b'<link href="/brand/styles.css">'


def test_only_pages_and_what_operators_replace_are_asked_for_again() -> None:
    unnamed = {name for name in PUBLISHED if not is_named_by_content(name)}

    assert {
        name for name in unnamed if not name.startswith(("pages/", ".well-known/"))
    } == ASKED_FOR_AGAIN | AT_THE_EDGE
    assert {cache_control(name) for name in unnamed} == {"no-cache"}
    assert {cache_control(name) for name in PUBLISHED.keys() - unnamed} == {"public, max-age=31536000, immutable"}


def test_every_name_tells_the_content() -> None:
    for name, content in PUBLISHED.items():
        if is_named_by_content(name):
            plain = re.sub(r"\.[0-9a-f]{16}(?=\.\w+$)", "", name)
            assert named_by_content(plain, content) == name


def test_every_import_leads_to_a_published_module() -> None:
    count = 0
    for name, content in PUBLISHED.items():
        if name.endswith(".js"):
            for address in re.findall(r'(?:from |import\(|import )"([^"]+)"', content.decode()):
                target = posixpath.normpath(posixpath.join(posixpath.dirname(name), address))
                assert target in PUBLISHED
                assert is_named_by_content(target)
                count += 1
    assert count > 100


def test_no_name_without_a_hash_is_left() -> None:
    """In what a browser gets, but for the page that is made at the edge."""
    renamed = {name for name in SITE if name not in PUBLISHED} | AT_THE_EDGE
    for name, content in PUBLISHED.items():
        if name.endswith((".js", ".html", ".css")) and name != "not-found.html":
            left = re.findall(r"[\w/.-]+\.(?:js|css|svg|png|html)\b", content.decode())
            assert {one.lstrip("./") for one in left} & renamed == set()


def test_pages_in_a_folder_lead_to_the_named_files_above_it() -> None:
    page = PUBLISHED["pages/legal-notice.fr.html"].decode()
    (styles,) = re.findall(r'<link rel="stylesheet" href="([^"]+)">', page)

    assert posixpath.normpath(f"pages/{styles}") in PUBLISHED
    assert is_named_by_content(styles)
    assert 'href="personal-data.fr.html"' in page or 'href="../pages/personal-data.fr.html"' in page


def test_styles_lead_to_the_named_fonts_and_pictures() -> None:
    css = b'@font-face { src: url("fonts/own.woff2") } a { background: url(images/a.svg) url(#b) }'
    files = {"brand/styles.css": css, "brand/fonts/own.woff2": b"1", "brand/images/a.svg": b"2", "not-found.html": b""}
    made = published(files)
    (styles,) = (name for name in made if name.endswith(".css"))
    names = re.findall(rb"[\w/]+\.[0-9a-f]{16}\.\w+", made[styles])

    assert {f"brand/{name.decode()}" for name in names} == made.keys() - {styles, "not-found.html"}
    assert made[styles].endswith(b"url(#b) }")


def test_a_change_reaches_the_names_of_all_that_lead_to_it_and_no_other() -> None:
    changed = published({**SITE, "storage.js": SITE["storage.js"].replace(b"null", b"undefined")})
    gone = {re.sub(r"\.[0-9a-f]{16}\.", ".", name) for name in PUBLISHED.keys() - changed.keys()}

    assert {"storage.js", "memory.js", "language.js", "session.js", "main.js"} <= gone
    assert gone & {"problems.js", "texts/fr.js", "brand/styles.css", "client/api.js"} == set()


def test_the_page_for_unknown_addresses_finds_its_files_by_plain_names() -> None:
    assert PUBLISHED["not-found.html"] == SITE["not-found.html"]
    assert PUBLISHED.keys() >= AT_THE_EDGE


def test_two_modules_that_import_each_other_have_no_name() -> None:
    files = {"a.js": b'import "./b.js";', "b.js": b'import("./a.js");', "not-found.html": NOT_FOUND}

    with pytest.raises(Unpublishable, match=r"^a\.js imports b\.js imports a\.js: "):
        published(files)


def test_a_module_that_does_not_exist_is_named() -> None:
    with pytest.raises(Unpublishable, match=r"^a\.js imports \./b\.js, which the portal does not have\.$"):
        published({"a.js": b'export * from "./b.js";', "not-found.html": NOT_FOUND})


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("/** Says so. */\n\nlet a;\n", "let a;\n"),
        ("\tif (a) {\n\t\t// Why.\n\t\tb();\n\t}\n", "if (a) {\nb();\n}\n"),
        ("const a = /** @type {A} */ (b);", "const a = (b);"),
        ('const a = "https://a /* b */";', 'const a = "https://a /* b */";'),
        ("const a = `//${b}`;", "const a = `//${b}`;"),
        ("const a = b / c; // d / e", "const a = b / c; // d / e"),
    ],
)
def test_a_published_module_has_no_comments_on_lines_of_their_own(source: str, code: str) -> None:
    assert without_comments(source) == code


def test_no_string_of_a_module_spans_lines() -> None:
    """``without_comments`` reads line by line."""
    for name, content in SITE.items():
        if name.endswith(".js"):
            assert [line for line in without_comments(content.decode()).splitlines() if line.count("`") % 2] == []


def test_the_first_page_preloads_each_module_that_it_shows_once() -> None:
    page = SITE["index.html"].decode()
    preloaded = re.findall(r'<link rel="modulepreload" href="([^"]+)">', page)

    assert preloaded == modules_of_first_screen(SITE)
    assert len(preloaded) == len(set(preloaded))
    assert set(FIRST_SCREEN) <= {"main.js", *preloaded}
    late = {"form-failures.js", "keypad.js", "countdown.js", "texts/en.js"}
    assert late & set(preloaded) == set()
    assert '<link rel="preload" href="config.json" as="fetch" crossorigin>' in page


def test_every_module_is_found_from_the_page() -> None:
    """What no file leads to would be published and never used."""
    named = "\n".join(content.decode() for name, content in PUBLISHED.items() if name.endswith((".js", ".html")))
    modules = [name for name in PUBLISHED if name.endswith(".js")]

    assert [name for name in modules if posixpath.basename(name) not in named] == []


def test_a_brand_keeps_its_own_names(tmp_path_factory: pytest.TempPathFactory) -> None:
    brand = example_brand(tmp_path_factory.mktemp("own") / "brand")
    (brand / "logo.svg").write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>', "utf-8")
    made = published(site(SiteSources.read(ROOT, PORTAL, brand), PARAMETERS, date(2026, 11, 30)))

    assert re.search(r'src="brand/logo\.[0-9a-f]{16}\.svg"', made["index.html"].decode())
    assert [name for name in made if name.startswith("main.")] == [
        name for name in PUBLISHED if name.startswith("main.")
    ]
