"""The portal of a deployment: its files, and how they come into the bucket behind CloudFront."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from local.portal_files import cache_control, content_type, is_named_by_content
from local.portal_site import SiteSources, site
from local.published_site import published
from local.site_graph import Unpublishable

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import date

    from mypy_boto3_cloudfront import CloudFrontClient
    from mypy_boto3_s3 import S3Client

DEPLOYMENTS_OF_OPEN_TABS = 5
"""Pages of so many deployments may be open: they load their other screens as members come to them."""

_FIRST_PAGE = "index.html"
_DELETED_AT_ONCE = 1000
"""The maximum of S3's DeleteObjects."""


class NotPublished(Exception):
    """The portal is not published, or not completely. The message says why."""


@dataclass(frozen=True)
class PortalPlace:
    """Where a stack serves its portal from."""

    bucket: str
    distribution: str

    @classmethod
    def of(cls, outputs: Mapping[str, str]) -> PortalPlace | None:
        """Return the place that a stack's outputs name; None if the stack hosts no portal."""
        if "PortalBucket" not in outputs:
            return None
        return cls(outputs["PortalBucket"], outputs["PortalDistribution"])


def portal_files(root: Path, parameters: Mapping[str, str], brand: Path | None, today: date) -> dict[str, bytes]:
    """Make the site that browsers get from the committed files of the portal and a brand.

    Args:
        root: the folder of the clone.
        parameters: those that were sent. CloudFormation repeats them with ``?`` for letters with accents.
        brand: the folder of the brand; None for the example.
        today: today.

    Returns:
        The files by name.

    Raises:
        NotPublished: the commit has no portal, or its modules do not fit together.
        BrandRefused: the brand cannot be used.
    """
    sources = SiteSources.read(root, committed_portal(root), brand)
    try:
        return published(site(sources, parameters, today))
    except Unpublishable as wrong:
        raise NotPublished(str(wrong)) from wrong


def committed_portal(root: Path) -> dict[str, bytes]:
    """Read the committed files of the portal, by name below ``portal/``.

    Raises:
        NotPublished: the commit has no portal.
    """
    listed = subprocess.run(["git", "ls-files", "-z", "portal"], cwd=root, capture_output=True, text=True, check=False)
    paths = [Path(name) for name in listed.stdout.split("\0") if name]
    files = {path.relative_to("portal").as_posix(): (root / path).read_bytes() for path in paths}
    if _FIRST_PAGE not in files:
        raise NotPublished(f"The commit has no portal/{_FIRST_PAGE}.")
    return files


def publish(
    files: Mapping[str, bytes],
    place: PortalPlace,
    s3: S3Client,
    cloudfront: CloudFrontClient,
    *,
    before: Collection[str] = (),
) -> None:
    """Publish a portal, and delete files that it does not have.

    The first page is written last, so it never refers to missing files. Publishing can be repeated.

    Args:
        files: the portal.
        place: where to.
        s3: a client.
        cloudfront: a client.
        before: names of files that open tabs may still load; those named by their content stay.

    Raises:
        NotPublished: S3 did not delete a file.
        botocore.exceptions.BotoCoreError, botocore.exceptions.ClientError: AWS did not respond, or refused.
    """
    for name in sorted(files, key=lambda name: (name == _FIRST_PAGE, name)):
        s3.put_object(
            Bucket=place.bucket,
            Key=name,
            Body=files[name],
            ContentType=content_type(name),
            CacheControl=cache_control(name),
        )
    _delete_others(s3, place.bucket, {*files, *filter(is_named_by_content, before)})
    cloudfront.create_invalidation(
        DistributionId=place.distribution,
        InvalidationBatch={
            "Paths": {"Quantity": 1, "Items": ["/*"]},
            "CallerReference": f"publish-{time.time_ns()}",
        },
    )


def _delete_others(s3: S3Client, bucket: str, kept: Collection[str]) -> None:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    gone = [item["Key"] for page in pages for item in page.get("Contents", []) if item["Key"] not in kept]
    for start in range(0, len(gone), _DELETED_AT_ONCE):
        keys = [{"Key": key} for key in gone[start : start + _DELETED_AT_ONCE]]
        answer = s3.delete_objects(Bucket=bucket, Delete={"Objects": keys, "Quiet": True})  # type: ignore[typeddict-item]  # a list of keys is enough
        # The call succeeds even if S3 refuses single files.
        if errors := answer.get("Errors"):
            raise NotPublished(f"S3 did not delete {errors[0].get('Key')} ({errors[0].get('Code')}).")
