"""Who may administer a key, use it and end it, from the key policies of the template."""

from __future__ import annotations

import re

import pytest

from simulators.template import LogicalNames, project_template, walk
from tests.support.iam import key_policy_allows

TEMPLATE = project_template()
KEYS = sorted(TEMPLATE.keys())
IMPORTED = {"IndexKey", "OwnDataKey"}
ROLES = "arn:aws:iam::123456789012:role/"
LOGIN, OTHER_STACKS, ADMINISTRATOR = f"{ROLES}test-LoginRole-1ABCDEF", f"{ROLES}tests-LoginRole-1", f"{ROLES}admin"
IMPORT, BREAK_GLASS = f"{ROLES}aws-reserved/sso.amazonaws.com/eu-west-3/Import_0123", f"{ROLES}break-glass"
PARAMETERS = {
    "Environment": "production",
    "ImportRoleArns": f"{ROLES}nightly,{ROLES}aws-reserved/sso.amazonaws.com/*/Import_*",
    "BreakGlassRoleArn": BREAK_GLASS,
    "AlarmTopicArn": "arn:aws:sns:eu-west-3:123456789012:alarms",
}
NAMED_KEYS = [name for name in TEMPLATE.body["Parameters"] if re.search(r"KeyArns?$", name)]
USES = ("kms:GenerateMac", "kms:Sign")
ENDS = ("kms:DisableKey", "kms:ReplicateKey", "kms:ScheduleKeyDeletion")


def may(key: str, principal: str, action: str, *via: str, **parameters: str) -> bool:
    """Whether a key lets IAM allow an action to a role, directly or by a call of other services."""
    properties = TEMPLATE.resources("AWS::KMS::Key")[key]["Properties"]
    policy = TEMPLATE.resolve(properties["KeyPolicy"], LogicalNames(), {**PARAMETERS, **parameters})
    context = {"aws:PrincipalArn": [principal]} | ({"aws:CalledVia": list(via)} if via else {})
    return key_policy_allows(policy, action, context)


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("action", USES)
def test_the_stack_s_functions_use_a_key_and_no_other_role_does(key: str, action: str) -> None:
    users = [role for role in (LOGIN, OTHER_STACKS, ADMINISTRATOR, BREAK_GLASS) if may(key, role, action)]

    assert users == [LOGIN]


@pytest.mark.parametrize("key", KEYS)
def test_roles_that_import_use_the_keys_of_the_import_alone(key: str) -> None:
    assert may(key, IMPORT, "kms:GenerateMac") is (key in IMPORTED)
    assert not may(key, IMPORT, "kms:GenerateMac", ImportRoleArns="")


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("action", ["kms:DescribeKey", "kms:PutKeyPolicy", "kms:CancelKeyDeletion", "kms:EnableKey"])
def test_the_account_administers_a_key(key: str, action: str) -> None:
    assert may(key, ADMINISTRATOR, action)


@pytest.mark.parametrize("key", KEYS)
def test_no_one_hands_the_use_of_a_key_on_by_a_grant(key: str) -> None:
    assert not any(may(key, role, "kms:CreateGrant") for role in (LOGIN, ADMINISTRATOR, BREAK_GLASS))


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("action", ENDS)
def test_only_the_break_glass_role_ends_or_copies_a_key(key: str, action: str) -> None:
    assert [role for role in (LOGIN, ADMINISTRATOR, BREAK_GLASS) if may(key, role, action)] == [BREAK_GLASS]
    assert not may(key, BREAK_GLASS, action, BreakGlassRoleArn="")


@pytest.mark.parametrize("key", KEYS)
def test_cloudformation_deletes_the_keys_of_a_creation_that_failed(key: str) -> None:
    """CloudFormation calls with a forward access session, with a service role too (user guide, "FAS requests")."""
    assert may(key, ADMINISTRATOR, "kms:ScheduleKeyDeletion", "cloudformation.amazonaws.com")
    assert not may(key, ADMINISTRATOR, "kms:ScheduleKeyDeletion", "athena.amazonaws.com")


@pytest.mark.parametrize("key", KEYS)
def test_whether_a_key_can_be_copied_to_another_region_is_one_parameter(key: str) -> None:
    assert TEMPLATE.resources("AWS::KMS::Key")[key]["Properties"]["MultiRegion"] == {"Ref": "MultiRegionKeys"}


def test_a_rule_tells_the_alarm_topic_who_ends_a_key() -> None:
    rule = TEMPLATE.body["Resources"]["KeysInDanger"]
    properties = TEMPLATE.resolve(rule["Properties"], LogicalNames(), PARAMETERS)
    detail = properties["EventPattern"]["detail"]

    assert {"DisableKey", "DisableKeyRotation", "PutKeyPolicy", "ScheduleKeyDeletion"} == set(detail["eventName"])
    assert sorted(detail["resources"]["ARN"]) == sorted(f"{key}.Arn" for key in KEYS)
    assert [target["Arn"] for target in properties["Targets"]] == [PARAMETERS["AlarmTopicArn"]]


def test_the_rule_watches_every_key_that_a_parameter_names() -> None:
    arns = {name: f"arn:aws:kms:eu-west-3:123456789012:key/{name}" for name in NAMED_KEYS}
    two = {"FormerPinKeyArns": f"{arns['FormerPinKeyArns']},{arns['FormerPinKeyArns']}-2"}
    rule = TEMPLATE.body["Resources"]["KeysInDanger"]
    properties = TEMPLATE.resolve(rule["Properties"], LogicalNames(), {**PARAMETERS, **arns, **two})

    watched = properties["EventPattern"]["detail"]["resources"]["ARN"]
    assert sorted(watched) == sorted([*arns.values(), f"{arns['FormerPinKeyArns']}-2"])


@pytest.mark.parametrize(
    ("environment", "topic", "exists"),
    [
        ("production", "arn:aws:sns:eu-west-3:123456789012:alarms", True),
        ("production", "", False),
        ("local", "x", False),
    ],
)
def test_the_rule_needs_a_topic_and_the_cloud(environment: str, topic: str, exists: bool) -> None:
    rule = TEMPLATE.body["Resources"]["KeysInDanger"]
    parameters = {"Environment": environment, "AlarmTopicArn": topic}

    assert TEMPLATE.holds({"Condition": rule["Condition"]}, parameters) is exists


@pytest.mark.parametrize(("environment", "protected"), [("production", True), ("staging", False), ("local", False)])
def test_tables_are_protected_from_deletion_in_production_alone(environment: str, protected: bool) -> None:
    for node in TEMPLATE.resources("AWS::DynamoDB::Table").values():
        properties = TEMPLATE.resolve(node["Properties"], LogicalNames(), {"Environment": environment})
        assert properties["DeletionProtectionEnabled"] is protected


def test_every_use_of_a_key_table_or_secret_takes_the_adopted_one() -> None:
    """Each stands behind the condition that the stack makes its own."""
    body = TEMPLATE.body
    uses = [part for section in ("Resources", "Outputs", "Globals") for part in walk(body[section])]
    own = [part["Fn::GetAtt"][0] for part in uses if isinstance(part, dict) and "Fn::GetAtt" in part]
    behind = [
        part["Fn::If"][1]["Fn::GetAtt"][0]
        for part in uses
        if isinstance(part, dict)
        and "Fn::If" in part
        and part["Fn::If"][0].startswith("Makes")
        and "Fn::GetAtt" in part["Fn::If"][1]
    ]
    adopted = {*KEYS, "MembersTable", "AccessTable", "ProviderSecret"}

    assert sorted(name for name in own if name in adopted) == sorted(behind)
