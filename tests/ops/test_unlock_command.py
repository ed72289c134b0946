"""``python -m ops unlock``: after it a member signs in at once, in every browser."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from member_access.platform.aws import transact
from member_access.sessions.item import replace_sign_ins, sign_ins_from_item
from ops.unlock_command import OTHER_WAITS
from simulators.sign_in_driver import OTHER_PIN, Browser, FrontDoor
from tests.support.front_desk import MEMBER, ROW, FrontDesk, make_busy
from tests.support.members import import_members
from tests.support.table import items

if TYPE_CHECKING:
    from simulators.cloud import Cloud

DISABLED = (
    "The PIN is disabled, because it was tried too often. The member replaces it by « Mot de passe oublié »; "
    "--enable-pin makes it work again."
)


@pytest.fixture
def desk(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> FrontDesk:
    """The desk of a stack without members."""
    return FrontDesk(FrontDoor(cloud), capsys)


def with_pin(desk: FrontDesk) -> Browser:
    """A browser in which the member has signed in."""
    import_members(desk.cloud, ROW)
    desk.door.give_pin(MEMBER)
    browser = Browser(desk.door)
    assert browser.sign_in(MEMBER).status == 200
    return browser


def lock(desk: FrontDesk, browser: Browser, failures: int) -> None:
    """Type so many wrong PINs, each as soon as the wait is over."""
    for _ in range(failures):
        desk.door.clock.advance(browser.sign_in(MEMBER, OTHER_PIN).body.get("retry_after", 0))


def test_a_member_signs_in_at_once_in_every_browser(desk: FrontDesk) -> None:
    """A reset or an unlock that forgets a counter leaves the member locked (keycloak/keycloak#45388)."""
    first = with_pin(desk)
    second, stranger = Browser(desk.door), Browser(desk.door, source="198.51.100.7")
    assert second.sign_in(MEMBER).status == 200
    for browser in (first, second, stranger):
        for _ in range(3):
            waiting = browser.sign_in(MEMBER, OTHER_PIN)
        assert waiting.status == 429
    assert [browser.sign_in(MEMBER).status for browser in (first, second, stranger)] == [429] * 3

    assert desk.types("unlock", MEMBER).lines == [
        "A0000001: cleared 9 wrong PINs in a row, no wrong IBAN end and no code request.",
        "No wait of the member is left.",
        OTHER_WAITS,
    ]

    assert [browser.sign_in(MEMBER).status for browser in (first, second, stranger)] == [200] * 3


def test_everything_that_keeps_a_busy_member_waiting_ends(desk: FrontDesk) -> None:
    busy = make_busy(desk)
    assert desk.types("unlock", MEMBER).lines == [
        "A0000001: cleared 4 wrong PINs in a row, 1 wrong IBAN end and 2 code requests.",
        "No wait of the member is left.",
        "A letter is under way: its code works, and the limit of letters stays.",
        OTHER_WAITS,
    ]
    assert Browser(desk.door).post("/reset", {"identifier": MEMBER}).status == 202
    assert busy.stranger.sign_in(MEMBER).status == 200
    shown = desk.types("show", MEMBER, "--json").data
    assert shown["iban"]["failures"] == 0
    assert shown["codes"]["open_letter"], "its code still works"


def test_the_failures_of_the_year_stay(desk: FrontDesk) -> None:
    with_pin(desk)
    lock(desk, Browser(desk.door), 4)
    assert desk.types("unlock", MEMBER).status == 0
    counter = desk.types("show", MEMBER, "--json").data["pin"]["unknown_browsers"]
    assert (counter["failures"], counter["failures_in_a_year"]) == (0, 4)


def test_a_disabled_pin_stays_disabled_until_the_operator_enables_it(desk: FrontDesk) -> None:
    """A disabled authenticator is not enabled by itself (NIST SP 800-63B-4 §3.2.2)."""
    with_pin(desk)
    desk.disable_pin()
    ended = desk.types("unlock", MEMBER)
    assert (ended.status, ended.lines[1]) == (1, DISABLED)
    assert Browser(desk.door).sign_in(MEMBER).status == 403

    ended = desk.types("unlock", MEMBER, "--enable-pin")
    assert (ended.status, ended.lines[1]) == (0, "The PIN works again.")
    assert Browser(desk.door).sign_in(MEMBER).status == 200
    assert desk.trail()[-1]["audit"]["enable_pin"] is True


def test_a_pin_that_a_years_failures_disabled_can_be_enabled(desk: FrontDesk) -> None:
    with_pin(desk)
    Browser(desk.door).sign_in(MEMBER, OTHER_PIN)
    (item,) = items(desk.cloud, "SIGN_INS#")
    seen, days = sign_ins_from_item(item), {desk.door.clock.time // 86_400 - 9: 100}
    older = seen._replace(strangers=seen.strangers._replace(failures_by_day=days))
    table = desk.cloud.tables["AccessTable"]
    transact(desk.cloud.dynamodb, [replace_sign_ins(table, item["pk"]["S"], seen, older, desk.door.clock())])
    assert Browser(desk.door).sign_in(MEMBER).status == 403
    assert desk.types("unlock", MEMBER).status == 1
    assert desk.types("unlock", MEMBER, "--enable-pin").status == 0
    assert Browser(desk.door).sign_in(MEMBER).status == 200


def test_ten_wrong_ends_of_an_iban_are_forgotten(desk: FrontDesk) -> None:
    import_members(desk.cloud, {**ROW, "email": ""})
    search = {"nir": ROW["nir"], "birth_date": ROW["birth_date"], "postcode": ROW["postcode"]}
    browser = Browser(desk.door)
    challenge = browser.post("/identifier", search).body["challenge"]
    tries = [browser.post("/identifier/iban", {"challenge": challenge, "iban_last6": "000000"}) for _ in range(4)]
    assert [reply.status for reply in tries] == [401, 401, 401, 429]
    assert (
        desk.types("unlock", MEMBER).lines[0].endswith("no wrong PIN in a row, 3 wrong IBAN ends and no code request.")
    )
    right = browser.post("/identifier/iban", {"challenge": challenge, "iban_last6": ROW["iban"][-6:]})
    assert right.body == {"identifier": MEMBER}


def test_an_unlock_between_the_count_of_a_guess_and_its_success_harms_neither(desk: FrontDesk) -> None:
    with_pin(desk)
    lock(desk, Browser(desk.door), 2)
    unlocked: list[None] = []
    browser = Browser(desk.door)

    def unlock(**_: object) -> None:
        if not unlocked:
            unlocked.append(None)
            desk.types("unlock", MEMBER)

    # The hash is made after the guess was counted.
    event = "before-call.dynamodb.TransactWriteItems"
    desk.cloud.dynamodb.meta.events.register_first(event, unlock)
    try:
        assert browser.sign_in(MEMBER).status == 200
    finally:
        desk.cloud.dynamodb.meta.events.unregister(event, unlock)
    assert desk.types("show", MEMBER, "--json").data["pin"]["unknown_browsers"]["retry_after"] == 0
