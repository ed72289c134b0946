"""A finding stays only with a reason, and a reason only with a finding."""

from __future__ import annotations

import pytest

from tools.cloud_lint.deployed import deployments
from tools.cloud_lint.findings import Finding
from tools.cloud_lint.linters import SOURCE
from tools.cloud_lint.suppressions import (
    FILE,
    BadSuppression,
    Suppression,
    needless,
    read_suppressions,
    unsuppressed,
)

REASON = "The queue is read within seconds."
ENTRY = """
[[suppressions]]
check = "CKV_AWS_27"
on = ["EmailsQueue"]
"""


def finding(
    check: str = "CKV_AWS_27", kind: str = "AWS::SQS::Queue", subject: str = "EmailsQueue", shape: str = "production"
) -> Finding:
    return Finding(check, kind, subject, shape, "words of the linter")


def suppression(*on: str, shapes: tuple[str, ...] = ()) -> Suppression:
    return Suppression("CKV_AWS_27", on, shapes, REASON)


@pytest.mark.parametrize(
    "given",
    [suppression("EmailsQueue"), suppression("AWS::SQS::Queue"), suppression("EmailsQueue", shapes=("production",))],
)
def test_a_suppression_covers_a_resource_or_a_type(given: Suppression) -> None:
    assert unsuppressed([finding()], [given]) == []
    assert needless([finding()], [given]) == []


@pytest.mark.parametrize(
    "other",
    [finding(check="CKV_AWS_7"), finding(subject="LettersQueue"), finding(shape="staging")],
    ids=["check", "resource", "shape"],
)
def test_a_suppression_covers_nothing_else(other: Finding) -> None:
    given = suppression("EmailsQueue", shapes=("production",))

    assert unsuppressed([finding(), other], [given]) == [other]


def test_a_suppression_that_nothing_needs_is_named() -> None:
    given = [suppression("EmailsQueue", "LettersQueue"), suppression("EmailsQueue", shapes=("staging",))]

    assert needless([finding()], given) == ["CKV_AWS_27 on LettersQueue", "CKV_AWS_27 on EmailsQueue"]


def test_a_finding_without_a_suppression_stays() -> None:
    assert unsuppressed([finding(), finding()], []) == [finding()]


def test_an_entry_is_read() -> None:
    text = f'{ENTRY}in = ["staging"]\nreason = "{REASON}"\n'

    assert read_suppressions(text) == [suppression("EmailsQueue", shapes=("staging",))]


@pytest.mark.parametrize(
    "reason",
    [
        "",
        'reason = ""',
        'reason = "Not needed."',
        'reason = "The queue is read within seconds"',
        'reason = "The queue is read within seconds. Another sentence explains more."',
        'reason = "The queue is read within seconds."\nticket = "7"',
    ],
)
def test_an_entry_without_one_sentence_of_reason_is_refused(reason: str) -> None:
    with pytest.raises(BadSuppression, match="CKV_AWS_27"):
        read_suppressions(ENTRY + reason)


@pytest.mark.parametrize("on", ["[]", '"EmailsQueue"'])
def test_an_entry_names_what_it_is_for(on: str) -> None:
    with pytest.raises(BadSuppression, match="in lists"):
        read_suppressions(f'[[suppressions]]\ncheck = "CKV_AWS_27"\non = {on}\nreason = "{REASON}"')


def test_every_suppression_names_what_a_deployment_has() -> None:
    # Quicker than make lint-cloud, which asks the linters whether each is needed.
    deployed = deployments()
    resources = [node for one in deployed for node in one.settled()["Resources"].items()]
    entries = {name for one in deployed for section in ("Parameters", "Mappings") for name in one.body.get(section, {})}
    known = {name for name, _ in resources} | {node["Type"] for _, node in resources} | entries
    suppressions = read_suppressions(FILE.read_text("utf-8"))

    assert {place for one in suppressions for place in one.on} - known == {"template.yaml"}
    assert {shape for one in suppressions for shape in one.shapes} - {one.name for one in deployed} == {SOURCE}


def test_no_template_suppresses_anything_itself() -> None:
    for one in deployments():
        texts = str([one.body.get("Metadata"), *(node.get("Metadata") for node in one.body["Resources"].values())])
        assert "cfn-lint" not in texts
        assert "checkov" not in texts
