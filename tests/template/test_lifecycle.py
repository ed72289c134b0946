"""The stack is created, fails, is deleted and comes back: played through on a simulator of CloudFormation.

The simulator obeys what CloudFormation documents about names, retention and refusals, on the template as SAM's
translator expands it. Two tests show that it fails on names and policies that do not allow this.
"""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import TYPE_CHECKING

import pytest

from simulators.cloudformation import NAME_PROPERTIES, Account, Refused
from simulators.template import project_template
from tests.support.expansion import expanded_template
from tools.deployment.stacks import stack_policy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from _pytest.mark.structures import ParameterSet

    from simulators.cloudformation import Stack
    from simulators.template import Node

NAME = "member-access-production"
DOMAIN = "mutuelle-des-essais.fr"
IDENTITY = ("AWS::SES::EmailIdentity", DOMAIN)
TABLE = "AWS::DynamoDB::Table"
STAGING = {
    "Environment": "staging",
    "PublicOrigin": "https://adherents.mutuelle-des-essais.fr",
    "CertificateArn": "arn:aws:acm:us-east-1:210987654321:certificate/5f1e",
    "SenderDomain": DOMAIN,
    "AlarmTopicArn": "arn:aws:sns:eu-west-3:210987654321:alarms",
    "CanarySecretArn": "arn:aws:secretsmanager:eu-west-3:210987654321:secret:canary-AbCdEf",
}
# What only a stack without the portal has.
ELSEWHERE = {"HostPortal": "false", "ApiDomainCertificateArn": "arn:aws:acm:eu-west-3:210987654321:certificate/5f1e"}
# What parameters add that are off by default.
BY_CHOICE = {"BackupVault": "create", "MonthlyBudget": "500"}
PRODUCTION = {
    **STAGING,
    "Environment": "production",
    "InsurerName": "Mutuelle des Essais",
    "InsurerAddress": "Mutuelle des Essais|1 rue de l’Été|35000 RENNES",
    "InsurerSite": "adherents.mutuelle-des-essais.fr",
    "InsurerHelpline": "02 99 00 00 00",
}


@cache
def body() -> Mapping[str, Node]:
    return expanded_template()


def retained() -> dict[str, Node]:
    """The resources that a deletion of the stack keeps."""
    resources = project_template().body["Resources"]
    return {name: node for name, node in resources.items() if node.get("DeletionPolicy", "Delete") != "Delete"}


def adoption(stack: Stack) -> dict[str, str]:
    """The parameters by which another stack adopts the data of this one, as its output states them."""
    pairs = (pair.partition("=") for pair in stack.outputs["ToAdopt"].split(" "))
    return {name: value for name, _, value in pairs}


def all_created(parameters: Mapping[str, str]) -> list[ParameterSet]:
    """Every resource of a stack; in the quick part those alone that a deletion keeps."""
    created = Account().deploy(NAME, body(), parameters).resources
    return [pytest.param(name, marks=[] if name in retained() else [pytest.mark.slow]) for name in created]


def test_an_alarm_over_a_deployment_cannot_name_what_calls_the_alias() -> None:
    # The stage calls aliases, CodeDeploy moves an alias by its UpdatePolicy, and watches the alarm while it does.
    with_circle = copy.deepcopy(dict(body()))
    with_circle["Resources"]["ApiErrors"]["Properties"]["Dimensions"][1]["Value"] = {"Ref": "Apiv1Stage"}

    with pytest.raises(Refused, match=r"Circular dependency .*'ApiErrors', 'Apiv1Stage'"):
        Account().deploy(NAME, with_circle, PRODUCTION)


def test_a_creation_makes_every_resource_of_the_cloud() -> None:
    account = Account()
    stack = account.deploy(NAME, body(), PRODUCTION | BY_CHOICE)

    assert stack.status == "CREATE_COMPLETE"
    without_portal = Account().deploy(NAME, body(), PRODUCTION | ELSEWHERE)
    assert stack.resources.keys() | without_portal.resources.keys() == body()["Resources"].keys()
    assert account.existing <= {resource.thing for resource in stack.resources.values()}


@pytest.mark.parametrize("failing", all_created(STAGING))
def test_a_creation_that_failed_leaves_nothing_and_can_be_repeated(failing: str) -> None:
    account = Account()
    assert account.deploy(NAME, body(), STAGING, failing=failing).status == "ROLLBACK_COMPLETE"
    assert account.existing == set()
    account.delete(NAME)

    assert account.deploy(NAME, body(), STAGING).status == "CREATE_COMPLETE"


@pytest.mark.parametrize("failing", all_created(PRODUCTION))
def test_in_production_a_failed_creation_leaves_at_most_protected_tables(failing: str) -> None:
    account = Account()
    account.deploy(NAME, body(), PRODUCTION, failing=failing)
    assert {kind for kind, _ in account.existing} <= {TABLE}
    account.delete(NAME)

    assert account.deploy(NAME, body(), PRODUCTION).status == "CREATE_COMPLETE"


def test_a_stack_whose_creation_failed_takes_no_update() -> None:
    account = Account()
    account.deploy(NAME, body(), STAGING, failing="Api")

    with pytest.raises(Refused, match="ROLLBACK_COMPLETE"):
        account.deploy(NAME, body(), STAGING)


def with_log_groups_named() -> Mapping[str, Node]:
    changed: dict[str, Node] = copy.deepcopy(dict(body()))
    for name, node in changed["Resources"].items():
        if node["Type"] == "AWS::Logs::LogGroup":
            node["Properties"]["LogGroupName"] = {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{name}"}
    return changed


def with_everything_retained() -> Mapping[str, Node]:
    changed: dict[str, Node] = copy.deepcopy(dict(body()))
    for name in retained():
        changed["Resources"][name]["DeletionPolicy"] = "Retain"
    return changed


def test_log_groups_with_names_would_keep_a_deleted_stack_from_coming_back() -> None:
    account = Account()
    account.deploy(NAME, with_log_groups_named(), PRODUCTION)
    account.delete(NAME)
    again = account.deploy(NAME, with_log_groups_named(), {**PRODUCTION, "SenderIdentity": "existing"})

    assert (again.status, body()["Resources"][again.reason]["Type"]) == ("ROLLBACK_FAILED", "AWS::Logs::LogGroup")


def test_retaining_without_an_exception_would_leave_keys_of_a_failed_creation() -> None:
    account = Account()
    account.deploy(NAME, with_everything_retained(), STAGING, failing="ApiErrors")
    account.delete(NAME)

    assert {"AWS::KMS::Key", TABLE} <= {kind for kind, _ in account.existing}
    assert account.deploy(NAME, with_everything_retained(), STAGING).reason == "SenderDomainIdentity"


@pytest.mark.parametrize("name", sorted(retained()))
def test_a_retained_resource_can_be_created_twice(name: str) -> None:
    kind, properties = retained()[name]["Type"], retained()[name].get("Properties", {})

    # The name of the identity is the domain: that is why an existing one can be used. That of the vault holds the
    # identity of the stack.
    assert NAME_PROPERTIES.get(kind) not in properties or name in {"SenderDomainIdentity", "MembersBackupVault"}


def test_a_deleted_stack_comes_back_beside_the_vault_of_its_backups() -> None:
    account = Account()
    parameters = {**PRODUCTION, "BackupVault": "create"}
    first = account.deploy(NAME, body(), parameters)
    account.delete(NAME)
    second = account.deploy(NAME, body(), {**parameters, "SenderIdentity": "existing"})

    vaults = {stack.resources["MembersBackupVault"].thing for stack in (first, second)}
    assert second.status == "CREATE_COMPLETE"
    assert (len(vaults), vaults <= account.existing) == (2, True)


def test_under_the_stack_policy_no_update_takes_a_table_away() -> None:
    account = Account()
    stack = account.deploy(NAME, body(), PRODUCTION)
    stack.policy = json.loads(stack_policy(project_template()) or "{}")

    with pytest.raises(Refused, match=r"denies \[Update:Delete\] for resource \[LogicalResourceId/MembersTable\]"):
        account.deploy(NAME, body(), {**PRODUCTION, "AdoptedMembersTable": "restored"})
    assert account.deploy(NAME, body(), {**PRODUCTION, "PinFreeAttempts": "2"}).status == "UPDATE_COMPLETE"


def test_the_stack_policy_covers_all_retained_data() -> None:
    stateful = (TABLE, "AWS::KMS::Key", "AWS::SecretsManager::Secret")
    data = {f"LogicalResourceId/{name}" for name, node in retained().items() if node["Type"] in stateful}
    allowed, denied = json.loads(stack_policy(project_template()) or "{}")["Statement"]

    assert (allowed["Effect"], allowed["Action"], allowed["Resource"]) == ("Allow", "Update:*", "*")
    assert (denied["Effect"], denied["Action"]) == ("Deny", ["Update:Delete", "Update:Replace"])
    assert set(denied["Resource"]) == data


def test_a_deleted_stack_comes_back_to_all_its_data_by_adoption() -> None:
    account = Account()
    first = account.deploy(NAME, body(), PRODUCTION)
    parameters = {**PRODUCTION, **adoption(first), "SenderIdentity": "existing"}
    account.delete(NAME)
    second = account.deploy(NAME, body(), parameters)

    assert second.status == "CREATE_COMPLETE"
    assert adoption(second) == adoption(first)
    made_again = {resource.thing[0] for name, resource in second.resources.items() if name in retained()}
    assert made_again == {"AWS::ApiGateway::Account", "AWS::IAM::Role", "AWS::Logs::LogGroup", "AWS::S3::Bucket"}
    assert "ProviderSecret" not in second.resources


def test_every_retained_resource_with_data_has_a_parameter_that_adopts_it() -> None:
    stateful = (TABLE, "AWS::KMS::Key", "AWS::SecretsManager::Secret")
    created = Account().deploy(NAME, body(), PRODUCTION)
    adopted = Account().deploy(NAME, body(), {**PRODUCTION, **adoption(created)})

    assert [name for name, node in retained().items() if node["Type"] in stateful and name in adopted.resources] == []


def test_a_restored_table_comes_into_use_and_the_other_one_stays() -> None:
    restored = (TABLE, "members-restored")
    account = Account([restored])
    first = account.deploy(NAME, body(), PRODUCTION).resources["MembersTable"].thing

    stack = account.deploy(NAME, body(), {**PRODUCTION, "AdoptedMembersTable": restored[1]})

    assert (stack.status, stack.outputs["MembersTable"]) == ("UPDATE_COMPLETE", restored[1])
    assert {first, restored} <= account.existing
    back = account.deploy(NAME, body(), {**PRODUCTION, "AdoptedMembersTable": first[1]})
    assert back.outputs["MembersTable"] == first[1]


def test_a_rotated_signing_key_outlives_its_stack() -> None:
    account = Account()
    stack = account.deploy(NAME, body(), PRODUCTION)
    thing, former = stack.resources["SigningKey"].thing, adoption(stack)["AdoptedSigningKeyArn"]
    newer = former.replace(thing[1], "newer")

    rotated = account.deploy(NAME, body(), {**PRODUCTION, "AdoptedSigningKeyArn": newer, "FormerSigningKeyArn": former})

    assert adoption(rotated)["AdoptedSigningKeyArn"] == newer
    assert thing in account.existing


def test_an_identity_that_exists_fails_a_creation_that_makes_one() -> None:
    stack = Account([IDENTITY]).deploy(NAME, body(), STAGING)

    assert (stack.status, stack.reason) == ("ROLLBACK_COMPLETE", "SenderDomainIdentity")


def test_an_identity_that_exists_is_used_and_outlives_the_stack() -> None:
    account = Account([IDENTITY])
    stack = account.deploy(NAME, body(), {**PRODUCTION, "SenderIdentity": "existing"})
    assert stack.status == "CREATE_COMPLETE"
    assert "SenderDnsRecords" not in stack.outputs

    account.delete(NAME)
    assert IDENTITY in account.existing


def test_two_environments_share_an_account_with_two_domains() -> None:
    account = Account()
    account.deploy("member-access-staging", body(), {**STAGING, "SenderDomain": "essais.mutuelle-des-essais.fr"})

    assert account.deploy(NAME, body(), PRODUCTION).status == "CREATE_COMPLETE"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("LogRetentionDays", "200"),
        ("PinFreeAttempts", "0"),
        ("SourceWindowSeconds", "0"),
        ("Argon2Lanes", "10"),
        ("EmailSharePercent", "101"),
        ("SessionIdleSeconds", "60"),
        ("PinConsecutiveFailures", "101"),
        ("IdentifierPattern", "-"),
        ("CurrentPinKeyArn", "arn:aws:kms:eu-west-3:123456789012:alias/pins"),
        ("InsurerName", " "),
        ("SenderIdentity", "adopt"),
    ],
)
def test_a_bad_value_is_refused_before_anything_is_created(name: str, value: str) -> None:
    account = Account()
    with pytest.raises(Refused, match=name):
        account.deploy(NAME, body(), {**PRODUCTION, name: value})

    assert (account.existing, account.stacks) == (set(), {})


@pytest.mark.parametrize(
    ("name", "value", "complaint"),
    [
        ("AlarmTopicArn", "", "AlarmTopicArn"),
        ("CertificateArn", "", "CertificateArn"),
        ("PublicOrigin", "https://adherents.example", "PublicOrigin"),
        ("SenderDomain", "mutuelle.example", "SenderDomain"),
        ("InsurerName", "Mutuelle de l’Exemple", "InsurerName"),
        ("InsurerAddress", "Service Adhérents|12 rue de l’Exemple|99999 EXEMPLEVILLE", "InsurerAddress"),
        ("InsurerSite", "adherents.mutuelle.example", "InsurerSite"),
        ("InsurerHelpline", "01 99 00 12 34", "InsurerHelpline"),
        ("MailevaApiUrl", "https://api.sandbox.maileva.net", "sandbox"),
        ("PingenApiUrl", "https://api-staging.pingen.com", "staging system"),
        ("LetterProvider", "pingen", "PingenOrganisation"),
    ],
)
def test_production_is_refused_with_a_value_that_would_be_a_silent_mistake(
    name: str, value: str, complaint: str
) -> None:
    with pytest.raises(Refused, match=complaint):
        Account().deploy(NAME, body(), {**PRODUCTION, name: value})


@pytest.mark.parametrize("name", [name for name in PRODUCTION if name.startswith("Insurer") and name not in STAGING])
def test_the_examples_of_the_rules_are_the_defaults(name: str) -> None:
    default = body()["Parameters"][name]["Default"]
    with pytest.raises(Refused, match=name):
        Account().deploy(NAME, body(), {**PRODUCTION, name: default})
