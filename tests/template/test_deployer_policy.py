"""The policy for a deployer lets ``make deploy`` and CloudFormation work, and shows no data of members."""

from __future__ import annotations

import json
import tomllib
from fnmatch import fnmatchcase
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import pytest

from simulators.sign_in_driver import FrontDoor
from simulators.template import ROOT
from tests.support.deployment import OWN, TEMPLATES, Rehearsal
from tests.support.expansion import Expanded
from tests.support.iam import listed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from simulators.cloud import Cloud

POLICY = json.loads((ROOT / "docs" / "deployer-policy.json").read_text("utf-8"))
STATEMENTS: list[dict[str, Any]] = POLICY["Statement"]
STACK = "member-access-production"
EVERYTHING = Expanded(
    **{
        "AWS::StackName": STACK,
        "HostPortal": "true",
        "CertificateArn": "arn:aws:acm:us-east-1:111122223333:certificate/0",
        "AlarmTopicArn": "arn:aws:sns:eu-west-3:111122223333:alarms",
        "CanarySecretArn": "arn:aws:secretsmanager:eu-west-3:111122223333:secret:canary-Abcdef",
        "BackupVault": "create",
        "MonthlyBudget": "500",
    }
)
CALLS: Mapping[str, tuple[str, ...]] = {
    "AWS::ApiGateway::Account": ("apigateway:PATCH",),
    "AWS::ApiGateway::Deployment": ("apigateway:POST", "apigateway:DELETE"),
    "AWS::ApiGateway::RestApi": ("apigateway:POST", "apigateway:DELETE"),
    "AWS::ApiGateway::Stage": ("apigateway:POST", "apigateway:DELETE"),
    "AWS::Backup::BackupPlan": ("backup:CreateBackupPlan", "backup:DeleteBackupPlan"),
    "AWS::Backup::BackupSelection": ("backup:CreateBackupSelection", "backup:DeleteBackupSelection"),
    "AWS::Backup::BackupVault": (
        "backup:CreateBackupVault",
        "backup-storage:MountCapsule",
        "kms:CreateGrant",
        "kms:Decrypt",
        "kms:GenerateDataKey",
        "kms:RetireGrant",
        "backup:PutBackupVaultLockConfiguration",
        "backup:DeleteBackupVault",
    ),
    "AWS::Budgets::Budget": ("budgets:ViewBudget", "budgets:ModifyBudget"),
    "AWS::CloudFront::Distribution": ("cloudfront:CreateDistribution", "cloudfront:DeleteDistribution"),
    "AWS::CloudFront::Function": ("cloudfront:CreateFunction", "cloudfront:DeleteFunction"),
    "AWS::CloudFront::OriginAccessControl": (
        "cloudfront:CreateOriginAccessControl",
        "cloudfront:DeleteOriginAccessControl",
    ),
    "AWS::CloudFront::ResponseHeadersPolicy": (
        "cloudfront:CreateResponseHeadersPolicy",
        "cloudfront:DeleteResponseHeadersPolicy",
    ),
    "AWS::CloudWatch::Alarm": ("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"),
    "AWS::CloudWatch::Dashboard": ("cloudwatch:PutDashboard", "cloudwatch:DeleteDashboards"),
    "AWS::CodeDeploy::Application": ("codedeploy:CreateApplication", "codedeploy:DeleteApplication"),
    "AWS::CodeDeploy::DeploymentGroup": (
        "codedeploy:CreateDeploymentGroup",
        "codedeploy:CreateDeployment",
        "codedeploy:DeleteDeploymentGroup",
    ),
    "AWS::DynamoDB::Table": ("dynamodb:CreateTable", "dynamodb:UpdateContinuousBackups", "dynamodb:DeleteTable"),
    "AWS::Events::Rule": ("events:PutRule", "events:PutTargets", "events:RemoveTargets", "events:DeleteRule"),
    "AWS::IAM::ManagedPolicy": ("iam:CreatePolicy", "iam:CreatePolicyVersion", "iam:DeletePolicy"),
    "AWS::IAM::Role": ("iam:CreateRole", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:DeleteRole"),
    "AWS::KMS::Key": ("kms:CreateKey", "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion"),
    "AWS::Lambda::Alias": ("lambda:CreateAlias", "lambda:DeleteAlias"),
    "AWS::Lambda::EventSourceMapping": ("lambda:CreateEventSourceMapping", "lambda:DeleteEventSourceMapping"),
    "AWS::Lambda::Function": ("lambda:CreateFunction", "lambda:UpdateFunctionCode", "lambda:DeleteFunction"),
    "AWS::Lambda::LayerVersion": ("lambda:PublishLayerVersion", "lambda:DeleteLayerVersion"),
    "AWS::Lambda::Permission": ("lambda:AddPermission", "lambda:RemovePermission"),
    "AWS::Lambda::Version": ("lambda:PublishVersion", "lambda:DeleteFunction"),
    "AWS::Logs::LogGroup": ("logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DeleteLogGroup"),
    "AWS::Logs::MetricFilter": ("logs:PutMetricFilter", "logs:DeleteMetricFilter"),
    "AWS::Logs::QueryDefinition": ("logs:PutQueryDefinition", "logs:DeleteQueryDefinition"),
    "AWS::S3::Bucket": ("s3:CreateBucket", "s3:PutBucketPublicAccessBlock", "s3:DeleteBucket"),
    "AWS::S3::BucketPolicy": ("s3:PutBucketPolicy", "s3:DeleteBucketPolicy"),
    "AWS::SES::ConfigurationSet": ("ses:CreateConfigurationSet", "ses:DeleteConfigurationSet"),
    "AWS::SES::ConfigurationSetEventDestination": (
        "ses:CreateConfigurationSetEventDestination",
        "ses:DeleteConfigurationSetEventDestination",
    ),
    "AWS::SES::EmailIdentity": (
        "ses:CreateEmailIdentity",
        "ses:PutEmailIdentityMailFromAttributes",
        "ses:DeleteEmailIdentity",
    ),
    "AWS::SNS::Subscription": ("sns:Subscribe", "sns:Unsubscribe"),
    "AWS::SNS::Topic": ("sns:CreateTopic", "sns:DeleteTopic"),
    "AWS::SNS::TopicPolicy": ("sns:SetTopicAttributes",),
    "AWS::SQS::Queue": ("sqs:CreateQueue", "sqs:SetQueueAttributes", "sqs:DeleteQueue"),
    "AWS::SQS::QueuePolicy": ("sqs:SetQueueAttributes",),
    "AWS::Scheduler::Schedule": ("scheduler:CreateSchedule", "scheduler:DeleteSchedule"),
    "AWS::Scheduler::ScheduleGroup": ("scheduler:CreateScheduleGroup", "scheduler:DeleteScheduleGroup"),
    "AWS::SecretsManager::Secret": (
        "secretsmanager:CreateSecret",
        "secretsmanager:GetRandomPassword",
        "secretsmanager:DeleteSecret",
    ),
    "AWS::WAFv2::IPSet": ("wafv2:CreateIPSet", "wafv2:DeleteIPSet"),
    "AWS::WAFv2::LoggingConfiguration": (
        "wafv2:PutLoggingConfiguration",
        "wafv2:DeleteLoggingConfiguration",
        "logs:CreateLogDelivery",
        "logs:PutResourcePolicy",
    ),
    "AWS::WAFv2::WebACL": ("wafv2:CreateWebACL", "wafv2:DeleteWebACL"),
    "AWS::WAFv2::WebACLAssociation": ("wafv2:AssociateWebACL", "apigateway:SetWebACL", "wafv2:DisassociateWebACL"),
}
"""What CloudFormation calls, with the rights of its caller, to make a resource of a type and to take it back."""
CALLS_AT_THE_EDGE: Mapping[str, tuple[str, ...]] = {
    "AWS::Logs::Delivery": ("logs:CreateDelivery", "logs:DeleteDelivery"),
    "AWS::Logs::DeliveryDestination": ("logs:PutDeliveryDestination", "logs:DeleteDeliveryDestination"),
    "AWS::Logs::DeliverySource": (
        "logs:PutDeliverySource",
        "cloudfront:AllowVendedLogDeliveryForResource",
        "logs:DeleteDeliverySource",
    ),
    "AWS::Logs::ResourcePolicy": ("logs:PutResourcePolicy", "logs:DeleteResourcePolicy"),
}
"""The same for the types that edge.yaml alone has."""
ARNS = {
    "AWS::DynamoDB::Table": "arn:aws:dynamodb:eu-west-3:111122223333:table/{made}",
    "AWS::IAM::ManagedPolicy": "arn:aws:iam::111122223333:policy/{made}",
    "AWS::IAM::Role": "arn:aws:iam::111122223333:role/{made}",
    "AWS::KMS::Key": "arn:aws:kms:eu-west-3:111122223333:key/mrk-0123",
    "AWS::Lambda::Function": "arn:aws:lambda:eu-west-3:111122223333:function:{FunctionName}",
    "AWS::Lambda::LayerVersion": "arn:aws:lambda:eu-west-3:111122223333:layer:{LayerName}",
    "AWS::S3::Bucket": "arn:aws:s3:::{made}",
    "AWS::SQS::Queue": "arn:aws:sqs:eu-west-3:111122223333:{made}",
    "AWS::SecretsManager::Secret": "arn:aws:secretsmanager:eu-west-3:111122223333:secret:{logical}-0123-Abcdef",
}
"""The ARN of a resource; a name that CloudFormation makes begins with that of the stack, or of the secret."""
ROTATES = ("kms:EnableKeyRotation",)
WITHOUT_A_RESOURCE = {"kms:CreateKey", "secretsmanager:GetRandomPassword"}
"""Actions that know no resource (Service Authorization Reference)."""
ACTIONS = {
    "cloudformation:UpdateStack": "cloudformation:ExecuteChangeSet",
    "s3:ListObjectsV2": "s3:ListBucket",
    "s3:DeleteObjects": "s3:DeleteObject",
    "sts:GetCallerIdentity": None,
}
"""Operations whose action has another name (Service Authorization Reference), or that need none. The sam of a rehearsal
updates a stack; the real one executes a change set."""
DATA = [
    "dynamodb:GetItem",
    "dynamodb:Scan",
    "dynamodb:DeleteTable",
    "kms:GenerateMac",
    "kms:Sign",
    "kms:ScheduleKeyDeletion",
    "backup:DeleteBackupVaultLockConfiguration",
    "backup:DeleteRecoveryPoint",
    "backup:StartRestoreJob",
    "s3:DeleteBucket",
    "sqs:ReceiveMessage",
    "ses:SendEmail",
]


def actions(statement: dict[str, Any]) -> list[str]:
    return listed(statement["Action"])


def allows(action: str, arn: str = "", *, by_cloudformation: bool = False) -> bool:
    """Whether a statement allows an action, on a resource if there is one, to someone or to CloudFormation for them."""
    return any(
        any(fnmatchcase(action, pattern) for pattern in actions(one))
        and (not arn or any(fnmatchcase(arn, pattern) for pattern in listed(one["Resource"])))
        and (by_cloudformation or "ForAnyValue:StringEquals" not in one.get("Condition", {}))
        for one in STATEMENTS
    )


def arn_of(logical: str, node: Mapping[str, Any], properties: Mapping[str, Any]) -> str:
    """The ARN of a resource; empty where the policy does not limit its service by names."""
    form = ARNS.get(node["Type"], "")
    return form.format(made=f"{STACK}-{logical}-1ABCDEFGHIJKL".lower(), logical=logical, **properties)


@pytest.mark.parametrize("kind", sorted(CALLS))
def test_cloudformation_may_make_every_resource_and_take_it_back(kind: str) -> None:
    refused = [
        (call, name)
        for name, properties in EVERYTHING.of_type(kind).items()
        for call in [*CALLS[kind], *(ROTATES if properties.get("EnableKeyRotation") else ())]
        if not allows(
            call,
            "" if call in WITHOUT_A_RESOURCE else arn_of(name, EVERYTHING.resources[name], properties),
            by_cloudformation=True,
        )
    ]

    assert refused == []


def schema_of(kind: str) -> dict[str, Any]:
    """What AWS publishes about a type of resource, as cfn-lint carries it."""
    schemas = files("cfnlint") / "data" / "schemas"
    names = json.loads((schemas / "providers" / "eu-west-3.json").read_text("utf-8"))
    schema: dict[str, Any] = json.loads((schemas / "resources" / f"{names[kind]}.json").read_text("utf-8"))
    return schema


@pytest.mark.parametrize("kind", sorted(CALLS))
def test_cloudformation_may_write_the_tags_of_samconfig_on_every_resource(kind: str) -> None:
    # No action of IAM: S3 takes tags away by PutBucketTagging (Service Authorization Reference).
    needed = set(schema_of(kind).get("tagging", {}).get("permissions", [])) - {"s3:DeleteBucketTagging"}
    arns = [
        arn_of(name, EVERYTHING.resources[name], properties) for name, properties in EVERYTHING.of_type(kind).items()
    ]

    assert [(action, arn) for action in sorted(needed) for arn in arns if not allows(action, arn)] == []


def test_every_environment_has_the_tags_by_which_costs_are_told_apart() -> None:
    samconfig = tomllib.loads((ROOT / "samconfig.toml").read_text("utf-8"))
    for environment in ("staging", "production"):
        tags = samconfig[environment]["deploy"]["parameters"]["tags"]
        assert tags.split() == ["project=member-access", f"environment={environment}"]


def test_every_call_for_a_type_is_one_of_a_resource_that_exists() -> None:
    assert sorted(CALLS) == sorted({node["Type"] for node in EVERYTHING.resources.values()})


def test_cloudformation_may_make_the_edge_and_take_it_back() -> None:
    nodes = TEMPLATES.edge.body["Resources"].values()
    known = {**CALLS, **CALLS_AT_THE_EDGE}
    rotates = [call for node in nodes if node["Properties"].get("EnableKeyRotation") for call in ROTATES]

    assert rotates != []
    assert {node["Type"] for node in nodes} - CALLS.keys() == CALLS_AT_THE_EDGE.keys()
    for call in {call for node in nodes for call in known[node["Type"]]} | {*rotates}:
        assert allows(call, by_cloudformation=True)


def test_a_deployer_takes_data_back_by_cloudformation_alone() -> None:
    (conditional,) = [one for one in STATEMENTS if one["Sid"] == "TakenBackByCloudFormation"]

    assert conditional["Condition"] == {"ForAnyValue:StringEquals": {"aws:CalledVia": "cloudformation.amazonaws.com"}}


def test_the_deployer_may_make_every_call_of_a_deployment_and_of_the_way_back(cloud: Cloud, tmp_path: Path) -> None:
    rehearsal = Rehearsal(tmp_path, FrontDoor(cloud, {"PublicOrigin": OWN["PublicOrigin"]}))
    rehearsal.deployer().deploy()
    called: set[str] = set()
    for service in ("cloudformation", "cloudfront", "lambda", "s3", "secretsmanager", "sts"):
        client = rehearsal.session.client(service)
        client.meta.events.register(
            "before-parameter-build", lambda model, service=service, **_: called.add(f"{service}:{model.name}")
        )
    first = rehearsal.deploy()
    rehearsal.deployer().roll_back(first)

    needed = {ACTIONS.get(operation, operation) for operation in called} - {None}
    assert len(needed) > 8
    assert [action for action in needed if action and not allows(action)] == []
    assert allows("ses:GetAccount")
    assert allows("ses:GetEmailIdentity")
    assert allows("sns:ListSubscriptionsByTopic")


@pytest.mark.parametrize("action", DATA)
def test_the_deployer_sees_no_data_and_destroys_no_key_or_table(action: str) -> None:
    assert not allows(action)


def test_the_only_secret_that_the_deployer_reads_is_that_of_the_origin() -> None:
    # CloudFormation resolves a dynamic reference with the rights of its caller.
    readers = [one["Resource"] for one in STATEMENTS if "secretsmanager:GetSecretValue" in actions(one)]

    assert readers == ["arn:aws:secretsmanager:*:*:secret:OriginVerifySecret-*"]


def test_roles_are_only_passed_to_services_of_the_template() -> None:
    (passing,) = [one for one in STATEMENTS if "iam:PassRole" in actions(one)]

    assert passing["Resource"] == "arn:aws:iam::*:role/member-access-*"
    assert set(passing["Condition"]["StringEquals"]["iam:PassedToService"]) <= {
        "apigateway.amazonaws.com",
        "backup.amazonaws.com",
        "codedeploy.amazonaws.com",
        "lambda.amazonaws.com",
        "scheduler.amazonaws.com",
    }


def test_every_statement_has_a_name_of_its_own() -> None:
    assert len({one["Sid"] for one in STATEMENTS}) == len(STATEMENTS)


def test_the_policy_fits_into_a_managed_policy() -> None:
    assert len(json.dumps(POLICY, separators=(",", ":"))) < 6144
