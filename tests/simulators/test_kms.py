"""The fake KMS of the races: what moto's KMS answers it answers too, and where moto is lax it is like AWS."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import pytest
from botocore.exceptions import ClientError, ParamValidationError
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from cryptography.hazmat.primitives.serialization import load_der_public_key

from simulators.aws_calls import recorded_calls
from simulators.cloud import create_keys
from simulators.kms import FakeKms

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from mypy_boto3_kms import KMSClient

    from simulators.cloud import Cloud

NO_SUCH_KEY = "arn:aws:kms:eu-west-3:123456789012:key/00000000-0000-4000-8000-000000000000"
MAC_ALGORITHM: Final = "HMAC_SHA_256"
SIGNING_ALGORITHM: Final = "RSASSA_PKCS1_V1_5_SHA_256"


@dataclass(frozen=True)
class Kms:
    client: KMSClient
    keys: Mapping[str, str]

    def mac(self, key: str = "PinKey", message: bytes = b"text") -> bytes:
        return self.client.generate_mac(KeyId=self.keys.get(key, key), Message=message, MacAlgorithm=MAC_ALGORITHM)[
            "Mac"
        ]

    def signature(self, message: bytes, key: str = "SigningKey") -> bytes:
        return self.client.sign(KeyId=self.keys.get(key, key), Message=message, SigningAlgorithm=SIGNING_ALGORITHM)[
            "Signature"
        ]

    def public_key(self, key: str = "SigningKey") -> rsa.RSAPublicKey:
        answer = self.client.get_public_key(KeyId=self.keys.get(key, key))
        public_key = load_der_public_key(answer["PublicKey"])
        assert isinstance(public_key, rsa.RSAPublicKey)
        return public_key


@pytest.fixture(scope="session")
def fake() -> Kms:
    client = FakeKms().client()
    return Kms(client, create_keys(client))


@pytest.fixture(params=["fake", "moto"])
def kms(request: pytest.FixtureRequest, fake: Kms, cloud: Cloud) -> Kms:
    return fake if request.param == "fake" else Kms(cloud.kms, cloud.keys)


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(ClientError) as error:
        call()
    return error.value.response["Error"]["Code"]


def test_a_mac_has_32_bytes_and_is_the_same_for_the_same_message(kms: Kms) -> None:
    assert len(kms.mac()) == 32
    assert kms.mac() == kms.mac()


def test_another_message_or_another_key_gives_another_mac(kms: Kms) -> None:
    macs = {kms.mac("PinKey", b"one"), kms.mac("PinKey", b"two"), kms.mac("CodeKey", b"one")}

    assert len(macs) == 3


def test_a_signature_verifies_with_the_public_key(kms: Kms) -> None:
    signature = kms.signature(b"text")

    kms.public_key().verify(signature, b"text", padding.PKCS1v15(), hashes.SHA256())
    assert kms.public_key().key_size == 2048


def test_the_public_key_comes_with_its_usage_and_algorithms(kms: Kms) -> None:
    answer = kms.client.get_public_key(KeyId=kms.keys["SigningKey"])

    assert answer["KeyUsage"] == "SIGN_VERIFY"
    assert SIGNING_ALGORITHM in answer["SigningAlgorithms"]


def test_an_unknown_key_is_not_found(kms: Kms) -> None:
    assert refusal(lambda: kms.mac(NO_SUCH_KEY)) == "NotFoundException"
    assert refusal(lambda: kms.signature(b"text", NO_SUCH_KEY)) == "NotFoundException"
    assert refusal(lambda: kms.public_key(NO_SUCH_KEY)) == "NotFoundException"


def test_a_signing_key_makes_no_mac(kms: Kms) -> None:
    assert refusal(lambda: kms.mac("SigningKey")) == "InvalidKeyUsageException"


def test_an_algorithm_that_kms_does_not_have_is_refused(kms: Kms) -> None:
    assert (
        refusal(
            lambda: kms.client.generate_mac(
                KeyId=kms.keys["PinKey"],
                Message=b"text",
                MacAlgorithm="HMAC_MD5",  # type: ignore[arg-type] # that is the mistake
            )
        )
        == "ValidationException"
    )


def test_a_parameter_of_the_wrong_type_is_not_even_sent(kms: Kms) -> None:
    with pytest.raises(ParamValidationError):
        kms.client.generate_mac(
            KeyId=kms.keys["PinKey"],
            Message=1,  # type: ignore[arg-type] # that is the mistake
            MacAlgorithm=MAC_ALGORITHM,
        )


def test_the_calls_of_either_are_recorded(kms: Kms) -> None:
    with recorded_calls(kms.client) as log:
        kms.mac()

    assert [call.operation for call in log.calls] == ["kms:GenerateMac"]


def test_a_message_of_4096_bytes_is_taken_and_one_more_is_refused(fake: Kms) -> None:
    fake.mac(message=bytes(4096))
    assert refusal(lambda: fake.mac(message=bytes(4097))) == "ValidationException"
    assert refusal(lambda: fake.signature(bytes(4097))) == "ValidationException"


def test_an_algorithm_that_does_not_fit_the_key_is_refused(fake: Kms) -> None:
    assert (
        refusal(
            lambda: fake.client.generate_mac(KeyId=fake.keys["PinKey"], Message=b"text", MacAlgorithm="HMAC_SHA_512")
        )
        == "InvalidKeyUsageException"
    )
    assert (
        refusal(
            lambda: fake.client.sign(KeyId=fake.keys["SigningKey"], Message=b"text", SigningAlgorithm="ECDSA_SHA_256")
        )
        == "InvalidKeyUsageException"
    )


def test_a_mac_key_signs_nothing(fake: Kms) -> None:
    assert refusal(lambda: fake.signature(b"text", "PinKey")) == "InvalidKeyUsageException"


def test_a_digest_is_signed_as_it_is(fake: Kms) -> None:
    digest = hashlib.sha256(b"text").digest()
    answer = fake.client.sign(
        KeyId=fake.keys["SigningKey"],
        Message=digest,
        MessageType="DIGEST",
        SigningAlgorithm=SIGNING_ALGORITHM,
    )

    fake.public_key().verify(answer["Signature"], digest, padding.PKCS1v15(), Prehashed(hashes.SHA256()))


def test_a_digest_of_another_length_is_refused(fake: Kms) -> None:
    assert (
        refusal(
            lambda: fake.client.sign(
                KeyId=fake.keys["SigningKey"],
                Message=b"text",
                MessageType="DIGEST",
                SigningAlgorithm=SIGNING_ALGORITHM,
            )
        )
        == "ValidationException"
    )
