"""The two ceremonies of WebAuthn (Level 3, §7), as pure functions around the library.

They look at signatures and flags alone. Challenges, limits and sign counts are the flows' business.
"""

from __future__ import annotations

import base64
import binascii
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Self

from webauthn import verify_authentication_response, verify_registration_response
from webauthn.helpers.cose import COSEAlgorithmIdentifier
from webauthn.helpers.structs import (
    AuthenticationCredential,
    AuthenticatorAssertionResponse,
    AuthenticatorAttestationResponse,
    RegistrationCredential,
)

from passkeys.challenges import Challenge

if TYPE_CHECKING:
    from passkeys.contract import Assertion, Attestation

ALGORITHMS: Final = (
    COSEAlgorithmIdentifier.ECDSA_SHA_256,
    COSEAlgorithmIdentifier.EDDSA,
    COSEAlgorithmIdentifier.RSASSA_PKCS1_v1_5_SHA_256,
)
"""The signatures that are accepted, the best known first: all authenticators have one of them (§5.4)."""

_ATTESTATIONS: Final = ("none", "packed")
"""None is asked for; a browser may still pass on a signature that the passkey makes for itself (§5.1.3)."""

_LONGEST_CREDENTIAL_ID: Final = 1023
"""In bytes (§7.1, step 25)."""


@dataclass(frozen=True)
class RelyingParty:
    """The service, as authenticators know it.

    Attributes:
        domain: the ``rp.id`` that every passkey belongs to, for ever.
        name: shown by authenticators.
        origins: of the pages that may use passkeys.
    """

    domain: str
    name: str
    origins: tuple[str, ...]


@dataclass(frozen=True)
class SentAssertion:
    """A browser's answer at a sign-in, decoded; parts that cannot be decoded are empty and verify nothing."""

    credential_id: bytes
    client_data: bytes
    authenticator_data: bytes
    signature: bytes
    user_handle: bytes

    @classmethod
    def of(cls, sent: Assertion) -> Self:
        """Decode an answer."""
        response = sent.response
        return cls(
            credential_id=_decode(sent.id),
            client_data=_decode(response.client_data),
            authenticator_data=_decode(response.authenticator_data),
            signature=_decode(response.signature),
            user_handle=_decode(response.user_handle or ""),
        )

    @property
    def challenge(self) -> Challenge:
        """The challenge that the browser has signed."""
        return signed_challenge(self.client_data)


@dataclass(frozen=True)
class NewPasskey:
    """What an authenticator has made.

    Attributes:
        credential_id: its name for the passkey.
        public_key: a COSE key (RFC 9052 §7).
        sign_count: the number of its signatures so far; 0 from authenticators that do not count.
    """

    credential_id: bytes
    public_key: bytes
    sign_count: int


def verified_sign_count(sent: SentAssertion, public_key: bytes, party: RelyingParty) -> int | None:
    """Verify a signature, the origin, the domain and that the authenticator has verified its user (§7.2).

    Returns:
        The authenticator's count of signatures, or None if anything is wrong.
    """
    credential = AuthenticationCredential(
        id=encode(sent.credential_id),
        raw_id=sent.credential_id,
        response=AuthenticatorAssertionResponse(
            client_data_json=sent.client_data,
            authenticator_data=sent.authenticator_data,
            signature=sent.signature,
        ),
    )
    try:
        verified = verify_authentication_response(
            credential=credential,
            expected_challenge=sent.challenge.to_bytes(),
            expected_rp_id=party.domain,
            expected_origin=list(party.origins),
            credential_public_key=public_key,
            # The flow compares the counts, in the condition of a write.
            credential_current_sign_count=0,
            require_user_verification=True,
        )
    except Exception:  # noqa: BLE001 - the library and its parsers raise many kinds, and none of them lets anyone in
        return None
    return verified.new_sign_count


def new_passkey(sent: Attestation, party: RelyingParty) -> NewPasskey | None:
    """Verify what an authenticator has made (§7.1), or return None. Nothing is asked about the authenticator itself."""
    credential_id = _decode(sent.id)
    client_data = sent_client_data(sent)
    credential = RegistrationCredential(
        id=encode(credential_id),
        raw_id=credential_id,
        response=AuthenticatorAttestationResponse(
            client_data_json=client_data, attestation_object=_decode(sent.response.attestation_object)
        ),
    )
    try:
        verified = verify_registration_response(
            credential=credential,
            expected_challenge=signed_challenge(client_data).to_bytes(),
            expected_rp_id=party.domain,
            expected_origin=list(party.origins),
            require_user_verification=True,
            supported_pub_key_algs=list(ALGORITHMS),
        )
    except Exception:  # noqa: BLE001 - as above
        return None
    if verified.fmt not in _ATTESTATIONS or verified.credential_id != credential_id:
        return None
    if len(credential_id) > _LONGEST_CREDENTIAL_ID:
        return None
    return NewPasskey(credential_id, verified.credential_public_key, verified.sign_count)


def sent_client_data(sent: Attestation) -> bytes:
    """Decode the data that a browser signed for a new passkey."""
    return _decode(sent.response.client_data)


def signed_challenge(client_data: bytes) -> Challenge:
    """Return the challenge in the data that a browser signs; an empty one if there is none."""
    try:
        challenge = json.loads(client_data)["challenge"]
    except (ValueError, KeyError, TypeError, RecursionError):
        challenge = ""
    return Challenge(_decode(challenge).hex() if isinstance(challenge, str) else "")


def encode(value: bytes) -> str:
    """Encode bytes as WebAuthn does: URL-safe base64 without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""
