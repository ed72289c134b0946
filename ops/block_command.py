"""``python -m ops block ADDRESS``: lets the firewall reject all calls of the API from an address or a network."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any, TypeAlias

import click

from member_access.errors import InvalidValue
from member_access.platform.aws import translate_errors
from ops.command import command
from ops.desk import CommandFailed, Desk, ExitStatus, Result

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ops.stack import Stack

Network: TypeAlias = IPv4Network | IPv6Network

_SETS = {4: "BlockedIpv4", 6: "BlockedIpv6"}
_WIDEST = {4: 16, 6: 32}
"""A shorter prefix blocks a good part of a carrier's customers."""
_HOUSEHOLD = 64
"""A household has a /64 at least, and changes its IPv6 address within it at will (RFC 6177, RFC 8981)."""


class NoFirewall(CommandFailed):
    """The stack has no firewall."""


class _Network(click.ParamType):
    name = "address"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> Network:
        try:
            return network(value)
        except InvalidValue as error:
            self.fail(f"{value} {error}", param, ctx)


@command(
    "block",
    "Block an address in the firewall.",
    "Let the firewall before the API reject all calls from ADDRESS, within a minute: an address or a network, such as "
    "203.0.113.7 or 203.0.113.0/24; an IPv6 address stands for its /64. Without ADDRESS, list the blocked ones. "
    "A deployment leaves them as they are.",
    {ExitStatus.DONE: "if done", ExitStatus.ATTENTION: "if the stack has no firewall"},
)
@click.argument("address", type=_Network(), required=False)
@click.option("--end", is_flag=True, help="Let the address call again.")
def block_command(desk: Desk, address: Network | None, *, end: bool) -> Result:
    """Block a network, or list what is blocked.

    Raises:
        NoFirewall: the stack is one of a laptop.
        Unavailable: WAF refused or did not respond.
    """
    if address is None:
        blocked = block(desk.stack, None, end=False)
    else:
        with desk.action("block", network=str(address), end=end):
            blocked = block(desk.stack, address, end=end)
    lines = ["Blocked now:", *(f"  {one}" for one in blocked)] if blocked else ["No address is blocked."]
    return Result(lines, {"blocked": blocked})


def network(text: str) -> Network:
    """Parse an address or a network.

    Raises:
        InvalidValue: it is none, or too wide; the message says so.
    """
    try:
        parsed = ip_network(text, strict=False)
    except ValueError:
        raise InvalidValue("is no address; write it like 203.0.113.7 or 203.0.113.0/24") from None
    if parsed.prefixlen < (widest := _WIDEST[parsed.version]):
        raise InvalidValue(f"is too wide: block /{widest} at most")
    if isinstance(parsed, IPv6Network) and parsed.prefixlen > _HOUSEHOLD:
        return parsed.supernet(new_prefix=_HOUSEHOLD)
    return parsed


def block(stack: Stack, chosen: Network | None, *, end: bool) -> list[str]:
    """Block a network or, at the ``end``, no longer; with None change nothing.

    Returns:
        All networks that are blocked now.

    Raises:
        NoFirewall: the stack is one of a laptop.
        StackNotFound: CloudFormation did not respond.
        Unavailable: WAF refused or did not respond.
    """
    sets, client = stack.resources("AWS::WAFv2::IPSet"), stack.wafv2()
    if not sets:
        raise NoFirewall(f"Stack {stack.name} has no firewall.")
    return [
        address
        for version, name in _SETS.items()
        for address in _changed(client, sets[name], chosen if chosen and chosen.version == version else None, end=end)
    ]


def _changed(client: Any, reference: str, chosen: Network | None, *, end: bool) -> Iterator[str]:  # noqa: ANN401 - the development tools have no types of WAF
    named = _named(reference)
    with translate_errors():
        answer = client.get_ip_set(**named)
        before = set(answer["IPSet"]["Addresses"])
        after = before if chosen is None else before - {str(chosen)} if end else before | {str(chosen)}
        if after != before:
            client.update_ip_set(**named, Addresses=sorted(after), LockToken=answer["LockToken"])
    yield from sorted(after)


def _named(reference: str) -> Mapping[str, str]:
    # What Ref returns for a set (AWS::WAFv2::IPSet, "Return values").
    name, identifier, scope = reference.split("|")
    return {"Name": name, "Id": identifier, "Scope": scope}
