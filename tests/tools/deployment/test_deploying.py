"""Deployments rehearsed from the first to the way back, on moto, sam's own code and the real functions."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from simulators.kms import REGION
from simulators.sign_in_driver import FrontDoor
from simulators.template import Template
from tests.support.deployment import ACCOUNT, OWN, Rehearsal, commit, parameter_names
from tools.deployment.refusals import DeployRefused
from tools.deployment.stacks import EDGE_REGION, stack_policy
from tools.deployment.web import WebAnswer

if TYPE_CHECKING:
    from pathlib import Path

    from simulators.cloud import Cloud

LIFTED = '{"Statement": [{"Effect": "Allow", "Action": "Update:*", "Principal": "*", "Resource": "*"}]}'
"""As docs/operations.md lifts the policy for one deployment."""


@pytest.fixture
def rehearsal(cloud: Cloud, tmp_path: Path) -> Rehearsal:
    return Rehearsal(tmp_path, FrontDoor(cloud, {"PublicOrigin": OWN["PublicOrigin"]}))


def test_the_first_deployment_sends_every_parameter(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()

    assert rehearsal.sam.sent[0].keys() == parameter_names(rehearsal.clone.root)
    assert f"There is no stack {rehearsal.name} yet: this deployment creates it." in rehearsal.said


def test_a_deployment_keeps_the_bill_of_materials_of_what_was_built(rehearsal: Rehearsal) -> None:
    metadata = rehearsal.clone.root / ".aws-sam/build/CommonLayer/python/pydantic-2.13.5.dist-info/METADATA"
    metadata.parent.mkdir(parents=True)
    metadata.write_text("Metadata-Version: 2.4\nName: pydantic\nVersion: 2.13.5\n")
    identifier = rehearsal.deploy()

    key = f"{rehearsal.name}/deployments/{identifier}/sbom.cdx.json"
    bill = json.load(rehearsal.session.client("s3").get_object(Bucket=rehearsal.kept_in, Key=key)["Body"])
    assert [one["name"] for one in bill["components"]] == ["CommonLayer", "pydantic"]


def test_values_with_blanks_quotes_accents_and_commas_arrive(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()

    arrived = {name: rehearsal.deployed(name) for name in OWN if name != "EdgeAlarmTopicArn"}
    assert {**arrived, "EdgeAlarmTopicArn": rehearsal.at_the_edge("EdgeAlarmTopicArn")} == OWN


def test_a_changed_default_reaches_a_stack_that_exists(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.change(PinFreeAttempts="4")
    rehearsal.deploy()

    assert rehearsal.deployed("PinFreeAttempts") == "4"
    assert f"Parameters that change in {rehearsal.name}:\n  PinFreeAttempts: '3' becomes '4'" in rehearsal.said


def test_letters_that_cloudformation_repeats_as_question_marks_are_no_change(rehearsal: Rehearsal) -> None:
    rehearsal.session.repeat_letters_as_question_marks()
    rehearsal.deploy()
    rehearsal.deploy()

    assert f"No parameter changes in {rehearsal.name}." in rehearsal.said


def test_the_portal_names_the_insurer_though_cloudformation_cannot(rehearsal: Rehearsal) -> None:
    rehearsal.session.repeat_letters_as_question_marks()
    rehearsal.deploy()

    assert json.loads(rehearsal.portal("config.json"))["insurer"] == OWN["InsurerName"]


def test_an_accent_of_e_mails_that_differs_from_the_brands_is_said(rehearsal: Rehearsal) -> None:
    rehearsal.change(BrandAccent="#123456")
    rehearsal.deploy()

    assert any(line.startswith("Warning: BrandAccent is #123456, but --accent of ") for line in rehearsal.said)


def test_production_cannot_be_deleted_by_a_slip(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()

    assert rehearsal.protected == [rehearsal.name, rehearsal.edge]


def test_production_loses_no_table_by_an_update(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()

    policies = [
        rehearsal.session.client("cloudformation", region).get_stack_policy(StackName=stack).get("StackPolicyBody")
        for stack, region in ((rehearsal.name, REGION), (rehearsal.edge, EDGE_REGION))
    ]
    assert policies == [stack_policy(Template(rehearsal.clone.template)), None]
    assert "LogicalResourceId/Table" in str(policies[0])


def test_a_stack_policy_that_was_lifted_is_set_again_by_the_next_deployment(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    cloudformation = rehearsal.session.client("cloudformation")
    cloudformation.set_stack_policy(StackName=rehearsal.name, StackPolicyBody=LIFTED)

    rehearsal.deploy()

    assert "Update:Replace" in cloudformation.get_stack_policy(StackName=rehearsal.name)["StackPolicyBody"]


def test_another_account_is_refused_before_anything_is_built(rehearsal: Rehearsal) -> None:
    samconfig = rehearsal.clone.root / "samconfig.toml"
    samconfig.write_text(samconfig.read_text("utf-8").replace(ACCOUNT, "210987654321"), encoding="utf-8")
    commit(rehearsal.clone.root)

    with pytest.raises(DeployRefused, match=f"signed in to the AWS account {ACCOUNT}, but production belongs to 2109"):
        rehearsal.deploy()

    assert rehearsal.sam.sent == []


def test_a_new_cost_of_pin_hashes_must_name_the_present_one(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.change({"Argon2Iterations": "3"})
    with pytest.raises(DeployRefused, match=r"Add m=19456,t=2,p=1 to OlderArgon2Costs"):
        rehearsal.deploy()

    rehearsal.change({"Argon2Iterations": "3", "OlderArgon2Costs": "m=19456,t=2,p=1"})
    rehearsal.deploy()

    assert rehearsal.deployed("Argon2Iterations") == "3"


def test_parameters_from_before_a_restore_make_no_empty_table(rehearsal: Rehearsal) -> None:
    before = rehearsal.deploy()
    rehearsal.change({"AdoptedMembersTable": "restored"})
    rehearsal.deploy()
    sent = len(rehearsal.sam.sent)

    with pytest.raises(DeployRefused, match='Keep AdoptedMembersTable = "restored"'):
        rehearsal.deployer().deploy(before)

    assert len(rehearsal.sam.sent) == sent


def test_functions_from_before_a_restore_do_not_answer_again(rehearsal: Rehearsal) -> None:
    before = rehearsal.deploy()
    rehearsal.change({"AdoptedMembersTable": "restored"}, page="<html>second</html>")
    rehearsal.deploy()
    live = rehearsal.live()

    with pytest.raises(DeployRefused, match=r"\(AdoptedMembersTable\): its functions would use the former ones"):
        rehearsal.deployer().roll_back(before)
    rehearsal.deployer().roll_back(before, ["portal"])

    assert rehearsal.live() == live
    assert rehearsal.portal("index.html") == b"<html>first</html>"


def test_after_a_rollback_the_next_deployment_does_not_ask_codedeploy(rehearsal: Rehearsal) -> None:
    rehearsal.session.describe_latest_versions(rehearsal.functions)
    first = rehearsal.deploy()
    rehearsal.deploy()
    rehearsal.deployer().roll_back(first)

    rehearsal.deploy()
    assert "Functions were rolled back: this deployment moves them at once (WatchDeployments=false)." in rehearsal.said
    rehearsal.deploy()

    assert [sent["WatchDeployments"] for sent in rehearsal.sam.sent] == ["true", "true", "false", "true"]


def test_the_same_commit_is_another_attempt_after_cloudformation_took_it_back(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.deploy()
    rehearsal.session.report_stacks_as("UPDATE_ROLLBACK_COMPLETE")
    rehearsal.deploy()
    rehearsal.deploy()

    first, second, third, fourth = rehearsal.sam.attempts
    assert first == second == ""
    assert len({first, third, fourth}) == 3


def test_a_failed_sam_leaves_the_portal_alone(rehearsal: Rehearsal) -> None:
    rehearsal.sam.failures.append(2)

    assert rehearsal.deployer().deploy() == 2
    assert rehearsal.session.client("s3").list_objects_v2(Bucket=rehearsal.portal_bucket)["KeyCount"] == 0


def test_a_deployment_during_an_attack_is_not_tried_from_outside(rehearsal: Rehearsal) -> None:
    rehearsal.web.broken["v1/login"] = WebAnswer(202, "text/html", b"")
    rehearsal.change({"AttackMode": "true"})

    rehearsal.deploy()

    assert "Not tried from outside: AttackMode answers every program with a challenge." in rehearsal.said


def test_a_declined_change_set_leaves_portal_and_history_alone(rehearsal: Rehearsal) -> None:
    first = rehearsal.deploy()
    rehearsal.change(page="<html>second</html>")
    rehearsal.sam.declined.append(True)

    with pytest.raises(DeployRefused, match=f"The change set was not executed: {rehearsal.name} is as it was"):
        rehearsal.deployer().deploy()

    assert rehearsal.portal("index.html") == b"<html>first</html>"
    with pytest.raises(DeployRefused, match=f"the newest first:\n  {first}$"):
        rehearsal.deployer().roll_back("")


def test_a_change_set_that_was_declined_before_hinders_nothing(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.sam.decline()

    rehearsal.deploy()

    assert rehearsal.said[-1].startswith("Left to do:")


def test_a_deployment_that_does_not_answer_is_reported(rehearsal: Rehearsal) -> None:
    rehearsal.web.broken["v1/login"] = WebAnswer(503, "application/problem+json", b"{}")

    with pytest.raises(DeployRefused, match=r"A sign-in of an unknown .* must answer 401 .*; it answers 503 "):
        rehearsal.deploy()


def test_what_is_left_to_do_is_printed_at_the_end(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()

    left = rehearsal.said[-1]
    assert left.startswith("Left to do:\n  Point the DNS name members.mutuelle.fr to ")
    assert "SenderDnsRecords" in left


def test_nothing_is_left_once_everything_is_done(rehearsal: Rehearsal) -> None:
    rehearsal.deploy()
    rehearsal.web.names.add("members.mutuelle.fr")
    rehearsal.session.ses.verified = rehearsal.session.ses.production = True
    rehearsal.session.ses.quota = 100_000
    rehearsal.session.topic.subscriptions.append("arn:aws:sns:eu-west-3:210987654321:alarms:1")
    rehearsal.session.topic.publishers.append("budgets.amazonaws.com")
    rehearsal.session.client("secretsmanager").put_secret_value(SecretId=rehearsal.secret, SecretString="{}")

    rehearsal.deploy()

    assert rehearsal.said[-1] == "Nothing is left to do."


def test_functions_and_portal_go_back_by_one_command(rehearsal: Rehearsal) -> None:
    first = rehearsal.deploy()
    before = rehearsal.live()
    rehearsal.change(page="<html>second</html>")
    rehearsal.deploy()
    assert rehearsal.live() != before

    rehearsal.deployer().roll_back(first)

    assert rehearsal.live() == before
    assert rehearsal.portal("index.html") == b"<html>first</html>"


def test_the_portal_goes_back_alone(rehearsal: Rehearsal) -> None:
    first = rehearsal.deploy()
    rehearsal.change(page="<html>second</html>")
    rehearsal.deploy()
    after = rehearsal.live()

    rehearsal.deployer().roll_back(first, ["portal"])

    assert rehearsal.live() == after
    assert rehearsal.portal("index.html") == b"<html>first</html>"


def test_parameters_of_an_earlier_deployment_are_sent_again(rehearsal: Rehearsal) -> None:
    first = rehearsal.deploy()
    rehearsal.change({"PinFreeAttempts": "5", "InsurerName": "Autre"})
    rehearsal.deploy()

    assert rehearsal.deployer().deploy(first) == 0

    assert rehearsal.deployed("PinFreeAttempts") == "3"
    assert rehearsal.deployed("InsurerName") == OWN["InsurerName"]


def test_rolling_back_to_no_deployment_lists_those_that_there_are(rehearsal: Rehearsal) -> None:
    first = rehearsal.deploy()
    second = rehearsal.deploy()

    with pytest.raises(DeployRefused, match=f"the newest first:\n  {second}\n  {first}$"):
        rehearsal.deployer().roll_back("")


def test_what_aws_refuses_after_the_deployment_is_reported(rehearsal: Rehearsal) -> None:
    rehearsal.session.client("s3").delete_bucket(Bucket=rehearsal.portal_bucket)

    with pytest.raises(DeployRefused, match=r"^The functions are deployed, but .*does not exist\. Fix this and run"):
        rehearsal.deploy()
