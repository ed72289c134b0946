"""The function that tells the desk pseudonyms: of members, and of no one else."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from aws_lambda_powertools.utilities.typing import LambdaContext

from member_access.members.tombstones import TombstoneKeys
from member_access.values.types import Identifier
from pseudonyms import handler
from simulators.sign_in_driver import OTHER_PIN, PIN, Browser, FrontDoor
from tests.support.table import items

if TYPE_CHECKING:
    from collections.abc import Callable

    from pseudonyms.handler import Answer
    from simulators.cloud import Cloud

MEMBER, UNKNOWN = "A1234567", "B7654321"


@pytest.fixture
def ask(cloud: Cloud) -> Callable[..., Answer]:
    """Call the function about a member, an unknown identifier, or a PIN."""
    door = FrontDoor(cloud)
    door.add_member(MEMBER)
    answer = handler.compose(replace(door.runtime, environment=cloud.environment("PseudonymsFunction")))
    return lambda *identifiers: answer({"identifiers": identifiers}, LambdaContext())


def test_the_pseudonyms_are_those_of_the_other_functions(cloud: Cloud, ask: Callable[..., Answer]) -> None:
    browser = Browser(FrontDoor(cloud))
    browser.sign_in(MEMBER, OTHER_PIN)
    browser.post("/reset", {"identifier": MEMBER})
    subject = ask(MEMBER)["members"][MEMBER]["subject"]
    assert [item["pk"]["S"] for prefix in ("SIGN_INS#", "RESET#") for item in items(cloud, prefix)] == [
        f"SIGN_INS#{subject}",
        f"RESET#{subject}",
    ]


def test_a_typed_pin_and_an_unknown_identifier_get_no_pseudonym(ask: Callable[..., Answer]) -> None:
    assert ask(PIN, UNKNOWN) == {"members": {}, "browsers": {}}


def test_a_removed_member_is_still_answered_for(cloud: Cloud, ask: Callable[..., Answer]) -> None:
    tombstone = TombstoneKeys.from_kms(cloud.kms, cloud.keys["IndexKey"]).of(Identifier(UNKNOWN))
    cloud.dynamodb.put_item(TableName=cloud.tables["MembersTable"], Item={"pk": {"S": tombstone}})
    assert ask(UNKNOWN)["members"][UNKNOWN]["tombstone"] == tombstone
