"""What is written for a time is read back as it was, and as nothing from the moment it is over."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from identifier.challenges import Challenge, Challenged, challenged_from_item, put_challenge
from member_access.members.pseudonyms import Pseudonym
from member_access.recovery.codes import Channel, RequestId
from member_access.recovery.emailed_codes import EmailedCode, EmailedCodes, ResetHandle, emailed_code_from_item
from member_access.recovery.policy import EmailAsked, IssuedCode, KnownBrowserId, Reset
from member_access.recovery.second_steps import SecondStep, put_step, step_from_item
from member_access.recovery.store import put_reset, reset_from_item
from member_access.throttling.counters import attempts_from_item, attempts_to_attributes
from member_access.throttling.policy import Attempts
from member_access.values.types import Identifier, Instant
from reset.reset_tokens import ResetToken

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

    from member_access.platform.aws import Item
    from member_access.values.random_tokens import RandomToken
    from simulators.cloud import Cloud

MEMBER = Identifier("A1234567")
NOW, SOON = Instant(1_800_000_000), Instant(1_800_000_600)
BEFORE_SOON = Instant(SOON - 1)
TABLE = "access"


def numbered(length: int) -> bytes:
    """Bytes that differ from one another, always the same."""
    return bytes(range(length))


def put(write: TransactWriteItemTypeDef) -> Item:
    """The item that a write puts."""
    return dict(write["Put"]["Item"])  # type: ignore[arg-type]  # boto3's types take more than the functions write


@pytest.mark.parametrize("kind", [ResetToken, Challenge, ResetHandle])
def test_a_token_is_256_bits_of_the_given_randomness_and_is_taken_back(kind: type[RandomToken]) -> None:
    token = kind.new(numbered)

    assert bytes.fromhex(token.reveal()) == numbered(32)
    assert kind(token.reveal()) == token


@pytest.mark.parametrize("text", ["", "0" * 63, "0" * 65, "0" * 63 + "G", "A" * 64, "0" * 64 + "\n"])
@pytest.mark.parametrize("kind", [ResetToken, Challenge, ResetHandle])
def test_another_text_is_looked_up_under_a_key_of_the_same_length(kind: type[RandomToken], text: str) -> None:
    token = kind.new(numbered)
    assert kind(text).key != token.key
    assert len(kind(text).key) == len(token.key)


def test_a_token_is_kept_under_a_hash_and_by_what_it_is_for() -> None:
    reset_token, challenge, handle = ResetToken.new(numbered), Challenge.new(numbered), ResetHandle.new(numbered)

    assert reset_token.key.startswith("RESET_TOKEN#")
    assert challenge.key.startswith("CHALLENGE#")
    assert handle.key.startswith("CODE#")
    assert reset_token.reveal() not in reset_token.key


@pytest.mark.parametrize("member", [MEMBER, None])
def test_a_challenge_stands_until_it_expires(member: Identifier | None) -> None:
    stands_for = Challenged(Pseudonym("identity"), Pseudonym("tries"), member, SOON)
    item = put(put_challenge(TABLE, Challenge.new(numbered), stands_for))

    assert challenged_from_item(item, BEFORE_SOON) == stands_for
    assert challenged_from_item(item, SOON) is None
    assert challenged_from_item(None, NOW) is None


def test_a_counter_is_read_as_it_was_written() -> None:
    attempts = Attempts(2, NOW, {20_833: 5, 20_800: 1}, credential_version=4, revision=9)

    assert attempts_from_item({"pk": {"S": "key"}, **attempts_to_attributes(attempts)}) == attempts
    assert attempts_from_item(None) == Attempts()


@pytest.mark.parametrize("letter", [IssuedCode(RequestId("f" * 32), NOW, SOON), None])
def test_requests_for_codes_are_read_as_they_were_written(letter: IssuedCode | None) -> None:
    emails = (EmailAsked(NOW, None), EmailAsked(SOON, KnownBrowserId("laptop")))
    reset = Reset(letter, emails=emails, letters=(NOW,), revision=7)

    assert reset_from_item(put(put_reset(TABLE, "key", Reset(), reset, NOW))) == reset
    assert reset_from_item(None) == Reset()


@pytest.mark.parametrize("session", [b"", b"s" * 16])
def test_a_second_step_is_read_as_it_was_written(session: bytes) -> None:
    step = SecondStep(b"h" * 16, MEMBER, 4, Channel.LETTER, RequestId("e" * 32), SOON, session, tries=2)
    counted = Reset(IssuedCode(RequestId("f" * 32), NOW, SOON), letters=(NOW,), revision=3)
    item = put(put_step(TABLE, "key", Reset(), counted, step, NOW))

    assert step_from_item(item) == step
    assert reset_from_item(item) == counted
    del item["handle"]
    assert step_from_item(item) is None, "it was taken"
    assert step_from_item(None) is None


def test_a_code_by_email_is_read_as_it_was_written(cloud: Cloud) -> None:
    code = EmailedCode(Pseudonym("person"), RequestId("e" * 32), credential_version=4, expires_at=SOON, tries=2)
    item = put(EmailedCodes(cloud.dynamodb, TABLE, 5).put_code(ResetHandle("h"), code))

    assert emailed_code_from_item(item) == code
    assert int(item["expires_at"]["N"]) == code.expires_at + 14 * 86_400, "its e-mail may bounce days later"
