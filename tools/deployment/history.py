"""Keeps what each deployment deployed, in the bucket into which sam uploads: the way back needs it.

``<stack>/deployments/<id>.json`` has the commit, the parameters and the versions of the functions;
``<stack>/deployments/<id>/sbom.cdx.json`` the software bill of materials, ``<stack>/deployments/<id>/portal/`` the
files of the portal. The identifier begins with the time, so identifiers sort.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_s3 import S3Client

    from tools.deployment.environments import Environment

# The stack and the output of sam's option resolve_s3 (samcli.lib.bootstrap).
_SAM_STACK, _SAM_BUCKET = "aws-sam-cli-managed-default", "SourceBucket"


@dataclass(frozen=True)
class Deployment:
    """One deployment.

    Attributes:
        identifier: its time and commit, such as ``20261129T231500Z-1a9aeb6``.
        commit: the full hash of the commit.
        parameters: every parameter that was sent.
        versions: the version behind the alias, by name of the function.
    """

    identifier: str
    commit: str
    parameters: Mapping[str, str]
    versions: Mapping[str, str]


def identifier_of(commit: str, now: float) -> str:
    """Make the identifier of a deployment from its commit and its time, in seconds since 1970."""
    return f"{datetime.fromtimestamp(now, UTC):%Y%m%dT%H%M%SZ}-{commit[:7]}"


def bucket_of_sam(environment: Environment, cloudformation: CloudFormationClient) -> str:
    """Return the bucket into which sam uploads for an environment.

    Raises:
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or there is none yet.
    """
    if environment.bucket:
        return environment.bucket
    (stack,) = cloudformation.describe_stacks(StackName=_SAM_STACK)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack["Outputs"]}
    return outputs[_SAM_BUCKET]


class History:
    """The deployments of one stack.

    Its methods raise ``botocore.exceptions.ClientError`` if S3 refuses.
    """

    def __init__(self, stack_name: str, bucket: str, s3: S3Client) -> None:
        self._folder = f"{stack_name}/deployments/"
        self._bucket = bucket
        self._s3 = s3

    def keep(self, deployment: Deployment, files: Mapping[str, bytes], bill: str) -> None:
        """Write a deployment; its record comes last, so that a deployment in the list is complete.

        Args:
            deployment: its record.
            files: those of the portal, by their path.
            bill: the software bill of materials.
        """
        self._put(f"{deployment.identifier}/sbom.cdx.json", bill.encode())
        for name, content in files.items():
            self._put(f"{deployment.identifier}/portal/{name}", content)
        self._put(f"{deployment.identifier}.json", json.dumps(asdict(deployment), indent=2).encode())

    def identifiers(self) -> list[str]:
        """List all deployments, the newest first."""
        found = [key.removesuffix(".json") for key in self._keys("") if key.endswith(".json") and "/" not in key]
        return sorted(found, reverse=True)

    def find(self, identifier: str) -> Deployment:
        """Read one deployment.

        Raises:
            DeployRefused: there is none of this name; the message lists those that exist.
        """
        known = self.identifiers()
        if identifier not in known:
            listed = "".join(f"\n  {other}" for other in known) or " none yet."
            raise DeployRefused(f"Choose a deployment by VERSION=…. The deployments kept, the newest first:{listed}")
        return Deployment(**json.loads(self._get(f"{identifier}.json")))

    def portal(self, deployment: Deployment) -> dict[str, bytes]:
        """Read the portal's files of a deployment; none if its stack hosted no portal."""
        folder = f"{deployment.identifier}/portal/"
        return {key.removeprefix(folder): self._get(key) for key in self._keys(folder)}

    def portal_names(self, latest: int) -> set[str]:
        """Return the names of the portal's files in the latest deployments, as many as there are."""
        folders = [f"{identifier}/portal/" for identifier in self.identifiers()[:latest]]
        return {key.removeprefix(folder) for folder in folders for key in self._keys(folder)}

    def _keys(self, prefix: str) -> list[str]:
        pages = self._s3.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=self._folder + prefix)
        return [item["Key"].removeprefix(self._folder) for page in pages for item in page.get("Contents", [])]

    def _put(self, key: str, content: bytes) -> None:
        self._s3.put_object(Bucket=self._bucket, Key=self._folder + key, Body=content)

    def _get(self, key: str) -> bytes:
        return self._s3.get_object(Bucket=self._bucket, Key=self._folder + key)["Body"].read()
