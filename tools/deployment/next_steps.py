"""Looks up what is left to do by hand after a deployment: DNS, SES, the provider's secret, the topic, the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from tools.deployment.deployed_stack import DeployedStack
from tools.deployment.stacks import DISTRIBUTION, EDGE_REGION, edge_name

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    import boto3

    from tools.deployment.web import Web

MAIL_RECORDS = ("SenderDnsRecords", "MailFromDnsRecords", "DmarcDnsRecord")
"""The outputs that hold DNS records of the sender; a stack has none whose SES identity is not its own."""
_KEYS = "/.well-known/jwks.json"
_BUDGETS = "budgets.amazonaws.com"
_UNCONFIRMED = {"PendingConfirmation", "Deleted"}


def next_steps(stack: DeployedStack, parameters: Mapping[str, str], session: boto3.Session, web: Web) -> Iterator[str]:
    """Yield a sentence for each step that is left; none if everything is done.

    Args:
        stack: the stack after the deployment.
        parameters: those that were sent.
        session: makes the clients. A look-up that AWS refuses becomes a step: look yourself.
        web: finds out where ``PublicOrigin`` leads.
    """
    looks: dict[str, Callable[[], Iterator[str]]] = {
        "sender's domain in SES": lambda: _sender(stack, parameters, session),
        "account in SES": lambda: _sending(parameters, session),
        "secret of the print provider": lambda: _provider(stack, session),
        "topic of the alarms": lambda: _alarms("AlarmTopicArn", parameters, session),
        "policy of that topic": lambda: _budget(parameters, session),
        "stack in us-east-1": lambda: _edge(stack, parameters, session),
    }
    yield from _dns(stack, parameters, web)
    for what, look in looks.items():
        try:
            yield from look()
        except (BotoCoreError, ClientError) as error:
            yield f"Look yourself at the {what}, because AWS did not show it: {error}"


def _dns(stack: DeployedStack, parameters: Mapping[str, str], web: Web) -> Iterator[str]:
    origin = parameters["PublicOrigin"]
    if domain := stack.outputs.get("PortalDomain"):
        here, there = (web.send("GET", f"{place}/config.json") for place in (f"https://{domain}", origin))
    elif domain := stack.outputs.get("ApiDomainTarget"):
        here, there = (web.send("GET", place + _KEYS) for place in (stack.outputs["ApiUrl"], f"{origin}/v1"))
    else:
        return
    if here.status != there.status or here.body != there.body:
        host = origin.removeprefix("https://")
        yield f"Point the DNS name {host} to {domain} (CNAME, or an alias record); until then {origin} shows {there}."


def _sender(stack: DeployedStack, parameters: Mapping[str, str], session: boto3.Session) -> Iterator[str]:
    domain = parameters["SenderDomain"]
    identity = session.client("sesv2").get_email_identity(EmailIdentity=domain)
    mail_from = identity.get("MailFromAttributes", {}).get("MailFromDomainStatus", "SUCCESS")
    if identity.get("VerifiedForSendingStatus") and mail_from == "SUCCESS":
        return
    if not (outputs := [name for name in stack.outputs if name in MAIL_RECORDS]):
        yield f"Finish the identity {domain} in SES, which is not of this stack: SES does not send for it yet."
        return
    yield f"Create these records in the DNS of {domain}; SES sends nothing before it sees the first ones:"
    for name in outputs:
        yield f"  {name} ({stack.descriptions[name]}): {stack.outputs[name]}"


def _sending(parameters: Mapping[str, str], session: boto3.Session) -> Iterator[str]:
    account = session.client("sesv2").get_account()
    if not account.get("ProductionAccessEnabled"):
        yield (
            "Ask SES for production access (aws sesv2 put-account-details, or the console): in the sandbox it sends "
            "only to verified addresses, 200 e-mails a day, one a second."
        )
    if not account.get("SendingEnabled", True):
        yield "SES has paused sending for this account: read its mail to the account's owner."
    quota, budget = account.get("SendQuota", {}).get("Max24HourSend", -1.0), int(parameters["EmailBudgetADay"])
    if 0 <= quota < budget:
        yield f"SES allows {quota:,.0f} e-mails in 24 hours: ask for more, or lower EmailBudgetADay ({budget:,})."


def _provider(stack: DeployedStack, session: boto3.Session) -> Iterator[str]:
    secret = stack.outputs["ProviderSecretArn"]
    # A secret that was replaced keeps its former version; reading the secret itself would take a right too many.
    versions = session.client("secretsmanager").describe_secret(SecretId=secret).get("VersionIdsToStages", {})
    if not any("AWSPREVIOUS" in stages for stages in versions.values()):
        yield f"Put the print provider's credentials into {secret} (docs/letters.md); letters wait until then."


def _alarms(name: str, parameters: Mapping[str, str], session: boto3.Session) -> Iterator[str]:
    topic = parameters[name]
    if not topic:
        yield f"Set {name}: no one gets the alarms."
        return
    sns = session.client("sns", region_name=topic.split(":")[3])
    subscriptions = sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]
    if not any(one["SubscriptionArn"] not in _UNCONFIRMED for one in subscriptions):
        yield f"Subscribe someone to the alarms' topic and confirm the subscription: {topic}"


def _budget(parameters: Mapping[str, str], session: boto3.Session) -> Iterator[str]:
    topic = parameters["AlarmTopicArn"]
    if parameters["MonthlyBudget"] == "0":
        if parameters["Environment"] == "production":
            yield "Set MonthlyBudget (US dollars): no one gets a notice when the account costs more than expected."
        return
    if not topic:
        return
    sns = session.client("sns", region_name=topic.split(":")[3])
    if _BUDGETS not in sns.get_topic_attributes(TopicArn=topic)["Attributes"].get("Policy", ""):
        yield f"Let {_BUDGETS} publish to the alarms' topic (docs/operations.md); no notice of costs arrives: {topic}"


def _edge(stack: DeployedStack, parameters: Mapping[str, str], session: boto3.Session) -> Iterator[str]:
    if DISTRIBUTION in stack.outputs:
        yield from _alarms("EdgeAlarmTopicArn", parameters, session)
        return
    name = edge_name(stack.name)
    if DeployedStack.describe(name, session.client("cloudformation", region_name=EDGE_REGION)):
        yield f"Delete the stack {name} in {EDGE_REGION}: there is no portal any more that it could guard."
