"""The steps of ``make deploy`` and of ``make rollback``, from the checks to what is left to do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from local.portal_files import CONFIG_FILE
from local.portal_site import EXAMPLE_BRAND
from tools.deployment.checks import (
    check_account,
    check_brand,
    check_committed,
    check_examples,
    check_origin,
    check_python,
    check_reserved_concurrency,
    check_topics,
    check_unknown_identifier,
    commit_of,
    differing_accent,
)
from tools.deployment.data import check_data, check_same_data
from tools.deployment.deployed_stack import DeployedStack, live_versions
from tools.deployment.history import Deployment, History, bucket_of_sam, identifier_of
from tools.deployment.letter_check import check_letter
from tools.deployment.next_steps import next_steps
from tools.deployment.parameters import merged
from tools.deployment.portal import (
    DEPLOYMENTS_OF_OPEN_TABS,
    NotPublished,
    PortalPlace,
    portal_files,
    publish,
)
from tools.deployment.refusals import DeployRefused
from tools.deployment.rollback import go_forward, roll_back_functions, rolled_back
from tools.deployment.sam import BUILT
from tools.deployment.smoke_test import checks_of_api, checks_of_portal, failures
from tools.deployment.stacks import DISTRIBUTION, EDGE_REGION, FIREWALL, PASSED_ON, Stack, Templates, edge_name
from tools.sbom import bill_of_materials, carried

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from pathlib import Path

    import boto3

    from tools.deployment.environments import Environment
    from tools.deployment.sam import Sam
    from tools.deployment.web import Web

FUNCTIONS, PORTAL = PARTS = ("functions", "portal")
"""What goes back together unless one of them is chosen."""


def hosts_portal(parameters: Mapping[str, str]) -> bool:
    """Whether a stack with these parameters hosts the portal, so that there is something at the edge."""
    return parameters["HostPortal"] == "true"


@dataclass(frozen=True)
class Deployer:
    """What the commands work with.

    Attributes:
        root: the folder of the clone.
        environment: the environment.
        session: makes the AWS clients.
        sam: builds and deploys.
        web: sends the requests of the smoke test.
        now: seconds since 1970.
        pause: waits for that many seconds.
        say: prints a line.
    """

    root: Path
    environment: Environment
    session: boto3.Session
    sam: Sam
    web: Web
    now: Callable[[], float]
    pause: Callable[[float], None]
    say: Callable[[str], None]

    def deploy(self, parameters_of: str = "") -> int:
        """Deploy the current commit, try it, and print what is left to do.

        Args:
            parameters_of: the deployment whose parameters are sent again; empty for those of ``samconfig.toml``.

        Returns:
            The exit status: 0 if deployed, that of sam if it failed.

        Raises:
            DeployRefused: something is missing; nothing was deployed, or the message says what was.
        """
        templates = Templates.read(self.root)
        main, edge = self._main(templates), self._edge(templates)
        try:
            parameters = merged(templates.both, self._chosen(templates, parameters_of))
            self._check(parameters, main)
            if status := self._deploy_edge(parameters, main, edge):
                return status
            if status := main.update(self._as_codedeploy_takes(parameters, main)):
                return status
        except (BotoCoreError, ClientError) as error:
            raise DeployRefused(f"AWS does not show what is deployed: {error}") from error
        try:
            self._finish(parameters, main, edge)
        except (BotoCoreError, ClientError, NotPublished) as error:
            raise DeployRefused(
                f"The functions are deployed, but not everything after them is done: {str(error).rstrip('.')}. "
                "Fix this and run the same command again."
            ) from error
        return 0

    def roll_back(self, identifier: str, parts: Collection[str] = PARTS) -> None:
        """Let the functions and the portal of an earlier deployment answer again, and try them.

        Args:
            identifier: the deployment.
            parts: what goes back, of ``PARTS``.

        Raises:
            DeployRefused: there is no such deployment, or AWS refused; the command can be repeated.
        """
        name, cloudformation = self.environment.stack_name, self.session.client("cloudformation")
        try:
            check_account(self.environment, self.session.client("sts"))
            history = self._history()
            deployment = history.find(identifier)
            stack, files = self._main(Templates.read(self.root)).made(), {}
            if FUNCTIONS in parts:
                check_same_data(stack, deployment.parameters)
                for line in roll_back_functions(name, deployment, cloudformation, self.session.client("lambda")):
                    self.say(line)
            if PORTAL in parts and (place := PortalPlace.of(stack.outputs)):
                files = history.portal(deployment)
                self._publish(files, place)
                self.say(f"portal: {len(files)} files")
            self._try(stack, deployment.parameters, files)
        except (BotoCoreError, ClientError, NotPublished) as error:
            reason = str(error).rstrip(".")
            raise DeployRefused(f"Not everything has gone back: {reason}. Run the same command again.") from error
        self.say(f"Back and tried: {identifier}. The stack itself is as it was; deploy a correction next.")

    def _main(self, templates: Templates) -> Stack:
        return Stack(
            name=self.environment.stack_name,
            template=templates.main,
            cloudformation=self.session.client("cloudformation"),
            send=self._send,
            say=self.say,
        )

    def _edge(self, templates: Templates) -> Stack:
        name = edge_name(self.environment.stack_name, self.environment.region)
        return Stack(
            name=name,
            template=templates.edge,
            cloudformation=self.session.client("cloudformation", region_name=EDGE_REGION),
            send=partial(self.sam.deploy_edge, self.environment.name, name),
            say=self.say,
        )

    def _chosen(self, templates: Templates, parameters_of: str) -> Mapping[str, str]:
        if not parameters_of:
            if passed_on := sorted(self.environment.overrides.keys() & {*PASSED_ON}):
                raise DeployRefused(
                    f"Take {' and '.join(passed_on)} out of samconfig.toml: the deployment itself passes them on."
                )
            return self.environment.overrides
        check_account(self.environment, self.session.client("sts"))
        kept = self._history().find(parameters_of).parameters
        known = templates.both.body["Parameters"].keys() - {*PASSED_ON}
        return {name: value for name, value in kept.items() if name in known}

    def _check(self, parameters: Mapping[str, str], main: Stack) -> None:
        check_origin(self.environment.name, parameters["PublicOrigin"])
        check_examples(parameters)
        if hosts_portal(parameters):
            check_brand(self.root, self.environment.brand, parameters["Environment"])
        check_letter(parameters, self.environment.brand)
        for line in differing_accent(self.environment.brand or self.root / EXAMPLE_BRAND, parameters["BrandAccent"]):
            self.say(line)
        check_unknown_identifier(parameters)
        check_reserved_concurrency(parameters)
        check_topics(parameters, {"AlarmTopicArn": self.environment.region, "EdgeAlarmTopicArn": EDGE_REGION})
        check_committed(self.root)
        check_python(parameters["Runtime"], self.sam.variables)
        check_account(self.environment, self.session.client("sts"))
        if stack := main.updatable():
            check_data(stack, parameters)

    def _send(self, parameters: Mapping[str, str]) -> int:
        """Let sam deploy the main stack, other than before if CloudFormation took that deployment back."""
        stack = DeployedStack.describe(self.environment.stack_name, self.session.client("cloudformation"))
        attempt = str(self.now()) if stack and stack.was_taken_back else ""
        return self.sam.deploy(self.environment.name, parameters, attempt)

    def _as_codedeploy_takes(self, parameters: Mapping[str, str], main: Stack) -> Mapping[str, str]:
        """Return the parameters, without watching where an alias is not at the version that the stack describes.

        CodeDeploy fails there: ``The Lambda function alias version does not match the current version in AppSpec file``
        (serverless-application-model issue 291).
        """
        if not main.describe() or not rolled_back(main.name, main.cloudformation, self.session.client("lambda")):
            return parameters
        self.say("Functions were rolled back: this deployment moves them at once (WatchDeployments=false).")
        return {**parameters, "WatchDeployments": "false"}

    def _deploy_edge(self, parameters: dict[str, str], main: Stack, edge: Stack) -> int:
        """Deploy what must exist before a hosted portal, and note the firewall among the parameters."""
        if not hosts_portal(parameters):
            return 0
        edge.updatable()
        if stack := main.describe():
            parameters[DISTRIBUTION] = stack.outputs.get(DISTRIBUTION, "")
        status = edge.update(parameters)
        if not status:
            parameters[FIREWALL] = edge.made().outputs["FirewallArn"]
        return status

    def _finish(self, parameters: Mapping[str, str], main: Stack, edge: Stack) -> None:
        name, cloudformation = main.name, main.cloudformation
        if parameters["Environment"] == "production":
            for protected in (main, edge) if hosts_portal(parameters) else (main,):
                protected.protect()
        for line in go_forward(name, cloudformation, self.session.client("lambda")):
            self.say(line)
        stack, files = main.made(), {}
        if place := PortalPlace.of(stack.outputs):
            today = datetime.fromtimestamp(self.now(), UTC).date()
            files = portal_files(self.root, parameters, self.environment.brand, today)
            self._publish(files, place)
            self.say(f"Published the portal: {len(files)} files.")
        else:
            self.say("This stack does not host the portal (see HostPortal).")
        commit = commit_of(self.root)
        versions = live_versions(name, cloudformation, self.session.client("lambda"))
        deployment = Deployment(identifier_of(commit, self.now()), commit, parameters, versions)
        made_at = datetime.fromtimestamp(self.now(), UTC)
        bill = bill_of_materials(carried(self.root / BUILT), deployment.identifier, made_at)
        self._history().keep(deployment, files, bill)
        told = {**parameters, DISTRIBUTION: place.distribution} if place else parameters
        if told[DISTRIBUTION] != parameters[DISTRIBUTION] and edge.update(told):
            raise DeployRefused(
                f"The functions and the portal are deployed, but {edge.name} neither logs nor watches the portal yet. "
                "Fix this and run the same command again."
            )
        self._try(stack, parameters, files)
        self.say(f"Deployed and tried: {deployment.identifier}")
        steps = list(next_steps(stack, parameters, self.session, self.web))
        self.say("\n  ".join(["Left to do:", *steps]) if steps else "Nothing is left to do.")

    def _publish(self, files: Mapping[str, bytes], place: PortalPlace) -> None:
        before = self._history().portal_names(DEPLOYMENTS_OF_OPEN_TABS)
        publish(files, place, self.session.client("s3"), self.session.client("cloudfront"), before=before)

    def _try(self, stack: DeployedStack, parameters: Mapping[str, str], files: Mapping[str, bytes]) -> None:
        """Try a stack from outside, except in the attack mode; files are those just published.

        Raises:
            DeployRefused: it does not answer as it should; the message has a line for each wrong answer.
        """
        if parameters.get("AttackMode") == "true":
            self.say("Not tried from outside: AttackMode answers every program with a challenge.")
            return
        domain = stack.outputs.get("PortalDomain")
        origin = f"https://{domain}" if domain else stack.outputs["ApiUrl"].removesuffix("/v1")
        checks = [
            *(checks_of_portal(files[CONFIG_FILE]) if files else ()),
            *checks_of_api(f"{parameters['PublicOrigin']}/v1", parameters["IdentifierPattern"]),
        ]
        if wrong := failures(self.web, origin, checks, self.pause):
            raise DeployRefused("\n  ".join(["Deployed, but it does not answer as it should:", *wrong]))

    def _history(self) -> History:
        bucket = bucket_of_sam(self.environment, self.session.client("cloudformation"))
        return History(self.environment.stack_name, bucket, self.session.client("s3"))
