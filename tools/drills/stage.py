"""What a drill is played on: a deployed service with members, and the operator's commands."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient

    from simulators.sign_in_driver import AnyBrowser

CAMILLE, NOE, CHJARA = "A1234567", "B2345678", "C3456789"
"""Members of the insurer's file; the second has no e-mail address."""
CAMILLES_DATA: Mapping[str, str] = {"nir": "285037505600131", "birth_date": "1985-03-14", "postcode": "75011"}
OK, FAILED = "  ok    ", "  FAIL  "
"""How the line of a checked sentence begins."""
NEW_PIN, NEWER_PIN = "927164", "605138"


class Stage(ABC):
    """The service with the insurer's members, and what the drill has checked.

    Attributes:
        where: what the drill is played on, and what stands in for AWS there.
        which: the option of the operator's commands that names the stack.
        dynamodb: client of the tables.
        kms: client of the keys.
        tables: the names of the tables in use, by logical name.
        keys: the ARNs of the keys in use, by logical name.
        say: prints one line.
        failed: the sentences that were not true.
    """

    where: ClassVar[str]
    which: ClassVar[str]
    dynamodb: DynamoDBClient
    kms: KMSClient
    tables: Mapping[str, str]
    keys: Mapping[str, str]

    def __init__(self, say: Callable[[str], None]) -> None:
        self.say = say
        self.failed: list[str] = []

    @abstractmethod
    def deploy(self, parameters: Mapping[str, str]) -> None:
        """Deploy again with other parameters: all containers are new."""

    @abstractmethod
    def browser(self, cookies: Mapping[str, str] | None = None) -> AnyBrowser:
        """Open a browser that no one has used, or one with these cookies."""

    @abstractmethod
    def give_pin(self, identifier: str) -> None:
        """Give a member the usual PIN, without any of the flows."""

    @abstractmethod
    def import_members(self) -> None:
        """Import the insurer's file again, as an operator does."""

    @abstractmethod
    def wait(self) -> None:
        """Let time pass until the next code may be requested; sessions live on."""

    @abstractmethod
    def keep_moment(self) -> datetime:
        """Return the present moment, to which DynamoDB can restore the Members table later."""

    @abstractmethod
    def restore(self, moment: datetime | None) -> dict[str, str]:
        """Run ``python -m ops restore``; None for the latest moment.

        Returns:
            The parameters with which the stack adopts the new tables.
        """

    @abstractmethod
    def count_keys(self) -> list[str]:
        """Run ``python -m ops keys``, and return its lines."""

    @abstractmethod
    def request_code(self, browser: AnyBrowser, identifier: str) -> str:
        """Request a code and return it, as the e-mail or the letter shows it."""

    @abstractmethod
    def latest(self, event: str) -> dict[str, Any]:
        """Return the latest audit event of a name."""

    def check(self, sentence: str, is_true: bool) -> None:  # noqa: FBT001 - the thing that is checked
        """Print whether a sentence is true."""
        self.say(f"{OK if is_true else FAILED}{sentence}")
        if not is_true:
            self.failed.append(sentence)

    def new_key(self, former: str) -> str:
        """Create a key to replace another, with its use and its policy, and return its ARN."""
        like = self.kms.describe_key(KeyId=self.keys[former])["KeyMetadata"]
        policy = self.kms.get_key_policy(KeyId=self.keys[former], PolicyName="default")["Policy"]
        created = self.kms.create_key(KeySpec=like["KeySpec"], KeyUsage=like["KeyUsage"], Policy=policy)
        return created["KeyMetadata"]["Arn"]

    def verify_code(self, browser: AnyBrowser, identifier: str, code: str) -> Any:  # noqa: ANN401 - a token, or None
        """Exchange a code for a reset token; None if it is refused."""
        return browser.post("/reset/verify", {"identifier": identifier, "code": code}).body.get("reset_token")

    def set_pin(self, browser: AnyBrowser, token: str, pin: str) -> int:
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
        item = self.dynamodb.get_item(TableName=self.tables["MembersTable"], Key=key)["Item"]
        return {name: str(next(iter(value.values()))) for name, value in item.items()}
