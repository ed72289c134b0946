"""Every row that the import takes leads to a code: by e-mail, and by a letter that both print providers accept."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bulk_import.import_rows import parse_row
from bulk_import.member_store import MemberHashes, MemberRecord
from letters.giving_up import Postponed
from letters.model.job import JobState, LetterId, ProviderName
from letters.model.print_provider import Letter
from letters.page.content import address_of
from letters.page.geometry import PINGEN_RIGHT
from letters.page.typesetting import LetterTypesetter
from member_access.members.keyed_hashes import IdentityHash, OwnDataHashes, SourceHash
from member_access.members.store import member_from_item
from member_access.values.types import Identifier
from simulators.samples.letters import INSURER, code_letter
from tests.letters.scenes import maileva_scene, page, pingen_scene
from tests.support.members import NOW, member_row
from tests.support.row_corpus import TAKEN, TAKEN_WITH_REMARKS

if TYPE_CHECKING:
    from member_access.platform.aws import Item
    from member_access.postal.address_block import AddressBlock
    from tests.letters.scenes import Scene

ROWS = [*TAKEN, *(different for different, _ in TAKEN_WITH_REMARKS), {"address_4": ""}]
WITHOUT_EMAIL = [different for different, remark in TAKEN_WITH_REMARKS if remark.startswith("email: left out")]


def stored(different: dict[str, str]) -> Item:
    """The item that the import writes for a row."""
    row = parse_row(list(member_row(**different).values()), Identifier.DEFAULT_PATTERN, NOW)
    record = MemberRecord(row.details, MemberHashes(IdentityHash(""), None, OwnDataHashes(""), SourceHash("")))
    return {**{name: {"S": text} for name, text in record.attributes().items()}, "credential_version": {"N": "0"}}


def state_after_sending(scene: Scene, number: int, address: AddressBlock, pdf: bytes) -> JobState:
    letter_id = LetterId(f"{number:032x}")
    scene.open(letter_id)
    sender = scene.sender(letter_for=lambda job: Letter(job.letter_id, address, lambda: pdf))
    for _ in range(100):
        result = scene.deliver(sender, letter_id)
        if not isinstance(result, Postponed):
            break
        scene.clock.advance(result.seconds)
    return scene.job(letter_id).state


@pytest.mark.slow
def test_every_row_that_is_taken_leads_to_a_letter_by_pingen() -> None:
    scene, typesetter = pingen_scene(), LetterTypesetter(INSURER, PINGEN_RIGHT)
    addresses = {address.printed: address for address in map(address_of, map(stored, ROWS))}
    for number, address in enumerate(addresses.values()):
        pdf = typesetter.typeset(code_letter(to=address))
        assert state_after_sending(scene, number, address, pdf) is JobState.SUBMITTED, address.printed


@pytest.mark.slow
def test_every_row_that_is_taken_leads_to_a_letter_by_maileva() -> None:
    # Maileva prints the address itself: the page is the same for all.
    scene, pdf = maileva_scene(), page(ProviderName.MAILEVA)
    for number, different in enumerate(ROWS):
        address = address_of(stored(different))
        assert state_after_sending(scene, number, address, pdf) is JobState.SUBMITTED, different


def test_every_row_that_is_taken_is_read_by_the_flows() -> None:
    for different in ROWS:
        member = member_from_item(stored(different), NOW)
        assert member is not None
        assert (member.email is None) == (not different.get("email", "x") or different in WITHOUT_EMAIL)
