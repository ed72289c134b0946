"""A rehearsed deployment: a clone, moto's AWS, sam as it merges parameters, and the web before what is deployed."""

from __future__ import annotations

import io
import itertools
import json
import os
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from samcli.commands.deploy.deploy_context import DeployContext

from simulators.kms import REGION
from simulators.sign_in_driver import Browser
from simulators.template import PSEUDO_PARAMETERS, ROOT, Template, project_template
from tests.support.brands import own_brand
from tools.deployment.deployed_stack import DeployedStack
from tools.deployment.deploying import Deployer
from tools.deployment.environments import overrides, read_environment
from tools.deployment.parameters import write_parameters
from tools.deployment.sam import Sam
from tools.deployment.stacks import EDGE_REGION, Templates, edge_name
from tools.deployment.web import WebAnswer

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from simulators.sign_in_driver import FrontDoor

ACCOUNT = PSEUDO_PARAMETERS["AWS::AccountId"]
FUNCTIONS = ("login", "reset")
OWN = {
    "Environment": "production",
    "PublicOrigin": "https://members.mutuelle.fr",
    "CertificateArn": "arn:aws:acm:us-east-1:210987654321:certificate/1",
    "SenderDomain": "mutuelle.fr",
    "InsurerName": 'Mutuelle « Santé », dite "L’Été"',
    "InsurerAddress": "Service Adhérents|12 rue de la Paix, bât. B|75002 PARIS",
    "InsurerSite": "members.mutuelle.fr",
    "InsurerHelpline": "01 23 45 67 89",
    "AlarmTopicArn": "arn:aws:sns:eu-west-3:210987654321:alarms",
    "EdgeAlarmTopicArn": "arn:aws:sns:us-east-1:210987654321:alarms",
    "CanarySecretArn": "arn:aws:secretsmanager:eu-west-3:210987654321:secret:canary-AbCdEf",
    "MonthlyBudget": "500",
    "Runtime": "python3.11",
}
"""What an insurer sets: values with blanks, quotation marks, accents and commas."""
FIREWALL = f"arn:aws:wafv2:us-east-1:{ACCOUNT}:global/webacl/edge/0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0"
_TABLE = {
    "Type": "AWS::DynamoDB::Table",
    "UpdateReplacePolicy": "Retain",
    "Properties": {
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}],
        "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    },
}
_BUCKET = {"Bucket": {"Type": "AWS::S3::Bucket"}}
TEMPLATES = Templates.read(ROOT)
_numbers = itertools.count()


def commit(root: Path, *also: str) -> None:
    """Commit everything in a folder."""
    identity = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    for command in (*also, "add .", "commit -m All"):
        subprocess.run(["git", *identity, *command.split()], cwd=root, check=True, capture_output=True)  # noqa: S603, S607 - our own words


class Clone:
    """A clone of a repository with a small template of all the project's parameters, and a portal."""

    def __init__(self, folder: Path, stack_name: str, outputs: Mapping[str, Any], bucket: str) -> None:
        self.root = folder / "clone"
        for part in ("parts", "styles", "texts", "brand"):
            shutil.copytree(ROOT / "portal" / part, self.root / "portal" / part)
        for file in ("page.html", "not-found.html", "icons.svg"):
            shutil.copy(ROOT / "portal" / file, self.root / "portal")
        own_brand(folder / "brand")
        self.stack_name = stack_name
        self._bucket = bucket
        self._outputs = outputs
        self.template: dict[str, Any] = {
            "Parameters": json.loads(json.dumps(project_template().body["Parameters"])),
            "Resources": {
                **_BUCKET,
                "Role": {"Type": "AWS::IAM::Role", "Properties": {"AssumeRolePolicyDocument": {"Statement": []}}},
                "Table": _TABLE,
                **{f"{name.title()}Function": self._function(name) for name in FUNCTIONS},
            },
            "Outputs": {name: {"Value": value, "Description": name} for name, value in outputs.items()},
        }
        self.edge: dict[str, Any] = {
            "Parameters": json.loads(json.dumps(TEMPLATES.edge.body["Parameters"])),
            "Resources": _BUCKET,
            "Outputs": {"FirewallArn": {"Value": FIREWALL}},
        }
        (self.root / ".gitignore").write_text(".aws-sam/\n.local/\n")
        (self.root / "portal" / "index.html").write_text("<html>first</html>")
        self.configure(OWN)
        commit(self.root, "init")

    def configure(self, parameters: Mapping[str, str]) -> None:
        """Write the templates, and parameters into ``samconfig.toml``."""
        table = "\n".join(f"{name} = {json.dumps(value)}" for name, value in parameters.items())
        (self.root / "samconfig.toml").write_text(
            f'version = 0.1\n[production]\naccount = "{ACCOUNT}"\nbrand = "../brand"\n[production.deploy.parameters]\n'
            f'stack_name = "{self.stack_name}"\nregion = "{REGION}"\ns3_bucket = "{self._bucket}"\n'
            f"[production.deploy.parameters.parameter_overrides]\n{table}\n",
            encoding="utf-8",
        )
        (self.root / "template.yaml").write_text(json.dumps(self.template), encoding="utf-8")
        (self.root / "edge.yaml").write_text(json.dumps(self.edge), encoding="utf-8")

    def _function(self, name: str) -> dict[str, Any]:
        code = {"ZipFile": "pass"}
        properties = {"Handler": "a.b", "Runtime": "python3.13", "Role": {"Fn::GetAtt": ["Role", "Arn"]}, "Code": code}
        properties["FunctionName"] = f"{self.stack_name}-{name}"
        return {"Type": "AWS::Lambda::Function", "Properties": properties}


@dataclass
class SesAccount:
    """What SES says about the account and the sender's domain."""

    verified: bool = False
    production: bool = False
    quota: float = 200.0

    def get_account(self) -> dict[str, Any]:
        """``GetAccount``."""
        quota = {"Max24HourSend": self.quota, "MaxSendRate": 1.0, "SentLast24Hours": 0.0}
        return {"ProductionAccessEnabled": self.production, "SendingEnabled": True, "SendQuota": quota}

    def get_email_identity(self, *, EmailIdentity: str) -> dict[str, Any]:  # noqa: N803 - SES's name
        """``GetEmailIdentity``."""
        return {"IdentityType": "DOMAIN", "VerifiedForSendingStatus": self.verified, "EmailIdentity": EmailIdentity}


@dataclass
class AlarmTopic:
    """What SNS says about the subscriptions and the policy of the alarms' topic."""

    subscriptions: list[str] = field(default_factory=list)
    publishers: list[str] = field(default_factory=list)

    def list_subscriptions_by_topic(self, *, TopicArn: str) -> dict[str, Any]:  # noqa: N803 - SNS's name
        """``ListSubscriptionsByTopic``."""
        return {"Subscriptions": [{"SubscriptionArn": arn, "TopicArn": TopicArn} for arn in self.subscriptions]}

    def get_topic_attributes(self, *, TopicArn: str) -> dict[str, Any]:  # noqa: N803 - SNS's name
        """``GetTopicAttributes``."""
        statement = {"Action": "sns:Publish", "Principal": {"Service": self.publishers}, "Resource": TopicArn}
        return {"Attributes": {"TopicArn": TopicArn, "Policy": json.dumps({"Statement": [statement]})}}


def _settings_of_lambda(params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
    """Answer GetAccountSettings, which moto does not know, with the quota that the template expects."""
    return AWSResponse(params["url"], 200, HTTPHeaders(), None), {"AccountLimit": {"ConcurrentExecutions": 1000}}


class RehearsedSession:
    """boto3's session on moto's AWS. SES and SNS answer as a test sets them; clients are made once."""

    def __init__(self) -> None:
        self.ses = SesAccount()
        self.topic = AlarmTopic()
        self._clients: dict[tuple[str, str], Any] = {}
        self.client("lambda").meta.events.register("before-call.lambda.GetAccountSettings", _settings_of_lambda)

    def client(self, name: str, region_name: str = REGION) -> Any:  # noqa: ANN401 - a client, or what stands in for it
        """Return the client of a service."""
        if name in (stands_in := {"sesv2": self.ses, "sns": self.topic}):
            return stands_in[name]
        if (name, region_name) not in self._clients:
            client = boto3.client(name, region_name=region_name)  # type: ignore[call-overload]  # any service
            self._clients[name, region_name] = client
        return self._clients[name, region_name]

    def protect_stacks(self) -> list[str]:
        """Answer UpdateTerminationProtection, which moto does not know; the list holds the stacks protected since."""
        protected: list[str] = []

        def protect(params: dict[str, Any], **_: object) -> tuple[AWSResponse, dict[str, Any]]:
            asked = dict(params["body"])
            assert asked["EnableTerminationProtection"] == "true"
            protected.append(asked["StackName"])
            return AWSResponse(params["url"], 200, HTTPHeaders(), None), {"StackId": asked["StackName"]}

        event = "before-call.cloudformation.UpdateTerminationProtection"
        for region in (REGION, EDGE_REGION):
            self.client("cloudformation", region).meta.events.register(event, protect)
        return protected

    def report_stacks_as(self, status: str) -> None:
        """Let DescribeStacks report this state of every stack of the main region."""

        def report(parsed: dict[str, Any], **_: object) -> None:
            for stack in parsed.get("Stacks", []):
                stack["StackStatus"] = status

        self.client("cloudformation").meta.events.register("after-call.cloudformation.DescribeStacks", report)

    def describe_latest_versions(self, functions: Sequence[str]) -> None:
        """Let ListStackResources name the latest version of each function, as it does in stacks of SAM."""

        def describe(parsed: dict[str, Any], **_: object) -> None:
            for name in functions:
                latest = self.client("lambda").list_versions_by_function(FunctionName=name)["Versions"][-1]
                version = {"ResourceType": "AWS::Lambda::Version", "PhysicalResourceId": latest["FunctionArn"]}
                parsed["StackResourceSummaries"].append(version)

        self.client("cloudformation").meta.events.register("after-call.cloudformation.ListStackResources", describe)

    def repeat_letters_as_question_marks(self) -> None:
        """Let DescribeStacks answer as CloudFormation does (cloudformation-coverage-roadmap issue 814)."""

        def repeat(parsed: dict[str, Any], **_: object) -> None:
            for stack in parsed.get("Stacks", []):
                for one in stack.get("Parameters", []):
                    one["ParameterValue"] = re.sub(r"[^\x00-\x7f]", "?", one["ParameterValue"])

        self.client("cloudformation").meta.events.register("after-call.cloudformation.DescribeStacks", repeat)


@dataclass(frozen=True)
class RehearsedSam(Sam):
    """Deploys to moto as sam would: it reads the file of parameters and merges them by sam's own code."""

    stack_name: str = ""
    session: RehearsedSession = field(default_factory=RehearsedSession)
    sent: list[dict[str, str]] = field(default_factory=list)
    attempts: list[str] = field(default_factory=list)
    sent_to_edge: list[dict[str, str]] = field(default_factory=list)
    order: list[str] = field(default_factory=list)
    failures: list[int] = field(default_factory=list)
    failures_at_edge: list[int] = field(default_factory=list)
    declined: list[bool] = field(default_factory=list)

    def deploy(self, environment: str, parameters: Mapping[str, str], attempt: str = "") -> int:  # noqa: ARG002 - sam's
        """Create or update the stack, and publish a new version of each function."""
        self.attempts.append(attempt)
        if self.failures:
            return self.failures.pop()
        if self.declined:
            self.decline()
            return 0
        self.sent.append(self._send("template.yaml", self.stack_name, REGION, parameters))
        self._publish_functions()
        return 0

    def deploy_edge(self, environment: str, stack_name: str, parameters: Mapping[str, str]) -> int:  # noqa: ARG002 - sam's
        """Create or update the stack in us-east-1."""
        if self.failures_at_edge and (status := self.failures_at_edge.pop(0)):
            return status
        self.sent_to_edge.append(self._send("edge.yaml", stack_name, EDGE_REGION, parameters))
        return 0

    def _send(self, template: str, stack_name: str, region: str, parameters: Mapping[str, str]) -> dict[str, str]:
        read = overrides([write_parameters(parameters, self.root / ".local" / f"{stack_name}.yaml")])
        body = json.loads((self.root / template).read_text("utf-8"))
        cloudformation = self.session.client("cloudformation", region)
        is_new = DeployedStack.describe(stack_name, cloudformation) is None
        change = cloudformation.create_stack if is_new else cloudformation.update_stack
        change(
            StackName=stack_name,
            TemplateBody=json.dumps(body),
            Parameters=DeployContext.merge_parameters(body, read),
            Capabilities=["CAPABILITY_IAM"],
        )
        self.order.append(stack_name)
        return read

    def decline(self) -> None:
        """Leave a change set that no one executes, as sam does when its question is answered with no."""
        self.session.client("cloudformation").create_change_set(
            StackName=self.stack_name,
            ChangeSetName=f"samcli-deploy{len(self.sent)}",
            ChangeSetType="UPDATE" if self.sent else "CREATE",
            TemplateBody=json.dumps({"Resources": _BUCKET}),
        )

    def _publish_functions(self) -> None:
        lambda_, archive = self.session.client("lambda"), io.BytesIO()
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("a.py", f"version = {len(self.sent)}")
        for name in (f"{self.stack_name}-{function}" for function in FUNCTIONS):
            version = lambda_.update_function_code(FunctionName=name, ZipFile=archive.getvalue(), Publish=True)[
                "Version"
            ]
            if lambda_.list_aliases(FunctionName=name)["Aliases"]:
                lambda_.update_alias(FunctionName=name, Name="live", FunctionVersion=version)
            else:
                lambda_.create_alias(FunctionName=name, Name="live", FunctionVersion=version)


class RehearsedWeb:
    """CloudFront in front of the portal's bucket and the real functions; the public name may not lead there yet."""

    def __init__(self, domain: str, bucket: str, session: RehearsedSession, door: FrontDoor) -> None:
        self.domain = domain
        self.names = {domain}
        self.broken: dict[str, WebAnswer] = {}
        self._bucket = bucket
        self._s3 = session.client("s3")
        self._browser = Browser(door)

    def send(self, method: str, url: str, body: Mapping[str, str] | None = None) -> WebAnswer:
        """Answer as CloudFront, S3, API Gateway and the functions do together."""
        host, _, path = url.removeprefix("https://").partition("/")
        if host not in self.names:
            return WebAnswer(0, "", b"no such host")
        if path in self.broken:
            return self.broken[path]
        if not path.startswith("v1/"):
            found = self._s3.get_object(Bucket=self._bucket, Key=path or "index.html")
            return WebAnswer(200, found["ContentType"].partition(";")[0], found["Body"].read())
        known = {event.path for event in project_template().api_events()}
        if (path := path.removeprefix("v1")) not in known:
            return WebAnswer(404, "application/problem+json", b"{}")
        text = None if body is None else json.dumps(body)
        reply = self._browser.send(method, path, text, {"Content-Type": "application/json"})
        return WebAnswer(reply.status, reply.headers["Content-Type"][0].partition(";")[0], reply.text.encode())


class Rehearsal:
    """Everything that a deployment touches, and what it said."""

    def __init__(self, folder: Path, door: FrontDoor) -> None:
        number = next(_numbers)
        self.session = RehearsedSession()
        self.name, self.domain = f"member-access-{number}", f"d{number}.cloudfront.net"
        self.edge = edge_name(self.name, REGION)
        self.kept_in = f"member-access-artifacts-{number}"
        s3 = self.session.client("s3")
        s3.create_bucket(Bucket=self.kept_in, CreateBucketConfiguration={"LocationConstraint": REGION})
        self.portal_bucket = f"member-access-portal-{number}"
        s3.create_bucket(Bucket=self.portal_bucket, CreateBucketConfiguration={"LocationConstraint": REGION})
        created = self.session.client("secretsmanager").create_secret(
            Name=f"ProviderSecret-{number}", SecretString="{}"
        )
        self.secret: str = created["ARN"]
        self.distribution = self._distribution(number)
        outputs = {
            "PortalBucket": self.portal_bucket,
            "PortalDistribution": self.distribution,
            "PortalDomain": self.domain,
            "ApiUrl": "https://api.execute-api.eu-west-3.amazonaws.com/v1",
            "ProviderSecretArn": self.secret,
            "SenderDnsRecords": "a._domainkey.mutuelle.fr a.dkim.amazonses.com",
        }
        self.clone = Clone(folder, self.name, outputs, self.kept_in)
        self.web = RehearsedWeb(self.domain, self.portal_bucket, self.session, door)
        self.sam = RehearsedSam(
            self.clone.root, {"PATH": os.environ["PATH"]}, stack_name=self.name, session=self.session
        )
        self.protected = self.session.protect_stacks()
        self.said: list[str] = []
        self.time = 1_795_413_600.0

    def deployer(self) -> Deployer:
        """Read the environment again, and return what deploys to it."""
        return Deployer(
            root=self.clone.root,
            environment=read_environment(self.clone.root, "production"),
            session=cast("boto3.Session", self.session),
            sam=self.sam,
            web=self.web,
            now=self._later,
            pause=lambda _: None,
            say=self.said.append,
        )

    def deploy(self) -> str:
        """Deploy, and return the identifier of the deployment."""
        assert self.deployer().deploy() == 0
        (identifier,) = [line.split()[-1] for line in self.said if line.startswith("Deployed and tried: ")][-1:]
        return identifier

    @property
    def functions(self) -> list[str]:
        """The names of the stack's functions."""
        return [f"{self.name}-{function}" for function in FUNCTIONS]

    def portal(self, name: str) -> bytes:
        """The content of a published file."""
        content: bytes = self.session.client("s3").get_object(Bucket=self.portal_bucket, Key=name)["Body"].read()
        return content

    def live(self) -> list[str]:
        """The versions that answer."""
        lambda_ = self.session.client("lambda")
        return [lambda_.get_alias(FunctionName=name, Name="live")["FunctionVersion"] for name in self.functions]

    def deployed(self, parameter: str) -> str:
        """The value of a parameter in the stack."""
        return self._described(self.name, REGION).parameters[parameter]

    def at_the_edge(self, parameter: str) -> str:
        """The value of a parameter in the stack in us-east-1."""
        return self._described(self.edge, EDGE_REGION).parameters[parameter]

    def _described(self, name: str, region: str) -> DeployedStack:
        stack = DeployedStack.describe(name, self.session.client("cloudformation", region))
        assert stack is not None
        return stack

    def change(self, parameters: Mapping[str, str] | None = None, page: str = "", **defaults: str) -> None:
        """Commit other parameters, another first page, other defaults of the template."""
        for name, value in defaults.items():
            self.clone.template["Parameters"][name]["Default"] = value
        self.clone.configure({**OWN, **(parameters or {})})
        if page:
            (self.clone.root / "portal" / "index.html").write_text(page)
        commit(self.clone.root)

    def host_no_portal(self) -> None:
        """Commit that the stack has no portal, so that its API is called directly."""
        outputs = self.clone.template["Outputs"]
        for name in ("PortalBucket", "PortalDistribution", "PortalDomain"):
            del outputs[name]
        self.web.names.add(outputs["ApiUrl"]["Value"].split("/")[2])
        self.change({"HostPortal": "false", "EdgeAlarmTopicArn": ""})

    def _later(self) -> float:
        self.time += 60
        return self.time

    def _distribution(self, number: int) -> str:
        origin = {"Id": "pages", "DomainName": "pages.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        answer = self.session.client("cloudfront").create_distribution(
            DistributionConfig={
                "CallerReference": f"rehearsal-{number}",
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": {"TargetOriginId": "pages", "ViewerProtocolPolicy": "https-only"},
            }
        )
        distribution: str = answer["Distribution"]["Id"]
        return distribution


def parameter_names(clone: Path) -> set[str]:
    """The names of all parameters of a clone's template."""
    return set(Template.read(clone / "template.yaml").body["Parameters"])
