"""After a deployment an operator reads what is left to do by hand, and nothing that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from tests.support.deployment import OWN, TEMPLATES, AlarmTopic, SesAccount
from tools.deployment.deployed_stack import DeployedStack
from tools.deployment.next_steps import MAIL_RECORDS, next_steps
from tools.deployment.parameters import merged
from tools.deployment.stacks import EDGE_REGION
from tools.deployment.web import WebAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    import boto3

DOMAIN = "d1.cloudfront.net"
OUTPUTS = {
    "PortalDistribution": "E1",
    "PortalDomain": DOMAIN,
    "ProviderSecretArn": "arn:secret",
    "SenderDnsRecords": "a CNAME b",
    "MailFromDnsRecords": "bounces MX c",
    "DmarcDnsRecord": "_dmarc TXT d",
    "ApiUrl": "https://api/v1",
}


class Secrets:
    """A secret that was created, and perhaps replaced."""

    def __init__(self) -> None:
        self.versions = {"1": ["AWSCURRENT"]}

    def describe_secret(self, **_: str) -> dict[str, Any]:
        return {"VersionIdsToStages": self.versions}


class Refusing:
    """A service that refuses everything."""

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any call
        raise ClientError({"Error": {"Code": "AccessDenied", "Message": "not allowed"}}, name)


class NoStacks:
    """CloudFormation without any stack."""

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - CloudFormation's name
        message = f"Stack with id {StackName} does not exist"
        raise ClientError({"Error": {"Code": "ValidationError", "Message": message}}, "DescribeStacks")


class Account:
    """An account in which everything is done; a test undoes what it wants."""

    def __init__(self) -> None:
        self.ses = SesAccount(verified=True, production=True, quota=100_000)
        self.topic = AlarmTopic(["arn:subscription"], ["budgets.amazonaws.com"])
        self.edge_topic = AlarmTopic(["arn:subscription"])
        self.secrets = Secrets()
        self.secrets.versions["0"] = ["AWSPREVIOUS"]
        self.hosts = {DOMAIN, "members.mutuelle.fr"}
        self.refusing: set[str] = set()

    def client(self, name: str, region_name: str = "eu-west-3") -> Any:  # noqa: ANN401 - a client
        if name == "sns":
            return self.edge_topic if region_name == EDGE_REGION else self.topic
        known = {"sesv2": self.ses, "secretsmanager": self.secrets, "cloudformation": NoStacks()}
        return Refusing() if name in self.refusing else known[name]

    def send(self, method: str, url: str, body: Mapping[str, str] | None = None) -> WebAnswer:  # noqa: ARG002 - those of a request
        return (
            WebAnswer(200, "application/json", b"{}") if url.split("/")[2] in self.hosts else WebAnswer(0, "", b"gone")
        )

    def steps(self, outputs: Mapping[str, str] = OUTPUTS, **parameters: str) -> list[str]:
        stack = DeployedStack(
            "access", "eu-west-3", "CREATE_COMPLETE", {}, outputs, dict.fromkeys(outputs, "described")
        )
        sent = merged(TEMPLATES.both, {**OWN, **parameters})
        return list(next_steps(stack, sent, cast("boto3.Session", self), self))


@pytest.fixture
def account() -> Account:
    return Account()


def test_nothing_is_left_where_everything_is_done(account: Account) -> None:
    assert account.steps() == []


def test_the_public_name_must_lead_to_the_portal(account: Account) -> None:
    account.hosts = {DOMAIN}

    (step,) = account.steps()

    assert step.startswith(f"Point the DNS name members.mutuelle.fr to {DOMAIN} ")


def test_the_public_name_of_an_api_alone_must_lead_to_it(account: Account) -> None:
    account.hosts = {"api"}
    outputs = {**OUTPUTS, "ApiDomainTarget": "d-1.execute-api.eu-west-3.amazonaws.com"}
    del outputs["PortalDomain"], outputs["PortalDistribution"]

    (step,) = account.steps(outputs)

    assert step.startswith("Point the DNS name members.mutuelle.fr to d-1.execute-api")


def test_a_stack_without_a_portal_has_no_public_name(account: Account) -> None:
    account.hosts = set()

    assert account.steps({"ProviderSecretArn": "arn:secret"}) == []


def test_all_records_of_an_unverified_domain_are_listed(account: Account) -> None:
    account.ses.verified = False

    assert account.steps() == [
        "Create these records in the DNS of mutuelle.fr; SES sends nothing before it sees the first ones:",
        "  SenderDnsRecords (described): a CNAME b",
        "  MailFromDnsRecords (described): bounces MX c",
        "  DmarcDnsRecord (described): _dmarc TXT d",
    ]


def test_an_identity_that_is_not_of_the_stack_is_finished_elsewhere(account: Account) -> None:
    account.ses.verified = False

    (step,) = account.steps({name: value for name, value in OUTPUTS.items() if name not in MAIL_RECORDS})

    assert step.startswith("Finish the identity mutuelle.fr in SES")


def test_the_sandbox_of_ses_is_named(account: Account) -> None:
    account.ses.production = False

    (step,) = account.steps()

    assert step.startswith("Ask SES for production access")


def test_a_budget_above_the_quota_of_ses_is_named(account: Account) -> None:
    account.ses.quota = 200

    assert account.steps() == ["SES allows 200 e-mails in 24 hours: ask for more, or lower EmailBudgetADay (50,000)."]


def test_a_secret_that_was_never_filled_is_named(account: Account) -> None:
    del account.secrets.versions["0"]

    (step,) = account.steps()

    assert step.startswith("Put the print provider's credentials into arn:secret ")


@pytest.mark.parametrize("subscriptions", [[], ["PendingConfirmation"]])
def test_a_topic_that_no_one_reads_is_named(account: Account, subscriptions: list[str]) -> None:
    account.topic.subscriptions = subscriptions

    (step,) = account.steps()

    assert step.startswith("Subscribe someone to the alarms' topic")


def test_a_topic_in_us_east_1_that_no_one_reads_is_named(account: Account) -> None:
    account.edge_topic.subscriptions = []

    (step,) = account.steps()

    assert step.endswith(OWN["EdgeAlarmTopicArn"])


@pytest.mark.parametrize("name", ["AlarmTopicArn", "EdgeAlarmTopicArn"])
def test_no_topic_is_named(account: Account, name: str) -> None:
    assert account.steps(OUTPUTS, **{name: ""}) == [f"Set {name}: no one gets the alarms."]


def test_what_aws_does_not_show_becomes_a_step(account: Account) -> None:
    account.refusing = {"secretsmanager"}

    (step,) = account.steps()

    assert step.startswith("Look yourself at the secret of the print provider, because AWS did not show it: ")


def test_a_topic_that_takes_no_notice_of_costs_is_a_step(account: Account) -> None:
    account.topic.publishers = ["cloudwatch.amazonaws.com", "events.amazonaws.com"]

    (step,) = account.steps()

    assert step.startswith("Let budgets.amazonaws.com publish to the alarms' topic")
    assert account.steps(Environment="staging", MonthlyBudget="0") == []


def test_production_without_a_budget_is_a_step(account: Account) -> None:
    (step,) = account.steps(MonthlyBudget="0")

    assert step.startswith("Set MonthlyBudget")
