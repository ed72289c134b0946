"""Keyed hashes of identities and IBANs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from member_access.errors import Unavailable
from member_access.members.keyed_hashes import IbanHash, IdentityHash, KeyedHashes
from member_access.values.birth_date import BirthDate
from member_access.values.iban_last_six import IbanLastSix
from member_access.values.nir import Nir
from member_access.values.postcode import Postcode
from member_access.values.types import Identifier
from simulators.kms import FakeKms
from tests.support.members import NOW

if TYPE_CHECKING:
    from mypy_boto3_kms import KMSClient


def new_key(kms: KMSClient) -> str:
    return kms.create_key(KeySpec="HMAC_256", KeyUsage="GENERATE_VERIFY_MAC")["KeyMetadata"]["Arn"]


@pytest.fixture(scope="module")
def kms() -> KMSClient:
    return FakeKms().client()


@pytest.fixture(scope="module")
def hashes(kms: KMSClient) -> KeyedHashes:
    return KeyedHashes(kms, new_key(kms))


def of_identity(
    hashes: KeyedHashes,
    nir: str = "291112A004012",
    birth_date: str = "1991-11-02",
    postcode: str = "20000",
) -> IdentityHash:
    return hashes.of_identity(Nir.parse(nir), BirthDate.parse(birth_date, NOW), Postcode.parse(postcode))


def of_iban(hashes: KeyedHashes, identifier: str = "A1234567", last_six: str = "030380") -> IbanHash:
    return hashes.of_iban(Identifier.parse(identifier), IbanLastSix.parse(last_six))


def test_the_same_identity_has_the_same_hash_however_it_is_written(hashes: KeyedHashes) -> None:
    assert of_identity(hashes) == of_identity(hashes, "2 91 11 2a 004 012 16", " 1991-11-02", "20 000")
    assert len(of_identity(hashes)) == 64


@pytest.mark.parametrize("different", [{"nir": "291112B004012"}, {"birth_date": "1991-11-00"}, {"postcode": "20001"}])
def test_another_nir_birth_date_or_postcode_has_another_hash(hashes: KeyedHashes, different: dict[str, str]) -> None:
    assert of_identity(hashes, **different) != of_identity(hashes)


def test_the_hash_of_an_iban_is_bound_to_the_member(hashes: KeyedHashes) -> None:
    assert of_iban(hashes) == of_iban(hashes, last_six="03 03 80")
    assert len({of_iban(hashes), of_iban(hashes, identifier="A1234568"), of_iban(hashes, last_six="030381")}) == 3


def test_another_key_gives_another_hash(kms: KMSClient, hashes: KeyedHashes) -> None:
    assert of_iban(KeyedHashes(kms, new_key(kms))) != of_iban(hashes)


def test_what_kms_is_sent_names_its_purpose_and_keeps_the_fields_apart() -> None:
    kms = FakeKms().client()
    messages: list[bytes] = []

    def listen(params: dict[str, Any], **_: object) -> None:
        messages.append(params["Message"])

    kms.meta.events.register_first("before-parameter-build.kms.GenerateMac", listen)
    hashes = KeyedHashes(kms, new_key(kms))
    of_identity(hashes)
    of_iban(hashes)
    assert messages == [b"identity\x00291112A004012\x001991-11-02\x0020000", b"iban\x00A1234567\x00030380"]


def test_without_kms_there_is_no_hash(kms: KMSClient) -> None:
    nowhere = KeyedHashes(kms, "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-4000-8000-999999999999")
    with pytest.raises(Unavailable, match="GenerateMac"):
        of_iban(nowhere)
