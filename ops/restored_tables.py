"""Makes the two tables that a stack adopts after a loss: Members as it was at a moment, and an empty Access table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from bulk_import.aws_clients import WORKERS
from bulk_import.bounded_map import bounded_map
from member_access.errors import MemberAccessError, Unavailable
from member_access.members.store import Credential, member_key
from member_access.platform.aws import ConditionFailed, translate_errors
from member_access.values.types import Identifier
from ops.table_definition import access_table, time_to_live

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient

    from member_access.values.types import Instant

_POLL_SECONDS = 15
_MOST_POLLS = 4 * 60 * 24
"""A day: AWS names no limit for a restore, and says that most take less than an hour."""


class NotEmpty(MemberAccessError):
    """The new Access table has items, so it is in use or belongs to something else."""


@dataclass(frozen=True)
class RestoredTables:
    """Makes the tables; each step may be repeated after an interruption.

    Attributes:
        dynamodb: the client, safe to share between threads.
        pause: waits for a number of seconds.
        progress: prints one line.
    """

    dynamodb: DynamoDBClient
    pause: Callable[[float], None]
    progress: Callable[[str], None]

    def restore_members(self, source: str, target: str, moment: datetime | None) -> None:
        """Restore the Members table into a new table, and wait until it is there.

        Args:
            source: the table of the stack.
            target: the new table; if it exists, it is taken as restored already.
            moment: the time to go back to; None for the latest that AWS can restore.

        Raises:
            Unavailable: AWS refused; the message names its reason, such as a moment that it does not keep.
        """
        when = {"RestoreDateTime": moment} if moment else {"UseLatestRestorableTime": True}
        if self._status(target) is None:
            with translate_errors():
                self.dynamodb.restore_table_to_point_in_time(
                    SourceTableName=source,
                    TargetTableName=target,
                    **when,
                )
        self._wait(target)

    def protect(self, table: str, tagged_as: str) -> None:
        """Protect a table from deletion, turn its point-in-time recovery on, and tag it as another is, if that exists.

        AWS copies none of these to a restored table (RestoreTableToPointInTime, "You must manually set up").

        Raises:
            Unavailable: AWS did not respond as expected.
        """
        with translate_errors():
            described = self.dynamodb.describe_table(TableName=table)["Table"]
            if not described.get("DeletionProtectionEnabled"):
                self.dynamodb.update_table(TableName=table, DeletionProtectionEnabled=True)
        self._wait(table)
        self._back_up(table)
        if self._status(tagged_as) is None:
            return
        with translate_errors():
            like = self.dynamodb.describe_table(TableName=tagged_as)["Table"]["TableArn"]
            tags = self.dynamodb.list_tags_of_resource(ResourceArn=like).get("Tags", [])
            # CloudFormation's own tags cannot be given.
            own = [tag for tag in tags if not tag["Key"].startswith("aws:")]
            if own:
                self.dynamodb.tag_resource(ResourceArn=described["TableArn"], Tags=own)

    def raise_versions(self, table: str, now: Instant) -> int:
        """Raise the credential version of every member above all earlier ones.

        Sessions, reset tokens, known browsers and failures belong to a version, so those of any earlier Access table
        mean nothing afterwards. A version is a time or higher than the one before it (``Credential.next_version``).

        Returns:
            The number of members.

        Raises:
            Unavailable: DynamoDB did not respond; repeat the command.
        """

        def raise_one(seen: tuple[Identifier, int]) -> None:
            self._raise(table, *seen, now)

        with ThreadPoolExecutor(WORKERS) as threads:
            raised: list[None] = []
            bounded_map(threads, raise_one, self._versions(table), limit=4 * WORKERS, done=raised.append)
            return len(raised)

    def create_access_table(self, name: str) -> None:
        """Create an empty Access table by the definition in ``template.yaml``.

        Raises:
            NotEmpty: the table exists and has items.
            Unavailable: AWS did not respond as expected.
        """
        if self._status(name) is None:
            with translate_errors():
                self.dynamodb.create_table(TableName=name, **access_table())
        self._wait(name)
        with translate_errors():
            if self.dynamodb.scan(TableName=name, Limit=1, ConsistentRead=True)["Items"]:
                raise NotEmpty(f"{name} has items")
            set_up = self.dynamodb.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
            if set_up["TimeToLiveStatus"] == "DISABLED":
                self.dynamodb.update_time_to_live(TableName=name, TimeToLiveSpecification=time_to_live())  # type: ignore[arg-type]

    def _versions(self, table: str) -> Iterator[tuple[Identifier, int]]:
        with translate_errors():
            pages = self.dynamodb.get_paginator("scan").paginate(
                TableName=table,
                FilterExpression="begins_with(pk, :member)",
                ProjectionExpression="identifier, credential_version",
                ExpressionAttributeValues={":member": {"S": member_key(Identifier(""))}},
            )
            for page in pages:
                for item in page["Items"]:
                    yield Identifier(item["identifier"]["S"]), int(item["credential_version"]["N"])

    def _raise(self, table: str, identifier: Identifier, version: int, now: Instant) -> None:
        try:
            with translate_errors():
                self.dynamodb.update_item(
                    TableName=table,
                    Key={"pk": {"S": member_key(identifier)}},
                    UpdateExpression="SET credential_version = :next",
                    ConditionExpression="credential_version = :seen",
                    ExpressionAttributeValues={
                        ":seen": {"N": str(version)},
                        ":next": {"N": str(Credential(None, version).next_version(now))},
                    },
                )
        except ConditionFailed:
            raise Unavailable(f"{identifier} changed in {table}: is the table in use already?") from None

    def _status(self, table: str) -> str | None:
        try:
            return self.dynamodb.describe_table(TableName=table)["Table"]["TableStatus"]
        except self.dynamodb.exceptions.ResourceNotFoundException:
            return None
        except ClientError as error:
            raise Unavailable(f"DescribeTable: {error.response['Error']['Code']}") from None

    def _wait(self, table: str) -> None:
        for waited in range(_MOST_POLLS):
            if self._status(table) == "ACTIVE":
                return
            if waited == 0:
                self.progress(f"AWS is preparing {table}; a restore takes minutes to hours.")
            self.pause(_POLL_SECONDS)
        raise Unavailable(f"{table} is not there after a day")

    def _back_up(self, table: str) -> None:
        """Turn point-in-time recovery on, and try again while AWS says that the new table is not ready for it."""
        on = {"PointInTimeRecoveryEnabled": True}
        for _ in range(_MOST_POLLS):
            try:
                self.dynamodb.update_continuous_backups(TableName=table, PointInTimeRecoverySpecification=on)  # type: ignore[arg-type]
            except self.dynamodb.exceptions.ContinuousBackupsUnavailableException:
                self.pause(_POLL_SECONDS)
            except ClientError as error:
                raise Unavailable(f"UpdateContinuousBackups: {error.response['Error']['Code']}") from None
            else:
                return
