"""Tries a new version of each function of the API before it serves members.

Each version gets one call that it has to refuse: a sign-in, a code, an IBAN end, a notification, a session and a
passkey of no one. To refuse them, a function must start with its settings, reach its tables and keys, and write a
problem (RFC 9457). A version that does anything else keeps the deployment from moving the traffic.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from botocore.exceptions import BotoCoreError, ClientError

from member_access.api.problems import CONTENT_TYPE
from member_access.errors import MemberAccessError, describe

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from aws_lambda_powertools import Logger
    from aws_lambda_powertools.utilities.typing import LambdaContext
    from mypy_boto3_lambda import LambdaClient

TIMEOUT_SECONDS: Final = 25
"""How long one version may take to start and answer."""

_SOURCES = "192.0.2."
"""A network that no one has (RFC 5737): a check counts for no member's address, and each for another."""

_RANDOM_DIGIT = "9"


class BadVersion(MemberAccessError):
    """A version does not start, does not answer, or answers otherwise than it must."""


class Deployments(Protocol):
    """The call of CodeDeploy that ends a hook."""

    def put_lifecycle_event_hook_execution_status(
        self,
        *,
        deploymentId: str,  # noqa: N803 - CodeDeploy's name
        lifecycleEventHookExecutionId: str,  # noqa: N803 - as above
        status: str,
    ) -> object:
        """Report ``Succeeded`` or ``Failed``; without a report the deployment fails after an hour."""


@dataclass(frozen=True)
class Trial:
    """A call that a function refuses from everyone.

    Attributes:
        path: of the call.
        body: of the call.
        statuses: one of these is the answer.
    """

    path: str
    body: Mapping[str, object]
    statuses: tuple[int, ...] = (401,)

    def event(self, source: str) -> dict[str, Any]:
        """Make the event that API Gateway sends for this call."""
        headers = {"Content-Type": "application/json"}
        return {
            "resource": self.path,
            "path": self.path,
            "httpMethod": "POST",
            "headers": headers,
            "multiValueHeaders": {name: [text] for name, text in headers.items()},
            "pathParameters": None,
            "requestContext": {"stage": "v1", "resourcePath": self.path, "identity": {"sourceIp": source}},
            "body": json.dumps(self.body),
            "isBase64Encoded": False,
        }


def trials(identifier: str) -> Mapping[str, Trial]:
    """Return the trial of each function, by its name.

    Args:
        identifier: of no member.
    """
    return {
        # The blocklist has this PIN, so it opens no account, even if a member has the identifier.
        "login": Trial("/login", {"identifier": identifier, "pin": "000000"}),
        "reset": Trial("/reset/verify", {"identifier": identifier, "code": "0000000000"}),
        "identifier": Trial("/identifier/iban", {"challenge": "0" * 64, "iban_last6": "000000"}),
        # Before an operator has filled in the credentials of the provider, the path does not exist.
        "account": Trial("/account/not-me", {}),
        "letter-status": Trial("/letters/status/maileva", {}, statuses=(401, 404)),
        "passkeys": Trial(
            "/login/passkey",
            {"id": "", "response": {"clientDataJSON": "", "authenticatorData": "", "signature": ""}},
        ),
    }


def drawn(identifier: str, random_bytes: Callable[[int], bytes]) -> str:
    """Replace each 9 of an identifier by a random digit, so that no limit of one identifier stops the checks."""
    return "".join(str(random_bytes(1)[0] % 10) if digit == _RANDOM_DIGIT else digit for digit in identifier)


@dataclass(frozen=True)
class VersionCheck:
    """Checks all versions, whichever of them the deployment is about: members need each of them.

    Attributes:
        versions: their ARNs, by the name of their function.
        unknown_identifier: no member has it, with any digits in the place of its nines.
        functions: calls them.
        deployments: gets the report.
        random_bytes: draws digits and addresses.
        logger: for the result of each version.
    """

    versions: Mapping[str, str]
    unknown_identifier: str
    functions: LambdaClient
    deployments: Deployments
    random_bytes: Callable[[int], bytes]
    logger: Logger

    def __call__(self, event: dict[str, Any], _context: LambdaContext) -> str:
        """Check the versions, and report a good or bad result to CodeDeploy."""
        status = "Succeeded" if self._all_are_good() else "Failed"
        self.deployments.put_lifecycle_event_hook_execution_status(
            deploymentId=event["DeploymentId"],
            lifecycleEventHookExecutionId=event["LifecycleEventHookExecutionId"],
            status=status,
        )
        return status

    def _all_are_good(self) -> bool:
        identifier = drawn(self.unknown_identifier, self.random_bytes)
        # All of them, so that one deployment shows all faults.
        bad = [name for name, trial in trials(identifier).items() if not self._is_good(name, trial)]
        return not bad

    def _is_good(self, name: str, trial: Trial) -> bool:
        try:
            self._check(self.versions[name], trial)
        except Exception as error:  # noqa: BLE001 - a deployment without a report waits for an hour
            # No traceback: it would hold the text of a foreign exception.
            self.logger.error("version.bad", extra={"function": name, **describe(error)})  # noqa: TRY400
            return False
        self.logger.info("version.good", extra={"function": name})
        return True

    def _check(self, version: str, trial: Trial) -> None:
        event = trial.event(f"{_SOURCES}{self.random_bytes(1)[0]}")
        try:
            ran = self.functions.invoke(FunctionName=version, Payload=json.dumps(event).encode())
        except (BotoCoreError, ClientError) as error:
            raise BadVersion(f"Lambda did not run it: {type(error).__name__}") from None
        if ran.get("FunctionError"):
            raise BadVersion("it fails or does not start")
        answer = json.loads(ran["Payload"].read())
        status, body = answer["statusCode"], json.loads(answer["body"])
        is_problem = answer["multiValueHeaders"]["Content-Type"] == [CONTENT_TYPE] and body["status"] == status
        if status not in trial.statuses or not is_problem:
            raise BadVersion(f"it answers {status} instead of {' or '.join(map(str, trial.statuses))}")
