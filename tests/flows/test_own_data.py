"""What others know of a member is no PIN: from the import to the refusal of a new PIN."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import count
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from member_access.pins.blocklist import PinBlocklist
from member_access.pins.own_data import own_data
from member_access.values.birth_date import BirthDate
from member_access.values.iban import Iban
from member_access.values.nir import Nir
from member_access.values.types import Identifier, Pin
from simulators.sign_in_driver import Browser, FrontDoor
from tests.support.codes import last_code
from tests.support.members import NEW_PIN, Row, french_iban, import_members, member_row, with_key
from tests.support.table import stored_text

if TYPE_CHECKING:
    from collections.abc import Callable

    from simulators.cloud import Cloud
    from simulators.sign_in_driver import Reply

BORN_IN_MARCH = {
    "nir": "185037511123441",
    "birth_date": "1985-03-14",
    "postcode": "60740",
    "iban": french_iban("27046831950"),
}
OWN_DATA = [
    *((pin, "date de naissance") for pin in ["140385", "148503", "031485", "038514", "850314", "851403"]),
    *((pin, "date de naissance") for pin in ["031985", "198503", "141985", "198514"]),
    *((pin, "sécurité sociale") for pin in ["185037", "850375", "503751", "751112", "511123", "112344", "123441"]),
    *((pin, "code postal") for pin in ("607403", "360740")),
    *((pin, "IBAN") for pin in ("046831", "319500")),
]


@dataclass
class Member:
    """A member with a mailbox, and a browser that no one has signed in with.

    Attributes:
        identifier: the member's.
        door: the functions.
    """

    identifier: str
    door: FrontDoor
    browser: Browser = field(init=False)

    def __post_init__(self) -> None:
        self.browser = Browser(self.door)

    def token(self) -> str:
        """Exchange the code of an e-mail for a reset token."""
        self.browser.post("/reset", {"identifier": self.identifier})
        code = last_code(self.door.cloud, self.identifier)
        verified = self.browser.post("/reset/verify", {"identifier": self.identifier, "code": code})
        token: str = verified.body["reset_token"]
        return token

    def sets(self, token: str, pin: str) -> Reply:
        """``POST /reset/pin``."""
        return self.browser.post("/reset/pin", {"reset_token": token, "pin": pin, "pin_confirmation": pin})

    def changes(self, pin: str, new_pin: str) -> Reply:
        """``POST /pin``."""
        body = {"identifier": self.identifier, "pin": pin, "new_pin": new_pin, "new_pin_confirmation": new_pin}
        return self.browser.post("/pin", body)

    def reason(self) -> str:
        """The reason of the latest refusal, in the audit trail."""
        reason: str = self.door.events("pin.refused")[-1]["audit"]["reason"]
        return reason


@pytest.fixture
def imported(cloud: Cloud) -> Callable[[Row], Member]:
    """Imports a row, and returns its member."""
    door = FrontDoor(cloud)

    def member_of(row: Row) -> Member:
        import_members(cloud, row)
        return Member(row["identifier"], door)

    return member_of


@pytest.fixture
def member(imported: Callable[[Row], Member]) -> Member:
    """A member who was born on 14 March 1985 in Paris."""
    return imported(member_row(**BORN_IN_MARCH))


@pytest.mark.parametrize(("pin", "reason"), OWN_DATA)
def test_own_data_are_no_pin_after_a_reset(member: Member, pin: str, reason: str) -> None:
    reply = member.sets(member.token(), pin)
    assert (reply.status, reply.code) == (422, "weak-pin")
    assert reply.body["errors"][0]["pointer"] == "/pin"
    assert reason in reply.body["errors"][0]["detail"]


def test_own_data_are_no_pin_after_the_present_one(member: Member) -> None:
    assert member.sets(member.token(), NEW_PIN).status == 204
    for pin, reason in OWN_DATA:
        reply = member.changes(NEW_PIN, pin)
        assert (reply.status, reply.code) == (422, "weak-pin")
        assert reply.body["errors"][0]["pointer"] == "/new_pin"
        assert reason in reply.body["errors"][0]["detail"]
    assert member.browser.sign_in(member.identifier, NEW_PIN).status == 200, "no attempt was counted"


def test_own_data_cost_a_use_of_the_token(member: Member) -> None:
    token = member.token()
    assert [member.sets(token, "140385").code for _ in range(5)] == ["weak-pin"] * 5
    assert member.sets(token, NEW_PIN).code == "invalid-reset-token"


def test_four_own_data_leave_the_token_good(member: Member) -> None:
    token = member.token()
    assert [member.sets(token, "140385").code for _ in range(4)] == ["weak-pin"] * 4
    assert member.sets(token, NEW_PIN).status == 204


def test_own_data_are_compared_before_argon2_runs(member: Member) -> None:
    member.sets(member.token(), NEW_PIN)
    member.door.clock.advance(60)
    token, before = member.token(), member.door.argon2.verifications
    assert member.sets(token, "140385").code == "weak-pin"
    assert member.door.argon2.verifications == before


def test_a_date_that_is_no_ones_own_stays_allowed(member: Member) -> None:
    assert member.sets(member.token(), "140386").status == 204


def test_the_data_of_a_neighbour_stay_allowed(imported: Callable[[Row], Member]) -> None:
    imported(member_row(1, **BORN_IN_MARCH))
    neighbour = imported(member_row(2, birth_date="1961-07-30", nir=with_key("2610769000000")))
    assert neighbour.sets(neighbour.token(), "140385").status == 204


def test_a_birth_date_that_an_import_corrects_is_compared_from_then_on(
    member: Member, imported: Callable[[Row], Member]
) -> None:
    imported(member_row(**{**BORN_IN_MARCH, "birth_date": "1985-03-15"}))
    token = member.token()
    assert member.sets(token, "150385").code == "weak-pin"
    assert member.sets(token, "140385").status == 204


def test_a_member_imported_before_has_no_own_data_until_the_next_import(
    member: Member, imported: Callable[[Row], Member]
) -> None:
    cloud = member.door.cloud
    cloud.dynamodb.update_item(
        TableName=cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{member.identifier}"}},
        UpdateExpression="REMOVE own_data_hashes",
    )
    assert member.sets(member.token(), "140385").status == 204
    imported(member_row(**BORN_IN_MARCH))
    member.door.clock.advance(60)
    assert member.sets(member.token(), "850314").code == "weak-pin"


def test_a_sign_in_never_reads_own_data(member: Member) -> None:
    member.sets(member.token(), NEW_PIN)
    with member.door.cloud.recorded_calls() as sign_ins:
        assert member.browser.sign_in(member.identifier, NEW_PIN).status == 200
        assert Browser(member.door).sign_in(member.identifier, "271903").status == 401
    with member.door.cloud.recorded_calls() as change:
        assert member.changes(NEW_PIN, "140385").status == 422
    assert "own_data_hashes" not in repr(sign_ins.calls)
    assert "own_data_hashes" in repr(change.calls)


numbers = count(1)


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    birth_date=st.from_regex(r"(19[2-9]|200)[0-9]-(0[0-9]|1[0-2])-([0-2][0-9]|3[01])", fullmatch=True),
    nir=st.from_regex(r"[12][0-9]{2}(0[1-9]|1[0-2])(2[AB]|[1-9][0-9])[0-9]{6}", fullmatch=True),
    account=st.from_regex(r"[0-9]{11}", fullmatch=True),
    chosen=st.data(),
)
def test_all_own_data_of_any_member_are_refused_with_their_reason(
    imported: Callable[[Row], Member], birth_date: str, nir: str, account: str, chosen: st.DataObject
) -> None:
    number = next(numbers)
    row = {**member_row(number), "birth_date": birth_date, "nir": with_key(nir), "iban": french_iban(account)}
    # Identities differ by the postcode, and sources never wait.
    member = imported({**row, "postcode": f"{number:05}"})
    member.browser.source = f"2001:db8:0:{number:x}::1"
    given_pins = own_data(BirthDate(birth_date), Nir(nir), Iban(row["iban"]))
    pin = chosen.draw(st.sampled_from(sorted(set().union(*given_pins.values()))))

    assert member.sets(member.token(), pin).code == "weak-pin"

    listed = PinBlocklist.load().weakness(Pin(pin), Identifier(row["identifier"]), f"{number:05}")
    assert member.reason() in ([listed] if listed else [reason for reason, pins in given_pins.items() if pin in pins])


def test_no_own_data_stand_in_a_table_log_or_report(cloud: Cloud, capfd: pytest.CaptureFixture[str]) -> None:
    row = member_row(**BORN_IN_MARCH)
    report = import_members(cloud, row, "a bad row").report
    member = Member(row["identifier"], FrontDoor(cloud))
    token = member.token()
    for pin in ("140385", "850375", "046831"):
        member.sets(token, pin)

    reasons = [event["audit"]["reason"] for event in member.door.events("pin.refused")]
    assert reasons == ["pin-birth-date", "pin-nir", "pin-iban"]
    captured = capfd.readouterr()
    written = stored_text(cloud) + member.door.log.getvalue() + captured.out + captured.err + report
    secrets = {row["nir"][:13], row["birth_date"], "14031985", "19850314", row["iban"], row["iban"][-13:]}
    assert [secret for secret in secrets if secret in written] == []
