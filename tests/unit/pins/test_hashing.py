"""Stored hashes name their key, and argon2 is really argon2id."""

from __future__ import annotations

import base64
import secrets

import pytest
from argon2 import extract_parameters
from argon2.low_level import Type

from member_access.errors import InvalidValue
from member_access.pins.hashing import KeyedPin, PinHasher, argon2id
from member_access.pins.pin_hash import Argon2Cost, PinHash
from member_access.values.types import Identifier, Pin
from simulators.kms import FakeKms
from simulators.sign_in_driver import CountedArgon2

MEMBER, PIN = Identifier("A1234567"), Pin.parse("270519")


@pytest.fixture
def hasher() -> PinHasher:
    """A hasher with a fake KMS and a cheap argon2."""
    kms = FakeKms().client()
    arn = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
    return PinHasher(kms, arn, argon2id(Argon2Cost(8, 1, 1)), secrets.token_bytes)


def test_a_hash_verifies_its_pin_and_no_other(hasher: PinHasher) -> None:
    stored = hasher.hash(MEMBER, PIN)
    assert hasher.verify(hasher.keyed_pin(MEMBER, PIN, stored), stored)
    assert not hasher.verify(hasher.keyed_pin(MEMBER, Pin.parse("270518"), stored), stored)


def test_a_hash_belongs_to_its_member(hasher: PinHasher) -> None:
    stored = hasher.hash(MEMBER, PIN)
    assert not hasher.verify(hasher.keyed_pin(Identifier("B7654321"), PIN, stored), stored)


def test_two_members_with_one_pin_have_different_hashes(hasher: PinHasher) -> None:
    assert hasher.hash(MEMBER, PIN) != hasher.hash(MEMBER, PIN)


def test_a_salt_is_128_bits_of_the_given_randomness() -> None:
    kms = FakeKms().client()
    arn = kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]
    stored = PinHasher(kms, arn, argon2id(Argon2Cost(8, 1, 1)), lambda length: b"s" * length).hash(MEMBER, PIN)
    salt = stored.argon2.split("$")[4]
    assert base64.b64decode(f"{salt}==") == b"s" * 16


def test_nothing_fits_where_nothing_is_stored(hasher: PinHasher) -> None:
    assert not hasher.verify(hasher.keyed_pin(MEMBER, PIN, None), None)
    assert not hasher.verify(KeyedPin(b""), None)


def test_a_stored_hash_survives_its_encoding(hasher: PinHasher) -> None:
    stored = hasher.hash(MEMBER, PIN)
    assert PinHash.parse(stored.encode()) == stored
    assert stored.encode().startswith("arn:aws:kms:")


@pytest.mark.parametrize("text", ["", "$argon2id$v=19$m=8,t=1,p=1$c2FsdA$aGFzaA", "arn:aws:kms:x"])
def test_a_hash_that_names_no_key_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        PinHash.parse(text)


def test_the_default_is_owasps_first_choice(hasher: PinHasher) -> None:
    parameters = extract_parameters(argon2id(Argon2Cost(19_456, 2, 1)).hash(b"pepper"))
    assert (parameters.type, parameters.memory_cost, parameters.time_cost, parameters.parallelism) == (
        Type.ID,
        19_456,
        2,
        1,
    )


def test_a_hash_is_outdated_when_key_or_cost_have_changed(hasher: PinHasher) -> None:
    stored = hasher.hash(MEMBER, PIN)
    assert not hasher.is_outdated(stored)
    assert hasher.is_outdated(PinHash("arn:aws:kms:another", stored.argon2))
    assert hasher.is_outdated(PinHash(stored.key_arn, argon2id(Argon2Cost(16, 1, 1)).hash(b"pepper")))


def test_a_hash_made_in_another_region_verifies_with_this_region_s_copy_of_its_key(hasher: PinHasher) -> None:
    """Copies of a multi-Region key have one identifier and one key material (KMS developer guide)."""
    here = hasher.hash(MEMBER, PIN)
    elsewhere = PinHash(here.key_arn.replace("eu-west-3", "eu-central-1"), here.argon2)
    assert hasher.verify(hasher.keyed_pin(MEMBER, PIN, elsewhere), elsewhere)
    assert hasher.is_outdated(elsewhere)


def test_every_verification_does_the_work_of_every_cost(hasher: PinHasher) -> None:
    costs = {"present": Argon2Cost(16, 2, 1), "older": Argon2Cost(8, 1, 1), "oldest": Argon2Cost(8, 2, 1)}
    counted = CountedArgon2()
    kms, arn = hasher._kms, hasher._key_arn  # noqa: SLF001 - the fixture's key
    verifier = PinHasher(
        kms, arn, counted(costs["present"]), secrets.token_bytes, older_costs=[costs["older"], costs["oldest"]]
    )
    made = {name: PinHasher(kms, arn, argon2id(cost), secrets.token_bytes) for name, cost in costs.items()}
    stored = {name: one.hash(MEMBER, PIN) for name, one in made.items()}
    stored["not named"] = PinHasher(kms, arn, argon2id(Argon2Cost(8, 3, 1)), secrets.token_bytes).hash(MEMBER, PIN)
    stored["of another key"] = PinHash("arn:aws:kms:another", stored["present"].argon2)
    stored["malformed"] = PinHash(arn, f"{stored['older'].argon2[:-1]}!")

    for name, one in {**stored, "none": None}.items():
        counted.costs.clear()
        matches = verifier.verify(verifier.keyed_pin(MEMBER, PIN, one), one)
        assert matches == (name in costs), name
        assert counted.costs == {"m=16,t=2,p=1": 1, "m=8,t=1,p=1": 1, "m=8,t=2,p=1": 1}, name


def test_a_cost_named_twice_is_verified_once(hasher: PinHasher) -> None:
    counted = CountedArgon2()
    present = Argon2Cost(8, 1, 1)
    twice = PinHasher(
        hasher._kms,  # noqa: SLF001 - the fixture's key
        hasher._key_arn,  # noqa: SLF001 - the fixture's key
        counted(present),
        secrets.token_bytes,
        older_costs=[present, present],
    )
    assert not twice.verify(KeyedPin(b""), None)
    assert counted.verifications == 1


def test_a_cost_is_read_as_hashes_state_it() -> None:
    assert Argon2Cost.parse("m=19456,t=2,p=1") == Argon2Cost(19_456, 2, 1)
    assert argon2id(Argon2Cost(8, 1, 1)).hash(b"pepper").startswith(Argon2Cost.parse("m=8,t=1,p=1").prefix)


@pytest.mark.parametrize("text", ["", "19456,2,1", "m=0,t=1,p=1", "m=8,t=0,p=1", "m=8,t=1,p=2", " m=8,t=1,p=1"])
def test_a_cost_that_argon2_cannot_have_is_refused(text: str) -> None:
    with pytest.raises(InvalidValue):
        Argon2Cost.parse(text)
