"""A member's record as an address on an envelope."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from letters.page.content import address_of
from member_access.postal.address_block import AddressCannotBePrinted
from tests.support.members import import_members, member_row

if TYPE_CHECKING:
    from member_access.platform.aws import Item
    from simulators.cloud import Cloud

MEMBER = {"first_name": "Éloïse", "last_name": "Exemple", "address_4": "5, quai des Épreuves", "town": "Nantes"}


def record(**attributes: str) -> Item:
    return {name: {"S": text} for name, text in attributes.items()}


def test_what_was_imported_is_what_is_printed(cloud: Cloud) -> None:
    row = member_row(
        1, first_name="Éloïse", last_name="d’Exemple", address_2="Porte 4", postcode="44000", town="Nantes"
    )
    assert not import_members(cloud, row).refusals()
    key = {"pk": {"S": f"MEMBER#{row['identifier']}"}}
    item = cloud.dynamodb.get_item(TableName=cloud.tables["MembersTable"], Key=key)["Item"]
    assert address_of(item).printed == ("Éloïse d’Exemple", "Porte 4", "1 RUE DE L EXEMPLE", "44000 NANTES")


def test_lines_that_a_record_lacks_are_left_out() -> None:
    assert address_of(record(**MEMBER, postcode="44000")).printed == (
        "Éloïse Exemple",
        "5 QUAI DES ÉPREUVES",
        "44000 NANTES",
    )


@pytest.mark.parametrize("different", [{"postcode": "中"}, {"postcode": "44000", "country": "XX"}, {"town": "x" * 39}])
def test_an_unreadable_record_is_reported_without_the_address(different: dict[str, str]) -> None:
    with pytest.raises(AddressCannotBePrinted) as refusal:
        address_of(record(**{**MEMBER, **different}))
    assert [text for text in ("Exemple", "Nantes", "中", "xxx") if text in str(refusal.value)] == []
