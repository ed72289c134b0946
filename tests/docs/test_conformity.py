"""``docs/conformity.md``: every requirement is met, with a test that exists, or a deviation, with its reason."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from simulators.template import ROOT
from tests.support.references import exists, references

if TYPE_CHECKING:
    from collections.abc import Iterator

TEXT = (ROOT / "docs/conformity.md").read_text(encoding="utf-8")
# How many requirements each section of ASVS 5.0.0 has.
ASVS_SECTIONS = {
    "6.1": 3,
    "6.2": 12,
    "6.3": 8,
    "6.4": 6,
    "6.5": 8,
    "6.6": 4,
    "6.7": 2,
    "6.8": 4,
    "7.1": 3,
    "7.2": 4,
    "7.3": 2,
    "7.4": 5,
    "7.5": 3,
    "7.6": 2,
}
# What members, services and other front-ends read.
READ_BY_OTHERS = ("portal", "functions/emails/templates", "layers/common/member_access/wording", "docs/openapi.json")
SEVERAL_FACTORS = re.compile(
    r"multi-?\s?facteurs?|multi-?\s?factor|\bMFA\b|\b2FA\b|double authentification|authentification forte"
    r"|(?:two|second|deux(?:ième)?)[ -]fact(?:or|eur)|strong authentication",
    re.IGNORECASE,
)


def section(heading: str) -> str:
    """What stands below a heading, up to the next one."""
    _, _, below = TEXT.partition(f"\n## {heading}\n")
    return below.split("\n## ")[0]


def rows(text: str) -> Iterator[list[str]]:
    """The rows of the tables of requirements in a text: the heading of the column before the last one is empty."""
    judges = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if not line.startswith("|") or re.match(r"\|[-:| ]+\|$", line):
            judges = judges and line.startswith("|")
        elif "| |" in line:
            judges = True
        elif judges:
            yield cells


REQUIREMENTS = list(rows(TEXT))
ASVS = [
    *rows(section("OWASP ASVS 5.0, V6 Authentication")),
    *rows(section("OWASP ASVS 5.0, V7 Session Management")),
]


def is_proven(why: str) -> bool:
    """Whether an existing test is named."""
    named = [reference for reference in references(why) if reference[1] == "::"]
    return bool(named) and all(exists(*reference) for reference in named)


def has_a_reason(verdict: str, why: str) -> bool:
    """Whether a row says all that its verdict requires."""
    match verdict:
        case "met":
            return is_proven(why)
        case "deviation":
            return bool(re.search(r"\b(?:mended by|stays:) [\w`]", why))
        case _:
            return verdict == "not applicable" and bool(why)


@pytest.mark.parametrize("row", REQUIREMENTS, ids=lambda row: " ".join(row[:-2])[:60])
def test_a_requirement_has_a_proof_or_a_reason(row: list[str]) -> None:
    *_, verdict, why = row
    assert has_a_reason(verdict, why)


@pytest.mark.parametrize(
    ("verdict", "why"),
    [
        ("met", "by design"),
        ("met", "`template.yaml#AccessTokenSeconds`"),
        ("met", "`tests/docs/test_conformity.py::test_that_does_not_exist`"),
        ("deviation", "six digits"),
        ("deviation", "mended by"),
        ("not applicable", ""),
        ("planned", "next year"),
    ],
)
def test_a_row_that_says_too_little_is_noticed(verdict: str, why: str) -> None:
    assert not has_a_reason(verdict, why)


def test_every_reference_exists() -> None:
    assert [reference for reference in references(TEXT) if not exists(*reference)] == []


def test_every_requirement_of_the_two_chapters_has_its_row() -> None:
    expected = [f"{number}.{one}" for number, count in ASVS_SECTIONS.items() for one in range(1, count + 1)]
    assert [row[0] for row in ASVS] == expected


@pytest.mark.parametrize(
    ("heading", "count"),
    [
        ("ANS: electronic identification of users", 5),
        ("CNIL: passwords", 14),
        ("CNIL: several factors", 7),
        ("NIST SP 800-63B-4", 18),
        ("RGAA 4.1.2", 5),
        ("DORA, articles 9 to 12", 24),
    ],
)
def test_the_tables_are_read_as_they_stand(heading: str, count: int) -> None:
    assert len(list(rows(section(heading)))) == count


def test_the_summary_of_the_grid_is_that_of_its_page() -> None:
    page = (ROOT / "docs/accessibility/README.md").read_text(encoding="utf-8")
    (counts,) = re.findall(r"\d+ met, \d+ not met, \d+ not applicable", page)

    assert counts in section("RGAA 4.1.2")


def test_no_text_calls_a_pin_and_a_code_several_factors() -> None:
    files = [
        file
        for name in READ_BY_OTHERS
        for file in ([ROOT / name] if (ROOT / name).is_file() else sorted((ROOT / name).rglob("*")))
        if file.suffix in {".html", ".js", ".json", ".toml", ".txt", ".py", ".j2"}
    ]

    assert len(files) > 20
    assert [file.name for file in files if SEVERAL_FACTORS.search(file.read_text(encoding="utf-8"))] == []


@pytest.mark.parametrize("claim", ["la double authentification", "MFA", "a second factor", "multi-factor sign-in"])
def test_a_claim_of_several_factors_is_found(claim: str) -> None:
    assert SEVERAL_FACTORS.search(claim)
