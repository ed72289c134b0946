"""``python -m ops block``: the addresses that the firewall rejects."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import boto3
import pytest

from member_access.errors import InvalidValue, Unavailable
from ops.__main__ import main
from ops.block_command import NoFirewall, block, network
from ops.stack import Stack
from simulators.aws_calls import failing
from simulators.kms import REGION
from tests.flows.test_import_command import STACK, deploy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from simulators.cloud import Cloud


@dataclass(frozen=True)
class FirewalledStack(Stack):
    """A stack with the two sets of addresses, which CloudFormation of the mock does not make."""

    sets: Mapping[str, str] = field(default_factory=dict)

    def resources(self, kind: str) -> dict[str, str]:
        return dict(self.sets) if kind == "AWS::WAFv2::IPSet" else {}


@pytest.fixture
def stack(cloud: Cloud) -> FirewalledStack:
    del cloud  # it mocks AWS
    session = boto3.Session(region_name=REGION)
    waf = session.client("wafv2")
    sets = {}
    for name, version in {"BlockedIpv4": "IPV4", "BlockedIpv6": "IPV6"}.items():
        there = {one["Name"]: one["Id"] for one in waf.list_ip_sets(Scope="REGIONAL")["IPSets"]}
        if name in there:
            token = waf.get_ip_set(Name=name, Scope="REGIONAL", Id=there[name])["LockToken"]
            waf.delete_ip_set(Name=name, Scope="REGIONAL", Id=there[name], LockToken=token)
        made = waf.create_ip_set(Name=name, Scope="REGIONAL", IPAddressVersion=version, Addresses=[])["Summary"]
        sets[name] = f"{made['Name']}|{made['Id']}|REGIONAL"
    return FirewalledStack(STACK, {}, {}, session, None, sets)


def test_an_address_is_blocked_beside_those_before_until_its_end(stack: FirewalledStack) -> None:
    assert block(stack, network("203.0.113.7"), end=False) == ["203.0.113.7/32"]
    assert block(stack, network("198.51.100.0/24"), end=False) == ["198.51.100.0/24", "203.0.113.7/32"]
    assert block(stack, network("203.0.113.7"), end=True) == ["198.51.100.0/24"]
    assert block(stack, None, end=False) == ["198.51.100.0/24"]


def test_an_address_of_ipv6_stands_for_the_household(stack: FirewalledStack) -> None:
    assert block(stack, network("2001:db8:1:2:a:b:c:d"), end=False) == ["2001:db8:1:2::/64"]
    assert block(stack, network("2001:db8:1:2::1"), end=True) == []


@pytest.mark.parametrize(
    ("text", "why"),
    [("portal.example", "is no address"), ("203.0.0.0/8", "block /16 at most"), ("2001:db8::/16", "block /32 at most")],
)
def test_no_address_and_a_whole_carrier_are_refused(text: str, why: str) -> None:
    with pytest.raises(InvalidValue, match=why):
        network(text)


def test_two_operators_do_not_undo_each_other(stack: FirewalledStack) -> None:
    client = stack.wafv2()
    with failing(client, "UpdateIPSet", "WAFOptimisticLockException"), pytest.raises(Unavailable):
        block(_with(stack, client), network("203.0.113.7"), end=False)


def _with(stack: FirewalledStack, client: object) -> FirewalledStack:
    class Fixed(FirewalledStack):
        def wafv2(self) -> object:
            return client

    return Fixed(stack.name, {}, {}, boto3.Session(region_name=REGION), None, stack.sets)


def test_a_stack_without_a_firewall_is_said_so(cloud: Cloud, capsys: pytest.CaptureFixture[str]) -> None:
    cloudformation = boto3.client("cloudformation", region_name=REGION)
    for found in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=found["StackName"])
    deploy(cloud)

    with pytest.raises(NoFirewall):
        block(Stack.describe(boto3.Session(region_name=REGION), STACK), None, end=False)
    assert main(["block", "203.0.113.7", "--stack", STACK]) == 1
    assert main(["block", "--stack", "another"]) == 3
    assert "has no firewall" in capsys.readouterr().err
