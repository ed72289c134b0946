"""An authenticator for passkeys: soft-webauthn's, with what it leaves out.

soft-webauthn (by a foreign hand, on Yubico's fido2) makes and uses keys; this class speaks the JSON of browsers, and
sets the flag of user verification, which soft-webauthn never does. It is the second implementation against which the
service's own is tested.
"""

from __future__ import annotations

import base64
import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2 import cbor
from soft_webauthn import SoftWebauthnDevice

if TYPE_CHECKING:
    from collections.abc import Mapping

_USER_VERIFIED = 0x04
_FLAGS = 32
"""Where the flags stand in authenticator data, behind the hash of the domain (WebAuthn Level 3, §6.1)."""


class Authenticator:
    """An authenticator with room for one passkey.

    Attributes:
        verifies_user: whether it asks for a fingerprint, a face or a code of its own.
        counts: whether it counts its signatures; synchronised passkeys do not.
    """

    def __init__(self, *, verifies_user: bool = True, counts: bool = False) -> None:
        self.verifies_user = verifies_user
        self.counts = counts
        self._device = SoftWebauthnDevice()

    @property
    def sign_count(self) -> int:
        """The signatures so far."""
        return int(self._device.sign_count)

    @sign_count.setter
    def sign_count(self, count: int) -> None:
        self._device.sign_count = count

    def create(self, options: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """Make a passkey: ``navigator.credentials.create`` and ``toJSON``."""
        binary = {
            **options,
            "challenge": _decode(options["challenge"]),
            "user": {**options["user"], "id": _decode(options["user"]["id"])},
            "pubKeyCredParams": [dict(one) for one in options["pubKeyCredParams"]],
        }
        made = self._device.create({"publicKey": binary}, origin)
        attestation = cbor.decode(made["response"]["attestationObject"])
        attestation["authData"] = self._flagged(attestation["authData"])
        return self._answer(
            {
                "clientDataJSON": made["response"]["clientDataJSON"],
                "attestationObject": cbor.encode(attestation),
            }
        )

    def get(self, options: Mapping[str, Any], origin: str) -> dict[str, Any]:
        """Sign a challenge: ``navigator.credentials.get`` and ``toJSON``."""
        binary = {"rpId": options["rpId"], "challenge": _decode(options["challenge"])}
        before = self._device.sign_count
        response = self._device.get({"publicKey": binary}, origin)["response"]
        if not self.counts:
            self._device.sign_count = before
        data = self._flagged(response["authenticatorData"])
        count = self._device.sign_count if self.counts else 0
        data = data[: _FLAGS + 1] + count.to_bytes(4) + data[_FLAGS + 5 :]
        return self._answer({**response, "authenticatorData": data, "signature": self.sign(data, response)})

    def sign(self, data: bytes, response: Mapping[str, bytes]) -> bytes:
        """Sign authenticator data with the client data of a response."""
        signed = data + sha256(response["clientDataJSON"]).digest()
        key: ec.EllipticCurvePrivateKey = self._device.private_key
        return key.sign(signed, ec.ECDSA(hashes.SHA256()))

    def _flagged(self, data: bytes) -> bytes:
        verified = _USER_VERIFIED if self.verifies_user else 0
        return data[:_FLAGS] + bytes([data[_FLAGS] | verified]) + data[_FLAGS + 1 :]

    def _answer(self, response: Mapping[str, bytes | None]) -> dict[str, Any]:
        name = _encode(self._device.credential_id)
        return {
            "id": name,
            "rawId": name,
            "type": "public-key",
            "authenticatorAttachment": "platform",
            "clientExtensionResults": {},
            "response": {key: _encode(value) for key, value in response.items() if value is not None},
        }


def with_client_data(answer: Mapping[str, Any], **changed: object) -> dict[str, Any]:
    """Return an answer with other client data, which its signature does not fit any more."""
    data = json.loads(_decode(answer["response"]["clientDataJSON"])) | changed
    text = _encode(json.dumps(data).encode())
    return {**answer, "response": {**answer["response"], "clientDataJSON": text}}


def _encode(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
