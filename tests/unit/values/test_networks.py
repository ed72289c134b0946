"""The networks of a caller's address."""

from __future__ import annotations

import pytest

from member_access.values.networks import networks_of


@pytest.mark.parametrize(
    ("address", "networks"),
    [
        ("192.0.2.1", ("192.0.2.1",)),
        ("2001:db8:1:23ff::1", ("2001:db8:1:23ff::/64", "2001:db8:1:2300::/56", "2001:db8:1::/48")),
        ("2001:DB8:1:23FF:ffff:ffff:ffff:ffff", ("2001:db8:1:23ff::/64", "2001:db8:1:2300::/56", "2001:db8:1::/48")),
        ("::ffff:192.0.2.1", ("192.0.2.1",)),
        ("::ffff:0:192.0.2.1", ("192.0.2.1",)),
        ("64:ff9b::192.0.2.1", ("192.0.2.1",)),
        ("64:ff9b::c000:201", ("192.0.2.1",)),
        ("2002:c000:201:9::1", ("192.0.2.1",)),
        ("2001:0:4136:e378:8000:63bf:3fff:fdfe", ("192.0.2.1",)),
        ("64:ff9c::c000:201", ("64:ff9c::/64", "64:ff9c::/56", "64:ff9c::/48")),
        ("fe80::1%eth0", ("fe80::/64", "fe80::/56", "fe80::/48")),
        ("", ("unknown",)),
        ("192.0.2.1, 192.0.2.2", ("unknown",)),
    ],
)
def test_an_address_counts_for_its_networks(address: str, networks: tuple[str, ...]) -> None:
    assert networks_of(address) == networks
