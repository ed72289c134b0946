"""A bucket without AWS: keeps the objects of a real boto3 client, as far as loads of members use S3."""

from __future__ import annotations

import hashlib
import io
import re
from typing import IO, TYPE_CHECKING, cast

import boto3
from botocore.config import Config

from simulators.aws_responses import OfflineResponse
from simulators.kms import REGION

if TYPE_CHECKING:
    from collections.abc import Mapping

    from botocore.awsrequest import AWSPreparedRequest, AWSResponse
    from mypy_boto3_s3 import S3Client

BUCKET = "test-importbucket-1abcdefghijkl"

_RANGE = re.compile(r"bytes=(\d+)-(\d+)")


class FakeBucket:
    """Keeps objects.

    Attributes:
        objects: their content by key.
        largest_read: the most bytes of one answer.
    """

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.largest_read = 0

    def client(self) -> S3Client:
        """Make a client of this bucket, and of no other."""
        s3 = boto3.client(
            "s3",
            region_name=REGION,
            aws_access_key_id="fake",
            aws_secret_access_key="fake",
            config=Config(request_checksum_calculation="when_required", response_checksum_validation="when_required"),
        )
        # Botocore's stubs do not know that a before-send handler may return a response.
        s3.meta.events.register("before-send.s3", self._answer)  # type: ignore[arg-type]
        return s3

    def _answer(self, request: AWSPreparedRequest, **_: object) -> AWSResponse:
        host, key = request.url.removeprefix("https://").split("/", 1)
        if not host.startswith(f"{BUCKET}."):
            raise AssertionError(f"no bucket of the template is called so: {host}")
        # Botocore's stubs declare text where some values are bytes.
        given = cast("Mapping[str, str | bytes]", request.headers)
        headers = {name: value.decode() if isinstance(value, bytes) else value for name, value in given.items()}
        status, content, more = self._done(request.method, key, headers, request)
        body = b"" if request.method == "HEAD" else content
        response = OfflineResponse(request.url, status, body, {"Content-Length": str(len(content)), **more})
        response.raw = io.BytesIO(body)  # Botocore reads the content of an object from there
        return response

    def _done(
        self, method: str, key: str, headers: Mapping[str, str], request: AWSPreparedRequest
    ) -> tuple[int, bytes, dict[str, str]]:
        match method:
            case "PUT":
                is_new, seen = headers.get("If-None-Match") == "*", headers.get("If-Match")
                if (is_new and key in self.objects) or (seen and seen != _etag(self.objects.get(key, b""))):
                    return 412, _error("PreconditionFailed"), {}
                body = cast("bytes | IO[bytes]", request.body)
                self.objects[key] = body if isinstance(body, bytes) else body.read()
                return 200, b"", {"ETag": _etag(self.objects[key])}
            case "DELETE":
                self.objects.pop(key, None)
                return 204, b"", {}
            case "GET" if key.startswith("?list-type=2"):
                return 200, self._listed(), {}
            case "GET" | "HEAD" if key not in self.objects:
                # Without s3:ListBucket, S3 does not say that there is no such object.
                return 403, _error("AccessDenied"), {}
            case "GET" | "HEAD":
                content = self.objects[key]
                if found := _RANGE.fullmatch(headers.get("Range", "")):
                    content = content[int(found[1]) : int(found[2]) + 1]
                self.largest_read = max(self.largest_read, len(content) if method == "GET" else 0)
                return 206 if found else 200, content, {"ETag": _etag(content)}
            case _:
                raise AssertionError(f"no load is known to call {method}")

    def _listed(self) -> bytes:
        keys = "".join(f"<Contents><Key>{key}</Key></Contents>" for key in self.objects)
        return f"<ListBucketResult><IsTruncated>false</IsTruncated>{keys}</ListBucketResult>".encode()


def _etag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>as S3 answers</Message></Error>".encode()
