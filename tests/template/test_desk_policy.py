"""The policy for the desk allows what its commands call, and less than that of operators."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

import pytest

from bulk_import.load_objects import file_key, judged_key, report_key
from simulators.sign_in_driver import Browser, FrontDoor
from simulators.template import project_template
from tests.support.front_desk import MEMBER, FrontDesk, make_busy
from tests.support.iam import allows, patterns_of, unused
from tests.support.letter_room import LetterRoom
from tests.support.managed_policies import MOST_CHARACTERS, size_of, statements_on
from tests.support.members import import_members, member_row

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulators.aws_calls import RecordedRequest
    from simulators.cloud import Cloud
    from tests.support.moto_aws import MotoAws
    from tests.support.table import Item

TEMPLATE = project_template()
BY_NAME = TEMPLATE.managed_policy_statements("DeskPolicy", parameters={"Environment": "production"})


@pytest.fixture(scope="module")
def cloud(moto: MotoAws) -> Iterator[Cloud]:
    """One mocked AWS for the tests of this module, which only read."""
    with moto.cloud() as cloud:
        yield cloud


@pytest.fixture(scope="module")
def requests(cloud: Cloud) -> list[RecordedRequest]:
    """Every call to tables of all commands of the desk; the function's own calls are its role's."""
    desk = FrontDesk(FrontDoor(cloud), None)
    everything = {f"address_{line}": f"LIGNE {line}" for line in (2, 3, 5)}
    import_members(cloud, member_row(2, email="", **everything))
    Browser(desk.door).post("/reset", {"identifier": "A0000002"})
    LetterRoom(desk.door).queue.deliver_for(3600)
    make_busy(desk)
    cloud.dynamodb.update_item(
        TableName=cloud.tables["MembersTable"],
        Key={"pk": {"S": f"MEMBER#{MEMBER}"}},
        UpdateExpression="SET email_state = :state, email_state_at = :at",
        ExpressionAttributeValues={":state": {"S": "complained"}, ":at": {"N": "1799000000"}},
    )
    for kind in ("DEVICE", "SESSION"):
        former: Item = {"pk": {"S": f"{kind}#0"}, "identifier": {"S": MEMBER}}
        cloud.dynamodb.put_item(TableName=cloud.tables["AccessTable"], Item=former)
    requests: list[RecordedRequest] = []
    commands = [
        ("show",),
        ("email-ok",),
        ("unlock", "--enable-pin"),
        ("export",),
        ("end-sessions",),
        ("forget-browsers",),
    ]
    for member in (MEMBER, "A0000002"):
        for command, *options in [*commands, ("forget", "--yes")]:
            if command == "forget" and member == MEMBER:
                assert Browser(desk.door).sign_in(MEMBER).status == 200
            with cloud.recorded_calls() as log:
                assert desk.types(command, member, *options).status in {0, 1}
            # The function asks KMS for its keys, and whether someone is a member, in the name of its role.
            requests += [request for request in log.requests() if request.permission.action.startswith("dynamodb")]
    return requests


def test_the_policy_allows_every_call_of_the_desk(cloud: Cloud, requests: list[RecordedRequest]) -> None:
    assert [request for request in requests if not allows(statements_on(cloud, "DeskPolicy"), request)] == []


def test_the_desk_touches_every_item_that_the_policy_allows(cloud: Cloud, requests: list[RecordedRequest]) -> None:
    assert unused(statements_on(cloud, "DeskPolicy"), requests) == []


def written(table: str) -> dict[str, set[str]]:
    """The attributes that each write of the policy may change in a table, by its leading keys."""
    return {
        f"{action}: {', '.join(patterns_of(one, 'dynamodb:LeadingKeys'))}": {*patterns_of(one, "dynamodb:Attributes")}
        for one in BY_NAME
        for action in one.actions
        if f"{table}.Arn" in one.resources and action in {"dynamodb:PutItem", "dynamodb:UpdateItem"}
    }


def test_the_desk_sets_no_pin_address_or_version() -> None:
    assert written("MembersTable") == {
        "dynamodb:UpdateItem: MEMBER#*": {"pk", "email_state", "email_state_at"},
        "dynamodb:PutItem: REMOVED#*": {"pk", "credential_version", "kept_out_until", "removed_at"},
    }


def test_the_desk_makes_no_session_code_token_or_letter() -> None:
    puts = {pattern for key in written("AccessTable") for pattern in key.partition(": ")[2].split(", ")}
    assert puts == {
        *("ATTEMPTS#iban#*", "ATTEMPTS#identity#*", "SIGN_INS#*"),
        *("NOBODY#*", "RESET#*"),
    }


def test_the_desk_reads_no_token_and_no_hash_but_that_of_a_pin_and_an_identity() -> None:
    read = {name for one in BY_NAME for name in patterns_of(one, "dynamodb:Attributes")}
    assert {name for name in read if "hash" in name or "key" in name} == {"identity_hash", "pin_hash"}


def test_the_desk_reads_no_secret_of_a_session() -> None:
    actions = {
        action
        for one in BY_NAME
        for action in one.actions
        if "session_secrets" in patterns_of(one, "dynamodb:Attributes")
    }
    assert actions == {"dynamodb:UpdateItem"}, "it removes them when it ends sessions"


def test_the_desk_uses_no_key_queue_secret_or_log() -> None:
    services = {action.partition(":")[0] for one in BY_NAME for action in one.actions}
    assert services == {"cloudformation", "dynamodb", "lambda", "logs", "s3", "ses"}
    assert {action for one in BY_NAME for action in one.actions if action.startswith("logs:")} == {
        "logs:CreateLogStream",
        "logs:PutLogEvents",
    }
    assert [resource for one in BY_NAME if "lambda:InvokeFunction" in one.actions for resource in one.resources] == [
        "PseudonymsFunction.Arn:live"
    ]


def test_the_desk_opens_reports_of_loads_and_no_file() -> None:
    on_s3 = {action: one.resources for one in BY_NAME for action in one.actions if action.startswith("s3:")}
    reports = ("ImportBucket.Arn/*/*/*.csv",)
    assert on_s3 == {"s3:ListBucket": ("ImportBucket.Arn",), "s3:GetObject": reports, "s3:PutObject": reports}
    keys = [report_key("a-1"), judged_key("a-1"), file_key("a-1")]
    assert [fnmatchcase(key, "*/*/*.csv") for key in keys] == [True, True, False]


def test_the_desk_removes_an_address_from_the_list_of_ses_and_sends_nothing() -> None:
    (ses,) = (one for one in BY_NAME if one.actions[0].startswith("ses:"))
    assert (ses.actions, ses.resources) == (("ses:DeleteSuppressedDestination",), ("*",)), (
        "the action knows no resource"
    )


def test_each_statement_on_a_table_names_keys_or_attributes() -> None:
    on_tables = [one for one in BY_NAME if any("Table" in resource for resource in one.resources)]
    assert [
        one for one in on_tables if not patterns_of(one, "dynamodb:LeadingKeys") and "dynamodb:Scan" not in one.actions
    ] == []


def test_no_action_is_a_pattern() -> None:
    assert [action for one in BY_NAME for action in one.actions if "*" in action] == []


def test_the_policy_exists_in_the_cloud_alone() -> None:
    assert TEMPLATE.body["Resources"]["DeskPolicy"]["Condition"] == "InCloud"
    assert TEMPLATE.body["Outputs"]["DeskPolicyArn"]["Condition"] == "InCloud"


def test_the_policy_fits_into_a_managed_policy() -> None:
    assert size_of("DeskPolicy") < MOST_CHARACTERS
