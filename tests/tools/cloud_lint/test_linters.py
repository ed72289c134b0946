"""The reports of both linters become findings; a linter that did not look is no clean report."""

from __future__ import annotations

from typing import Any

import pytest

from tools.cloud_lint.findings import Finding
from tools.cloud_lint.linters import LinterFailed, findings_of_cfn_lint, findings_of_checkov, findings_of_sam

BODIES = {"staging": {"Resources": {"Topic": {"Type": "AWS::SNS::Topic"}, "Queue": {"Type": "AWS::SQS::Queue"}}}}


def match(*path: str | int) -> dict[str, Any]:
    return {
        "Filename": "eu-west-3/staging.json",
        "Location": {"Path": list(path) or None},
        "Message": "words of cfn-lint",
        "Rule": {"Id": "I3011"},
    }


def checkov_report(*failed: str, read: int = 2, unreadable: int = 0) -> dict[str, Any]:
    return {
        "summary": {"resource_count": read, "parsing_errors": unreadable},
        "results": {
            "failed_checks": [
                {"check_id": "CKV_AWS_27", "check_name": "Encrypt", "resource": name, "file_path": "/x/staging.json"}
                for name in failed
            ]
        },
    }


@pytest.mark.parametrize(
    ("path", "kind", "subject"),
    [
        (("Resources", "Queue", "Properties", 0), "AWS::SQS::Queue", "Queue"),
        (("Parameters", "Pace"), "Parameters", "Pace"),
        (("Outputs",), "Outputs", "Template"),
        ((), "Template", "Template"),
    ],
)
def test_cfn_lint_names_the_place(path: tuple[str | int, ...], kind: str, subject: str) -> None:
    assert findings_of_cfn_lint([match(*path)], BODIES) == [
        Finding("I3011", kind, subject, "staging", "words of cfn-lint")
    ]


def test_checkov_names_the_resource_and_its_type() -> None:
    assert findings_of_checkov(checkov_report("AWS::SQS::Queue.Queue"), BODIES) == [
        Finding("CKV_AWS_27", "AWS::SQS::Queue", "Queue", "staging", "Encrypt")
    ]


@pytest.mark.parametrize("report", [checkov_report(read=1), checkov_report(unreadable=1)])
def test_a_template_that_checkov_did_not_read_is_a_failure(report: dict[str, Any]) -> None:
    with pytest.raises(LinterFailed, match="of 2 resources"):
        findings_of_checkov(report, BODIES)


def test_sam_names_each_rule_once() -> None:
    one, other = "[W1100: Merge] (merge keys (YAML)) matched 7", "[I3011: Keep] (set a policy) matched 9"

    assert findings_of_sam(f"[{one}, {one}, {other}]\nError: Linting failed.", "template.yaml", 1) == [
        Finding("I3011", "template.yaml", "template.yaml", "source", "set a policy"),
        Finding("W1100", "template.yaml", "template.yaml", "source", "merge keys (YAML)"),
    ]


def test_a_valid_template_of_sam_has_no_finding() -> None:
    assert findings_of_sam("template.yaml is a valid SAM Template\n", "template.yaml", 0) == []


def test_a_template_that_sam_did_not_check_is_a_failure() -> None:
    with pytest.raises(LinterFailed, match="Error: no region"):
        findings_of_sam("Error: no region", "template.yaml", 1)
