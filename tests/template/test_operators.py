"""The policy for operators allows what the operator's command calls, what the documents ask of them, and no more."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

import boto3
import pytest

from bulk_import.seen_rows import SeenRows
from member_access.values.types import Identifier
from ops import redrive_command
from ops.invitations import DEFAULT_CODE_SECONDS, Candidates, Wave
from ops.keys_command import count_hashes
from ops.missing_members import MissingMembers
from ops.restored_tables import RestoredTables
from ops.returned_mail import clear_address, returned_addresses
from ops.stack import Stack
from ops.stack_queues import oldest_message, read_queues
from simulators.kms import REGION
from simulators.point_in_time import PointInTime
from simulators.template import ROOT, Template, project_template
from tests.flows.test_queue_commands import STACK, Moves
from tests.support.iam import allows, listed, unused
from tests.support.managed_policies import MOST_CHARACTERS, size_of, statements_on
from tests.support.members import NOW, import_members, member_row, tombstone_keys
from tests.support.passkeys import add_passkey_by_hand

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from botocore.model import OperationModel

    from simulators.aws_calls import RecordedRequest
    from simulators.cloud import Cloud
    from simulators.template import Statement

TEMPLATE = project_template()
COMPLETE = {"Environment": "production", "CanarySecretArn": "canary"}
BY_NAME = TEMPLATE.managed_policy_statements("OperatorPolicy", parameters=COMPLETE)
OF_LOADS = TEMPLATE.managed_policy_statements("ImportPolicy", parameters=COMPLETE)
RESOURCES: dict[str, Any] = TEMPLATE.body["Resources"]
QUEUES = {
    name: {"Type": node["Type"], "Properties": {k: v for k, v in node["Properties"].items() if k == "RedrivePolicy"}}
    for name, node in TEMPLATE.resources("AWS::SQS::Queue").items()
}
RUNBOOK = (ROOT / "docs" / "alarms.md").read_text("utf-8")
DEPLOYER = json.loads((ROOT / "docs" / "deployer-policy.json").read_text("utf-8"))
SERVICES = {"sesv2": "ses", "stepfunctions": "states"}
ACTIONS = {"deploy": "CreateChangeSet", "invoke": "InvokeFunction"}
"""Commands whose action has another name (AWS CLI reference, Service Authorization Reference)."""


def statements_of(cloud: Cloud) -> list[Statement]:
    """The statements of the policy, on resources as calls name them."""
    return statements_on(cloud, "OperatorPolicy")


@pytest.fixture
def requests(cloud: Cloud, tmp_path: Path) -> list[RecordedRequest]:
    """Every call to tables and keys of the import, of a listed invitation and of counting hashes, failures included."""
    add_passkey_by_hand(cloud, "A0000001")
    with cloud.recorded_calls() as log:
        first, second = member_row(1), member_row(2)
        import_members(cloud, first, second)
        import_members(cloud, {**first, "town": "LYON"}, {**second, "birth_date": "1986-01-01", "email": ""})
        import_members(cloud, member_row(3, nir=first["nir"], birth_date=first["birth_date"], address_2="BAT A"))
        everything = {f"address_{line}": f"LIGNE {line}" for line in (2, 3, 4, 5)}
        everything |= {"address_4": "2 RUE", "country": "BE", "language": "en", "postcode": "1000", "town": "BRUXELLES"}
        everything |= {"first_name": "Dominique", "last_name": "AUTRE", "iban": first["iban"]}
        import_members(cloud, member_row(4, **everything), member_row(5))
        import_members(cloud, member_row(5, **everything))
        count_hashes(cloud.dynamodb, cloud.tables["MembersTable"])
        candidates = Candidates(cloud.dynamodb, cloud.tables["MembersTable"], Wave(), DEFAULT_CODE_SECONDS, NOW)
        assert len(list(candidates.listed([Identifier("A0000001")]))) == 1
        with SeenRows(b"a key for tests that is 32 bytes") as seen:
            missing = MissingMembers(
                cloud.dynamodb, cloud.tables["MembersTable"], tombstone_keys(cloud), tmp_path / "missing.csv"
            )
            missing.list(seen, lambda _: None)
            missing.remove(NOW, lambda: None)
    return log.requests()


def test_the_policy_allows_every_call_of_an_operators_command(cloud: Cloud, requests: list[RecordedRequest]) -> None:
    assert [request for request in requests if not allows(statements_of(cloud), request)] == []


def test_an_operators_command_touches_every_item_that_the_policy_allows(
    cloud: Cloud, requests: list[RecordedRequest]
) -> None:
    # A person enables a trigger, no command of the project does.
    of_commands = [one for one in statements_of(cloud) if one.actions != ("lambda:UpdateEventSourceMapping",)]

    assert unused(of_commands, requests) == []


def test_an_operator_cannot_set_a_pin() -> None:
    written = [one for one in BY_NAME if set(one.actions) & {"dynamodb:PutItem", "dynamodb:UpdateItem"}]

    for statement in written:
        attributes = statement.conditions["ForAllValues:StringEquals"]["dynamodb:Attributes"]
        assert {"pin_hash", "letter_state"} & set(attributes) == set()


def test_an_operator_reads_no_secret_and_no_access_item() -> None:
    actions = {action for one in BY_NAME for action in one.actions}

    assert {"secretsmanager:GetSecretValue", "kms:Sign", "dynamodb:Query"} & actions == set()
    assert not any("AccessTable" in resource or "PinKey" in resource for one in BY_NAME for resource in one.resources)


LETTERS = TEMPLATE.managed_policy_statements("LettersPolicy", parameters=COMPLETE)


@pytest.fixture
def calls_of_letters(cloud: Cloud) -> list[RecordedRequest]:
    """Every call to tables of the commands for invitations and letters under the policy for letters."""
    table = cloud.tables["MembersTable"]
    import_members(cloud, member_row(1), member_row(2, email=""))
    with cloud.recorded_calls() as log:
        candidates = Candidates(cloud.dynamodb, table, Wave(), DEFAULT_CODE_SECONDS, NOW)
        assert len(list(candidates.all())) == 2
        assert list(returned_addresses(cloud.dynamodb, table)) == []
    return log.requests()


def letters_statements(cloud: Cloud) -> list[Statement]:
    others = {f"{name}.{attribute}": name for name in RESOURCES for attribute in ("Arn", "Id")}
    tables = {f"{name}.Arn": table for name, table in cloud.tables.items()}
    return TEMPLATE.managed_policy_statements("LettersPolicy", {**others, **tables})


def test_the_policy_for_letters_allows_every_call_of_its_commands(
    cloud: Cloud, calls_of_letters: list[RecordedRequest]
) -> None:
    assert [request for request in calls_of_letters if not allows(letters_statements(cloud), request)] == []


def test_the_commands_for_letters_use_all_that_their_policy_allows(
    cloud: Cloud, calls_of_letters: list[RecordedRequest]
) -> None:
    assert unused(letters_statements(cloud), calls_of_letters) == []


def test_the_policy_for_letters_calls_the_functions_that_serve_operators() -> None:
    called = {resource for one in LETTERS if "lambda:InvokeFunction" in one.actions for resource in one.resources}

    assert called == {"LetterSweepFunction.Arn:live", "MailingsFunction.Arn:live"}
    assert {action for one in LETTERS for action in one.actions} == {"dynamodb:Scan", "lambda:InvokeFunction"}


def test_a_list_or_a_mark_is_read_and_cleared_under_the_operators_policy(cloud: Cloud) -> None:
    table, member = cloud.tables["MembersTable"], Identifier("A0000001")
    import_members(cloud, member_row(1))
    with cloud.recorded_calls() as log:
        candidates = Candidates(cloud.dynamodb, table, Wave(), DEFAULT_CODE_SECONDS, NOW)
        assert len(list(candidates.listed([member]))) == 1
        assert not clear_address(cloud.dynamodb, table, member)
    assert [request for request in log.requests() if not allows(statements_of(cloud), request)] == []


def test_no_action_of_the_policy_is_a_pattern() -> None:
    assert [action for one in BY_NAME for action in one.actions if "*" in action] == []


def resources_of(action: str) -> set[str]:
    return {resource for one in [*BY_NAME, *OF_LOADS] if action in one.actions for resource in one.resources}


def test_every_dead_letter_queue_can_be_redriven_to_its_source() -> None:
    sources, dead = set(), set()
    for name, queue in TEMPLATE.resources("AWS::SQS::Queue").items():
        if policy := queue["Properties"].get("RedrivePolicy"):
            sources.add(f"{name}.Arn")
            dead.add(".".join(policy["deadLetterTargetArn"]["Fn::GetAtt"]))

    # What AWS names for StartMessageMoveTask (SQS Developer Guide, "Configuring queue permissions for dead-letter queue
    # redrive"): start, receive, delete, attributes on the one side; send on the other.
    for action in ("StartMessageMoveTask", "DeleteMessage"):
        assert resources_of(f"sqs:{action}") == dead
    for action in ("ReceiveMessage", "PurgeQueue"):
        assert resources_of(f"sqs:{action}") == dead | {"LetterSweepDeadLetters.Arn"}
    assert resources_of("sqs:GetQueueAttributes") == {f"{name}.Arn" for name in QUEUES} >= dead | sources
    assert resources_of("sqs:SendMessage") == sources


def test_an_operator_scans_for_hashes_alone() -> None:
    (scan,) = (one for one in BY_NAME if "dynamodb:Scan" in one.actions)

    assert scan.conditions == {
        "ForAllValues:StringEquals": {"dynamodb:Attributes": ["pk", "credential_version", "pin_hash"]},
        "StringEquals": {"dynamodb:Select": "SPECIFIC_ATTRIBUTES"},
    }


def ignore(_: object) -> None:
    """Neither wait nor print."""


class CallsToQueues:
    """The actions of a command on the queues of the template, by their logical names, and its other actions."""

    def __init__(self, session: boto3.Session) -> None:
        session.events.register_first("before-parameter-build", self._record)
        self.on_queues: set[tuple[str, str]] = set()
        self.others: set[str] = set()

    def _record(self, params: Mapping[str, Any], model: OperationModel, **_: object) -> None:
        action = f"{model.service_model.signing_name.replace('monitoring', 'cloudwatch')}:{model.name}"
        named = [params[name] for name in ("QueueUrl", "SourceArn", "DestinationArn") if name in params]
        if not named:
            self.others.add(action)
        for name in QUEUES:
            if any(f"-{name}-" in one for one in named):
                self.on_queues.add((action, name))


def test_the_policy_allows_every_call_about_queues(cloud: Cloud) -> None:
    del cloud  # it mocks AWS
    session = boto3.Session(region_name=REGION)
    calls = CallsToQueues(session)
    cloudformation = session.client("cloudformation")
    for found in cloudformation.describe_stacks()["Stacks"]:
        cloudformation.delete_stack(StackName=found["StackName"])
    cloudformation.create_stack(StackName=STACK, TemplateBody=json.dumps({"Resources": QUEUES}))
    calls.others.clear()
    stack = Stack.describe(session, STACK)
    sqs = stack.sqs()

    queues = read_queues(stack, sqs)
    oldest_message(stack.cloudwatch(), queues[0])
    for pair in ((queue, dead) for queue in queues for dead in queues if dead.arn == queue.dead_letters_arn):
        with Moves(["none", "COMPLETED"]).of(sqs):
            redrive_command.redrive(sqs, *pair, ignore)

    assert {name for _, name in calls.on_queues} == set(QUEUES)
    sources = {name for name, queue in QUEUES.items() if "RedrivePolicy" in queue["Properties"]}
    started = {("sqs:StartMessageMoveTask", name) for name in sources}
    assert started <= calls.on_queues
    # SQS asks for the right to send to the destination instead.
    assert [
        (action, name)
        for action, name in sorted(calls.on_queues - started)
        if f"{name}.Arn" not in resources_of(action)
    ] == []
    assert [action for action in sorted(calls.others) if not resources_of(action)] == []


def test_the_policy_allows_blocking_addresses() -> None:
    sets = {f"{name}.Arn" for name in TEMPLATE.resources("AWS::WAFv2::IPSet")}

    assert resources_of("wafv2:GetIPSet") == resources_of("wafv2:UpdateIPSet") == sets


RESTORE_RIGHTS = (ROOT / "docs/recovery.md").read_text("utf-8").partition("Rights of the operator who restores")[2]


def test_the_rights_for_a_restore_are_those_of_its_calls(cloud: Cloud) -> None:
    members = cloud.tables["MembersTable"]
    import_members(cloud, member_row(1))
    with PointInTime(cloud.dynamodb, boto3.client("dynamodb", region_name=REGION)) as backups:
        backups.keep(members, datetime.fromtimestamp(NOW, UTC))
        with cloud.recorded_calls() as log:
            tables = RestoredTables(cloud.dynamodb, ignore, ignore)
            tables.restore_members(members, f"{members}-rights", None)
            tables.protect(f"{members}-rights", members)
            tables.raise_versions(f"{members}-rights", NOW)
            tables.create_access_table(f"{members}-rights-access")
    operations = {call.operation.partition(":")[2] for call in log.calls}

    named = set(re.findall(r"`(?:dynamodb:)?(\w+)`", RESTORE_RIGHTS.partition("\n- ")[0]))
    assert operations - named == set()


def commands(text: str) -> set[str]:
    """The actions of the commands in a text, by the name that IAM gives them."""
    return {
        f"{SERVICES.get(service, service)}:{ACTIONS.get(verb, verb.title().replace('-', ''))}"
        for service, verb in re.findall(r"^\$ aws ([a-z0-9]+) ([a-z-]+)", text, flags=re.MULTILINE)
    }


def test_an_operator_may_look_where_the_runbook_looks_first() -> None:
    looks = {
        action
        for section in RUNBOOK.split("\n### ")
        for look in re.findall(r"^First look:.*?(?=^Remedy:)", section, flags=re.MULTILINE | re.DOTALL)
        for action in commands(look)
    }

    assert len(looks) > 4
    assert [action for action in sorted(looks) if not resources_of(action)] == []


PROSE = {
    "enable the trigger": "lambda:UpdateEventSourceMapping",
    "the share of this stack in the quota (Service Quotas": "servicequotas:ListServiceQuotas",
    "the distribution's origins": "cloudfront:GetDistribution",
}
"""What sections say without a command, and the action that it takes."""


@pytest.mark.parametrize("words", PROSE)
def test_an_operator_may_do_what_a_section_says_without_a_command(words: str) -> None:
    assert words in RUNBOOK
    assert resources_of(PROSE[words])


def test_an_operator_changes_triggers_of_the_stack_alone() -> None:
    (change,) = (one for one in BY_NAME if "lambda:UpdateEventSourceMapping" in one.actions)

    assert change.conditions == {
        "ArnLike": {"lambda:FunctionArn": "arn:aws:lambda:eu-west-3:123456789012:function:test-*"}
    }


def test_someone_may_do_what_the_runbook_says() -> None:
    deployer = {action for one in DEPLOYER["Statement"] for action in listed(one["Action"])}

    def may(action: str) -> bool:
        return bool(resources_of(action)) or any(fnmatchcase(action, pattern) for pattern in deployer)

    # The administrators of the account look after the keys (decision 41).
    assert {action for action in commands(RUNBOOK) if not may(action)} <= {"kms:CancelKeyDeletion", "kms:EnableKey"}


def test_an_operator_reads_every_log_group() -> None:
    # CloudFormation begins the name of a group with that of the stack, unless the template names it.
    groups = {
        TEMPLATE.resolve(node["Properties"].get("LogGroupName", "test-name"), {})
        for node in TEMPLATE.resources("AWS::Logs::LogGroup").values()
    }
    patterns = resources_of("logs:FilterLogEvents")

    assert groups == {"test-name", "aws-waf-logs-test"}
    # Those of edge.yaml stand in us-east-1.
    edge = {"aws-waf-logs-test-edge", "test-edge-PortalLogs-AbCdEf"}
    for region, group in [("eu-west-3", one) for one in groups] + [("us-east-1", one) for one in edge]:
        arn = f"arn:aws:logs:{region}:123456789012:log-group:{group}:*"
        assert any(fnmatchcase(arn, pattern) for pattern in patterns)


@pytest.mark.parametrize("policy", ["ImportPolicy", "OperatorPolicy"])
def test_the_policy_exists_in_the_cloud_alone(policy: str) -> None:
    assert RESOURCES[policy]["Condition"] == "InCloud"


def test_someone_who_loads_members_by_aws_opens_no_table_no_key_and_no_file() -> None:
    actions = {action for one in OF_LOADS for action in one.actions}
    reads = {resource for one in OF_LOADS if "s3:GetObject" in one.actions for resource in one.resources}

    assert {action.partition(":")[0] for action in actions} == {"cloudformation", "s3", "states"}
    assert [action for action in actions if "*" in action] == []
    assert reads == {"ImportBucket.Arn/reports/*"}


def test_a_managed_policy_is_read_as_a_role_is() -> None:
    document = {
        "Statement": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["Q", "Arn"]}}]
    }
    policy = {"Type": "AWS::IAM::ManagedPolicy", "Properties": {"PolicyDocument": document}}
    template = Template({"Parameters": {}, "Resources": {"P": policy, "Q": {"Type": "AWS::SQS::Queue"}}})

    (statement,) = template.managed_policy_statements("P")

    assert (statement.actions, statement.resources) == (("sqs:SendMessage",), ("Q.Arn",))


def test_the_policy_fits_into_a_managed_policy() -> None:
    assert size_of("OperatorPolicy") < MOST_CHARACTERS
