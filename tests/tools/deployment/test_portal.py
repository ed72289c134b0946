"""The portal in the cloud: what is committed is published, with the right headers, and nothing else stays."""

from __future__ import annotations

import itertools
import json
import re
import shutil
import subprocess
from datetime import date
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from simulators.kms import REGION
from simulators.template import ROOT
from tools.deployment.portal import NotPublished, PortalPlace, portal_files, publish

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.cloud import Cloud

_references = itertools.count()
PARAMETERS = {
    "InsurerName": "Mutuelle",
    "InsurerHelpline": "01 99 00 12 34",
    "SessionIdleSeconds": "1800",
    "PublicOrigin": "https://adherents.example",
}
TODAY = date(2026, 11, 30)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with a portal, beside it a file that is not committed."""
    shutil.copytree(ROOT / "portal", tmp_path / "portal")
    for command in (("init",), ("add", ".")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, capture_output=True)  # noqa: S603, S607 - our own words
    (tmp_path / "portal" / "screens" / "draft.html").write_text("not yet")
    return tmp_path


class Aws:
    """A bucket and a distribution in a mocked AWS; it remembers in which order files came."""

    def __init__(self) -> None:
        self.s3 = boto3.client("s3", region_name=REGION)
        self.cloudfront = boto3.client("cloudfront", region_name=REGION)
        self.put: list[str] = []
        self.s3.meta.events.register("provide-client-params.s3.PutObject", self._remember)
        self.distribution = self._distribution()
        self.bucket = f"bucket-{self.distribution.lower()}"
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})

    def publish(self, clone: Path) -> int:
        files = portal_files(clone, PARAMETERS, None, TODAY)
        publish(files, PortalPlace(self.bucket, self.distribution), self.s3, self.cloudfront)
        return len(files)

    def published(self) -> set[str]:
        return {item["Key"] for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])}

    def contents(self) -> dict[str, bytes]:
        return {
            name: self.s3.get_object(Bucket=self.bucket, Key=name)["Body"].read() for name in sorted(self.published())
        }

    def refuse_to_delete(self, key: str) -> None:
        """Answer deletions as S3 does where a policy forbids one of the files."""

        def refused(parsed: dict[str, Any], **_: object) -> None:
            parsed["Errors"] = [{"Key": key, "Code": "AccessDenied", "Message": "Access Denied"}]

        self.s3.meta.events.register("after-call.s3.DeleteObjects", refused)

    def _remember(self, params: dict[str, Any], **_: object) -> None:
        self.put.append(params["Key"])

    def _distribution(self) -> str:
        origin = {"Id": "pages", "DomainName": "pages.s3.amazonaws.com", "S3OriginConfig": {"OriginAccessIdentity": ""}}
        behaviour = {"TargetOriginId": "pages", "ViewerProtocolPolicy": "https-only"}
        answer = self.cloudfront.create_distribution(
            DistributionConfig={  # type: ignore[arg-type, misc]  # as much of it as the mock looks at
                "CallerReference": str(next(_references)),
                "Comment": "",
                "Enabled": True,
                "Origins": {"Quantity": 1, "Items": [origin]},
                "DefaultCacheBehavior": behaviour,
            }
        )
        return answer["Distribution"]["Id"]


def test_committed_files_are_published_with_the_configuration(cloud: Cloud, clone: Path) -> None:
    aws = Aws()

    assert aws.publish(clone) == len(aws.published())
    pages = {"index.html", "pages/legal-notice.fr.html", "robots.txt", ".well-known/security.txt", "config.json"}
    assert (pages | {"brand/notice.json"}) - aws.published() == set()
    named = {re.sub(r"\.[0-9a-f]{16}\.", ".", name) for name in aws.published()}
    assert {"main.js", "texts/fr.js", "brand/styles.css", "brand/logo.svg", "screens/code.html"} - named == set()
    assert {name for name in aws.published() if "draft" in name or name.startswith("parts/")} == set()
    config = json.loads(aws.s3.get_object(Bucket=aws.bucket, Key="config.json")["Body"].read())
    assert config == {
        "api_url": "/v1",
        "insurer": "Mutuelle",
        "helpline": "01 99 00 12 34",
        "session_idle_seconds": 1800,
    }


def test_files_named_by_their_content_are_kept_for_ever_and_pages_revalidated(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)

    (name,) = (name for name in aws.published() if name.startswith("main."))
    script = aws.s3.head_object(Bucket=aws.bucket, Key=name)
    assert script["ContentType"] == "text/javascript; charset=utf-8"
    assert script["CacheControl"] == "public, max-age=31536000, immutable"
    page = aws.s3.head_object(Bucket=aws.bucket, Key="index.html")
    assert (page["ContentType"], page["CacheControl"]) == ("text/html; charset=utf-8", "no-cache")


def test_the_first_page_comes_after_what_it_leads_to(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)

    assert aws.put[-1] == "index.html"


def test_files_that_are_gone_are_deleted_and_cloudfront_invalidated(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)
    aws.s3.put_object(Bucket=aws.bucket, Key="screens/old.js", Body=b"")

    aws.publish(clone)

    assert "screens/old.js" not in aws.published()
    invalidations = aws.cloudfront.list_invalidations(DistributionId=aws.distribution)["InvalidationList"]
    assert invalidations["Quantity"] == 2
    latest = aws.cloudfront.get_invalidation(DistributionId=aws.distribution, Id=invalidations["Items"][0]["Id"])
    assert latest["Invalidation"]["InvalidationBatch"]["Paths"] == {"Quantity": 1, "Items": ["/*"]}


@pytest.mark.slow
def test_more_old_files_go_than_one_call_deletes(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    for number in range(1001):
        aws.s3.put_object(Bucket=aws.bucket, Key=f"old/{number}", Body=b"")

    aws.publish(clone)

    assert {name for name in aws.published() if name.startswith("old/")} == set()


def test_published_twice_it_is_as_published_once(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)
    once = aws.contents()

    aws.publish(clone)

    assert aws.contents() == once


def test_a_changed_file_has_another_name_and_replaces_the_one_before(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)
    before = aws.published()
    (clone / "portal" / "main.js").write_text("export const version = 2;")

    aws.publish(clone)

    (new,) = aws.published() - before
    (old,) = before - aws.published()
    assert aws.contents()[new] == b"export const version = 2;"
    assert (new[:5], old[:5]) == ("main.", "main.")
    assert new in aws.contents()["index.html"].decode()


def test_open_tabs_find_the_files_of_their_deployment_but_no_page_that_is_gone(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)
    before = {*aws.published(), "pages/gone.fr.html"}
    aws.s3.put_object(Bucket=aws.bucket, Key="pages/gone.fr.html", Body=b"")
    (clone / "portal" / "main.js").write_text("export const version = 2;")
    files = portal_files(clone, PARAMETERS, None, TODAY)

    publish(files, PortalPlace(aws.bucket, aws.distribution), aws.s3, aws.cloudfront, before=before)

    assert before - aws.published() == {"pages/gone.fr.html"}


def test_modules_that_import_each_other_are_not_published(clone: Path) -> None:
    (clone / "portal" / "storage.js").write_text('import "./session.js";')

    with pytest.raises(NotPublished, match=r"storage\.js imports session\.js imports storage\.js"):
        portal_files(clone, PARAMETERS, None, TODAY)


def test_a_stack_without_a_portal_has_no_place_for_it() -> None:
    assert PortalPlace.of({"ApiUrl": "https://api.example/v1"}) is None


def test_what_was_kept_of_a_portal_is_put_back(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)
    before = aws.contents()
    (clone / "portal" / "main.js").write_text("export const version = 2;")
    aws.publish(clone)

    publish(before, PortalPlace(aws.bucket, aws.distribution), aws.s3, aws.cloudfront)

    assert aws.contents() == before


def test_without_a_first_page_nothing_is_published(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    subprocess.run(["git", "rm", "--cached", "portal/index.html"], cwd=clone, check=True, capture_output=True)  # noqa: S607 - our own words

    with pytest.raises(NotPublished, match=r"The commit has no portal/index\.html"):
        aws.publish(clone)

    assert aws.published() == set()


def test_a_file_that_s3_keeps_is_reported_though_the_call_succeeds(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.s3.put_object(Bucket=aws.bucket, Key="old.js", Body=b"")
    aws.refuse_to_delete("old.js")

    with pytest.raises(NotPublished, match=r"S3 did not delete old\.js \(AccessDenied\)"):
        aws.publish(clone)
