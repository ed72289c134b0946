"""Publishes the portal of a deployed stack: writes the files into its bucket and invalidates CloudFront's cache."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from local.portal_files import CACHE_CONTROL, CONFIG_FILE, config, content_type, is_published

if TYPE_CHECKING:
    from collections.abc import Callable, Collection

    from mypy_boto3_cloudformation import CloudFormationClient
    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_s3 import S3Client

_FIRST_PAGE = "index.html"
_DELETED_AT_ONCE = 1000
"""The maximum of S3's DeleteObjects."""


class NotPublished(Exception):
    """The portal is not published, or not completely. The message says why."""


def published_files(root: Path) -> dict[str, bytes]:
    """Read the committed files of the portal that browsers need, by name below ``portal/``.

    Raises:
        NotPublished: the commit has no portal.
    """
    listed = subprocess.run(["git", "ls-files", "-z", "portal"], cwd=root, capture_output=True, text=True, check=False)
    paths = [Path(name) for name in listed.stdout.split("\0") if name]
    names = [path.relative_to("portal") for path in paths if is_published(path)]
    if Path(_FIRST_PAGE) not in names:
        raise NotPublished(f"The commit has no portal/{_FIRST_PAGE}.")
    return {name.as_posix(): (root / "portal" / name).read_bytes() for name in names}


def publish(
    root: Path,
    stack_name: str,
    cloudformation: CloudFormationClient,
    clients: Callable[[], tuple[S3Client, CloudFrontClient]],
) -> int:
    """Publish the portal of a stack, and delete files that the portal no longer has.

    The first page is written last, so it never refers to missing files. Publishing can be repeated.

    Args:
        root: the folder of the clone.
        stack_name: the deployed stack.
        cloudformation: describes the stack.
        clients: makes the other clients; not called if the stack hosts no portal.

    Returns:
        The number of files published; 0 if the stack hosts no portal.

    Raises:
        NotPublished: there is no portal, or S3 did not delete a file.
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    (stack,) = cloudformation.describe_stacks(StackName=stack_name)["Stacks"]
    outputs = {one["OutputKey"]: one["OutputValue"] for one in stack.get("Outputs", [])}
    if "PortalBucket" not in outputs:
        return 0
    parameters = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])}
    files = {**published_files(root), CONFIG_FILE: config(parameters)}
    s3, cloudfront = clients()
    bucket = outputs["PortalBucket"]
    for name in sorted(files, key=lambda name: (name == _FIRST_PAGE, name)):
        s3.put_object(
            Bucket=bucket,
            Key=name,
            Body=files[name],
            ContentType=content_type(name),
            CacheControl=CACHE_CONTROL,
        )
    _delete_others(s3, bucket, files)
    cloudfront.create_invalidation(
        DistributionId=outputs["PortalDistribution"],
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": f"publish-{time.time_ns()}",
        },
    )
    return len(files)


def _delete_others(s3: S3Client, bucket: str, kept: Collection[str]) -> None:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    gone = [item["Key"] for page in pages for item in page.get("Contents", []) if item["Key"] not in kept]
    for start in range(0, len(gone), _DELETED_AT_ONCE):
        keys = [{"Key": key} for key in gone[start : start + _DELETED_AT_ONCE]]
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})  # type: ignore[typeddict-item]  # a list of keys is enough
        # The call succeeds even if S3 refuses single files.
        if errors := answer.get("Errors"):
            raise NotPublished(f"S3 did not delete {errors[0].get('Key')} ({errors[0].get('Code')}).")
