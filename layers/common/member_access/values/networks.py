"""The networks that a caller's address belongs to: what one subscriber can multiply counts as one."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

_PREFIXES = (64, 56, 48)
_IPV4_INSIDE = (
    # IPv4-mapped (RFC 4291 §2.5.5.2), IPv4-translated (RFC 2765 §2.1), and NAT64 (RFC 6052 §2.1).
    IPv6Network("::ffff:0:0/96"),
    IPv6Network("::ffff:0:0:0/96"),
    IPv6Network("64:ff9b::/96"),
)
_IPV4_BITS = 0xFFFF_FFFF


def networks_of(address: str) -> tuple[str, ...]:
    """Return the networks of an address, the narrowest first.

    Returns:
        The address itself for IPv4, and for IPv6 that carries an IPv4 address inside. For other IPv6, the /64 of one
        link, the /56 of a home and the /48 of a site (RFC 6177, RIPE-690 §4.2). ``unknown`` for anything else.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return ("unknown",)
    inside = parsed if isinstance(parsed, IPv4Address) else _ipv4_inside(parsed)
    if inside:
        return (str(inside),)
    return tuple(str(IPv6Network((int(parsed), prefix), strict=False)) for prefix in _PREFIXES)


def _ipv4_inside(address: IPv6Address) -> IPv4Address | None:
    if any(address in network for network in _IPV4_INSIDE):
        return IPv4Address(int(address) & _IPV4_BITS)
    # 6to4 (RFC 3056), and Teredo (RFC 4380 §4): the address of the client.
    return address.sixtofour or (address.teredo[1] if address.teredo else None)
