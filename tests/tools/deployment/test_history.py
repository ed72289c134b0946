"""Deployments are kept where sam uploads, complete or not at all."""

from __future__ import annotations

import itertools
import json
from typing import TYPE_CHECKING

import boto3
import pytest

from simulators.kms import REGION
from tools.deployment.environments import Environment
from tools.deployment.history import Deployment, History, bucket_of_sam, identifier_of
from tools.deployment.refusals import DeployRefused

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from simulators.cloud import Cloud

ENVIRONMENT = Environment("staging", "123456789012", "access", REGION, None, None, {})
FIRST = Deployment("20261129T230000Z-1a9aeb6", "1a9aeb6" * 5, {"InsurerName": "L’Été"}, {"access-login": "7"})
SECOND = Deployment("20261129T230100Z-9449ff5", "9449ff5" * 5, {}, {"access-login": "8"})
BILL = '{"bomFormat": "CycloneDX"}'
_numbers = itertools.count()


@pytest.fixture
def s3(cloud: Cloud) -> S3Client:
    return boto3.client("s3", region_name=REGION)


@pytest.fixture
def history(s3: S3Client) -> History:
    bucket = f"kept-{next(_numbers)}"
    s3.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-3"})
    return History("access", bucket, s3)


def test_a_deployment_is_found_as_it_was_kept(history: History) -> None:
    history.keep(FIRST, {"index.html": b"first", "texts/fr.js": b"deux"}, BILL)

    assert history.find(FIRST.identifier) == FIRST
    assert history.portal(FIRST) == {"index.html": b"first", "texts/fr.js": b"deux"}


def test_the_bill_of_materials_is_kept_beside_a_deployment(history: History, s3: S3Client) -> None:
    history.keep(FIRST, {}, BILL)

    key = f"access/deployments/{FIRST.identifier}/sbom.cdx.json"
    assert s3.get_object(Bucket=history._bucket, Key=key)["Body"].read().decode() == BILL  # noqa: SLF001 - its bucket


def test_the_newest_deployment_comes_first(history: History) -> None:
    history.keep(FIRST, {}, BILL)
    history.keep(SECOND, {"index.html": b"second"}, BILL)

    assert history.identifiers() == [SECOND.identifier, FIRST.identifier]
    assert history.portal(FIRST) == {}


def test_a_deployment_that_is_half_kept_is_none(history: History, s3: S3Client) -> None:
    history.keep(FIRST, {"index.html": b"first"}, BILL)
    s3.delete_object(Bucket=history._bucket, Key=f"access/deployments/{FIRST.identifier}.json")  # noqa: SLF001 - the crash

    assert history.identifiers() == []


def test_an_unknown_deployment_is_refused_with_the_list(history: History) -> None:
    with pytest.raises(DeployRefused, match=r"The deployments kept, the newest first: none yet\.$"):
        history.find("20260101T000000Z-0000000")


def test_an_identifier_begins_with_its_time() -> None:
    assert identifier_of("1a9aeb6d0c", 1_795_993_200.0) == "20261129T230000Z-1a9aeb6"


def test_the_bucket_of_sam_is_found_by_the_stack_that_sam_makes(cloud: Cloud) -> None:
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    template = {
        "Resources": {"SamCliSourceBucket": {"Type": "AWS::S3::Bucket"}},
        "Outputs": {"SourceBucket": {"Value": {"Ref": "SamCliSourceBucket"}}},
    }
    cloudformation.create_stack(StackName="aws-sam-cli-managed-default", TemplateBody=json.dumps(template))
    try:
        assert bucket_of_sam(ENVIRONMENT, cloudformation).startswith("aws-sam-cli-managed-default-samclisourcebucket")
    finally:
        cloudformation.delete_stack(StackName="aws-sam-cli-managed-default")
