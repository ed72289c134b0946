"""``docs/security.md`` speaks of what is there: tests, template entries, files, and every role, key and table."""

from __future__ import annotations

import pytest

from simulators.template import ROOT, project_template
from tests.support.references import exists, references

TEXT = (ROOT / "docs/security.md").read_text(encoding="utf-8")


def test_every_reference_exists() -> None:
    found = references(TEXT)
    assert len(found) > 100
    assert [reference for reference in found if not exists(*reference)] == []


@pytest.mark.parametrize(
    "reference",
    [
        "`tests/unit/test_gone.py::test_anything`",
        "`tests/docs/test_security_document.py::test_that_does_not_exist`",
        "`template.yaml#NoSuchResource`",
        "`docs/no-such-page.md`",
    ],
)
def test_a_reference_to_nothing_is_found(reference: str) -> None:
    assert [exists(*found) for found in references(reference)] == [False]


def test_every_role_and_every_key_is_spoken_of() -> None:
    template = project_template()
    kinds = ("AWS::IAM::Role", "AWS::KMS::Key", "AWS::DynamoDB::Table")
    things = {name for kind in kinds for name in template.resources(kind)}
    assert things - {name for _, _, name in references(TEXT)} == set()
