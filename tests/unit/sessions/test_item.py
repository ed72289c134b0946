"""The item of a member's sign-ins: read as it was written, small, and never half of one credential."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from member_access.members.pseudonyms import Pseudonym
from member_access.sessions.browser_families import BrowserFamily, Product, System
from member_access.sessions.browsers import DeviceToken
from member_access.sessions.item import SIGN_INS, replace_sign_ins, restart_sign_ins, sign_ins_from_item, sign_ins_key
from member_access.sessions.methods import Method
from member_access.sessions.policy import start_session
from member_access.sessions.records import KnownBrowser
from member_access.sessions.sign_ins import SignIns
from member_access.throttling.policy import Attempts
from member_access.values.types import Identifier, Instant
from simulators.consumption import item_size

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

MEMBER, WHOSE = Identifier("A1234567"), Pseudonym("0123456789abcdef" * 2)
NOW = Instant(1_800_000_000)
FAMILY = BrowserFamily(Product.FIREFOX, System.ANDROID)
TODAY, VERSION = NOW // 86_400, 1_790_000_123
TABLE, KEY = "access", sign_ins_key(WHOSE)

days = st.dictionaries(st.integers(20_000, 20_400), st.integers(1, 65_535), max_size=5)
counters = st.builds(
    lambda failures, at, by_day: Attempts(failures, Instant(at), by_day, credential_version=VERSION),
    st.integers(0, 10_000_000),
    st.integers(1, 2**32 - 1),
    days,
)


def sign_ins(sessions: int, browsers: int, by_day: dict[int, int] | None = None) -> SignIns:
    """The sign-ins of a member with so many sessions and browsers."""
    numbers = itertools.count(1)
    counted = Attempts(2, NOW, by_day or {}, credential_version=VERSION)
    started = [
        start_session(MEMBER, WHOSE, Method.PIN, FAMILY, NOW, lambda length: next(numbers).to_bytes(length))[0]
        for _ in range(sessions)
    ]
    each = dict(itertools.islice((by_day or {}).items(), len(by_day or {}) // 10))
    known = [
        KnownBrowser(bytes([number]) * 16, NOW, NOW, counted._replace(failures_by_day=each))
        for number in range(browsers)
    ]
    earned = SignIns(8, VERSION, MEMBER, counted, counted, noticed_at=NOW).with_browsers(tuple(known))
    return earned.with_sessions(tuple(one._replace(previous_hash=one.token_hash) for one in started))


def written(update: TransactWriteItemTypeDef, before: dict[str, Any] | None = None) -> dict[str, Any]:
    """The item after an update of an item."""
    values: dict[str, Any] = {**update["Update"]["ExpressionAttributeValues"]}
    removed = update["Update"]["UpdateExpression"].partition(" REMOVE ")[2].split(", ")
    others = {":seen", ":seen_version", ":none", ":one"}
    item = {"pk": {"S": KEY}, **(before or {}), **{k[1:]: v for k, v in values.items() if k not in others}}
    return {name: value for name, value in item.items() if name not in removed}


def set_by(update: TransactWriteItemTypeDef) -> set[str]:
    """The attributes that an update sets."""
    return {
        part.split(" = ")[0] for part in update["Update"]["UpdateExpression"].partition(" REMOVE ")[0][4:].split(", ")
    }


@given(strangers=counters, together=counters, own=counters)
def test_sign_ins_are_read_as_they_were_written(strangers: Attempts, together: Attempts, own: Attempts) -> None:
    kept = sign_ins(3, 3)._replace(strangers=strangers, together=together)
    kept = kept.with_browser(KnownBrowser(b"b" * 16, NOW, Instant(NOW + 1), own))
    item = written(replace_sign_ins(TABLE, KEY, SignIns(), kept, NOW))

    assert sign_ins_from_item(item) == kept._replace(revision=1)
    assert kept.browsers[-1].attempts == own
    assert int(item["expires_at"]["N"]) == NOW + 366 * 86_400


def test_no_item_is_no_sign_in() -> None:
    assert sign_ins_from_item(None) == sign_ins_from_item({}) == SignIns()


def test_the_template_of_a_read_is_a_whole_item() -> None:
    item = written(replace_sign_ins(TABLE, KEY, SignIns(), sign_ins(3, 3), NOW))
    assert item.keys() == SIGN_INS.item.keys()
    assert {name: len(value.get("B", b"")) for name, value in item.items()} == {
        name: len(value.get("B", b"")) for name, value in SIGN_INS.item.items()
    }


@pytest.mark.parametrize(
    ("sessions", "browsers", "by_day", "size"),
    [
        (0, 1, {}, 202),
        (3, 3, {}, 661),
        (6, 6, {}, 1_132),
        (10, 10, {}, 1_760),
        # A year's failures: a hundred by strangers and a hundred in known browsers, each on a day of its own.
        (10, 10, {TODAY - day: 1 for day in range(100)}, 2_960),
    ],
)
def test_a_member_with_three_sessions_and_browsers_takes_661_bytes(
    sessions: int, browsers: int, by_day: dict[int, int], size: int
) -> None:
    item = written(replace_sign_ins(TABLE, KEY, SignIns(), sign_ins(sessions, browsers, by_day), NOW))
    assert item_size(item) == size


def test_a_claim_writes_neither_sessions_nor_browsers() -> None:
    seen = sign_ins(2, 2)
    guessed = seen._replace(strangers=seen.strangers._replace(failures=3))
    update = replace_sign_ins(TABLE, KEY, seen, guessed, NOW)
    assert set_by(update) == {"revision", "credential_version", "expires_at", "strangers"}
    assert "REMOVE" not in update["Update"]["UpdateExpression"]


def test_the_first_guess_at_any_identifier_writes_no_text_that_was_typed() -> None:
    none = SignIns().at(0)
    update = replace_sign_ins(TABLE, KEY, SignIns(), none._replace(strangers=Attempts(1, NOW, {TODAY: 1})), NOW)
    assert written(update).keys() == {"pk", "revision", "credential_version", "expires_at", "strangers"}


def test_a_write_for_a_later_credential_leaves_nothing_of_the_earlier() -> None:
    seen = sign_ins(2, 2)
    now_at = seen.at(VERSION + 1)
    update = replace_sign_ins(
        TABLE, KEY, seen, now_at._replace(strangers=now_at.strangers._replace(failures=1, last_attempt_at=NOW)), NOW
    )
    item = written(update, written(replace_sign_ins(TABLE, KEY, SignIns(), seen, NOW)))
    assert item.keys() == {"pk", "revision", "credential_version", "expires_at", "strangers"}
    assert sign_ins_from_item(item) == now_at._replace(revision=9, strangers=Attempts(1, NOW, {}, VERSION + 1))


def test_a_write_names_the_version_that_it_was_decided_on() -> None:
    update = replace_sign_ins(TABLE, KEY, sign_ins(1, 1), sign_ins(1, 0), NOW)["Update"]
    on_state = "revision = :seen AND credential_version = :seen_version"
    assert update["ConditionExpression"] == f"attribute_exists(revision) AND {on_state}"
    assert update["ExpressionAttributeValues"][":seen_version"] == {"N": str(VERSION)}
    first = replace_sign_ins(TABLE, KEY, SignIns(), sign_ins(1, 1), NOW)["Update"]
    # No item has the revision 0.
    assert first["ConditionExpression"] == f"attribute_not_exists(revision) OR {on_state}"
    assert first["ExpressionAttributeValues"][":seen"] == {"N": "0"}


def test_an_operator_who_ends_sessions_removes_the_secrets_unread() -> None:
    shown = sign_ins(2, 2)._replace(session_secrets=b"")
    update = replace_sign_ins(TABLE, KEY, shown, shown.with_sessions(()), NOW)
    assert update["Update"]["UpdateExpression"].endswith(" REMOVE sessions, session_secrets")


def test_a_session_of_a_later_release_is_none_and_spoils_no_other() -> None:
    kept = sign_ins(2, 0)
    shown = kept.packed_sessions[:16] + b"\xff" + kept.packed_sessions[17:]
    assert kept._replace(packed_sessions=shown).sessions == kept.sessions[1:]


def test_a_new_pin_leaves_the_browser_that_set_it_alone() -> None:
    fresh = KnownBrowser(b"n" * 16, NOW, NOW, Attempts(credential_version=VERSION + 1))
    alone = SignIns(credential_version=VERSION + 1, identifier=MEMBER).with_browser(fresh)
    before = written(replace_sign_ins(TABLE, KEY, SignIns(), sign_ins(3, 3), NOW))
    update = restart_sign_ins(TABLE, KEY, alone, NOW)

    assert "ConditionExpression" not in update["Update"], "no stream of guesses may keep a member from a new PIN"
    item = written(update, before)
    none = Attempts(credential_version=VERSION + 1)
    assert sign_ins_from_item(item) == alone._replace(revision=1, strangers=none, together=none)
    assert "revision = if_not_exists(revision, :none) + :one" in update["Update"]["UpdateExpression"]


def test_a_device_token_names_the_member_by_pseudonym() -> None:
    token = DeviceToken.new(WHOSE, lambda length: bytes(range(length)))
    assert token.whose == WHOSE
    assert bytes.fromhex(token.reveal().partition(".")[2]) == bytes(range(32))
    assert len(token.digest) == 16


@pytest.mark.parametrize(
    "text", ["", "0" * 64, f"{WHOSE}.", f"{WHOSE}.{'0' * 63}", f"{WHOSE.upper()}.{'0' * 64}", f"{WHOSE}.{'0' * 64}\n"]
)
def test_another_text_names_no_member_and_is_looked_up_too(text: str) -> None:
    assert DeviceToken(text).whose is None
    assert len(DeviceToken(text).digest) == 16
