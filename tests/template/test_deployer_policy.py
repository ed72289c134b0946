"""The policy for a deployer lets ``make deploy`` and CloudFormation work, and shows no data of members."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import pytest

from simulators.sign_in_driver import FrontDoor
from simulators.template import ROOT
from tests.support.deployment import OWN, TEMPLATES, Rehearsal

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.cloud import Cloud

POLICY = json.loads((ROOT / "docs" / "deployer-policy.json").read_text("utf-8"))
STATEMENTS: list[dict[str, Any]] = POLICY["Statement"]
CREATES = {
    "AWS::ApiGateway": "apigateway:POST",
    "AWS::CloudFront": "cloudfront:CreateDistribution",
    "AWS::CloudWatch": "cloudwatch:PutMetricAlarm",
    "AWS::CodeDeploy": "codedeploy:CreateDeploymentGroup",
    "AWS::DynamoDB": "dynamodb:CreateTable",
    "AWS::Events": "events:PutRule",
    "AWS::IAM": "iam:CreateRole",
    "AWS::KMS": "kms:CreateKey",
    "AWS::Lambda": "lambda:CreateFunction",
    "AWS::Logs": "logs:CreateLogGroup",
    "AWS::S3": "s3:CreateBucket",
    "AWS::SES": "ses:CreateEmailIdentity",
    "AWS::SNS": "sns:CreateTopic",
    "AWS::SQS": "sqs:CreateQueue",
    "AWS::Scheduler": "scheduler:CreateSchedule",
    "AWS::SecretsManager": "secretsmanager:CreateSecret",
    "AWS::Serverless": "cloudformation:CreateChangeSet",
    "AWS::WAFv2": "wafv2:CreateWebACL",
}
"""An action that creates something of each service of the template."""
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
    "sqs:ReceiveMessage",
    "ses:SendEmail",
]


def actions(statement: dict[str, Any]) -> list[str]:
    named = statement["Action"]
    return [named] if isinstance(named, str) else named


def allows(action: str) -> bool:
    return any(fnmatchcase(action, pattern) for statement in STATEMENTS for pattern in actions(statement))


def test_every_service_of_the_templates_can_be_created() -> None:
    nodes = [*TEMPLATES.main.body["Resources"].values(), *TEMPLATES.edge.body["Resources"].values()]
    services = {node["Type"].rpartition("::")[0] for node in nodes}

    assert [service for service in sorted(services) if not allows(CREATES[service])] == []
    assert any(node.get("Properties", {}).get("EnableKeyRotation") for node in nodes)
    assert allows("kms:EnableKeyRotation")


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
        "codedeploy.amazonaws.com",
        "lambda.amazonaws.com",
        "scheduler.amazonaws.com",
    }


def test_every_statement_has_a_name_of_its_own() -> None:
    assert len({one["Sid"] for one in STATEMENTS}) == len(STATEMENTS)


def test_the_policy_fits_into_a_managed_policy() -> None:
    assert len(json.dumps(POLICY, separators=(",", ":"))) < 6144
