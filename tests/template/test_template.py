"""Rules for everything in ``template.yaml``, and for all that will be added."""

from __future__ import annotations

import re
from inspect import get_annotations
from typing import TYPE_CHECKING

import pytest

from member_access.audit_events.sign_ins import PinRejected
from simulators.template import ROOT, LogicalNames, Node, project_template, walk
from tests.support.expansion import expanded_template

if TYPE_CHECKING:
    from collections.abc import Mapping

TEMPLATE = project_template()
FUNCTIONS = sorted(TEMPLATE.resources("AWS::Serverless::Function"))
ALARMS = sorted(TEMPLATE.resources("AWS::CloudWatch::Alarm"))
# The roles of API Gateway's logs, of backups, of CodeDeploy and of the engine that loads members are not a function's.
ROLES = sorted(
    TEMPLATE.resources("AWS::IAM::Role").keys()
    - {"ApiLogsRole", "CodeDeployRole", "ImportEngineRole", "MembersBackupRole"}
)
QUEUE_EVENTS = [
    (function, event["Properties"])
    for function, node in TEMPLATE.resources("AWS::Serverless::Function").items()
    for event in node["Properties"].get("Events", {}).values()
    if event["Type"] == "SQS"
]

# What CloudFront shows the functions opens nothing that is kept, nor does the key of reports on their way, and access
# logs live for a month: the next stack makes others.
MADE_AGAIN = {"AccessLogsKey", "ApiAccessLogs", "BouncesTopicKey", "FirewallLogs", "OriginVerifySecret"}

ALARM_TOPIC = "arn:aws:sns:eu-west-3:123456789012:alarms"

DAY = 24 * 60 * 60
NUMBERS = {
    "AccessLogDays": 30,
    "AccessTokenSeconds": 15 * 60,
    "BackupRetentionDays": 35,
    "MonthlyBudget": 0,
    "TableReadUnitsASecond": 0,
    "TableWriteUnitsASecond": 0,
    "Argon2Iterations": 2,
    "Argon2Lanes": 1,
    "Argon2MemoryKib": 19 * 1024,
    "CodeTries": 5,
    "EmailCodeSeconds": 10 * 60,
    "EmailIntervalSeconds": 60,
    "EmailSharePercent": 80,
    "EmailsADay": 5,
    "EmailsADayInAll": 15,
    "EmailsAtOnce": 5,
    "EmailBudgetADay": 50_000,
    "RemindersADay": 3,
    "ChallengeSeconds": 10 * 60,
    "IbanAttemptsADay": 3,
    "IbanAttemptsInAll": 10,
    "IdentityFirstWaitSeconds": 60,
    "IdentityFreeAttempts": 3,
    "IdentityLongestWaitSeconds": 60 * 60,
    "KnownBrowsersConsecutiveFailures": 30,
    "KnownBrowsersFailuresInAYear": 100,
    "LambdaConcurrencyQuota": 1000,
    "LetterCodeSeconds": 21 * DAY,
    "LetterIntervalSeconds": 8 * DAY,
    "LetterPostWithinSeconds": 11 * DAY,
    "LettersADay": 500,
    "LettersAMonth": 3,
    "LogRetentionDays": 365,
    "MailevaArchivingYears": 0,
    "PinConsecutiveFailures": 10,
    "PinFailuresInAYear": 100,
    "PinFirstWaitSeconds": 60,
    "PinFreeAttempts": 3,
    "PinLongestWaitSeconds": 60 * 60,
    "ProvisionedConcurrency": 0,
    "ReservedConcurrency": 0,
    "ReservedConcurrencyForQueues": 0,
    "RequestsASecond": 1000,
    "RequestsAtOnce": 2000,
    "RequestsPerSourceIn5Minutes": 1000,
    "ResetTokenSeconds": 10 * 60,
    "SessionGraceSeconds": 30,
    "SessionIdleSeconds": 30 * 60,
    "SessionLongestSeconds": 12 * 60 * 60,
    "SourceEmailsADay": 100,
    "SourceFailures": 30,
    "SourceFailuresOf48": 120,
    "SourceFailuresOf56": 60,
    "SourceLettersADay": 3,
    "SourceWindowSeconds": 15 * 60,
}


def deployed(code: str = "code-1", layer: str = "layer-1") -> dict[str, Node]:
    """The resources that CloudFormation gets."""
    resources: dict[str, Node] = expanded_template(code, layer)["Resources"]
    return resources


def versions(resources: Mapping[str, Node]) -> dict[str, str]:
    """The published version of each function: CloudFormation makes a new one where the name is new."""
    return {
        node["Properties"]["FunctionName"]["Ref"]: name
        for name, node in resources.items()
        if node["Type"] == "AWS::Lambda::Version"
    }


def test_every_function_publishes_a_version() -> None:
    assert sorted(versions(deployed())) == FUNCTIONS


def test_nothing_new_publishes_no_new_version() -> None:
    assert versions(deployed()) == versions(deployed())


def test_a_change_of_the_layer_publishes_a_version_of_every_function() -> None:
    before, after = versions(deployed(layer="layer-1")), versions(deployed(layer="layer-2"))

    assert [name for name in FUNCTIONS if before[name] == after[name]] == []


def test_a_change_of_the_code_publishes_a_new_version_of_every_function() -> None:
    before, after = versions(deployed(code="code-1")), versions(deployed(code="code-2"))

    assert [name for name in FUNCTIONS if before[name] == after[name]] == []


def test_every_function_is_called_through_an_alias() -> None:
    aliases = [node for node in deployed().values() if node["Type"] == "AWS::Lambda::Alias"]

    assert sorted(alias["Properties"]["FunctionName"]["Ref"] for alias in aliases) == FUNCTIONS


def test_only_the_api_may_call_a_function_and_only_through_its_alias() -> None:
    resources = deployed()
    permissions = [node["Properties"] for node in resources.values() if node["Type"] == "AWS::Lambda::Permission"]

    assert {permission["Principal"] for permission in permissions} == {"apigateway.amazonaws.com"}
    for permission in permissions:
        assert {"Ref": "Api"} in list(walk(permission["SourceArn"]))
        assert resources[permission["FunctionName"]["Ref"]]["Type"] == "AWS::Lambda::Alias"


def test_the_translator_passes_on_that_letters_may_loop() -> None:
    assert deployed()["LettersFunction"]["Properties"]["RecursiveLoop"] == "Allow"


def test_the_scheduler_may_send_what_it_gives_up_to_its_queue() -> None:
    resources = deployed()
    schedule = resources["LetterSweepFunctionDaily"]["Properties"]["Target"]
    role = resources[schedule["RoleArn"]["Fn::GetAtt"][0]]["Properties"]
    statements = [one for policy in role["Policies"] for one in policy["PolicyDocument"]["Statement"]]

    allowed = [one["Resource"] for one in statements if one["Action"] == "sqs:SendMessage"]
    assert allowed == [schedule["DeadLetterConfig"]["Arn"]]


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_writes_to_a_log_group_of_its_own_that_forgets(function: str) -> None:
    log_groups = TEMPLATE.resources("AWS::Logs::LogGroup")
    named_by = [
        other
        for other, node in TEMPLATE.resources("AWS::Serverless::Function").items()
        if node["Properties"]["LoggingConfig"] == TEMPLATE.body["Resources"][function]["Properties"]["LoggingConfig"]
    ]
    log_group = TEMPLATE.body["Resources"][function]["Properties"]["LoggingConfig"]["LogGroup"]["Ref"]

    assert named_by == [function]
    assert log_groups[log_group]["Properties"]["RetentionInDays"] == {"Ref": "LogRetentionDays"}


def test_every_function_has_a_role_of_its_own() -> None:
    assert sorted(TEMPLATE.role_of(function) for function in FUNCTIONS) == ROLES


@pytest.mark.parametrize("role", ROLES)
def test_a_role_names_exact_actions_on_exact_resources(role: str) -> None:
    properties = TEMPLATE.resources("AWS::IAM::Role")[role]["Properties"]
    statements = TEMPLATE.role_statements(role)

    assert "ManagedPolicyArns" not in properties
    assert {statement.effect for statement in statements} == {"Allow"}
    assert [action for statement in statements for action in statement.actions if "*" in action] == []
    assert [
        resource for statement in statements for resource in statement.resources if "*" in _without_parts(resource)
    ] == []


def _without_parts(resource: str) -> str:
    """An ARN ends with ``*`` for what has no name beforehand: streams, versions, and what SAM makes for CodeDeploy."""
    if resource.startswith("ImportBucket.Arn/"):
        return resource.removesuffix("/*")
    if ":log-group:" in resource or resource.endswith("Function.Arn:*"):
        return resource.removesuffix(":*")
    return resource.removesuffix("-*") if resource.endswith("-ServerlessDeploymentApplication-*") else resource


def test_a_schedule_is_named_after_its_stack() -> None:
    names = [node["Properties"]["Name"] for node in deployed().values() if node["Type"] == "AWS::Scheduler::Schedule"]

    assert names
    assert [name for name in names if "${AWS::StackName}" not in str(name)] == []


def test_what_holds_data_outlives_the_stack() -> None:
    stateful = (
        "AWS::DynamoDB::Table",
        "AWS::KMS::Key",
        "AWS::Logs::LogGroup",
        "AWS::SecretsManager::Secret",
    )
    lost = [
        name
        for name, node in TEMPLATE.body["Resources"].items()
        if node["Type"] in stateful
        and name not in MADE_AGAIN
        and (node.get("DeletionPolicy"), node.get("UpdateReplacePolicy")) != ("RetainExceptOnCreate", "Retain")
    ]

    assert lost == []


def test_tables_are_encrypted_can_be_brought_back_and_cost_by_request() -> None:
    for node in TEMPLATE.resources("AWS::DynamoDB::Table").values():
        properties = node["Properties"]
        assert properties["SSESpecification"]["SSEEnabled"]
        assert properties["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"]
        assert properties["BillingMode"] == "PAY_PER_REQUEST"


def test_what_expires_is_swept_up_from_the_access_table_alone() -> None:
    sweeping = {name: table.time_to_live for name, table in TEMPLATE.tables().items()}

    assert sweeping == {
        "MembersTable": None,
        "AccessTable": {"AttributeName": "expires_at", "Enabled": True},
    }


def queues_that_lose_messages(resources: dict[str, Node]) -> set[str]:
    """Queues that neither hand a message on after its last failure nor are where such messages go."""
    queues = {name: node.get("Properties", {}) for name, node in resources.items() if node["Type"] == "AWS::SQS::Queue"}
    handed_on = [
        node.get("RedrivePolicy", {}).get("deadLetterTargetArn") or node.get("DeadLetterConfig", {}).get("Arn")
        for node in walk(resources)
        if isinstance(node, dict)
    ]
    targets = {arn["Fn::GetAtt"][0] for arn in handed_on if arn}
    return {name for name, properties in queues.items() if "RedrivePolicy" not in properties} - targets


def test_every_queue_has_a_dead_letter_queue() -> None:
    assert queues_that_lose_messages(TEMPLATE.body["Resources"]) == set()


def test_every_queue_is_encrypted_with_keys_of_sqs() -> None:
    queues = TEMPLATE.resources("AWS::SQS::Queue")

    assert [name for name, node in queues.items() if node["Properties"].get("SqsManagedSseEnabled") is not True] == []


def test_a_queue_without_a_dead_letter_queue_is_found() -> None:
    sample = {
        "Emails": {
            "Type": "AWS::SQS::Queue",
            "Properties": {"RedrivePolicy": {"deadLetterTargetArn": {"Fn::GetAtt": ["FailedEmails", "Arn"]}}},
        },
        "FailedEmails": {"Type": "AWS::SQS::Queue"},
        "Letters": {"Type": "AWS::SQS::Queue"},
    }

    assert queues_that_lose_messages(sample) == {"Letters"}


@pytest.mark.parametrize(("function", "event"), QUEUE_EVENTS)
def test_a_queue_hides_a_message_for_six_times_the_functions_timeout(function: str, event: Mapping[str, Node]) -> None:
    properties = TEMPLATE.resources("AWS::Serverless::Function")[function]["Properties"]
    timeout = properties.get("Timeout", TEMPLATE.body["Globals"]["Function"]["Timeout"])
    queue = TEMPLATE.body["Resources"][event["Queue"]["Fn::GetAtt"][0]]["Properties"]

    assert queue["VisibilityTimeout"] >= 6 * timeout


@pytest.mark.parametrize(("function", "event"), QUEUE_EVENTS)
def test_queues_report_item_failures_and_bound_their_functions(function: str, event: Mapping[str, Node]) -> None:
    assert event["FunctionResponseTypes"] == ["ReportBatchItemFailures"]
    for environment in ("local", "production"):
        at_once = TEMPLATE.resolve(
            event["ScalingConfig"]["MaximumConcurrency"], LogicalNames(), {"Environment": environment}
        )
        assert int(at_once) >= 2


@pytest.mark.parametrize("alarm", ALARMS)
@pytest.mark.parametrize(("topic", "actions"), [(ALARM_TOPIC, [ALARM_TOPIC]), ("", None)])
def test_every_alarm_and_its_end_go_to_the_topic_that_is_named(
    alarm: str, topic: str, actions: list[str] | None
) -> None:
    node = TEMPLATE.body["Resources"][alarm]
    properties = TEMPLATE.resolve(node["Properties"], LogicalNames(), {"AlarmTopicArn": topic})

    assert node["Condition"] in {"ExpectsSignIns", "HasCanary", "InCloud", "InProduction"}
    assert properties.get("AlarmActions") == properties.get("OKActions") == actions


@pytest.mark.parametrize(
    ("arn", "is_taken"),
    [(ALARM_TOPIC, True), ("", True), (ALARM_TOPIC.replace("sns", "sqs"), False), ("alarms", False)],
)
def test_alarms_go_to_a_topic_or_nowhere(arn: str, is_taken: bool) -> None:
    parameter = TEMPLATE.body["Parameters"]["AlarmTopicArn"]

    assert parameter["Default"] == ""
    assert bool(re.fullmatch(parameter["AllowedPattern"], arn)) == is_taken


@pytest.mark.parametrize("name", ["MailevaApiUrl", "MailevaTokenUrl", "PingenApiUrl", "PingenTokenUrl"])
@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("https://api.example/v2/token", True),
        ("http://127.0.0.1:9000/token", True),
        ("http://localhost", True),
        ("http://api.example", False),
        ("http://localhost.thieves.example", False),
        ("https://user@api.example", False),
        ("", False),
    ],
)
def test_credentials_go_to_print_providers_over_tls(name: str, address: str, is_taken: bool) -> None:
    parameter = TEMPLATE.body["Parameters"][name]

    assert re.fullmatch(parameter["AllowedPattern"], parameter["Default"])
    assert bool(re.fullmatch(parameter["AllowedPattern"], address)) == is_taken


@pytest.mark.parametrize(
    ("origins", "is_taken"),
    [
        ("", True),
        ("https://a.example", True),
        ("https://a.example, https://b.example:8443,http://127.0.0.1:8080", True),
        ("*", False),
        ("http://a.example", False),
        ("https://a.example/", False),
        ("https://a.example https://b.example", False),
    ],
)
def test_other_front_ends_are_named_by_exact_origins(origins: str, is_taken: bool) -> None:
    pattern = TEMPLATE.body["Parameters"]["AllowedOrigins"]["AllowedPattern"]
    assert bool(re.fullmatch(pattern, origins)) == is_taken


@pytest.mark.parametrize(
    ("origin", "is_taken"),
    [("https://members.example", True), ("http://127.0.0.1:8080", True), ("http://members.example", False)],
)
def test_members_reach_the_portal_over_tls(origin: str, is_taken: bool) -> None:
    assert bool(re.fullmatch(TEMPLATE.body["Parameters"]["PublicOrigin"]["AllowedPattern"], origin)) == is_taken


def test_an_alarm_counts_pin_hashes_that_no_parameter_covers() -> None:
    resources = deployed()
    counted, alarm = (resources[name]["Properties"] for name in ("UnusablePinHashes", "PinHashesUnusable"))
    (metric,) = counted["MetricTransformations"]

    (path,) = re.findall(r"\$\.audit\.(\w+) IS TRUE", counted["FilterPattern"])
    assert path in get_annotations(PinRejected)
    assert (metric["MetricNamespace"], metric["MetricName"]) == (alarm["Namespace"], alarm["MetricName"])


@pytest.mark.parametrize(
    ("costs", "is_taken"),
    [
        ("", True),
        ("m=19456,t=2,p=1", True),
        ("m=19456,t=2,p=1 m=8,t=1,p=1 m=47104,t=1,p=1", True),
        ("m=8,t=1,p=1 m=8,t=2,p=1 m=8,t=3,p=1 m=8,t=4,p=1", False),
        ("19456,2,1", False),
        ("m=99999999,t=2,p=1", False),
        ("m=8,t=1,p=1;m=8,t=2,p=1", False),
    ],
)
def test_older_costs_are_at_most_three_as_hashes_state_them(costs: str, is_taken: bool) -> None:
    parameter = TEMPLATE.body["Parameters"]["OlderArgon2Costs"]

    assert parameter["Default"] == ""
    assert bool(re.fullmatch(parameter["AllowedPattern"], costs)) == is_taken


def test_an_alarm_counts_what_fails_at_the_api_in_any_flow() -> None:
    resources = deployed()
    alarm = resources["ApiErrors"]["Properties"]
    dimensions = {one["Name"]: one["Value"] for one in alarm["Dimensions"]}
    stage = resources["Apiv1Stage"]

    assert (alarm["Namespace"], alarm["MetricName"], alarm["Statistic"]) == ("AWS/ApiGateway", "5XXError", "Sum")
    assert (alarm["ComparisonOperator"], alarm["Threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert (alarm["Period"], alarm["DatapointsToAlarm"], alarm["EvaluationPeriods"]) == (60, 3, 15)
    assert dimensions.keys() == {"ApiName", "Stage"}
    assert dimensions["ApiName"] == resources["Api"]["Properties"]["Name"]
    assert dimensions["Stage"] == stage["Properties"]["StageName"]


def test_the_numbers_are_those_of_the_design() -> None:
    declared = {name: node["Default"] for name, node in TEMPLATE.body["Parameters"].items() if node["Type"] == "Number"}

    assert declared == NUMBERS


@pytest.mark.parametrize("makefile", ["layers/common/Makefile", "functions/Makefile"])
def test_a_makefile_builds_for_the_template_s_runtime_and_architecture(makefile: str) -> None:
    text = (ROOT / makefile).read_text(encoding="utf-8")
    defaults = dict(re.findall(r"^(LAMBDA_\w+) \?= (\S+)$", text, flags=re.MULTILINE))
    declared = TEMPLATE.parameter_defaults()
    expected = {"LAMBDA_RUNTIME": declared["Runtime"], "LAMBDA_ARCHITECTURE": declared["Architecture"]}

    assert defaults
    assert defaults.items() <= expected.items()
