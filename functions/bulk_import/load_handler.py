"""Runs a worker of a load by AWS (see ``range_load``)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bulk_import.aws_clients import WORKERS, LoadClients
from bulk_import.load_objects import LoadObjects
from bulk_import.member_store import MemberStore
from bulk_import.range_load import RangeLoad
from bulk_import.row_writer import RowWriter
from bulk_import.settings import RangeLoadSettings
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.members.tombstones import TombstoneKeys
from member_access.platform.runtime import Handler, LambdaHandler

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from member_access.platform.runtime import Runtime


def compose(runtime: Runtime, clients: LoadClients | None = None, workers: int = WORKERS) -> Handler:
    """Put the function together.

    Raises:
        SettingsError: a setting is missing or wrong.
        Unavailable: KMS does not respond.
    """
    settings = RangeLoadSettings.from_environment(runtime.environment)
    aws = clients or LoadClients()
    tombstones = TombstoneKeys.from_kms(aws.kms, settings.index_key_arn)
    writer = RowWriter(
        KeyedHashes(aws.kms, settings.index_key_arn),
        OwnDataHasher.from_kms(aws.kms, settings.own_data_key_arn),
        MemberStore(aws.dynamodb, settings.members_table, tombstones, runtime.pause),
        runtime.now,
        runtime.pause,
    )

    def run(event: dict[str, Any], _context: LambdaContext) -> None:
        """Load the range of the load that the event names."""
        objects = LoadObjects(aws.s3, settings.import_bucket, event["load"])
        RangeLoad(objects, settings.pattern, workers, writer).run(event["range"], event["round"])

    return run


handler = LambdaHandler(compose)
