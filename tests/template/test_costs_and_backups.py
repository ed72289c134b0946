"""What an operator may add by parameter: a budget, ceilings, reserved concurrency, test recipients, backups."""

from __future__ import annotations

from typing import Any

import pytest

from simulators.cloudformation import Account, Refused
from simulators.template import LogicalNames, project_template
from tests.support.expansion import Expanded, expanded_template

TEMPLATE = project_template()
TOPIC = "arn:aws:sns:eu-west-3:123456789012:alarms"
VAULT = "arn:aws:backup:eu-west-3:210987654321:backup-vault:members"
TESTER = "arn:aws:ses:eu-west-3:123456789012:identity/testeur@ailleurs.fr"
TABLES = ("MembersTable", "AccessTable")
BY_CHOICE = ("MembersBackupVault", "MembersBackupPlan", "MembersBackupSelection", "MembersBackupRole", "CostBudget")


def resource(name: str, **parameters: str) -> dict[str, Any]:
    """A resource's properties as they are deployed."""
    given = {"Environment": "staging", "AlarmTopicArn": TOPIC, **parameters}
    found: dict[str, Any] = TEMPLATE.resolve(TEMPLATE.body["Resources"][name]["Properties"], LogicalNames(), given)
    return found


def exists(name: str, **parameters: str) -> bool:
    condition = {"Condition": TEMPLATE.body["Resources"][name]["Condition"]}
    return TEMPLATE.holds(condition, {"Environment": "staging", "AlarmTopicArn": TOPIC, **parameters})


@pytest.mark.parametrize("name", [*BY_CHOICE, "BackupsFail"])
def test_nothing_is_added_without_a_parameter_or_on_a_laptop(name: str) -> None:
    chosen = {"BackupVault": "create", "MonthlyBudget": "500"}

    assert exists(name, **chosen)
    assert not exists(name)
    assert not exists(name, Environment="local", **chosen)


def test_a_budget_gives_notice_before_it_is_used_up() -> None:
    budget = resource("CostBudget", MonthlyBudget="500")
    notices = [(one["Notification"], one["Subscribers"]) for one in budget["NotificationsWithSubscribers"]]

    assert budget["Budget"] == {
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": "500", "Unit": "USD"},
    }
    assert {(one["NotificationType"], one["Threshold"]) for one, _ in notices} == {("ACTUAL", 80), ("FORECASTED", 100)}
    assert {one["ThresholdType"] for one, _ in notices} == {"PERCENTAGE"}
    assert [subscribers for _, subscribers in notices] == [[{"SubscriptionType": "SNS", "Address": TOPIC}]] * 2


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"MonthlyBudget": "500", "AlarmTopicArn": ""}, "MonthlyBudget requires AlarmTopicArn"),
        ({"BackupCopyVaultArn": VAULT}, "BackupCopyVaultArn requires BackupVault=create"),
    ],
)
def test_a_choice_that_needs_another_one_is_refused_alone(parameters: dict[str, str], complaint: str) -> None:
    given = {"Environment": "staging", "PublicOrigin": "https://members.mutuelle.fr", **parameters}

    with pytest.raises(Refused, match=complaint):
        Account().deploy("test", expanded_template(), given)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(
    ("reads", "writes", "ceiling"),
    [
        ("0", "0", None),
        ("3000", "0", {"MaxReadRequestUnits": "3000"}),
        ("0", "2000", {"MaxWriteRequestUnits": "2000"}),
        ("3000", "2000", {"MaxReadRequestUnits": "3000", "MaxWriteRequestUnits": "2000"}),
    ],
)
def test_a_table_has_the_ceilings_that_a_parameter_sets(
    table: str, reads: str, writes: str, ceiling: dict[str, str] | None
) -> None:
    chosen = {"TableReadUnitsASecond": reads, "TableWriteUnitsASecond": writes}

    assert resource(table, **chosen).get("OnDemandThroughput") == ceiling
    assert "OnDemandThroughput" not in resource(table, Environment="local", **chosen)


@pytest.mark.parametrize(("reserved", "of_emails"), [("0", None), ("12", "12")])
def test_the_workers_of_queues_keep_what_their_queues_call_at_once(reserved: str, of_emails: str | None) -> None:
    functions = {
        name: Expanded(ReservedConcurrencyForQueues=reserved).properties(f"{name}Function")
        for name in ("Emails", "Bounces", "Letters")
    }
    kept = {name: one.get("ReservedConcurrentExecutions") for name, one in functions.items()}

    assert kept == {"Emails": of_emails, "Bounces": of_emails and 2, "Letters": of_emails and 2}


def test_test_recipients_join_the_sender_and_nothing_else() -> None:
    (send,) = (
        one
        for one in TEMPLATE.role_statements(
            "EmailsRole",
            parameters={"Environment": "staging", "TestRecipientIdentities": f"{TESTER},{TESTER}.example"},
        )
        if "ses:SendEmail" in one.actions
    )

    assert send.resources == (
        "arn:aws:ses:eu-west-3:123456789012:identity/mutuelle.example",
        "arn:aws:ses:eu-west-3:123456789012:configuration-set/EmailConfiguration",
        TESTER,
        f"{TESTER}.example",
    )


def test_a_backup_of_each_day_is_locked_for_as_long_as_it_is_kept() -> None:
    chosen = {"BackupVault": "create", "BackupRetentionDays": "90"}
    plan = resource("MembersBackupPlan", **chosen)["BackupPlan"]
    (rule,) = plan["BackupPlanRule"]

    assert resource("MembersBackupVault", **chosen)["LockConfiguration"] == {"MinRetentionDays": "90"}
    assert rule["ScheduleExpression"] == "cron(0 1 * * ? *)"
    assert rule["Lifecycle"] == {"DeleteAfterDays": "90"}
    assert "CopyActions" not in rule


def test_a_backup_is_copied_to_the_vault_of_another_account() -> None:
    (rule,) = resource("MembersBackupPlan", BackupVault="create", BackupCopyVaultArn=VAULT)["BackupPlan"][
        "BackupPlanRule"
    ]

    assert rule["CopyActions"] == [{"DestinationBackupVaultArn": VAULT, "Lifecycle": {"DeleteAfterDays": "35"}}]


@pytest.mark.parametrize(
    ("adopted", "arn"),
    [("", "MembersTable.Arn"), ("restored", "arn:aws:dynamodb:eu-west-3:123456789012:table/restored")],
)
def test_the_members_are_in_the_backup_and_the_access_table_is_not(adopted: str, arn: str) -> None:
    selection = resource("MembersBackupSelection", AdoptedMembersTable=adopted)["BackupSelection"]

    assert selection["Resources"] == [arn]


def test_the_name_of_a_vault_fits() -> None:
    # CloudFormation, AWS::Backup::BackupVault: 2 to 50 letters, digits, hyphens and underscores.
    assert len(resource("MembersBackupVault")["BackupVaultName"]) == len("members-") + 36


def test_a_backup_that_fails_is_reported_and_so_is_its_copy() -> None:
    rule = resource("BackupsFail")
    detail = rule["EventPattern"]["detail"]

    # AWS Backup developer guide, "Monitoring AWS Backup events using Amazon EventBridge".
    assert rule["EventPattern"]["detail-type"] == ["Backup Job State Change", "Copy Job State Change"]
    assert detail["state"] == ["ABORTED", "EXPIRED", "FAILED"]
    vault = ["MembersBackupVault.BackupVaultArn"]
    assert detail["$or"] == [{"backupVaultArn": vault}, {"sourceBackupVaultArn": vault}]
    assert [target["Arn"] for target in rule["Targets"]] == [TOPIC]
