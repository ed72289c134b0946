"""KMS without AWS, for tests that use real sockets, where moto cannot replace it.

It answers the requests of a real boto3 client: botocore checks the parameters, and raises the ``ClientError`` that AWS
documents. ``tests/simulators/test_kms.py`` compares it with moto's KMS.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import secrets
import uuid
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar

import boto3
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.config import Config
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from botocore.model import OperationModel
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_kms.literals import SigningAlgorithmSpecType

REGION = "eu-west-3"
_MAX_MESSAGE_BYTES = 4096
_SHA256_BYTES = hashlib.sha256().digest_size
_MAC_ALGORITHMS = ("HMAC_SHA_224", "HMAC_SHA_256", "HMAC_SHA_384", "HMAC_SHA_512")
_RSA_ALGORITHMS: tuple[SigningAlgorithmSpecType, ...] = (
    "RSASSA_PSS_SHA_256",
    "RSASSA_PSS_SHA_384",
    "RSASSA_PSS_SHA_512",
    "RSASSA_PKCS1_V1_5_SHA_256",
    "RSASSA_PKCS1_V1_5_SHA_384",
    "RSASSA_PKCS1_V1_5_SHA_512",
)
_OTHER_ALGORITHMS = ("ECDSA_SHA_256", "ECDSA_SHA_384", "ECDSA_SHA_512", "ED25519_SHA_512")


@dataclass(frozen=True)
class _KmsRefusal(Exception):
    """An error response of KMS."""

    code: str
    message: str


@dataclass(frozen=True)
class _HmacKey:
    usage: ClassVar = "GENERATE_VERIFY_MAC"
    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)


@dataclass(frozen=True)
class _SigningKey:
    usage: ClassVar = "SIGN_VERIFY"
    private_key: rsa.RSAPrivateKey = field(
        default_factory=lambda: rsa.generate_private_key(public_exponent=65537, key_size=2048), repr=False
    )


class FakeKms:
    """KMS with the operations and key types that the project uses; keys are named by their ARN."""

    def __init__(self) -> None:
        self._keys: dict[str, _HmacKey | _SigningKey] = {}
        self._operations: Mapping[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
            "CreateKey": self._create_key,
            "GenerateMac": self._generate_mac,
            "GetPublicKey": self._get_public_key,
            "Sign": self._sign,
        }

    def client(self) -> KMSClient:
        """Make a client of this KMS, safe to share between threads."""
        client = boto3.client(
            "kms",
            region_name=REGION,
            aws_access_key_id="fake",
            aws_secret_access_key="fake",
            config=Config(retries={"total_max_attempts": 1}),
        )
        # Last, so that other handlers of the client's events run first.
        # The stubs do not know that this handler may return a response.
        client.meta.events.register_last("before-call.kms", self._answer)  # type: ignore[arg-type]
        return client

    def _answer(
        self, model: OperationModel, params: Mapping[str, Any], **_: object
    ) -> tuple[AWSResponse, dict[str, Any]]:
        """Botocore's ``before-call`` handler: its result replaces the response of AWS."""
        if model.name not in self._operations:
            raise NotImplementedError(f"kms:{model.name}")
        try:
            status, answer = 200, self._operations[model.name](json.loads(params["body"]))
        except _KmsRefusal as error:
            status, answer = 400, {"Error": {"Code": error.code, "Message": error.message}}
        answer["ResponseMetadata"] = {"HTTPStatusCode": status, "HTTPHeaders": {}, "RetryAttempts": 0}
        return AWSResponse(params["url"], status, HTTPHeaders(), None), answer

    def _create_key(self, request: dict[str, Any]) -> dict[str, Any]:
        key: _HmacKey | _SigningKey
        match request["KeySpec"]:
            case "HMAC_256":
                key = _HmacKey()
            case "RSA_2048":
                key = _SigningKey()
            case other:
                raise NotImplementedError(f"keys of the type {other}")
        if request["KeyUsage"] != key.usage:
            raise _KmsRefusal("ValidationException", f"KeyUsage does not fit {request['KeySpec']}")
        key_id = str(uuid.uuid4())
        arn = f"arn:aws:kms:{REGION}:123456789012:key/{key_id}"
        self._keys[arn] = key
        return {"KeyMetadata": {"KeyId": key_id, "Arn": arn}}

    def _generate_mac(self, request: dict[str, Any]) -> dict[str, Any]:
        message = _message(request)
        _one_of(request["MacAlgorithm"], "macAlgorithm", _MAC_ALGORITHMS)
        key = self._key(request["KeyId"])
        if not isinstance(key, _HmacKey):
            raise _wrong_usage(request["KeyId"], key.usage, "GenerateMac")
        if request["MacAlgorithm"] != "HMAC_SHA_256":
            raise _KmsRefusal("InvalidKeyUsageException", f"{request['MacAlgorithm']} does not fit HMAC_256")
        return {
            "Mac": hmac.digest(key.secret, message, "sha256"),
            "MacAlgorithm": "HMAC_SHA_256",
            "KeyId": request["KeyId"],
        }

    def _sign(self, request: dict[str, Any]) -> dict[str, Any]:
        message = _message(request)
        message_type = _one_of(request.get("MessageType", "RAW"), "messageType", ("RAW", "DIGEST"))
        _one_of(request["SigningAlgorithm"], "signingAlgorithm", _RSA_ALGORITHMS + _OTHER_ALGORITHMS)
        private_key = self._signing_key(request["KeyId"], "Sign")
        if request["SigningAlgorithm"] in _OTHER_ALGORITHMS:
            raise _KmsRefusal("InvalidKeyUsageException", f"{request['SigningAlgorithm']} does not fit RSA_2048")
        if request["SigningAlgorithm"] != "RSASSA_PKCS1_V1_5_SHA_256":
            raise NotImplementedError(f"signing with {request['SigningAlgorithm']}")
        if message_type == "DIGEST" and len(message) != _SHA256_BYTES:
            raise _KmsRefusal("ValidationException", "Digest is invalid length for algorithm.")
        algorithm = Prehashed(hashes.SHA256()) if message_type == "DIGEST" else hashes.SHA256()
        return {
            "KeyId": request["KeyId"],
            "Signature": private_key.sign(message, padding.PKCS1v15(), algorithm),
            "SigningAlgorithm": request["SigningAlgorithm"],
        }

    def _get_public_key(self, request: dict[str, Any]) -> dict[str, Any]:
        public_key = self._signing_key(request["KeyId"], "GetPublicKey").public_key()
        return {
            "KeyId": request["KeyId"],
            "PublicKey": public_key.public_bytes(
                serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
            ),
            "KeySpec": "RSA_2048",
            "KeyUsage": _SigningKey.usage,
            "SigningAlgorithms": list(_RSA_ALGORITHMS),
        }

    def _signing_key(self, key_id: str, operation: str) -> rsa.RSAPrivateKey:
        key = self._key(key_id)
        if not isinstance(key, _SigningKey):
            raise _wrong_usage(key_id, key.usage, operation)
        return key.private_key

    def _key(self, key_id: str) -> _HmacKey | _SigningKey:
        if key_id not in self._keys:
            raise _KmsRefusal("NotFoundException", f"Key '{key_id}' does not exist")
        return self._keys[key_id]


def _message(request: dict[str, Any]) -> bytes:
    message = base64.b64decode(request["Message"])
    if not 1 <= len(message) <= _MAX_MESSAGE_BYTES:
        raise _constraint("message", f"Member must have length between 1 and {_MAX_MESSAGE_BYTES}")
    return message


def _one_of(value: str, name: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise _constraint(name, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
    return value


def _constraint(name: str, constraint: str) -> _KmsRefusal:
    return _KmsRefusal(
        "ValidationException",
        f"1 validation error detected: Value at '{name}' failed to satisfy constraint: {constraint}",
    )


def _wrong_usage(key_id: str, usage: str, operation: str) -> _KmsRefusal:
    return _KmsRefusal("InvalidKeyUsageException", f"{key_id} key usage is {usage} which is not valid for {operation}.")
