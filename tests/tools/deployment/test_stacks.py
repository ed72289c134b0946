"""The stack in us-east-1 is deployed with the main one: its firewall before it, its log and its alarm after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from simulators.sign_in_driver import FrontDoor
from simulators.template import ROOT
from tests.support.deployment import FIREWALL, OWN, TEMPLATES, Rehearsal
from tools.deployment.refusals import DeployRefused
from tools.deployment.stacks import PASSED_ON, edge_name

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.cloud import Cloud


@pytest.fixture
def rehearsal(cloud: Cloud, tmp_path: Path) -> Rehearsal:
    return Rehearsal(tmp_path, FrontDoor(cloud, {"PublicOrigin": OWN["PublicOrigin"]}))


def parameters_of(template: str) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = getattr(TEMPLATES, template).body["Parameters"]
    return found


def test_the_firewall_is_deployed_before_the_portal_and_the_distribution_told_after_it(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()

    assert rehearsal.sam.order == [rehearsal.edge, rehearsal.name, rehearsal.edge]
    assert rehearsal.deployed("PortalFirewallArn") == FIREWALL
    assert [sent["PortalDistribution"] for sent in rehearsal.sam.sent_to_edge] == ["", rehearsal.distribution]
    assert rehearsal.at_the_edge("PortalDistribution") == rehearsal.distribution


def test_a_second_deployment_updates_each_stack_once(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.sam.order.clear()
    rehearsal.said.clear()

    rehearsal.deploy()

    assert rehearsal.sam.order == [rehearsal.edge, rehearsal.name]
    assert rehearsal.at_the_edge("PortalDistribution") == rehearsal.distribution
    assert rehearsal.said[:2] == [f"No parameter changes in {name}." for name in rehearsal.sam.order]


def test_one_line_of_samconfig_reaches_both_stacks(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.change({"AttackMode": "true", "FirewallLists": "block"})

    rehearsal.deploy()

    for parameter, value in (("AttackMode", "true"), ("FirewallLists", "block")):
        assert rehearsal.deployed(parameter) == rehearsal.at_the_edge(parameter) == value
    changes = "AttackMode: 'false' becomes 'true'\n  FirewallLists: 'count' becomes 'block'"
    assert f"Parameters that change in {rehearsal.edge}:\n  {changes}" in rehearsal.said


def test_parameters_of_an_earlier_deployment_reach_both_stacks(rehearsal: Rehearsal) -> None:
    first = rehearsal.deploy()
    rehearsal.change({"AttackMode": "true", "RequestsPerViewerIn5Minutes": "500"})
    rehearsal.deploy()

    assert rehearsal.deployer().deploy(first) == 0

    assert rehearsal.deployed("AttackMode") == rehearsal.at_the_edge("AttackMode") == "false"
    assert rehearsal.at_the_edge("RequestsPerViewerIn5Minutes") == "2000"
    assert rehearsal.deployed("PortalFirewallArn") == FIREWALL


def test_each_region_of_an_account_has_an_edge_of_its_own() -> None:
    assert edge_name("access", "eu-west-3") != edge_name("access", "eu-central-1")


def test_a_failure_at_the_edge_leaves_the_main_stack_alone(rehearsal: Rehearsal) -> None:
    rehearsal.sam.failures_at_edge.append(1)

    assert rehearsal.deployer().deploy() == 1
    assert rehearsal.sam.order == []


def test_a_failed_main_stack_is_repaired_by_the_same_command(rehearsal: Rehearsal) -> None:
    rehearsal.sam.failures.append(1)
    assert rehearsal.deployer().deploy() == 1
    assert rehearsal.sam.order == [rehearsal.edge]

    rehearsal.deploy()

    assert rehearsal.at_the_edge("PortalDistribution") == rehearsal.distribution


def test_a_distribution_that_the_edge_did_not_learn_is_told_by_the_same_command(rehearsal: Rehearsal) -> None:
    rehearsal.sam.failures_at_edge.extend([0, 1])
    with pytest.raises(DeployRefused, match=f"{rehearsal.edge} neither logs nor watches the portal yet"):
        rehearsal.deployer().deploy()
    assert rehearsal.portal("index.html") == b"<html>first</html>"

    rehearsal.deploy()

    assert rehearsal.at_the_edge("PortalDistribution") == rehearsal.distribution


def test_a_stack_that_takes_no_update_is_refused_before_anything_is_deployed(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.sam.order.clear()
    rehearsal.session.report_stacks_as("UPDATE_ROLLBACK_FAILED")

    with pytest.raises(DeployRefused, match=f"The stack {rehearsal.name} is in the state UPDATE_ROLLBACK_FAILED"):
        rehearsal.deployer().deploy()

    assert rehearsal.sam.order == []


def test_without_a_portal_nothing_is_deployed_to_us_east_1(rehearsal: Rehearsal) -> None:
    rehearsal.host_no_portal()

    rehearsal.deploy()

    assert rehearsal.sam.order == [rehearsal.name]
    assert rehearsal.deployed("PortalFirewallArn") == ""
    assert rehearsal.protected == [rehearsal.name]
    assert "us-east-1" not in rehearsal.said[-1]


def test_a_stack_in_us_east_1_whose_portal_is_gone_is_named(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.host_no_portal()

    rehearsal.deploy()

    assert f"Delete the stack {rehearsal.edge} in us-east-1" in rehearsal.said[-1]
    assert rehearsal.deployed("PortalFirewallArn") == ""


@pytest.mark.parametrize("name", PASSED_ON)
def test_what_the_stacks_tell_each_other_is_not_configured(rehearsal: Rehearsal, name: str) -> None:
    rehearsal.change({name: ""})

    with pytest.raises(DeployRefused, match=f"^Take {name} out of samconfig.toml"):
        rehearsal.deployer().deploy()


@pytest.mark.parametrize("name", sorted({*parameters_of("main")} & {*parameters_of("edge")}))
def test_a_parameter_of_both_templates_means_the_same_in_both(name: str) -> None:
    main, edge = ({**parameters_of(template)[name], "Description": ""} for template in ("main", "edge"))

    assert main == edge


def test_the_template_of_the_edge_fits_into_the_call() -> None:
    """CloudFormation takes at most 51,200 bytes without a bucket ("CloudFormation quotas")."""
    assert len((ROOT / "edge.yaml").read_bytes()) < 51_200
