"""The portal in the cloud: what is committed is published, with the right headers, and nothing else stays."""

from __future__ import annotations

import itertools
import json
import subprocess
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from tests.support.kms import REGION
from tools.publish import publish

if TYPE_CHECKING:
    from pathlib import Path

    from tests.support.cloud import Cloud

FILES = {
    "index.html": "<h1>Bonjour</h1>",
    "main.js": "export {};",
    "client/api.d.ts": "export {};",
    "texts/fr.js": "export default {};",
}
_references = itertools.count()
PARAMETERS = {"InsurerName": "Mutuelle", "InsurerHelpline": "01 99 00 12 34", "SessionIdleSeconds": "1800"}


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """A clone with a portal, beside it a file that nobody has committed."""
    for name, text in FILES.items():
        file = tmp_path / "portal" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    for command in (("init",), ("add", ".")):
        subprocess.run(["git", *command], cwd=tmp_path, check=True, capture_output=True)  # noqa: S603, S607 - our own words
    (tmp_path / "portal" / "draft.html").write_text("not yet")
    return tmp_path


class Aws:
    """A stack with a portal in a mocked AWS; it remembers in which order files came."""

    def __init__(self, *, hosted: bool = True) -> None:
        self.s3 = boto3.client("s3", region_name=REGION)
        self.cloudfront = boto3.client("cloudfront", region_name=REGION)
        self.cloudformation = boto3.client("cloudformation", region_name=REGION)
        self.put: list[str] = []
        self.s3.meta.events.register("provide-client-params.s3.PutObject", self._remember)
        self.distribution = self._distribution()
        self.name = f"stack-{self.distribution}"
        outputs = {
            "PortalBucket": {"Value": {"Ref": "Bucket"}},
            "PortalDistribution": {"Value": self.distribution},
        }
        template = {
            "Parameters": {name: {"Type": "String", "Default": value} for name, value in PARAMETERS.items()},
            "Resources": {"Bucket": {"Type": "AWS::S3::Bucket"}},
            "Outputs": outputs if hosted else {"Nothing": {"Value": "here"}},
        }
        self.cloudformation.create_stack(StackName=self.name, TemplateBody=json.dumps(template))

    def publish(self, clone: Path) -> int:
        return publish(clone, self.name, self.cloudformation, lambda: (self.s3, self.cloudfront))

    @property
    def bucket(self) -> str:
        resource = self.cloudformation.describe_stack_resource(StackName=self.name, LogicalResourceId="Bucket")
        return resource["StackResourceDetail"]["PhysicalResourceId"]

    def published(self) -> set[str]:
        return {item["Key"] for item in self.s3.list_objects_v2(Bucket=self.bucket).get("Contents", [])}

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


def test_what_is_committed_for_browsers_is_published_and_the_configuration_with_it(cloud: Cloud, clone: Path) -> None:
    aws = Aws()

    assert aws.publish(clone) == 4
    assert aws.published() == {"index.html", "main.js", "texts/fr.js", "config.json"}
    config = json.loads(aws.s3.get_object(Bucket=aws.bucket, Key="config.json")["Body"].read())
    assert config == {
        "api_url": "/v1",
        "insurer": "Mutuelle",
        "helpline": "01 99 00 12 34",
        "session_idle_seconds": 1800,
    }


def test_files_say_what_they_are_and_that_they_are_to_be_asked_for_anew(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)

    script = aws.s3.head_object(Bucket=aws.bucket, Key="main.js")
    assert (script["ContentType"], script["CacheControl"]) == ("text/javascript; charset=utf-8", "no-cache")


def test_the_first_page_comes_after_what_it_leads_to(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)

    assert aws.put[-1] == "index.html"


def test_what_the_portal_no_longer_has_goes_and_cloudfront_is_told(cloud: Cloud, clone: Path) -> None:
    aws = Aws()
    aws.publish(clone)
    aws.s3.put_object(Bucket=aws.bucket, Key="screens/old.js", Body=b"")

    aws.publish(clone)

    assert "screens/old.js" not in aws.published()
    told = aws.cloudfront.list_invalidations(DistributionId=aws.distribution)["InvalidationList"]
    assert told["Quantity"] == 2


def test_a_stack_without_a_portal_is_left_alone(cloud: Cloud, clone: Path) -> None:
    aws = Aws(hosted=False)

    assert aws.publish(clone) == 0
    assert aws.published() == set()
