"""The import of members into the Members table."""

from __future__ import annotations

import contextlib
import hashlib
import io
import itertools
import re
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest

from bulk_import.member_store import MemberStore
from bulk_import.row_writer import Outcome
from member_access.members.keyed_hashes import KeyedHashes
from member_access.members.own_data_hashes import OwnDataHasher
from member_access.members.tombstones import TombstoneKeys
from tests.support.members import (
    Imported,
    Row,
    assert_identities_lead_to_their_members,
    csv_line,
    french_iban,
    import_members,
    import_with,
    member_row,
    members,
    members_csv,
    table,
    with_key,
)
from tests.support.plain_hashes import plain_hashes_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from mypy_boto3_dynamodb.type_defs import WriteRequestTypeDef

    from member_access.platform.aws import Item
    from simulators.cloud import Cloud

IDENTITY_TAKEN = "nir, birth_date and postcode: already used by another identifier"


def only_member(cloud: Cloud) -> dict[str, str]:
    (member,) = members(cloud).values()
    return member


def set_by_the_flows(cloud: Cloud, identifier: str, **attributes: str) -> None:
    """Write what is not the import's, as signing in or a bounced e-mail does."""
    cloud.dynamodb.update_item(
        TableName=cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{identifier}"}},
        UpdateExpression="SET " + ", ".join(f"{name} = :{name}" for name in attributes),
        ExpressionAttributeValues={f":{name}": {"S": value} for name, value in attributes.items()},
    )


def counts(imported: Imported) -> dict[str, int]:
    return {outcome.value: count for outcome, count in imported.outcomes.items()}


def test_a_good_row_becomes_a_member_without_a_pin(cloud: Cloud) -> None:
    imported = import_members(cloud, member_row(first_name="Noé", address_2="APPARTEMENT 3"))

    assert counts(imported) == {"new": 1}
    assert imported.report == "line,identifier,outcome,reason\n"
    member = only_member(cloud)
    assert re.fullmatch("[0-9a-f]{64}", member.pop("identity_hash"))
    assert re.fullmatch("[0-9a-f]{64}", member.pop("iban_hash"))
    assert re.fullmatch("[0-9A-Za-z+/]{24}", member.pop("source_hash"))
    assert re.fullmatch("[0-9A-Za-z+/]{272}", member.pop("own_data_hashes"))
    assert member == {
        "identifier": "A0000001",
        "last_name": "EXEMPLE",
        "first_name": "Noé",
        "address_2": "APPARTEMENT 3",
        "address_4": "1 RUE DE L EXEMPLE",
        "postcode": "75011",
        "town": "PARIS",
        "country": "FR",
        "email": "camille.1@example.fr",
        "language": "fr",
        "credential_version": "0",
    }
    assert_identities_lead_to_their_members(cloud)


def test_the_table_reveals_no_nir_birth_date_or_iban(cloud: Cloud) -> None:
    row = member_row(birth_date="1951-42-35")
    import_members(cloud, row)
    contents = str(table(cloud))
    for secret in (row["nir"][:13], row["birth_date"], row["iban"], row["iban"][-6:]):
        assert secret not in contents
    assert plain_hashes_in(contents, row) == set()


def test_an_invertible_hash_would_be_found() -> None:
    row = member_row()
    identity = f"{row['nir'][:13]}|{row['birth_date']}|{row['postcode']}"
    for stored in (hashlib.sha256(identity.encode()).hexdigest(), hashlib.sha1(row["iban"][-6:].encode()).hexdigest()):  # noqa: S324 - what must not be used
        assert plain_hashes_in(f"IDENTITY#{stored}", row)


def test_the_same_iban_of_two_members_looks_different(cloud: Cloud) -> None:
    shared = french_iban("77")
    import_members(cloud, member_row(1, iban=shared), member_row(2, iban=shared))
    first, second = members(cloud).values()
    assert first["iban_hash"] != second["iban_hash"]


@pytest.mark.parametrize("different", [{"iban": ""}, {"birth_date": "1985-00-00"}, {"birth_date": "1985-03-04"}])
def test_the_hashes_of_own_data_do_not_show_which_data_a_member_has(cloud: Cloud, different: dict[str, str]) -> None:
    import_members(cloud, member_row(1), member_row(2, **different))
    first, second = (member["own_data_hashes"] for member in members(cloud).values())
    assert len(first) == len(second)


@pytest.mark.parametrize(
    "different",
    [{"iban": ""}, {"birth_date": "1985-03-00"}, {"nir": with_key("1850375999999")}],
    ids=lambda different: next(iter(different)),
)
def test_changed_own_data_have_other_hashes(cloud: Cloud, different: dict[str, str]) -> None:
    import_members(cloud, member_row())
    before = only_member(cloud)["own_data_hashes"]
    import_members(cloud, member_row(town="LYON"))
    assert only_member(cloud)["own_data_hashes"] == before
    import_members(cloud, member_row(**different))
    assert only_member(cloud)["own_data_hashes"] != before


def test_a_member_without_hashes_of_own_data_gets_them_from_the_same_row(cloud: Cloud) -> None:
    import_members(cloud, member_row())
    before = table(cloud)
    cloud.dynamodb.update_item(
        TableName=cloud.tables["MembersTable"],
        Key={"pk": {"S": "MEMBER#A0000001"}},
        UpdateExpression="REMOVE own_data_hashes",
    )
    assert counts(import_members(cloud, member_row())) == {"changed": 1}
    assert table(cloud) == before


def test_an_identity_is_found_however_nir_and_postcode_are_written(cloud: Cloud) -> None:
    abroad = {"country": "GB", "postcode": "ZZ9 4QX"}
    import_members(cloud, member_row(nir=with_key("291112A004012"), **abroad))
    before = only_member(cloud)["identity_hash"]
    again = import_members(cloud, member_row(nir="2 91 11 2a 004 012", country="GB", postcode="zz94qx"))
    assert counts(again) == {"changed": 1}
    assert only_member(cloud)["identity_hash"] == before


def test_a_second_import_changes_nothing(cloud: Cloud) -> None:
    rows = [member_row(number) for number in range(1, 6)]
    import_members(cloud, *rows)
    set_by_the_flows(cloud, "A0000003", pin_hash="a hash", email_state="bounced")
    before = table(cloud)

    with cloud.recorded_calls() as log:
        again = import_members(cloud, *rows)

    assert counts(again) == {"unchanged": 5}
    assert table(cloud) == before
    # Two calls for the keys of own data and of tombstones, and one read of all rows.
    assert [call.operation for call in log.calls] == ["kms:GenerateMac", "kms:GenerateMac", "dynamodb:BatchGetItem"]


@pytest.mark.parametrize(
    "different",
    [
        {"last_name": "FICTIF"},
        {"address_4": "2 RUE DU MODELE"},
        {"town": "LYON"},
        {"language": "en"},
        {"nir": with_key("1850375999999")},
        {"birth_date": "1985-03-00"},
        {"postcode": "69003"},
        {"iban": french_iban("999")},
    ],
    ids=lambda different: next(iter(different)),
)
def test_a_changed_row_is_changed_and_what_belongs_to_the_flows_is_kept(
    cloud: Cloud, different: dict[str, str]
) -> None:
    import_members(cloud, member_row(1), member_row(2))
    flows = {"pin_hash": "a hash", "email_state": "bounced"}
    set_by_the_flows(cloud, "A0000001", **flows)
    before = members(cloud)

    again = import_members(cloud, member_row(1, **different), member_row(2))

    assert counts(again) == {"changed": 1, "unchanged": 1}
    after = members(cloud)
    assert after["A0000002"] == before["A0000002"]
    assert after["A0000001"] != before["A0000001"]
    assert after["A0000001"].items() >= {**flows, "credential_version": "0"}.items()
    assert_identities_lead_to_their_members(cloud)


def test_a_new_e_mail_address_has_not_bounced_yet(cloud: Cloud) -> None:
    import_members(cloud, member_row())
    set_by_the_flows(cloud, "A0000001", email_state="bounced", email_state_at="1800000000")
    import_members(cloud, member_row(email="autre@example.fr"))
    assert only_member(cloud)["email"] == "autre@example.fr"
    assert not only_member(cloud).keys() & {"email_state", "email_state_at"}


def test_what_the_file_no_longer_says_is_removed(cloud: Cloud) -> None:
    import_members(cloud, member_row(address_3="BATIMENT B"))
    set_by_the_flows(cloud, "A0000001", email_state="complained")
    again = import_members(cloud, member_row(address_3="", email="", iban=""))
    assert counts(again) == {"changed": 1}
    assert not only_member(cloud).keys() & {"address_3", "email", "email_state", "iban_hash"}


def test_members_who_are_not_in_the_file_stay(cloud: Cloud) -> None:
    import_members(cloud, member_row(1))
    import_members(cloud, member_row(2))
    assert members(cloud).keys() == {"A0000001", "A0000002"}


def test_bad_rows_are_reported_and_good_ones_loaded(cloud: Cloud) -> None:
    good = [member_row(number, first_name="Noé") for number in range(1, 5)]
    imported = import_members(
        cloud,
        good[0],
        member_row(11, nir="185037500001199"),
        good[1],
        member_row(1, nir=with_key("1850375000099")),
        member_row(14, town=""),
        csv_line(member_row(15)).rstrip("\n") + ",one more",
        csv_line(member_row(16, first_name="Noé")).rstrip("\n").encode("latin-1"),
        good[2],
        member_row(17, address_2="A\x00B"),
        'A0000019,"1850375',
        member_row(20, nir=good[0]["nir"]),
        "",
        good[3],
    )

    assert counts(imported) == {"new": 4, "rejected": 8}
    assert members(cloud).keys() == {row["identifier"] for row in good}
    reported = [(line, identifier, reason.partition(" (")[0]) for line, identifier, reason in imported.refusals()]
    assert reported == [
        (3, "A0000011", "nir: the key, the last two digits, does not belong to the NIR"),
        (5, "A0000001", "identifier: already on line 2, which was used"),
        (6, "A0000014", "town: missing"),
        (7, "A0000015", "the record has 16 fields, but the header has 15"),
        (8, "A0000016", "the record is not valid UTF-8"),
        (10, "A0000017", "the record contains a NUL"),
        (11, "A0000019", "a closing quotation mark is missing"),
        (12, "A0000020", "nir, birth_date and postcode: already on line 2, which was used"),
    ]


def test_rows_with_remarks_are_loaded_and_reported(cloud: Cloud) -> None:
    rows: list[Row | str] = [
        member_row(1, email="néant"),
        member_row(2, iban="FR00", language="de"),
        csv_line(member_row(3, address_2="A\nB")).rstrip("\n"),
        member_row(4),
    ]
    imported = import_members(cloud, *rows)
    assert counts(imported) == {"new": 4}
    assert [(line, identifier, reason.split(" (")[0]) for line, identifier, reason in imported.remarks()] == [
        (2, "A0000001", "email: left out, letters instead"),
        (3, "A0000002", "iban: left out"),
        (4, "A0000003", "address_2: had a line break or another control character, which is left out"),
    ]
    again = import_members(cloud, *rows)
    assert counts(again) == {"unchanged": 4}
    assert again.report == imported.report


def test_a_strict_import_rejects_rows_with_remarks(cloud: Cloud) -> None:
    imported = import_members(cloud, member_row(1, email="néant"), member_row(2), strict=True)
    assert counts(imported) == {"new": 1, "rejected": 1}
    assert [(line, identifier) for line, identifier, _ in imported.refusals()] == [(2, "A0000001")]


def test_a_hundred_new_members_take_three_reads_and_two_transactions(cloud: Cloud) -> None:
    rows = [member_row(number, iban="") for number in range(1, 101)]
    with cloud.recorded_calls() as log:
        assert counts(import_members(cloud, *rows)) == {"new": 100}
    calls = [call.operation for call in log.calls]
    assert (calls.count("dynamodb:BatchGetItem"), calls.count("dynamodb:TransactWriteItems")) == (3, 2)
    assert calls.count("kms:GenerateMac") == 2 + 100


def test_one_identity_that_is_taken_costs_no_other_row_of_its_batch(cloud: Cloud) -> None:
    import_members(cloud, member_row(1))
    rows = [member_row(number) for number in range(2, 9)]
    imported = import_members(cloud, *rows, member_row(9, nir=member_row(1)["nir"]))
    assert counts(imported) == {"new": 7, "rejected": 1}
    assert imported.refusals() == [(9, "A0000009", IDENTITY_TAKEN)]
    assert_identities_lead_to_their_members(cloud)


def test_the_report_repeats_no_nir_and_no_iban(cloud: Cloud) -> None:
    row = member_row()
    fields = [*row.values()]
    shifted = ",".join(fields[1:])
    imported = import_members(
        cloud,
        member_row(2, identifier=row["nir"], nir=row["iban"]),
        member_row(3, identifier=row["iban"], iban=row["nir"]),
        shifted,
        shifted + ",",
        ",".join([*fields, *fields]),
        f'{row["nir"]},"{row["iban"]}',
        f"{row['nir']},é{row['iban']}".encode("latin-1"),
        f"é{row['nir']},é{row['iban']}",
    )
    assert counts(imported) == {"rejected": 8}
    for secret in (row["nir"], row["nir"][:13], row["iban"], row["iban"][-6:]):
        assert secret not in imported.report


def test_of_two_good_rows_with_one_identifier_the_first_counts(cloud: Cloud) -> None:
    refused = member_row(1, birth_date="not-a-date")
    first = member_row(1, town="LYON")
    second = member_row(1, town="NANTES")
    imported = import_members(cloud, refused, first, second)
    assert counts(imported) == {"new": 1, "rejected": 2}
    assert only_member(cloud)["town"] == "LYON"


def test_an_identity_that_belongs_to_another_member_is_refused(cloud: Cloud) -> None:
    import_members(cloud, member_row(1))
    before = table(cloud)
    imported = import_members(cloud, member_row(2, nir=member_row(1)["nir"]), member_row(3))
    assert imported.refusals() == [(2, "A0000002", IDENTITY_TAKEN)]
    after = table(cloud)
    assert after.items() >= before.items()
    assert members(cloud).keys() == {"A0000001", "A0000003"}


def test_a_member_cannot_be_changed_to_the_identity_of_another(cloud: Cloud) -> None:
    import_members(cloud, member_row(1), member_row(2))
    before = table(cloud)
    imported = import_members(cloud, member_row(2, nir=member_row(1)["nir"], town="LYON"))
    assert imported.refusals() == [(2, "A0000002", IDENTITY_TAKEN)]
    assert table(cloud) == before


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
def test_identities_move_between_members_in_any_order_of_rows(cloud: Cloud, order: tuple[int, ...]) -> None:
    import_members(cloud, member_row(1), member_row(2))
    rows = [
        member_row(1, nir=with_key("1850375000099")),
        member_row(2, nir=member_row(1)["nir"]),
        member_row(3, nir=member_row(2)["nir"]),
    ]
    imported = import_members(cloud, *(rows[position] for position in order))
    assert counts(imported) == {"changed": 2, "new": 1}
    assert imported.refusals() == []
    assert_identities_lead_to_their_members(cloud)


def test_two_members_whose_identities_are_swapped_are_both_refused(cloud: Cloud) -> None:
    first, second = member_row(1), member_row(2)
    import_members(cloud, first, second)
    before = table(cloud)
    imported = import_members(cloud, {**first, "nir": second["nir"]}, {**second, "nir": first["nir"]})
    assert [line for line, _, _ in imported.refusals()] == [2, 3]
    assert table(cloud) == before


def test_a_write_that_meets_another_one_is_tried_again(cloud: Cloud) -> None:
    import_members(cloud, member_row(1))

    def another_import_is_faster() -> None:
        import_members(cloud, member_row(1, postcode="69003"))

    with before_call(cloud, "UpdateItem", another_import_is_faster):
        imported = import_members(cloud, member_row(1, town="LYON"))
    assert counts(imported) == {"changed": 1}
    assert (only_member(cloud)["town"], only_member(cloud)["postcode"]) == ("LYON", "75011")
    assert_identities_lead_to_their_members(cloud)


def test_a_member_added_during_the_import_is_changed(cloud: Cloud) -> None:
    with before_call(cloud, "TransactWriteItems", lambda: import_members(cloud, member_row(1, town="LYON"))):
        imported = import_members(cloud, member_row(1))
    assert counts(imported) == {"changed": 1}
    assert only_member(cloud)["town"] == "PARIS"


@contextmanager
def before_call(cloud: Cloud, operation: str, action: Callable[[], object]) -> Iterator[None]:
    """Do something once, just before the first call of an operation."""
    actions = [action]

    def handler(**_: object) -> None:
        if actions:
            actions.pop()()

    event = f"before-parameter-build.dynamodb.{operation}"
    cloud.dynamodb.meta.events.register(event, handler)
    try:
        yield
    finally:
        cloud.dynamodb.meta.events.unregister(event, handler)


class Crash(Exception):
    """The end of the process."""


@dataclass
class CrashAt:
    """Ends the process at one call to AWS, before it is made or when its answer comes."""

    call: int
    seen: int = 0

    def __call__(self, **_: object) -> None:
        if self.seen == self.call:
            raise Crash
        self.seen += 1


@contextmanager
def crashing(cloud: Cloud, event: str, crash: CrashAt) -> Iterator[None]:
    clients = (cloud.dynamodb, cloud.kms)
    for client in clients:
        client.meta.events.register(event, crash)
    try:
        yield
    finally:
        for client in clients:
            client.meta.events.unregister(event, crash)


@pytest.mark.parametrize("moment", ["before-parameter-build", "after-call"])
def test_after_a_crash_at_any_call_the_same_file_is_imported_again(cloud: Cloud, moment: str) -> None:
    import_members(cloud, member_row(1), member_row(2, iban=""))
    before = items(cloud)
    file = [
        member_row(1, postcode="69003", email=""),
        member_row(3, nir=member_row(2)["nir"], iban=""),
        member_row(2, nir=with_key("1850375000022"), iban=""),
    ]
    import_members(cloud, *file)
    expected = table(cloud)

    for call in itertools.count():
        restore(cloud, before)
        try:
            with crashing(cloud, moment, CrashAt(call)):
                import_members(cloud, *file)
        except Crash:
            assert_identities_lead_to_their_members(cloud)
            assert import_members(cloud, *file).outcomes[Outcome.REJECTED] == 0
            assert table(cloud) == expected
        else:
            assert call > 2 * len(file)
            return


@pytest.mark.parametrize("call", [1, 30, 60, 100, 120])
def test_an_import_that_ends_early_has_counted_exactly_the_rows_it_wrote(cloud: Cloud, call: int) -> None:
    rows = [member_row(number, iban="") for number in range(1, 131)]
    outcomes: Counter[Outcome] = Counter()
    report = io.StringIO()
    store = MemberStore(cloud.dynamodb, cloud.tables["MembersTable"], TombstoneKeys(b"a key"), lambda _: None)
    hashes = KeyedHashes(cloud.kms, cloud.keys["IndexKey"])
    own_data = OwnDataHasher(b"a key")
    file = io.BytesIO(members_csv(*rows))
    with contextlib.suppress(Crash), crashing(cloud, "before-parameter-build", CrashAt(call)):
        import_with(store, hashes, own_data, file, report, workers=1, outcomes=outcomes)

    written = len(members(cloud))
    assert outcomes == ({Outcome.NEW: written} if written else {})
    file.seek(0)
    again = import_with(store, hashes, own_data, file, report, workers=1)
    assert (again[Outcome.UNCHANGED], again[Outcome.NEW]) == (written, len(rows) - written)


def items(cloud: Cloud) -> dict[str, Item]:
    """The Members table as DynamoDB has it, by partition key."""
    found = cloud.dynamodb.scan(TableName=cloud.tables["MembersTable"], ConsistentRead=True)["Items"]
    return {item["pk"]["S"]: item for item in found}


def restore(cloud: Cloud, before: dict[str, Item]) -> None:
    """Bring the Members table back to what it was."""
    gone = items(cloud).keys() - before.keys()
    requests: list[WriteRequestTypeDef] = [{"DeleteRequest": {"Key": {"pk": {"S": key}}}} for key in gone]
    requests += [{"PutRequest": {"Item": item}} for item in before.values()]
    cloud.dynamodb.batch_write_item(RequestItems={cloud.tables["MembersTable"]: requests})
