"""AWS Secrets Manager without AWS: a real boto3 client, and two secrets whose content a test sets."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import boto3

from simulators.aws_responses import OfflineResponse
from simulators.kms import REGION

if TYPE_CHECKING:
    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from mypy_boto3_secretsmanager import SecretsManagerClient

PROVIDER_SECRET = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:ProviderSecret-AbCdEf"
CANARY_SECRET = f"arn:aws:secretsmanager:{REGION}:123456789012:secret:canary-AbCdEf"


class FakeSecretsManager:
    """Answers ``GetSecretValue``.

    Attributes:
        content: the print providers' secret.
        canary: the secret of the test member.
        reads: the number of reads.
        fails_with: the error of every call; None for success.
    """

    def __init__(self) -> None:
        self.content: dict[str, Any] = {"placeholder": "generated"}
        self.canary: dict[str, Any] = {}
        self.reads = 0
        self.fails_with: str | None = None

    def client(self) -> SecretsManagerClient:
        """Make a client of this Secrets Manager."""
        client = boto3.client(
            "secretsmanager", region_name=REGION, aws_access_key_id="fake", aws_secret_access_key="fake"
        )
        # Botocore's stubs do not know that a before-send handler may return a response.
        client.meta.events.register("before-send.secrets-manager", self._answer)  # type: ignore[arg-type]
        return client

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        # Botocore's stubs declare text instead of bytes.
        target, asked = cast("bytes", request.headers["X-Amz-Target"]), json.loads(cast("bytes", request.body))
        contents = {PROVIDER_SECRET: self.content, CANARY_SECRET: self.canary}
        arn = asked["SecretId"]
        if target != b"secretsmanager.GetSecretValue" or len(asked) > 1 or arn not in contents:
            raise AssertionError(f"no flow is known to call {target!r} with {sorted(asked)}")
        self.reads += 1
        if self.fails_with:
            return _answered(request, 400, {"__type": self.fails_with, "message": "as the test wants it"})
        return _answered(request, 200, {"ARN": arn, "SecretString": json.dumps(contents[arn])})


def _answered(request: AWSPreparedRequest, status: int, body: dict[str, Any]) -> AWSResponse:
    return OfflineResponse(request.url, status, json.dumps(body).encode())
