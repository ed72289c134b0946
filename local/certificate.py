"""The certificate with which a local stack answers over https: made once, for this machine alone.

Safari keeps no ``Secure`` cookie from ``http://localhost`` (WebKit bug 281149), so no one could stay signed in there.
"""

from __future__ import annotations

import ssl
import time
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

_VALID = timedelta(days=800)
"""Apple's systems accept at most 825 days (support.apple.com/103769)."""

_MADE_AGAIN = timedelta(days=700)


def tls_context(file: Path) -> ssl.SSLContext:
    """Return what a server needs to answer over TLS.

    Args:
        file: holds the key and its certificate; made if it is missing, or will expire soon.
    """
    if not file.exists() or time.time() - file.stat().st_mtime > _MADE_AGAIN.total_seconds():
        _make(file)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context


def _make(file: Path) -> None:
    # Takes a tenth of a second to import, and is needed once in two years.
    from cryptography import x509  # noqa: PLC0415
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import ec  # noqa: PLC0415
    from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID  # noqa: PLC0415

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost (espace-adherent-access)")])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(IPv4Address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + _VALID)
        # Someone who trusts it must not thereby trust others that its key signs.
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file.unlink(missing_ok=True)
    file.touch(mode=0o600)
    file.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
