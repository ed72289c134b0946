"""A stage in one process: the real functions on moto's AWS, with a clock that the drill advances."""

from __future__ import annotations

import io
import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import boto3

from bulk_import.csv_records import CsvFile
from bulk_import.import_rows import COLUMNS
from bulk_import.member_import import ImportReport, ImportRules, MemberImport
from bulk_import.member_store import MemberStore
from bulk_import.row_writer import RowWriter
from bulk_import.seen_rows import SeenRows
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.members.tombstones import TombstoneKeys
from member_access.recovery.codes import OneTimeCodes, RequestId
from member_access.values.types import Identifier
from ops.keys_command import count_hashes, report
from ops.restored_tables import RestoredTables
from simulators.kms import REGION
from simulators.point_in_time import PointInTime
from simulators.sign_in_driver import Browser, FrontDoor
from tools.drills.stage import Stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import AnyBrowser

MEMBERS_FILE = Path(__file__).parents[2] / "local/members.csv"

_PAUSE = 120
_ADOPTED = re.compile(r"Adopted(\w+?)(Arn)?")


class MockedStage(Stage):
    """The service in one process.

    Args:
        cloud: the tables and keys that the service uses first.
        say: prints one line.
        make_tables: what restores tables.
    """

    where = "in one process on a mocked AWS"
    which = "--stack …"

    def __init__(
        self, cloud: Cloud, say: Callable[[str], None], make_tables: type[RestoredTables] = RestoredTables
    ) -> None:
        super().__init__(say)
        self.cloud = cloud
        self.dynamodb, self.kms = cloud.dynamodb, cloud.kms
        self._make_tables = make_tables
        self._parameters: dict[str, str] = {}
        self._backups = PointInTime(cloud.dynamodb, boto3.client("dynamodb", region_name=REGION))
        self.deploy({})
        self.import_members()

    def deploy(self, parameters: Mapping[str, str]) -> None:
        """Compose the functions again, as new containers would be."""
        self._parameters |= parameters
        adopted = {
            found[1]: value for name, value in self._parameters.items() if (found := _ADOPTED.fullmatch(name)) and value
        }
        self.cloud = replace(
            self.cloud,
            tables={name: adopted.get(name, table) for name, table in self.cloud.tables.items()},
            keys={name: adopted.get(name, key) for name, key in self.cloud.keys.items()},
        )
        self.tables, self.keys = self.cloud.tables, self.cloud.keys
        self.door = FrontDoor(self.cloud, self._parameters)

    def browser(self, cookies: Mapping[str, str] | None = None) -> AnyBrowser:
        """Open a browser before the functions in this process."""
        return Browser(self.door, cookies=dict(cookies or {}))

    def give_pin(self, identifier: str) -> None:
        """Write a hash."""
        self.door.give_pin(identifier)

    def import_members(self) -> None:
        """Run the import in this process."""
        with MEMBERS_FILE.open("rb") as file, SeenRows(b"a key of the drills, 32 bytes...") as seen:
            MemberImport(
                # moto's transactions do not support a second worker.
                rules=ImportRules(Identifier.DEFAULT_PATTERN, self.door.clock(), workers=1),
                writer=RowWriter(
                    KeyedHashes(self.kms, self.keys["IndexKey"]),
                    OwnDataHasher.from_kms(self.kms, self.keys["OwnDataKey"]),
                    MemberStore(
                        self.dynamodb,
                        self.tables["MembersTable"],
                        TombstoneKeys.from_kms(self.kms, self.keys["IndexKey"]),
                        lambda _: None,
                    ),
                    clock=self.door.clock,
                    pause=lambda _: None,
                ),
                seen=seen,
                report=ImportReport(io.StringIO()),
            ).run(CsvFile(file, COLUMNS), settled=lambda: None)

    def wait(self) -> None:
        """Advance the clock."""
        self.door.clock.advance(_PAUSE)

    def keep_moment(self) -> datetime:
        """Return the clock's time, and keep the Members table as it is now."""
        moment = datetime.fromtimestamp(self.door.clock(), UTC)
        self._backups.keep(self.tables["MembersTable"], moment)
        return moment

    def restore(self, moment: datetime | None) -> dict[str, str]:
        """Make both tables by the steps of ``python -m ops restore``."""
        source, access = self.tables["MembersTable"], self.tables["AccessTable"]
        members = f"{source}-{moment:%Y%m%dT%H%M%SZ}" if moment else f"{source}-latest"
        tables = self._make_tables(self.dynamodb, lambda _: None, lambda line: self._say_of(line, source))
        with self._backups:
            tables.restore_members(source, members, moment)
            tables.protect(members, source)
        self.say(f"  {tables.raise_versions(members, self.door.clock())} credential versions raised.")
        tables.create_access_table(f"{members}-access")
        tables.protect(f"{members}-access", access)
        return {"AdoptedMembersTable": members, "AdoptedAccessTable": f"{members}-access"}

    def count_keys(self) -> list[str]:
        """Count as ``python -m ops keys`` does."""
        counts = count_hashes(self.dynamodb, self.tables["MembersTable"])
        return report(counts, self.door.environment["PIN_KEY_ARN"]).splitlines()

    def request_code(self, browser: AnyBrowser, identifier: str) -> str:
        """Read the request from the queue, and derive its code as the functions of e-mails and letters do."""
        body = browser.post("/reset", {"identifier": identifier}).body
        queue = "LettersQueue" if body["channel"] == "letter" else "CodeEmailsQueue"
        request_id = RequestId(json.loads(self.cloud.messages(queue)[-1])["request_id"])
        codes = OneTimeCodes(self.kms, self.keys["CodeKey"]).of(Identifier(identifier))
        code = codes.by_letter if body["channel"] == "letter" else codes.by_email
        return code(request_id).reveal()

    def latest(self, event: str) -> dict[str, Any]:
        """Read the log of this process."""
        audit: dict[str, Any] = self.door.events(event)[-1]["audit"]
        return audit

    def _say_of(self, line: str, table: str) -> None:
        self.say(f"  {line.replace(table, 'MembersTable')}")
