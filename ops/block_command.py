"""``python -m ops block ADDRESS``: lets the firewall reject all calls of the API from an address or a network."""

from __future__ import annotations

import sys
from argparse import ArgumentTypeError
from enum import IntEnum
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any, TypeAlias

from member_access.errors import MemberAccessError, Unavailable
from member_access.platform.aws import translate_errors
from ops.stack import add_stack_options, chosen_stack

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Mapping

    from ops.stack import Stack

Network: TypeAlias = IPv4Network | IPv6Network

_SETS = {4: "BlockedIpv4", 6: "BlockedIpv6"}
_WIDEST = {4: 16, 6: 32}
"""A shorter prefix blocks a good part of a carrier's customers."""
_HOUSEHOLD = 64
"""A household has a /64 at least, and changes its IPv6 address within it at will (RFC 6177, RFC 8981)."""


class NoFirewall(MemberAccessError):
    """The stack has no firewall."""


class ExitStatus(IntEnum):
    """The exit status of the process."""

    DONE = 0
    NO_FIREWALL = 1
    STACK_UNAVAILABLE = 3


def add_to(subcommands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Make ``block`` one of the subcommands."""
    parser = subcommands.add_parser(
        "block",
        help="block an address in the firewall",
        description="Let the firewall before the API reject all calls from an address or a network, within a minute. "
        "Without ADDRESS, list the blocked ones. A deployment leaves them as they are.",
        epilog="Exit status: 0 if done, 1 if the stack has no firewall, 3 if the stack does not respond.",
    )
    parser.add_argument(
        "address",
        metavar="ADDRESS",
        nargs="?",
        type=network,
        help="such as 203.0.113.7 or 203.0.113.0/24; an IPv6 address stands for its /64",
    )
    parser.add_argument("--end", action="store_true", help="let the address call again")
    add_stack_options(parser)
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> ExitStatus:
    """Block or list as the command line says, and print what is blocked now.

    Returns:
        The exit status of the process.

    Raises:
        StackNotFound: there is no such stack.
    """
    try:
        blocked = block(chosen_stack(arguments), arguments.address, end=arguments.end)
    except NoFirewall as error:
        print(error, file=sys.stderr)
        return ExitStatus.NO_FIREWALL
    except Unavailable as error:
        print(f"The stack did not respond as expected: {error}. Run the same command again.", file=sys.stderr)
        return ExitStatus.STACK_UNAVAILABLE
    print("\n".join(["Blocked now:", *(f"  {one}" for one in blocked)]) if blocked else "No address is blocked.")
    return ExitStatus.DONE


def network(text: str) -> Network:
    """Parse an address or a network.

    Raises:
        ArgumentTypeError: it is none, or too wide; the message says so.
    """
    try:
        parsed = ip_network(text, strict=False)
    except ValueError:
        raise ArgumentTypeError(f"{text} is no address; write it like 203.0.113.7 or 203.0.113.0/24") from None
    if parsed.prefixlen < (widest := _WIDEST[parsed.version]):
        raise ArgumentTypeError(f"{text} is too wide: block /{widest} at most")
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
