"""After a deployment an operator reads what is left to do by hand, and nothing that is done."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError

from simulators.template import project_template
from tests.support.deployment import OWN, AlarmTopic, SesAccount
from tools.deployment.deployed_stack import DeployedStack
from tools.deployment.next_steps import next_steps
from tools.deployment.parameters import merged
from tools.deployment.web import WebAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping

    import boto3

DOMAIN = "d1.cloudfront.net"
OUTPUTS = {
    "PortalDomain": DOMAIN,
    "ProviderSecretArn": "arn:secret",
    "SenderDnsRecords": "a CNAME b",
    "MailFromRecords": "bounces MX c",
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


class Account:
    """An account in which everything is done; a test undoes what it wants."""

    def __init__(self) -> None:
        self.ses = SesAccount(verified=True, production=True, quota=100_000)
        self.topic = AlarmTopic(["arn:subscription"])
        self.secrets = Secrets()
        self.secrets.versions["0"] = ["AWSPREVIOUS"]
        self.hosts = {DOMAIN, "members.mutuelle.fr"}
        self.refusing: set[str] = set()

    def client(self, name: str) -> Any:  # noqa: ANN401 - a client
        known = {"sesv2": self.ses, "sns": self.topic, "secretsmanager": self.secrets}
        return Refusing() if name in self.refusing else known[name]

    def send(self, method: str, url: str, body: Mapping[str, str] | None = None) -> WebAnswer:  # noqa: ARG002 - those of a request
        return (
            WebAnswer(200, "application/json", b"{}") if url.split("/")[2] in self.hosts else WebAnswer(0, "", b"gone")
        )

    def steps(self, outputs: Mapping[str, str] = OUTPUTS, **parameters: str) -> list[str]:
        stack = DeployedStack("access", "CREATE_COMPLETE", {}, outputs, dict.fromkeys(outputs, "described"))
        sent = merged(project_template(), {**OWN, **parameters})
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
    del outputs["PortalDomain"]

    (step,) = account.steps(outputs)

    assert step.startswith("Point the DNS name members.mutuelle.fr to d-1.execute-api")


def test_a_stack_without_a_portal_has_no_public_name(account: Account) -> None:
    account.hosts = set()

    assert account.steps({"ProviderSecretArn": "arn:secret"}) == []


def test_all_records_of_an_unverified_domain_are_listed(account: Account) -> None:
    account.ses.verified = False

    assert account.steps() == [
        "Create these records in the DNS of mutuelle.fr; SES sends nothing before it sees them:",
        "  SenderDnsRecords (described): a CNAME b",
        "  MailFromRecords (described): bounces MX c",
    ]


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


def test_no_topic_is_named(account: Account) -> None:
    assert account.steps(AlarmTopicArn="") == ["Set AlarmTopicArn: no one gets the alarms."]


def test_what_aws_does_not_show_becomes_a_step(account: Account) -> None:
    account.refusing = {"secretsmanager"}

    (step,) = account.steps()

    assert step.startswith("Look yourself at the secret of the print provider, because AWS did not show it: ")
