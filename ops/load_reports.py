"""Takes the rows of an erased member out of the reports of loads by AWS, which the bucket keeps for 30 days."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from bulk_import.load_objects import judged_key, load_of_outcome, report_key
from member_access.platform.aws import translate_errors

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client

    from member_access.values.types import Identifier

_CHANGED: Final = frozenset({"PreconditionFailed", "ConditionalRequestConflict", "NoSuchKey"})
"""Someone else wrote, or the lifecycle has deleted it (S3 User Guide, "Conditional writes")."""


def erase_from_reports(s3: S3Client, bucket: str, identifier: Identifier) -> int:
    """Leave a member's rows out of the reports of all loads that have ended; the counts stay.

    Returns:
        The number of rows that were left out.

    Raises:
        NotAllowed: the operator may not read or write reports.
        Unavailable: S3 did not respond.
    """
    with translate_errors():
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
        keys = {one["Key"] for page in pages for one in page.get("Contents", [])}
        ended = filter(None, map(load_of_outcome, keys))
        reports = keys.intersection(key for load in ended for key in (report_key(load), judged_key(load)))
        return sum(_erase(s3, bucket, key, identifier) for key in reports)


def _erase(s3: S3Client, bucket: str, key: str, identifier: Identifier) -> int:
    while True:
        try:
            found = s3.get_object(Bucket=bucket, Key=key)
            rows = list(csv.reader(io.StringIO(found["Body"].read().decode(), newline="")))
            kept = [row for row in rows if row[1:2] != [identifier]]
            if len(kept) < len(rows):
                text = io.StringIO(newline="")
                csv.writer(text, lineterminator="\n").writerows(kept)
                s3.put_object(Bucket=bucket, Key=key, Body=text.getvalue().encode(), IfMatch=found["ETag"])
        except ClientError as error:
            if error.response["Error"]["Code"] not in _CHANGED:
                raise
            if error.response["Error"]["Code"] == "NoSuchKey":
                return 0
        else:
            return len(rows) - len(kept)
