"""What a deployment asks of AWS stays within the documented sizes, also with the longest values of its parameters.

Sources: "CloudFormation quotas", "Lambda quotas", "IAM and AWS STS quotas", "Resource quotas" (AWS KMS), "Amazon
EventBridge quotas", "Quotas for Amazon CloudFront" (functions), "CloudWatch service quotas" (AWS documentation).
"""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from simulators.template import ROOT, Node
from tests.support.expansion import Expanded, expanded_template

if TYPE_CHECKING:
    from collections.abc import Mapping

_ARN = "arn:aws:kms:eu-central-1:111122223333:key/mrk-0123456789abcdef0123456789abcdef"
_ROLE = f"arn:aws:iam::111122223333:role/{'r' * 64}"
SAMCONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
STACKS = [SAMCONFIG[name]["deploy"]["parameters"]["stack_name"] for name in ("staging", "production")]
FULL = Expanded(
    **{
        "AWS::StackName": STACKS[1],
        "AWS::Region": "eu-central-1",
        "CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/0",
        "AlarmTopicArn": "arn:aws:sns:eu-central-1:111122223333:alarms",
        "CanarySecretArn": "arn:aws:secretsmanager:eu-central-1:111122223333:secret:canary-Abcdef",
        "AllowedOrigins": ",".join(f"https://front-end-{number}.adherents.mutuelle.fr" for number in range(5)),
        "ServiceAudiences": f"urn:{'a' * 996}",
        "OlderArgon2Costs": " ".join(["m=1048576,t=10,p=4"] * 3),
        "InsurerAddress": "|".join(["x" * 38] * 6),
        "CurrentPinKeyArn": _ARN,
        "FormerPinKeyArns": ",".join([_ARN] * 3),
        "NextSigningKeyArn": _ARN,
        "FormerSigningKeyArn": _ARN,
        "BreakGlassRoleArn": _ROLE,
        "ImportRoleArns": ",".join([_ROLE] * 5),
    }
)
LONGEST_STACK_NAME = 24
"""The key policies name roles by the stack's name, which CloudFormation cuts off in longer names of roles."""
BODY: dict[str, Any] = expanded_template()


def size(node: Node) -> int:
    """The size in bytes of JSON without white space."""
    return len(json.dumps(node, separators=(",", ":"), ensure_ascii=False).encode())


@pytest.mark.parametrize(("section", "quota"), [("Resources", 500), ("Parameters", 200), ("Outputs", 200)])
def test_a_template_has_no_more_entries_than_cloudformation_takes(section: str, quota: int) -> None:
    assert len(BODY[section]) <= quota


def test_the_template_is_no_larger_than_cloudformation_takes_from_s3() -> None:
    # sam uploads it as YAML, with every anchor written out.
    assert len(yaml.safe_dump(json.loads(json.dumps(BODY)), allow_unicode=True).encode()) < 1_000_000


@pytest.mark.parametrize("name", sorted(BODY["Parameters"]))
def test_the_texts_of_a_parameter_are_no_longer_than_cloudformation_takes(name: str) -> None:
    parameter = BODY["Parameters"][name]

    assert len(name) <= 255
    assert len(parameter.get("Description", "")) <= 4000
    assert len(str(parameter.get("Default", ""))) <= 4096


@pytest.mark.parametrize("name", sorted(FULL.of_type("AWS::Lambda::Function")))
def test_the_variables_of_a_function_are_no_larger_than_lambda_takes(name: str) -> None:
    assert size(FULL.properties(name)["Environment"]["Variables"]) <= 4096


@pytest.mark.parametrize("name", sorted(FULL.of_type("AWS::IAM::Role")))
def test_the_policies_of_a_role_are_no_larger_than_iam_takes(name: str) -> None:
    role = FULL.properties(name)
    # A resource stands for itself here; an ARN has 110 letters at most.
    arns = json.dumps(role.get("Policies", [])).count(".Arn") * 110

    assert sum(size(policy["PolicyDocument"]) for policy in role.get("Policies", [])) + arns <= 10_240
    assert size(role["AssumeRolePolicyDocument"]) <= 2048


@pytest.mark.parametrize("name", sorted(FULL.of_type("AWS::KMS::Key")))
def test_the_policy_of_a_key_is_no_larger_than_kms_takes(name: str) -> None:
    assert size(FULL.properties(name)["KeyPolicy"]) <= 32_768


def test_the_pattern_of_a_rule_is_no_longer_than_eventbridge_takes() -> None:
    for rule in FULL.of_type("AWS::Events::Rule").values():
        arns = json.dumps(rule["EventPattern"]).count(".Arn") * len(_ARN)
        assert size(rule["EventPattern"]) + arns <= 4096


@pytest.mark.parametrize("name", sorted(FULL.of_type("AWS::CloudWatch::Alarm")))
def test_the_texts_of_an_alarm_are_no_longer_than_cloudwatch_takes(name: str) -> None:
    alarm = FULL.properties(name)

    assert len(alarm["AlarmDescription"]) <= 1024
    assert all(len(one.get("Expression", "")) <= 1024 for one in alarm.get("Metrics", []))


@pytest.mark.parametrize("stack", STACKS)
def test_a_stack_s_name_fits_into_the_names_of_what_it_makes(stack: str) -> None:
    named = Expanded(**{**FULL.parameters, "AWS::StackName": stack})
    chosen: Mapping[str, tuple[str, int]] = {
        "AWS::CloudFront::Function": ("Name", 64),
        "AWS::Lambda::Function": ("FunctionName", 64),
        "AWS::SES::ConfigurationSet": ("Name", 64),
        "AWS::Scheduler::Schedule": ("Name", 64),
        "AWS::Scheduler::ScheduleGroup": ("Name", 64),
    }

    assert len(stack) <= LONGEST_STACK_NAME
    for kind, (name, longest) in chosen.items():
        assert [one[name] for one in named.of_type(kind).values() if len(one[name]) > longest] == []


def test_no_role_that_uses_a_key_has_a_name_that_cloudformation_cuts() -> None:
    # CloudFormation adds two hyphens and up to thirteen letters, and cuts at 64.
    roles = [
        name for name, role in FULL.of_type("AWS::IAM::Role").items() if '"kms:' in json.dumps(role.get("Policies", []))
    ]

    assert len(roles) > 4
    assert [name for name in roles if LONGEST_STACK_NAME + len(name) + 15 > 64] == []
