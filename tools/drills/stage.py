"""A deployed service in one process, with members, for an operator to practise on."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.recovery.codes import OneTimeCodes, RequestId
from member_access.values.types import Identifier
from ops.csv_records import CsvFile
from ops.import_rows import COLUMNS
from ops.member_import import ImportReport, ImportRules, MemberImport
from ops.member_store import MemberStore
from ops.seen_rows import SeenRows
from simulators.sign_in_driver import Browser, FrontDoor

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from simulators.cloud import Cloud

MEMBERS_FILE = Path(__file__).parents[2] / "local/members.csv"
CAMILLE, NOE, CHJARA = "A1234567", "B2345678", "C3456789"
"""Members of the file; the second has no e-mail address."""
CAMILLES_DATA: Mapping[str, str] = {"nir": "285037505600131", "birth_date": "1985-03-14", "postcode": "75011"}
NEW_PIN, NEWER_PIN = "927164", "605138"

_PAUSE = 120


@dataclass
class Stage:
    """The service, and what the drill has checked.

    Attributes:
        cloud: the tables and keys that the service uses now.
        say: prints one line.
        parameters: those that differ from the template's defaults.
        failed: the sentences that were not true.
    """

    cloud: Cloud
    say: Callable[[str], None]
    parameters: dict[str, str] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.deploy()

    def deploy(
        self,
        parameters: Mapping[str, str] | None = None,
        *,
        tables: Mapping[str, str] | None = None,
        keys: Mapping[str, str] | None = None,
    ) -> None:
        """Deploy again with other parameters, tables or keys: all containers are new."""
        self.cloud = replace(
            self.cloud, tables={**self.cloud.tables, **(tables or {})}, keys={**self.cloud.keys, **(keys or {})}
        )
        self.parameters |= parameters or {}
        self.door = FrontDoor(self.cloud, self.parameters)

    def browser(self, cookies: Mapping[str, str] | None = None) -> Browser:
        """Open a browser that no one has used, or one with these cookies."""
        return Browser(self.door, cookies=dict(cookies or {}))

    def check(self, sentence: str, is_true: bool) -> None:  # noqa: FBT001 - the thing that is checked
        """Print whether a sentence is true."""
        self.say(f"  {'ok  ' if is_true else 'FAIL'}  {sentence}")
        if not is_true:
            self.failed.append(sentence)

    def import_members(self) -> None:
        """Import the insurer's file, as an operator does."""
        with MEMBERS_FILE.open("rb") as file, SeenRows(b"a key of the drills, 32 bytes...") as seen:
            MemberImport(
                # moto's transactions do not support a second worker.
                rules=ImportRules(Identifier.DEFAULT_PATTERN, self.door.clock(), workers=1),
                hashes=KeyedHashes(self.cloud.kms, self.cloud.keys["IndexKey"]),
                own_data=OwnDataHasher.from_kms(self.cloud.kms, self.cloud.keys["OwnDataKey"]),
                store=MemberStore(self.cloud.dynamodb, self.cloud.tables["MembersTable"]),
                seen=seen,
                report=ImportReport(io.StringIO()),
                pause=lambda _: None,
            ).run(CsvFile(file, COLUMNS), settled=lambda: None)

    def wait(self) -> None:
        """Let time pass until the next code may be requested; sessions live on."""
        self.door.clock.advance(_PAUSE)

    def request_code(self, browser: Browser, identifier: str) -> str:
        """Request a code and return it, as the e-mail or the letter shows it."""
        body = browser.post("/reset", {"identifier": identifier}).body
        queue = "LettersQueue" if body["channel"] == "letter" else "CodeEmailsQueue"
        request_id = RequestId(json.loads(self.cloud.messages(queue)[-1])["request_id"])
        codes = OneTimeCodes(self.cloud.kms, self.cloud.keys["CodeKey"]).of(Identifier(identifier))
        code = codes.by_letter if body["channel"] == "letter" else codes.by_email
        return code(request_id).reveal()

    def verify_code(self, browser: Browser, identifier: str, code: str) -> Any:  # noqa: ANN401 - a token, or None
        """Exchange a code for a reset token; None if it is refused."""
        return browser.post("/reset/verify", {"identifier": identifier, "code": code}).body.get("reset_token")

    def set_pin(self, browser: Browser, token: str, pin: str) -> int:
        """Set a PIN from a reset token, and return the status."""
        return browser.post("/reset/pin", {"reset_token": token, "pin": pin, "pin_confirmation": pin}).status

    def reset(self, identifier: str, pin: str) -> int:
        """Reset a PIN from a new browser, and return the status."""
        browser = self.browser()
        token = self.verify_code(browser, identifier, self.request_code(browser, identifier))
        return self.set_pin(browser, token or "", pin)

    def attributes(self, identifier: str) -> dict[str, str]:
        """Return the attributes of a member as they are stored."""
        key = {"pk": {"S": f"MEMBER#{identifier}"}}
        item = self.cloud.dynamodb.get_item(TableName=self.cloud.tables["MembersTable"], Key=key)["Item"]
        return {name: str(next(iter(value.values()))) for name, value in item.items()}
