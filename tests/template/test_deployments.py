"""How a new version comes to serve members: checked, watched, and taken back when an alarm rings."""

from __future__ import annotations

import re

import pytest

from simulators.template import project_template, walk
from tests.support.expansion import Expanded

OF_THE_API = [
    "AccountFunction",
    "IdentifierFunction",
    "LetterStatusFunction",
    "LoginFunction",
    "PasskeysFunction",
    "ResetFunction",
]
LOCAL = {"Environment": "local", "PublicOrigin": "http://localhost:8080"}


def watched(stack: Expanded) -> list[str]:
    """The functions whose alias CodeDeploy moves."""
    return sorted(
        name.removesuffix("Aliaslive")
        for name, node in stack.resources.items()
        if node["Type"] == "AWS::Lambda::Alias" and "UpdatePolicy" in node
    )


@pytest.mark.parametrize(
    ("environment", "pace"), [("production", "LambdaCanary10Percent5Minutes"), ("staging", "LambdaAllAtOnce")]
)
def test_versions_of_the_api_are_moved_by_codedeploy(environment: str, pace: str) -> None:
    stack = Expanded(Environment=environment)
    groups = stack.of_type("AWS::CodeDeploy::DeploymentGroup")

    assert watched(stack) == OF_THE_API
    assert {group["DeploymentConfigName"] for group in groups.values()} == {f"CodeDeployDefault.{pace}"}


def test_a_version_is_checked_before_it_gets_traffic() -> None:
    stack = Expanded()

    for name in OF_THE_API:
        policy = stack.resolve(stack.resources[f"{name}Aliaslive"]["UpdatePolicy"])["CodeDeployLambdaAliasUpdate"]
        assert policy["BeforeAllowTrafficHook"] == "VersionCheckFunction"


def test_an_alarm_takes_the_version_back() -> None:
    for group in Expanded().of_type("AWS::CodeDeploy::DeploymentGroup").values():
        watched_alarms = {alarm["Name"] for alarm in group["AlarmConfiguration"]["Alarms"]}
        assert watched_alarms == {"ApiErrors", *(name.replace("Function", "Errors") for name in OF_THE_API)}
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]


def test_the_check_runs_the_versions_that_are_about_to_serve() -> None:
    # "Safe deployments" of the SAM guide names the new version to a hook in the same way.
    stack = Expanded()
    variables = stack.resources["VersionCheckFunction"]["Properties"]["Environment"]["Variables"]
    aliases = [stack.resources[f"{name}Aliaslive"]["Properties"]["FunctionVersion"] for name in OF_THE_API]

    names = ("ACCOUNT", "IDENTIFIER", "LETTER_STATUS", "LOGIN", "PASSKEYS", "RESET")
    new = [variables[f"{name}_VERSION"] for name in names]
    assert [alias["Fn::GetAtt"][0] for alias in aliases] == [version["Ref"] for version in new]


def test_codedeploy_may_call_the_check_by_its_name() -> None:
    # AWSCodeDeployRoleForLambda allows lambda:InvokeFunction on function:CodeDeployHook_* alone.
    assert Expanded().properties("VersionCheckFunction")["FunctionName"].startswith("CodeDeployHook_")


def test_the_name_of_the_check_fits_the_longest_name_of_a_stack_in_samconfig() -> None:
    name = Expanded().properties("VersionCheckFunction")["FunctionName"].replace("test", "member-access-production")

    assert re.fullmatch(r"[\w-]{1,64}", name)


OF_MEMBERS = ["LoginFunction", "ResetFunction", "IdentifierFunction"]


def ready_containers(stack: Expanded) -> dict[str, str]:
    """The containers that Lambda keeps ready behind the alias of each function."""
    return {
        name.removesuffix("Aliaslive"): alias["ProvisionedConcurrencyConfig"]["ProvisionedConcurrentExecutions"]
        for name, alias in stack.of_type("AWS::Lambda::Alias").items()
        if "ProvisionedConcurrencyConfig" in alias
    }


def snapshots(stack: Expanded) -> list[str]:
    """The functions whose versions start from a snapshot."""
    return [
        name
        for name, function in stack.of_type("AWS::Lambda::Function").items()
        if function.get("SnapStart") == {"ApplyOn": "PublishedVersions"}
    ]


def test_by_default_no_container_waits_for_a_member() -> None:
    assert ready_containers(Expanded()) == {}
    assert snapshots(Expanded()) == []


def test_containers_are_kept_ready_where_a_member_waits_alone() -> None:
    assert ready_containers(Expanded(ProvisionedConcurrency="2")) == dict.fromkeys(OF_MEMBERS, "2")


def test_a_laptop_keeps_no_container_ready() -> None:
    assert ready_containers(Expanded(**LOCAL, ProvisionedConcurrency="2")) == {}


def test_functions_start_from_snapshots_where_a_member_waits_alone() -> None:
    assert snapshots(Expanded(SnapStart="PublishedVersions")) == OF_MEMBERS


@pytest.mark.parametrize(
    ("parameters", "is_deployed"),
    [
        ({}, True),
        ({"Runtime": "python3.11"}, True),
        ({"ProvisionedConcurrency": "2"}, True),
        ({"SnapStart": "PublishedVersions"}, True),
        ({"SnapStart": "PublishedVersions", "Runtime": "python3.11"}, False),
        ({"SnapStart": "PublishedVersions", "ProvisionedConcurrency": "2"}, False),
    ],
)
def test_snapstart_is_deployed_only_where_lambda_supports_it(parameters: dict[str, str], is_deployed: bool) -> None:
    template = project_template()
    rule = template.body["Rules"]["SnapshotsAreSupported"]
    asked = template.holds(rule["RuleCondition"], parameters)
    supported = all(template.holds(assertion["Assert"], parameters) for assertion in rule["Assertions"])

    assert (supported or not asked) is is_deployed


@pytest.mark.parametrize("parameters", [{"WatchDeployments": "false"}, LOCAL, {**LOCAL, "WatchDeployments": "false"}])
def test_without_watching_nothing_of_codedeploy_exists(parameters: dict[str, str]) -> None:
    stack = Expanded(**parameters)

    assert watched(stack) == []
    assert [name for name, node in stack.resources.items() if "CodeDeploy" in node["Type"]] == []


def test_a_laptop_has_neither_check_nor_canary() -> None:
    names = Expanded(**LOCAL).resources

    assert [name for name in names if name.startswith(("VersionCheck", "Canary"))] == []


def test_a_canary_runs_only_with_a_test_member() -> None:
    secret = "arn:aws:secretsmanager:eu-west-3:123456789012:secret:canary-AbCdEf"
    without, canary = Expanded(), Expanded(CanarySecretArn=secret)

    assert [name for name in without.resources if name.startswith("Canary")] == []
    (schedule,) = [name for name in canary.resources if name.startswith("CanaryFunctionEvery") and "Role" not in name]
    assert canary.properties(schedule)["ScheduleExpression"] == "rate(5 minutes)"
    assert secret in list(walk(canary.properties("CanaryRole")["Policies"]))
