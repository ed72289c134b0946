"""The certificate of a local stack is one that browsers accept, and is made once."""

from __future__ import annotations

import os
import stat
import time
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from local.certificate import tls_context

if TYPE_CHECKING:
    from pathlib import Path

DAY_SECONDS = 86_400


def made(folder: Path) -> Path:
    file = folder / "localhost.pem"
    tls_context(file)
    return file


def test_the_certificate_is_for_this_machine_and_for_servers_alone(tmp_path: Path) -> None:
    certificate = x509.load_pem_x509_certificate(made(tmp_path).read_bytes())
    names = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    usage = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value

    assert names.get_values_for_type(x509.DNSName) == ["localhost"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1"]
    assert list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not constraints.ca


def test_apple_accepts_how_long_the_certificate_is_valid(tmp_path: Path) -> None:
    """At most 825 days (support.apple.com/103769)."""
    certificate = x509.load_pem_x509_certificate(made(tmp_path).read_bytes())

    assert certificate.not_valid_before_utc < datetime.now(UTC)
    assert certificate.not_valid_after_utc - certificate.not_valid_before_utc < timedelta(days=825)


def test_no_other_user_can_read_the_key(tmp_path: Path) -> None:
    assert stat.S_IMODE(made(tmp_path).stat().st_mode) == 0o600


def test_a_trusted_certificate_stays_until_it_nearly_expires(tmp_path: Path) -> None:
    file = made(tmp_path)
    first = file.read_bytes()
    assert made(tmp_path).read_bytes() == first

    earlier = time.time() - 701 * DAY_SECONDS
    os.utime(file, (earlier, earlier))
    assert made(tmp_path).read_bytes() != first
